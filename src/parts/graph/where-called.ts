const LIBRARIES =
  /\(<anonymous>\)$|node_modules|tfjs-(?:core|layers|node|data|converter|backend-cpu)[\\/]|node:internal/;
const OURS = /[\\/](?:dist|src)[\\/]parts[\\/](?:graph|random|tensorflow)[\\/]/;

/**
 * The line outside of TensorFlow.js, of this folder and of the course's generators from which we were called, as
 * `file:line`, or the cell of a notebook.
 *
 * @param stack of an error (default: of this call).
 */
export function whereCalled(stack = deepStack()): string {
  return placeOf(framesOf(stack).find(isOutside)) ?? 'line unknown';
}

/**
 * The line from which we were called, and the calls of TensorFlow.js between it and this folder; undefined where there
 * is no such line.
 */
export function howCalled(): { readonly line: string; readonly path: string } | undefined {
  const frames = framesOf(deepStack());
  const end = frames.findIndex(isOutside);
  const line = placeOf(frames[end]);
  const path = frames.slice(0, end + 1).filter((frame) => !OURS.test(frame));
  return line === undefined ? undefined : { line, path: path.join('\n') };
}

/** Whether a value is read for a promise, as by `data` and `array` of a tensor. */
export const isForPromise = (): boolean => /NodeJSKernelBackend\.read\b/.test(deepStack());

/** The message before the frames may have several lines. */
const framesOf = (stack: string): string[] => stack.split('\n').filter((line) => /^\s+at /.test(line));
const isOutside = (frame: string): boolean => !LIBRARIES.test(frame) && !OURS.test(frame);

function placeOf(frame = ''): string | undefined {
  const cell = /__kernel-cell-(\d+)\.js/.exec(frame)?.[1];
  if (cell !== undefined) return `in cell ${cell}`;
  const place = /\(?([^()\s]+:\d+):\d+\)?$/.exec(frame)?.[1];
  return place && `at ${place.split(/[\\/]/).slice(-2).join('/')}`;
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
