/** What to add to the environment so that programs take text for UTF-8; nothing where they do. */
export function utf8Locale(env?: Record<string, string | undefined>, platform?: string): Record<string, string>;
