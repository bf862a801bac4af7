export function explainOutput(
  command: string,
  lines: readonly string[],
): (Error & { readonly cure: string }) | undefined;
export function explain(error: unknown): unknown;
