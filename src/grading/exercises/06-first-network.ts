import type { Sequential } from '@tensorflow/tfjs-node';
import type { ExerciseSet } from '../chapter';
import { exactly, inBands, near } from '../compare';
import { exercise } from '../exercise';

export const countSteps = exercise<(rows: number, batchSize: number, epochs: number) => number>('countSteps', ({ calls }) => ({
  title: 'steps',
  hints: ['An epoch has as many steps as there are batches. The last batch may be smaller, but it is a step.'],
  tests: [
    calls('counts the last, smaller batch too', 1, [
      [[100, 32, 500], exactly(2000)],
      [[1000, 64, 1], exactly(16)],
      [[64, 64, 3], exactly(3)],
    ]),
  ],
}));

export const minMax = exercise<(rows: number[][]) => number[][]>('minMax', ({ calls }) => ({
  title: 'scale by column',
  hints: ['Collect a column with `rows.map((row) => row[j])`.', 'Where the largest is the smallest, dividing would give NaN: return 0 there.'],
  tests: [calls('scales each column to 0 … 1, a constant one to 0', 2, [[[[[0, 5], [5, 5], [10, 5]]], near([[0, 0], [0.5, 0], [1, 0]])]])],
}));

export const build = exercise<(inputs: number, units: number, classes: number) => Sequential>('build', ({ probe }) => ({
  title: 'build a classifier',
  seconds: 30,
  hints: ['The output layer has one unit a class; softmax makes probabilities of them.', 'Labels that are class numbers want the loss `sparseCategoricalCrossentropy`.'],
  tests: [
    probe('has the right number of parameters', 0, [[{ inputs: 64, units: 16, classes: 10 }, exactly(64 * 16 + 16 + 16 * 10 + 10)]], (answer, { inputs, units, classes }) => {
      const model = answer(inputs, units, classes);
      const count = model.countParams();
      model.dispose();
      if (model.optimizer) model.optimizer.dispose();
      return count;
    }),
    probe('gives probabilities that sum to 1', 0, [[{ inputs: 64, units: 16, classes: 10 }, near([1, 1], { atol: 1e-5 })]], (answer, { inputs, units, classes }, { tf }) => {
      const model = answer(inputs, units, classes);
      const sums = [model.predictOnBatch(tf.ones([2, inputs]))].flat().flatMap((output) => Array.from(output.sum(-1).dataSync()));
      model.dispose();
      if (model.optimizer) model.optimizer.dispose();
      return sums;
    }),
  ],
}));

export const stopsAfter = exercise<(losses: number[], patience: number) => number>('stopsAfter', ({ calls }) => ({
  title: 'early stopping',
  hints: ['Remember the best loss, and for how many epochs it has not been beaten.', 'An equal loss is no improvement.'],
  tests: [
    calls('stops when the patience is over', 1, [[[[3, 2, 2.5, 2.2, 1.9, 2, 2, 2], 2], exactly(4)]]),
    calls('begins to count anew after an improvement', 1, [
      [[[3, 2, 2.5, 2.2, 1.9, 2, 2, 2], 3], exactly(8)],
      [[[3, 2, 1], 5], exactly(3)],
    ]),
  ],
}));

export const dataStudy = exercise<() => Promise<{ hundred: number; thousand: number }>>('dataStudy', ({ calls }) => ({
  title: 'how much data?',
  seconds: 90,
  hints: ['Write one function that trains on the first `count` digits and returns the accuracy; call it twice.', '`evaluate` returns the loss and the accuracy, in this order.', 'The last 500 digits begin at `digits.count - 500`.'],
  tests: [calls('finds accuracies in their bands', 3, [[[], inBands({ hundred: [0.6, 0.95], thousand: [0.88, 1] })]])],
}));

export default { notebook: '06-first-network', exercises: [countSteps, minMax, build, stopsAfter, dataStudy] } satisfies ExerciseSet;
