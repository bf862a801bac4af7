import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

const labels = [
  [1, 0, 0],
  [0.2, 0.5, 0.3],
];
const logits = [0.5, -1, 2, 0.1, 0.3, -0.4];

/** −Σ y log softmax(z), by its definition, with labels smoothed towards 1/3. */
function byHand(values: readonly number[], smoothing: number, row: number): number {
  const z = values.slice(3 * row, 3 * row + 3);
  const sum = z.reduce((total, value) => total + Math.exp(value), 0);
  return z.reduce(
    (total, value, i) => total - (labels[row][i] * (1 - smoothing) + smoothing / 3) * Math.log(Math.exp(value) / sum),
    0,
  );
}

describe('softmaxCrossEntropy of TensorFlow.js', () => {
  it.each([0, 0.3])(
    'has the value of its definition, smoothing %s, also where it is differentiated twice',
    (smoothing) => {
      tf.tidy(() => {
        const loss = (z: tf.Tensor): tf.Tensor =>
          tf.losses.softmaxCrossEntropy(
            tf.tensor2d(labels),
            z.reshape([2, 3]),
            undefined,
            smoothing,
            tf.Reduction.NONE,
          );
        const expected = [0, 1].map((row) => byHand(logits, smoothing, row));
        const plain = loss(tf.tensor1d(logits)).dataSync();
        let inside: ArrayLike<number> = [];
        tf.grad((x: tf.Tensor) =>
          tf
            .grad((z: tf.Tensor) => {
              const made = loss(z);
              inside = made.dataSync();
              return made.sum();
            })(x)
            .sum(),
        )(tf.tensor1d(logits));
        expected.forEach((value, row) => {
          expect(plain[row]).toBeCloseTo(value, 5);
          expect(inside[row]).toBeCloseTo(value, 5);
        });
      });
    },
  );

  it('has a second derivative that agrees with differences of the first, for weights and the default reduction', () => {
    tf.tidy(() => {
      const weights = tf.tensor1d([1, 3]);
      const first = tf.grad((z: tf.Tensor) =>
        tf.losses.softmaxCrossEntropy(labels, z.reshape<tf.Tensor2D>([2, 3]), weights, 0.1),
      );
      const size = (z: tf.Tensor): tf.Tensor => first(z).square().sum();
      const slope = tf.grad(size)(tf.tensor1d(logits)).dataSync();
      const h = 1e-2;
      logits.forEach((_, i) => {
        const at = (step: number): number =>
          size(tf.tensor1d(logits.map((value, j) => (i === j ? value + step : value)))).dataSync()[0];
        expect(slope[i]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 3);
      });
      // Reduced by default: the weighted sum over the weights that are not 0.
      const value = tf.losses.softmaxCrossEntropy(labels, tf.tensor2d(logits, [2, 3]), weights).dataSync()[0];
      expect(value).toBeCloseTo((byHand(logits, 0, 0) + 3 * byHand(logits, 0, 1)) / 2, 5);
    });
  });

  it('refuses other shapes', () => {
    tf.tidy(() => {
      const wrong = (): tf.Tensor => tf.losses.softmaxCrossEntropy(tf.tensor2d(labels), tf.zeros([3, 2]));
      expect(wrong).toThrow(/Shapes 2,3 and 3,2 must match/);
    });
  });
});
