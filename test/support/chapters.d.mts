export function chosen(names: readonly string[]): string[];
