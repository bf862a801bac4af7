import * as tf from '@tensorflow/tfjs-node';
import { randomUniform, type RandomOptions } from './random-ops';

/** Half of the distance between two uniform numbers: added to them, none is 0. */
const HALF_STEP = 2 ** -24;

/**
 * Draws class numbers with the probabilities softmax(logits), fresh at each call, by the Gumbel-max trick: the largest
 * of the logits with Gumbel noise added. Divide the logits by a temperature to sharpen (below 1) or to flatten (above 1).
 *
 * @param logits [..., classes]; −∞ is never drawn.
 * @param count how many to draw for each row (default: one, without an axis of its own).
 * @returns int32 [...], or with a count [..., count].
 * @throws RangeError where there is no class, or the count is no whole number from 1.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { categorical } from 'layerwise/graph';
 * categorical(tf.log([0.1, 0.6, 0.3])); // 1 in six of ten draws
 * categorical(tf.zeros([4, 10]), 3, { seed: 1 }).shape; // [4, 3]
 */
export function categorical(logits: tf.Tensor, count?: number, options: RandomOptions = {}): tf.Tensor {
  const classes = logits.shape.at(-1) ?? 0;
  if (classes < 1)
    throw new RangeError(`categorical: expected logits [..., classes] of at least 1 class, got [${logits.shape}]`);
  if (count !== undefined && (!Number.isInteger(count) || count < 1))
    throw new RangeError(`categorical: expected a whole number of draws of at least 1, got ${count}`);
  const draws = count === undefined ? [] : [count];
  return tf.tidy(() => {
    const uniform = randomUniform([...logits.shape.slice(0, -1), ...draws, classes], options).add(HALF_STEP);
    const noise = uniform.log().neg().log().neg();
    return noise.add(count === undefined ? logits : logits.expandDims(-2)).argMax(-1);
  });
}
