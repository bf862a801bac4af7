import * as tf from '@tensorflow/tfjs-node';
import { nativeBackend } from './native';

/** Options of random tensors. */
export interface RandomOptions {
  /** The same seed gives the same sequence of draws in a new process or graph (default 0: another one each time). */
  readonly seed?: number;
}

function draw(op: 'RandomUniform' | 'RandomStandardNormal', shape: readonly number[], { seed = 0 }: RandomOptions): tf.Tensor {
  const backend = nativeBackend();
  const { binding } = backend;
  const lengths = tf.tensor1d([...shape], 'int32');
  const attributes = [
    { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
    { name: 'seed', type: binding.TF_ATTR_INT, value: seed },
    { name: 'seed2', type: binding.TF_ATTR_INT, value: seed },
  ];
  const [metadata] = binding.executeOp(op, attributes, backend.getInputTensorIds([lengths]), 1);
  lengths.dispose();
  return backend.createOutputTensor(metadata);
}

/** Numbers in [0, 1), drawn by TensorFlow itself: fresh at each call of a graph. */
export const randomUniform = (shape: readonly number[], options: RandomOptions = {}): tf.Tensor => draw('RandomUniform', shape, options);

/** Normal numbers with mean 0 and standard deviation 1, drawn by TensorFlow itself: fresh at each call of a graph. */
export const randomNormal = (shape: readonly number[], options: RandomOptions = {}): tf.Tensor => draw('RandomStandardNormal', shape, options);

/**
 * Sets a random part of the values to 0 and divides the rest by 1 − rate (Srivastava et al., 2014), with a fresh choice at each call of a graph.
 *
 * @param rate part that is dropped, from 0 to below 1.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, options: RandomOptions = {}): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: expected a rate from 0 to below 1, got ${rate}`);
  return tf.tidy(() => x.mul<T>(randomUniform(x.shape, options).greaterEqual(rate).toFloat().div(1 - rate)));
}
