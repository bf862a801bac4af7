import type { MimeBundle } from './bundle';

/** What display needs of a tensor; `tf.Tensor` has it. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  toString(verbose?: boolean): string;
}

export function isTensor(value: unknown): value is TensorLike {
  return typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape) && 'dtype' in value && typeof value.dtype === 'string' && 'dataId' in value;
}

/** A tensor as text: kind, shape and values, the middle left out where there are many. Nothing is allocated. */
export function tensorBundle(tensor: TensorLike): MimeBundle {
  const head = `Tensor ${tensor.dtype}, shape [${tensor.shape.join(', ')}]`;
  if (tensor.isDisposed) return { 'text/plain': `${head}, disposed` };
  const values = tensor.toString().replace(/^Tensor\n/, '').split('\n').map((line) => line.replace(/^ {4}/, '')).join('\n');
  return { 'text/plain': `${head}\n${values}` };
}
