import type { ExerciseSet } from '../chapter';
import { between, exactly, near, throws } from '../compare';
import { exercise } from '../exercise';

export const predict = exercise<(x: number, w: number, b: number) => number>('predict', ({ calls }) => ({
  title: 'what the neuron predicts',
  hints: ['The input is multiplied by the weight; the bias is added once, after that.'],
  tests: [
    calls('multiplies by the weight and adds the bias', 1, [
      [[2, 3, 1], near(7)],
      [[0, 5, -1], near(-1)],
    ]),
  ],
}));

export const meanSquaredError = exercise<(yHat: number[], y: number[]) => number>('meanSquaredError', ({ calls }) => ({
  title: 'the mean squared error',
  hints: ['Take the difference of each pair, square it, add up the squares, and divide by their number.', 'Compare the two lengths first, and throw a RangeError where they differ.'],
  tests: [
    calls('is the mean of the squared differences', 1, [
      [[[1, 2, 3], [1, 2, 3]], exactly(0)],
      [[[1, 2], [3, 5]], near(6.5)],
    ]),
    calls('refuses lists of different lengths', 1, [[[[1], [1, 2]], throws('RangeError')]]),
  ],
}));

export const trainWeight = exercise<(xs: number[], ys: number[]) => Promise<number>>('trainWeight', ({ calls }) => ({
  title: 'train a neuron of your own',
  seconds: 30,
  hints: ['`fit` wants tensors of shape [rows, 1].', 'The weight is the first of `model.getWeights()`; `dataSync()[0]` reads it.'],
  tests: [calls('finds the weight of points on a line', 2, [[[[-1, 0, 1, 2], [-3, -1, 1, 3]], between(1.95, 2.05)]])],
}));

export const firstExplosion = exercise<(learningRates: number[]) => Promise<number | undefined>>('firstExplosion', ({ calls }) => ({
  title: 'when does it explode?',
  seconds: 30,
  hints: ['Train a new model for each rate, for 20 epochs, and look at `history.loss`.', 'NaN is neither larger nor smaller than anything: `!(last <= first)` finds it too.'],
  tests: [
    calls('finds the first rate that explodes', 2, [[[[0.1, 2, 4]], exactly(2)]]),
    calls('says undefined where none does', 1, [[[[0.05, 0.1]], exactly(undefined)]]),
  ],
}));

export default { notebook: '00-start-here', exercises: [predict, meanSquaredError, trainWeight, firstExplosion] } satisfies ExerciseSet;
