import * as tf from '@tensorflow/tfjs-node';
import { sigmoid } from './activations';
import { checkBothClasses, checkPositive, checkRows, checkSameLength, type Rows } from './check';
import { weightedSum, type LinearUnit } from './linear-units';
import { binaryCrossEntropyFromLogits } from './losses';

/** One neuron: the probability of class 1 is σ(w·x + b). */
export interface LogisticModel extends LinearUnit {
  /** Mean log loss before each step. */
  readonly losses: number[];
}

export interface LogisticOptions {
  /** Steps of gradient descent over all rows (default 1000). */
  readonly steps?: number;
  /** Size of a step (default 0.1). */
  readonly learningRate?: number;
  /**
   * `mean` divides the gradient by the number of rows (default); `sum` doesn't, so that more rows make longer steps.
   */
  readonly reduction?: 'mean' | 'sum';
}

/**
 * Logistic regression by gradient descent, row by row and feature by feature, from weights of 0. Numbers have 64 bits.
 *
 * @param x rows, `[count][features]`; standardize them first.
 * @param y classes, 0 or 1, both present.
 */
export function fitLogisticLoop(
  x: Rows,
  y: readonly number[],
  { steps = 1000, learningRate = 0.1, reduction = 'mean' }: LogisticOptions = {},
): LogisticModel {
  const features = check('fitLogisticLoop', x, y, steps, learningRate);
  const weights = new Array<number>(features).fill(0);
  let bias = 0;
  const losses: number[] = [];
  const scale = reduction === 'mean' ? 1 / x.length : 1;
  for (let step = 0; step < steps; step++) {
    const gradient = new Array<number>(features).fill(0);
    let biasGradient = 0;
    const z = x.map((row) => weightedSum({ weights, bias }, row));
    losses.push(binaryCrossEntropyFromLogits(y, z));
    for (let i = 0; i < x.length; i++) {
      const error = sigmoid(z[i]) - y[i];
      for (let j = 0; j < features; j++) gradient[j] += error * x[i][j];
      biasGradient += error;
    }
    for (let j = 0; j < features; j++) weights[j] -= learningRate * scale * gradient[j];
    bias -= learningRate * scale * biasGradient;
  }
  return { weights, bias, losses };
}

/**
 * The same as {@link fitLogisticLoop} with matrices: each step is two products. Numbers have 32 bits, so the two agree
 * to about six digits.
 *
 * @example
 * import { fitLogistic, predictClasses } from 'layerwise/nn';
 * const model = fitLogistic([[-1], [0.5], [-0.5], [1]], [0, 0, 1, 1]);
 * predictClasses(model, [[2]]); // [1]
 */
export function fitLogistic(
  x: Rows,
  y: readonly number[],
  { steps = 1000, learningRate = 0.1, reduction = 'mean' }: LogisticOptions = {},
): LogisticModel {
  const features = check('fitLogistic', x, y, steps, learningRate);
  return tf.tidy(() => {
    const inputs = tf.tensor2d(x.map((row) => [...row])); // [count, features]
    const inputsAcross = inputs.transpose(); // [features, count]
    const targets = tf.tensor2d(y.map((label) => [label])); // [count, 1]
    const rate = reduction === 'mean' ? learningRate / x.length : learningRate;
    let weights: tf.Tensor2D = tf.zeros([features, 1]);
    let bias: tf.Tensor1D = tf.zeros([1]);
    const losses = tf.buffer([steps]);
    for (let step = 0; step < steps; step++) {
      const next = tf.tidy(() => {
        const z = inputs.matMul(weights).add(bias); // [count, 1]
        losses.set(tf.losses.sigmoidCrossEntropy(targets, z).dataSync()[0], step);
        const error = z.sigmoid().sub(targets); // [count, 1]
        return {
          weights: weights.sub<tf.Tensor2D>(inputsAcross.matMul(error).mul(rate)),
          bias: bias.sub<tf.Tensor1D>(error.sum(0).mul(rate)),
        };
      });
      tf.dispose([weights, bias]);
      ({ weights, bias } = next);
    }
    return { weights: Array.from(weights.dataSync()), bias: bias.dataSync()[0], losses: Array.from(losses.values) };
  });
}

function check(caller: string, x: Rows, y: readonly number[], steps: number, learningRate: number): number {
  const features = checkRows(caller, x);
  checkSameLength(caller, y, x.length);
  checkBothClasses(caller, y);
  checkPositive(caller, 'learningRate', learningRate);
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`${caller}: expected steps to be a whole number of at least 1, got ${steps}`);
  return features;
}

/** The probability of class 1 for each row. */
export function predictProbabilities(model: LinearUnit, x: Rows): number[] {
  const features = checkRows('predictProbabilities', x);
  if (features !== model.weights.length)
    throw new RangeError(
      `predictProbabilities: expected ${model.weights.length} features a row, as the model was fitted on, got ${features}`,
    );
  return x.map((row) => sigmoid(weightedSum(model, row)));
}

/** Class 1 for each row whose probability is above the threshold (default 0.5), else 0. */
export const predictClasses = (model: LinearUnit, x: Rows, threshold = 0.5): number[] =>
  predictProbabilities(model, x).map((p) => (p > threshold ? 1 : 0));
