import type { Constant } from './graph-builder';
import { nativeBackend } from './native';
import { TraceError } from './trace-error';

/** How a constant depends on an open length. */
export type Growth = {
  readonly first: Constant;
  /** Whether a recording with so many rows has the constant as it should be. */
  readonly fits: (constant: Constant, rows: number) => boolean;
  /** Whole numbers, fixed + each · rows: its values, its shape, or how many numbers it counts. */
  readonly at: (rows: number) => readonly number[];
} & (
  | { readonly kind: 'lengths'; /** The one value that grows by one with each row. */ readonly open?: number }
  | { readonly kind: 'filled'; readonly value: Uint8Array }
  | { readonly kind: 'counted'; readonly start: number; readonly step: number }
);

/**
 * Finds how a constant depends on the rows, from what it is with two numbers of them: the shape of something, a tensor
 * of one value, or a range.
 *
 * @throws TraceError where it is something else.
 */
export function growthOf(name: string, first: Constant, second: Constant, rows: readonly [number, number]): Growth {
  const fails = (): TraceError => new TraceError(`the values of ${name} depend on the length`);
  if (first.dtype !== second.dtype || first.shape.length !== second.shape.length) throw fails();
  if (first.shape.join() === second.shape.join()) {
    const [a, b] = [wholeNumbers(first), wholeNumbers(second)];
    if (!a || !b) throw fails();
    const at = straight(a, b, rows);
    if (!at) throw new TraceError(`${name} depends on the length in a way that a graph can't follow`);
    const changed = a.flatMap((value, i) => (value === b[i] ? [] : [i]));
    return {
      kind: 'lengths',
      first,
      at,
      open: changed.length === 1 && !a.includes(-1) ? changed[0] : undefined,
      fits: ({ dtype, shape, values }, count) =>
        dtype === first.dtype && isSameList(shape, first.shape) && isNumbers(values) && isSameList(values, at(count)),
    };
  }
  const at = straight(first.shape, second.shape, rows);
  if (!at) throw new TraceError(`${name} depends on the length in a way that a graph can't follow`);
  const hasShape = (constant: Constant, count: number): boolean =>
    constant.dtype === first.dtype && isSameList(constant.shape, at(count));
  const [value, other] = [onlyValue(first), onlyValue(second)];
  if (value && other && equalBytes(value, other))
    return {
      kind: 'filled',
      first,
      at,
      value,
      fits: (constant, count) => {
        const filled = onlyValue(constant);
        return hasShape(constant, count) && filled !== undefined && equalBytes(filled, value);
      },
    };
  const range = rangeOf(first) ?? rangeOf(second);
  const isSame = (constant: Constant): boolean => {
    const found = wholeNumbers(constant);
    return range !== undefined && found?.every((item, i) => item === range.start + i * range.step) === true;
  };
  if (range && first.shape.length === 1 && isSame(first) && isSame(second))
    return {
      kind: 'counted',
      first,
      at,
      ...range,
      fits: (constant, count) => hasShape(constant, count) && isSame(constant),
    };
  throw fails();
}

/** The line through two lists of whole numbers, if it is one of whole numbers. */
function straight(
  a: readonly number[],
  b: readonly number[],
  [rowsA, rowsB]: readonly [number, number],
): ((rows: number) => readonly number[]) | undefined {
  const each = a.map((value, i) => (b[i] - value) / (rowsB - rowsA));
  if (!each.every(Number.isInteger)) return undefined;
  return (rows) => a.map((value, i) => value + each[i] * (rows - rowsA));
}

/** The values of a constant of whole numbers; undefined where they are others. */
function wholeNumbers({ dtype, values }: Constant): number[] | undefined {
  const { TF_INT32, TF_FLOAT } = nativeBackend().binding;
  if (dtype !== TF_INT32 && dtype !== TF_FLOAT) return undefined;
  if (!isNumbers(values)) return undefined;
  const list = Array.from(values);
  return list.every((value) => Number.isInteger(value) && !Object.is(value, -0)) ? list : undefined;
}

function rangeOf(constant: Constant): { readonly start: number; readonly step: number } | undefined {
  const values = wholeNumbers(constant);
  if (!values || values.length < 2) return undefined;
  return { start: values[0], step: values[1] - values[0] };
}

/** The one value of which a constant consists; undefined where it has several. */
function onlyValue({ values, shape }: Constant): Uint8Array | undefined {
  if (!ArrayBuffer.isView(values) || values.byteLength === 0) return undefined;
  const bytes = bytesOf(values);
  const size = bytes.length / shape.reduce((product, length) => product * length, 1);
  // Each byte is that of one value before.
  for (let i = size; i < bytes.length; i++) if (bytes[i] !== bytes[i - size]) return undefined;
  return bytes.slice(0, size);
}

/** Whether two constants hold the same bytes, or the same texts. */
export function isSameValues(one: Constant['values'], other: Constant['values']): boolean {
  if (isNumbers(one) && isNumbers(other)) return one.constructor === other.constructor && isSameList(one, other);
  if (ArrayBuffer.isView(one))
    return (
      ArrayBuffer.isView(other) && one.constructor === other.constructor && equalBytes(bytesOf(one), bytesOf(other))
    );
  return (
    !ArrayBuffer.isView(other) && one.length === other.length && one.every((text, i) => equalBytes(text, other[i]))
  );
}

export const isNumbers = (values: Constant['values']): values is Float32Array | Int32Array =>
  values instanceof Float32Array || values instanceof Int32Array;

/** Whether two lists hold the same numbers: 0 and −0 are different ones. */
export function isSameList(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
