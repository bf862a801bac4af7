const COLLECT_AFTER_MS = 1500;
let collecting: NodeJS.Timeout | undefined;

/** The compiler leaves much garbage behind each cell: it is collected when nothing has run for a while. */
export function collectLater(): void {
  clearTimeout(collecting);
  collecting = setTimeout(() => globalThis.gc?.(), COLLECT_AFTER_MS);
  collecting.unref();
}
