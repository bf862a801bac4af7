import * as tf from '@tensorflow/tfjs-node';
import { nativeOp } from './native';

/** Options of random tensors. */
export interface RandomOptions {
  /** The same seed gives the same sequence of draws in a new process or graph (default 0: another one each time). */
  readonly seed?: number;
}

function draw(
  op: 'RandomUniform' | 'RandomStandardNormal',
  shape: readonly number[],
  { seed = 0 }: RandomOptions,
): tf.Tensor {
  const lengths = tf.tensor1d([...shape], 'int32');
  const [drawn] = nativeOp(op, [lengths], {
    dtype: { dtype: 'float32' },
    T: { dtype: 'int32' },
    seed: { int: seed },
    seed2: { int: seed },
  });
  lengths.dispose();
  return drawn;
}

/** Numbers in [0, 1), drawn by TensorFlow itself: fresh at each call of a graph. */
export const randomUniform = (shape: readonly number[], options: RandomOptions = {}): tf.Tensor =>
  draw('RandomUniform', shape, options);

/** Normal numbers with mean 0 and standard deviation 1, drawn by TensorFlow itself: fresh at each call of a graph. */
export const randomNormal = (shape: readonly number[], options: RandomOptions = {}): tf.Tensor =>
  draw('RandomStandardNormal', shape, options);

/** What dropout may be told beside its rate. */
export interface DropoutOptions extends RandomOptions {
  /**
   * Shape of the choice, stretched over the values: [8, 1, 3] drops whole channels of [8, 50, 3] (default: that of the
   * values).
   */
  readonly noiseShape?: readonly number[];
}

/**
 * Sets a random part of the values to 0 and divides the rest by 1 − rate (Srivastava et al., 2014), with a fresh choice
 * at each call of a graph.
 *
 * @param rate part that is dropped, from 0 to below 1.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, options: DropoutOptions = {}): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: expected a rate from 0 to below 1, got ${rate}`);
  return tf.tidy(() =>
    x.mul<T>(
      randomUniform(options.noiseShape ?? x.shape, options)
        .greaterEqual(rate)
        .toFloat()
        .div(1 - rate),
    ),
  );
}
