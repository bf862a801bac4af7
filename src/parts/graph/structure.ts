import * as tf from '@tensorflow/tfjs-node';

/** A tensor, or arrays and records of such. */
export type Structure = tf.Tensor | readonly Structure[] | { readonly [name: string]: Structure };

type Setting = number | boolean | string | null | undefined;

/** What a compiled function takes: tensors, and settings, each value of which has a graph of its own. */
export type Argument = tf.Tensor | Setting | readonly Argument[] | { readonly [name: string]: Argument };

/** What it gives back: tensors, or nothing. */
export type Result = tf.Tensor | null | undefined | readonly Result[] | { readonly [name: string]: Result };

export const isSetting = (value: unknown): value is Setting =>
  value === null || ['number', 'boolean', 'string', 'undefined'].includes(typeof value);

/** All tensors in it, from left to right; records in the order of their keys. */
export function tensorsOf(value: Argument): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return childrenOf(value).flatMap(([, child]) => tensorsOf(child));
}

/** What is fed for arguments: their tensors without variables, which a graph reads and writes by themselves. */
export const fedOf = (value: Argument): tf.Tensor[] =>
  tensorsOf(value).filter((tensor) => !(tensor instanceof tf.Variable));

/** What the graph depends on: form, types and shapes, settings, and which variables there are, as text. */
export function signatureOf(value: Argument): string {
  if (value instanceof tf.Variable) return `variable ${value.id}`;
  if (value instanceof tf.Tensor) return `${value.dtype}[${value.shape.join(',')}]`;
  if (isSetting(value)) return Object.is(value, -0) ? '-0' : `${JSON.stringify(value)}${String(value)}`;
  return `${Array.isArray(value) ? 'array' : 'record'}(${childrenOf(value)
    .map(([key, child]) => `${JSON.stringify(key)}:${signatureOf(child)}`)
    .join(';')})`;
}

/** What a graph depends on besides lengths: the {@link signatureOf} all, with ranks in the place of shapes. */
export const kindOf = (values: readonly Argument[]): string =>
  values.map((value) => signatureOf(value).replace(/\[[\d,]*\]/g, rankOf)).join('|');

const rankOf = (shape: string): string => `[${shape.split(',').length - Number(shape === '[]')}]`;

/** The same form with other tensors, taken from the list in the order of {@link tensorsOf}. */
export function rebuild<T extends Argument>(value: T, tensors: tf.Tensor[]): T;
export function rebuild(value: Argument, tensors: tf.Tensor[]): Argument {
  if (value instanceof tf.Tensor) {
    const next = tensors.shift();
    if (!next) throw new RangeError('rebuild: expected as many tensors as the structure has');
    return next;
  }
  if (isSetting(value)) return value;
  const children = childrenOf(value).map(([key, child]): [string, Argument] => [key, rebuild(child, tensors)]);
  return Array.isArray(value) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

/** Fails with its place where something is no tensor, setting, array or record. */
export function checkArgument(value: unknown, place: string): asserts value is Argument {
  check(value, place, isSetting, 'tensors, numbers, texts and booleans');
}

/** Fails with its place where something is no tensor, array or record, and not missing. */
export function checkResult(value: unknown): asserts value is Result {
  check(value, 'the result', (item) => item === null || item === undefined, 'tensors');
}

function check(value: unknown, place: string, isAllowed: (value: unknown) => boolean, expected: string): void {
  if (value instanceof tf.Tensor) {
    if (value.isDisposed) throw new Error(`compile: expected ${place} to be alive, got a tensor that was disposed`);
    return;
  }
  if (isAllowed(value)) return;
  if (!isListOrRecord(value))
    throw new TypeError(
      `compile: expected ${expected}, or arrays and records of them, got ${typeof value} as ${place}; ${place === 'the result' ? 'a graph would give the same one each time' : 'close over it instead of passing it'}`,
    );
  for (const [key, child] of Object.entries(value)) check(child, `${place}.${key}`, isAllowed, expected);
}

const isListOrRecord = (value: unknown): value is object =>
  Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

/** Calls a function and frees all tensors that it made but doesn't return. */
export function tidied(work: () => unknown): Result {
  const results: Result[] = [];
  tf.tidy(() => {
    const result = work();
    checkResult(result);
    results.push(result);
    return tensorsOf(result);
  });
  return results[0];
}

const childrenOf = (value: Exclude<Argument, tf.Tensor>): [string, Argument][] =>
  isSetting(value) ? [] : Object.entries(value);
