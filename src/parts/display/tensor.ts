import type { MimeBundle } from './bundle';

/** What display needs of a tensor; `tf.Tensor` has it. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number | string>;
}

export function isTensor(value: unknown): value is TensorLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'shape' in value &&
    Array.isArray(value.shape) &&
    'dtype' in value &&
    typeof value.dtype === 'string' &&
    'dataId' in value
  );
}

/** How much of a long axis is drawn: up to `longest` values all of them, else `edge` at each end. */
interface Extent {
  readonly longest: number;
  readonly edge: number;
}

const ALONE: Extent = { longest: 10, edge: 3 };
const AMONG_OTHERS: Extent = { longest: 6, edge: 2 };
const MOST_CHARACTERS = 100;
/** Reading values copies all of them. */
const MOST_READ = 1e7;

/**
 * A tensor as text: type, shape and values; of a long axis the two ends. Nothing is allocated in TensorFlow's memory.
 */
export function tensorBundle(tensor: TensorLike): MimeBundle {
  return {
    'text/plain': tensor.isDisposed ? `${headOf(tensor)}, disposed` : `${headOf(tensor)}\n${draw(tensor, ALONE)}`,
  };
}

/** A tensor in one short line, for where it is one value of many: of `[a, b]`, or of what `console.log` writes. */
export function tensorLine(tensor: TensorLike): string {
  if (tensor.isDisposed) return `<${headOf(tensor)}, disposed>`;
  const size = tensor.shape.reduce((product, length) => product * length, 1);
  const values = size > MOST_READ ? '…' : draw(tensor, AMONG_OTHERS).replace(/\n\s*/g, ' ');
  return `<${headOf(tensor)}: ${values.length > MOST_CHARACTERS ? `${values.slice(0, MOST_CHARACTERS)}…` : values}>`;
}

const headOf = ({ dtype, shape }: TensorLike): string => `Tensor ${dtype}, shape [${shape.join(', ')}]`;

function draw(tensor: TensorLike, extent: Extent): string {
  const { shape, dtype } = tensor;
  const values = tensor.dataSync();
  const cells = visible(shape, extent).map((at) =>
    dtype === 'complex64'
      ? formatComplex(Number(values[2 * at]), Number(values[2 * at + 1]))
      : formatValue(values[at], dtype),
  );
  const width = shape.length > 1 ? Math.max(0, ...cells.map((cell) => cell.length)) : 0;
  let next = 0;
  const drawAxis = (axis: number): string => {
    if (axis === shape.length) return cells[next++].padStart(width);
    const parts = places(shape[axis], extent).map((place) => (place === undefined ? '…' : drawAxis(axis + 1)));
    const separator =
      axis === shape.length - 1 ? ', ' : `,${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat(axis + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return drawAxis(0);
}

/** The positions along an axis that are shown; undefined stands for those left out. */
function places(length: number, { longest, edge }: Extent): (number | undefined)[] {
  if (length > longest)
    return [
      ...Array.from({ length: edge }, (_, i) => i),
      undefined,
      ...Array.from({ length: edge }, (_, i) => length - edge + i),
    ];
  return Array.from({ length }, (_, i) => i);
}

/** Where the shown values lie in the tensor's data, in the order in which they are drawn. */
function visible(shape: readonly number[], extent: Extent): number[] {
  return shape.reduce<number[]>(
    (starts, length) =>
      starts.flatMap((start) =>
        places(length, extent).flatMap((place) => (place === undefined ? [] : [start * length + place])),
      ),
    [0],
  );
}

function formatValue(value: number | string, dtype: string): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (dtype === 'string' || typeof value === 'string') return JSON.stringify(value);
  return dtype === 'float32' ? shortestFloat32(value) : String(value);
}

/** TensorFlow hands out the real and the imaginary part of each value in turn. */
const formatComplex = (real: number, imaginary: number): string =>
  `${shortestFloat32(real)}${imaginary < 0 || Object.is(imaginary, -0) ? '-' : '+'}${shortestFloat32(Math.abs(imaginary))}j`;

/** The shortest decimal number that is nearest to this float32: 0.1 rather than 0.10000000149011612. */
export function shortestFloat32(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(value);
}
