import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node';
import type { ExerciseSet } from '../chapter';
import { exactly, near, nearTensor, throws } from '../compare';
import { exercise } from '../exercise';
import { describe } from '../values';

export const productShape = exercise<(s: [number, number], t: [number, number]) => [number, number]>('productShape', ({ calls }) => ({
  title: 'the shape of a product',
  hints: ['The inner lengths must agree; the outer ones are the result.'],
  tests: [
    calls('keeps the outer lengths', 1, [[[[32, 64], [64, 10]], exactly([32, 10])]]),
    calls('refuses inner lengths that differ', 1, [[[[1, 3], [1, 3]], throws('RangeError')]]),
  ],
}));

/** Calls with tensors, as a learner would write them. */
const tableCall = (rows: readonly (readonly number[])[]): string => `standardize(tf.tensor2d(${describe(rows)}))`;

export const standardize = exercise<(table: Tensor2D) => Tensor2D>('standardize', ({ probe }) => ({
  title: 'standardize',
  seconds: 15,
  hints: ['`tf.moments(table, 0)` gives the mean and the variance of each column.', 'The standard deviation is the square root of the variance.', 'What is returned from `tf.tidy` lives on; all else that was made inside is freed.'],
  tests: [
    probe('gives each column mean 0 and standard deviation 1', 1, [[[[1, 10], [3, 30]], nearTensor([2, 2], [-1, -1, 1, 1], { atol: 1e-5 })]], (answer, rows: number[][], { tf }) => answer(tf.tensor2d(rows)), { call: tableCall }),
    probe('leaves one tensor behind, its result', 1, [[[[1, 10], [3, 30]], near({ tensors: 1, values: [[-1, -1], [1, 1]] }, { atol: 1e-5 })]], (answer, rows: number[][], { tf }) => {
      const table = tf.tensor2d(rows);
      const before = tf.memory().numTensors;
      const result = answer(table);
      return { tensors: tf.memory().numTensors - before, values: result.arraySync() };
    }, { call: tableCall, result: 'made so many tensors that live on, with its result:', look: 'What `tf.tidy` does not return is freed.' }),
  ],
}));

export const layer = exercise<(x: Tensor2D, w: Tensor2D, b: Tensor1D) => Tensor2D>('layer', ({ probe }) => ({
  title: 'a layer',
  hints: ['`x.matMul(w)` has a row for each row of x; `add(b)` broadcasts the bias over the rows.', 'ReLU is the method `relu()`.'],
  tests: [
    probe('is ReLU of xW + b', 2, [[{ x: [[2, 5]], w: [[1, 0, -1], [0, 1, 0]], b: [0.5, 0.5, 1] }, nearTensor([1, 3], [2.5, 5.5, 0], { atol: 1e-5 })]], (answer, { x, w, b }, { tf }) => answer(tf.tensor2d(x), tf.tensor2d(w), tf.tensor1d(b)), { call: ({ x, w, b }) => `layer(tf.tensor2d(${describe(x)}), tf.tensor2d(${describe(w)}), tf.tensor1d(${describe(b)}))` }),
  ],
}));

export const toChannelsLast = exercise<(images: Tensor4D) => Tensor4D>('toChannelsLast', ({ probe }) => ({
  title: 'channels',
  hints: ['`tf.transpose` takes the new order of the axes.', 'The axes come as [batch, channel, row, column] and go as [batch, row, column, channel].'],
  tests: [
    probe('moves the channels without mixing up pixels', 2, [[{ shape: [1, 3, 1, 2], values: [1, 2, 3, 4, 5, 6] }, nearTensor([1, 1, 2, 3], [1, 3, 5, 2, 4, 6])]], (answer, { shape, values }, { tf }) => {
      const [batch, channels, rows, columns] = shape;
      return answer(tf.tensor4d(values, [batch, channels, rows, columns]));
    }, { call: ({ shape, values }) => `toChannelsLast(tf.tensor4d(${describe(values)}, ${describe(shape)}))` }),
  ],
}));

export const toBatches = exercise<(x: Tensor2D, batchSize: number) => Tensor2D[]>('toBatches', ({ probe }) => ({
  title: 'mini-batches',
  hints: ['`tf.slice(x, [begin, 0], [count, -1])` cuts `count` rows.', 'The last batch has as many rows as are left.'],
  tests: [
    probe('cuts in order, the last batch smaller', 2, [
      [{ rows: [[1], [2], [3], [4], [5]], size: 2 }, near([[[1], [2]], [[3], [4]], [[5]]])],
      [{ rows: [[1], [2], [3], [4]], size: 2 }, near([[[1], [2]], [[3], [4]]])],
    ], (answer, { rows, size }, { tf }) => answer(tf.tensor2d(rows), size).map((batch) => batch.arraySync()), { call: ({ rows, size }) => `toBatches(tf.tensor2d(${describe(rows)}), ${size})` }),
  ],
}));

export const leaksOf = exercise<(makers: (() => Tensor)[]) => number[]>('leaksOf', ({ probe }) => ({
  title: 'who leaks?',
  hints: ['`tf.memory().numTensors` counts the tensors that live.', 'Count before and after the call; the result itself is one of them.', 'Inside `tf.tidy`, the functions leave nothing behind.'],
  tests: [
    probe('counts what is left besides the result', 1, [[[[2], [2, 2], [0]], exactly([0, 1, 0])]], (answer, makers: number[][], { tf }) => {
      const source = tf.tensor1d([1, 2]);
      const tidied = (): Tensor => tf.tidy(() => source.square().sum().sqrt());
      return answer(makers.map((steps) => (steps[0] === 0 ? tidied : () => steps.reduce<Tensor>((tensor, power) => tensor.pow(power), source))));
    }, { call: () => 'leaksOf([one, two, tidied]), with functions that make one tensor, two tensors, and two in `tf.tidy`,' }),
    probe('leaves nothing behind itself', 1, [[[[2], [2, 2]], exactly({ leaks: [0, 1], tensors: 0 })]], (answer, makers: number[][], { tf }) => {
      const source = tf.tensor1d([1, 2]);
      const before = tf.memory().numTensors;
      const leaks = answer(makers.map((steps) => () => steps.reduce<Tensor>((tensor, power) => tensor.mul(power), source)));
      return { leaks, tensors: tf.memory().numTensors - before };
    }, { call: () => 'leaksOf([one, two]), with functions that make one tensor and two,', result: 'gave these numbers, and left so many tensors alive:', look: 'What the functions make, their results too, must be freed.' }),
  ],
}));

export default { notebook: '02-tensors', exercises: [productShape, standardize, layer, toChannelsLast, toBatches, leaksOf] } satisfies ExerciseSet;
