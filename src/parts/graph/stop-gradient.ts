import * as tf from '@tensorflow/tfjs-node';
import { noteUse } from './gradient-targets';

/**
 * The same values, taken for constants: no gradient flows through it, and what comes before it needs none (rounding,
 * comparisons, argMax). Where nothing else leads from x to the result, tf.grad fails as for a result that doesn't depend
 * on x.
 *
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { stopGradient } from 'layerwise/graph';
 * // Rounds, with the gradient of x itself (straight-through, Bengio et al., 2013).
 * const straight = (x: tf.Tensor) => x.add(stopGradient(x.round().sub(x)));
 * tf.grad(straight)(tf.scalar(1.4)); // 1
 */
export function stopGradient<T extends tf.Tensor>(x: T): T;
export function stopGradient(x: tf.Tensor): tf.Tensor {
  // Another tensor of the same memory that no operation made: the tape knows nothing of it.
  tf.backend().incRef(x.dataId);
  noteUse(x);
  return tf.engine().makeTensorFromTensorInfo({ dataId: x.dataId, shape: x.shape, dtype: x.dtype });
}
