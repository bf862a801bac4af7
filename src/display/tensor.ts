import type { MimeBundle } from './bundle';

/** What display needs of a tensor; `tf.Tensor` has it. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number | string>;
}

export function isTensor(value: unknown): value is TensorLike {
  return typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape) && 'dtype' in value && typeof value.dtype === 'string' && 'dataId' in value;
}

const LONGEST_AXIS = 10;
const EDGE = 3;

/** A tensor as text: type, shape and values; of a long axis the two ends. Nothing is allocated in TensorFlow's memory. */
export function tensorBundle(tensor: TensorLike): MimeBundle {
  const head = `Tensor ${tensor.dtype}, shape [${tensor.shape.join(', ')}]`;
  if (tensor.isDisposed) return { 'text/plain': `${head}, disposed` };
  const { shape, dtype } = tensor;
  const values = tensor.dataSync();
  const cells = visible(shape).map((at) => (dtype === 'complex64' ? formatComplex(Number(values[2 * at]), Number(values[2 * at + 1])) : formatValue(values[at], dtype)));
  const width = shape.length > 1 ? Math.max(0, ...cells.map((cell) => cell.length)) : 0;
  let next = 0;
  const draw = (axis: number): string => {
    if (axis === shape.length) return cells[next++].padStart(width);
    const parts = places(shape[axis]).map((place) => (place === undefined ? '…' : draw(axis + 1)));
    const separator = axis === shape.length - 1 ? ', ' : `,${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat(axis + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return { 'text/plain': `${head}\n${draw(0)}` };
}

/** The positions along an axis that are shown; undefined stands for those left out. */
function places(length: number): (number | undefined)[] {
  const all = Array.from({ length }, (_, i) => i);
  return length <= LONGEST_AXIS ? all : [...all.slice(0, EDGE), undefined, ...all.slice(-EDGE)];
}

/** Where the shown values lie in the tensor's data, in the order in which they are drawn. */
function visible(shape: readonly number[]): number[] {
  return shape.reduce<number[]>((starts, length) => starts.flatMap((start) => places(length).flatMap((place) => (place === undefined ? [] : [start * length + place]))), [0]);
}

function formatValue(value: number | string, dtype: string): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (dtype === 'string' || typeof value === 'string') return JSON.stringify(value);
  return dtype === 'float32' ? shortestFloat32(value) : String(value);
}

/** TensorFlow hands out the real and the imaginary part of each value in turn. */
const formatComplex = (real: number, imaginary: number): string => `${shortestFloat32(real)}${imaginary < 0 || Object.is(imaginary, -0) ? '-' : '+'}${shortestFloat32(Math.abs(imaginary))}j`;

/** The shortest decimal number that is nearest to this float32: 0.1 rather than 0.10000000149011612. */
export function shortestFloat32(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(value);
}
