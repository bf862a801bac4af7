import type { ExerciseSet } from '../chapter';
import { between, exactly, near, throws } from '../compare';
import { exercise } from '../exercise';
import { describe } from '../values';

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

interface Points {
  readonly xs: number[];
  readonly ys: number[];
}

/** The points of the chapter, and some through which no line goes: the best one has a slope of 2.2. */
const LINE: Points = { xs: [-1, 0, 1, 2], ys: [-3, -1, 1, 3] };
const SCATTER: Points = { xs: [-1, 0, 1, 2], ys: [-3, 1, -1, 5] };

export const trainWeight = exercise<(xs: number[], ys: number[]) => Promise<number>>('trainWeight', ({ calls, probe }) => ({
  title: 'train a neuron of your own',
  seconds: 30,
  hints: ['`fit` wants tensors of shape [rows, 1].', 'The weight is the first of `model.getWeights()`; `dataSync()[0]` reads it.', 'What lives on: the tensors of the points, the model and the optimizer, which holds its rate. Each has `dispose()`.'],
  tests: [
    calls('finds the best weight for points near a line', 1, [[[SCATTER.xs, SCATTER.ys], between(2.15, 2.25)]]),
    probe('trains one neuron as the task says, and frees what it made', 2, [[LINE, near({ layers: 1, units: 1, optimizer: 'SGD', learningRate: 0.1, returnsItsWeight: true, tensorsLeft: 0 })]], async (answer, { xs, ys }, { tf }) => {
      const prototype = tf.Sequential.prototype;
      const fit: unknown = Reflect.get(prototype, 'fit');
      if (typeof fit !== 'function') throw new TypeError('a sequential model has no fit');
      let trained = { layers: 0, units: 0, optimizer: 'none', learningRate: 0 };
      let weight = Number.NaN;
      const before = tf.memory().numTensors;
      Reflect.set(prototype, 'fit', async function (this: InstanceType<typeof tf.Sequential>, ...args: unknown[]) {
        const history: unknown = await Reflect.apply(fit, this, args);
        const layers = this.layers.filter((layer) => layer.countParams() > 0);
        const kernel = layers[0].getWeights()[0];
        trained = { layers: layers.length, units: kernel.size, optimizer: this.optimizer.getClassName(), learningRate: Number(this.optimizer.getConfig().learningRate) };
        weight = kernel.dataSync()[0];
        return history;
      });
      try {
        const returned = await answer(xs, ys);
        return { ...trained, returnsItsWeight: Math.abs(returned - weight) < 1e-6, tensorsLeft: tf.memory().numTensors - before };
      } finally {
        Reflect.set(prototype, 'fit', fit);
      }
    }, { call: ({ xs, ys }) => `trainWeight(${describe(xs)}, ${describe(ys)})`, result: 'trained', look: 'The task asks for `tf.sequential`, one dense layer with one unit, `tf.train.sgd(0.1)`, for the weight that `fit` found, and to free the points, the model and the optimizer.' }),
  ],
}));

export const firstExplosion = exercise<(xs: number[], ys: number[], learningRates: number[]) => Promise<number | undefined>>('firstExplosion', ({ calls }) => ({
  title: 'when does it explode?',
  seconds: 30,
  hints: ['Train a new model for each rate, for 20 epochs, and look at `history.loss`.', 'NaN is neither larger nor smaller than anything: `!(last <= first)` finds it too.'],
  tests: [
    calls('finds the first rate that explodes, and is not a number in the end', 2, [
      [[LINE.xs, LINE.ys, [0.1, 2, 4]], exactly(2)],
      [[LINE.xs, LINE.ys, [0.1, 1000, 2]], exactly(1000)],
      [[[-6, 0, 6], [1, 2, 9], [0.01, 0.1, 2]], exactly(0.1)],
    ], { look: 'Which rate is too large depends on the points.' }),
    calls('says undefined where none does', 1, [[[LINE.xs, LINE.ys, [0.05, 0.1]], exactly(undefined)]]),
  ],
}));

export default { notebook: '00-start-here', exercises: [predict, meanSquaredError, trainWeight, firstExplosion] } satisfies ExerciseSet;
