import * as tf from '@tensorflow/tfjs-node';
import { isDifferentiatedTwice } from './tape';

type Loss = typeof tf.losses.softmaxCrossEntropy;
const { softmaxCrossEntropy } = tf.losses;

/**
 * The gradient of TensorFlow.js's loss keeps what was computed inside, which is on no tape, so that a gradient of it
 * lacks a term without a word. Where it is differentiated twice, it is composed of operations that can be.
 */
const twiceDifferentiable: Loss = (labels, logits, weights, labelSmoothing = 0, reduction) => {
  if (!isDifferentiatedTwice()) return softmaxCrossEntropy(labels, logits, weights, labelSmoothing, reduction);
  return tf.tidy(() => {
    const [target, scores] = [labels, logits].map((given) => (given instanceof tf.Tensor ? given : tf.tensor(given)));
    tf.util.assertShapesMatch(target.shape, scores.shape, 'softmaxCrossEntropy: ');
    const smooth = target.mul(1 - labelSmoothing).add(labelSmoothing / (target.shape[1] ?? 1));
    const losses = smooth.mul(scores.logSoftmax()).sum(-1).neg();
    return tf.losses.computeWeightedLoss(losses, weights, reduction);
  });
};
tf.losses.softmaxCrossEntropy = twiceDifferentiable;
