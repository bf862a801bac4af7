import * as tf from '@tensorflow/tfjs-node';
import { nativeBackend, nativeOp } from './native';

/** What a step makes of its state and of the rows of one place, without their structure. */
export type FlatStep = (state: readonly tf.Tensor[], rows: readonly tf.Tensor[]) => FlatResult;
export interface FlatResult {
  readonly state: readonly tf.Tensor[];
  readonly outputs: readonly tf.Tensor[];
}

/** The same values under a number of their own: the recorder tells tensors by the native library's numbers. */
export const copyOf = (x: tf.Tensor): tf.Tensor => nativeOp('Identity', [x], { T: { dtype: x.dtype } })[0];
export const rowOf = (x: tf.Tensor, place: number): tf.Tensor => x.slice(place, 1).reshape(x.shape.slice(1));
/** The native library's number for a tensor's type. */
export const typeOf = ({ dtype }: tf.Tensor): number => nativeBackend().getDTypeInteger(dtype);
