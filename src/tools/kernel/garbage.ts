import { getHeapStatistics } from 'node:v8';

const MOST_BYTES = 80 * 2 ** 20;
const COLLECT_AFTER_MS = 1500;
let alive = Infinity;
let collecting: NodeJS.Timeout | undefined;

/**
 * The compiler leaves much garbage behind each cell. V8 would let the heap grow to four times its size before it
 * collects it, and the memory stays with the process:
 * so it is collected between two requests where much has come together.
 */
export function collectMuch(): void {
  const used = getHeapStatistics().used_heap_size;
  alive = Math.min(alive, used);
  if (used - alive > MOST_BYTES) collect();
}

/** Collects when nothing has run for a while. */
export function collectLater(): void {
  clearTimeout(collecting);
  collecting = setTimeout(collect, COLLECT_AFTER_MS);
  collecting.unref();
}

function collect(): void {
  globalThis.gc?.();
  alive = getHeapStatistics().used_heap_size;
}
