const LIBRARIES =
  /node_modules|tfjs-(?:core|layers|node|data|converter|backend-cpu)[\\/]|[\\/](?:dist|src)[\\/]parts[\\/]graph[\\/]|node:internal/;

/**
 * The line outside of TensorFlow.js and of this folder from which we were called, as `file:line`, or the cell of a
 * notebook.
 *
 * @param stack of an error (default: of this call).
 */
export function whereCalled(stack = deepStack()): string {
  const lines = stack.split('\n').slice(1);
  const line = lines.find((text) => !LIBRARIES.test(text)) ?? '';
  const cell = /__kernel-cell-(\d+)\.js/.exec(line)?.[1];
  if (cell !== undefined) return `in cell ${cell}`;
  const place = /\(?([^()\s]+:\d+):\d+\)?$/.exec(line)?.[1];
  return place === undefined ? 'line unknown' : `at ${place.split(/[\\/]/).slice(-2).join('/')}`;
}

/** Layers call each other deeply: the ten lines that Node keeps may all be TensorFlow.js's. */
export function withDeepStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const deepStack = (): string => withDeepStacks(() => new Error().stack ?? '');
