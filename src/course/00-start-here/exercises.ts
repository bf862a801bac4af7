import { between, exactly, near, throws } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';
import { describe } from '../../parts/grading/values';

export const predict = exercise<(x: number, w: number, b: number) => number>('predict', ({ calls }) => ({
  title: 'what the neuron predicts',
  hints: ['The input is multiplied by the weight; the bias is added once, after that.'],
  tests: [
    calls('multiplies by the weight and adds the bias', 1, [
      [[2, 3, 1], near(7)],
      [[0, 5, -1], near(-1)],
      [[3, 0, 1], near(1)],
    ]),
  ],
}));

export const meanSquaredError = exercise<(yHat: number[], y: number[]) => number>('meanSquaredError', ({ calls }) => ({
  title: 'the mean squared error',
  hints: [
    'Take the difference of each pair, square it, add up the squares, and divide by their number.',
    'Compare the two lengths first, and throw a RangeError where they differ.',
  ],
  tests: [
    calls('is the mean of the squared differences', 1, [
      [
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        exactly(0),
      ],
      [
        [
          [1, 2],
          [3, 5],
        ],
        near(6.5),
      ],
    ]),
    calls('refuses lists of different lengths', 1, [
      [[[1], [1, 2]], throws('RangeError')],
      [[[1], []], throws('RangeError')],
    ]),
  ],
}));

interface Points {
  readonly xs: number[];
  readonly ys: number[];
}

/** The points of the chapter, and some through which no line goes: the best one has a slope of 2.2. */
const LINE: Points = { xs: [-1, 0, 1, 2], ys: [-3, -1, 1, 3] };
const SCATTER: Points = { xs: [-1, 0, 1, 2], ys: [-3, 1, -1, 5] };

export const trainWeight = exercise<(xs: number[], ys: number[]) => Promise<number>>(
  'trainWeight',
  ({ calls, probe }) => ({
    title: 'train a neuron of your own',
    seconds: 30,
    hints: [
      '`fit` wants tensors of shape [rows, 1].',
      'The weight is the first of `model.getWeights()`; `dataSync()[0]` reads it.',
      'What lives on: the tensors of the points, the model and the optimizer, which holds its rate. Each has `dispose()`.',
    ],
    tests: [
      probe(
        'trains one neuron as the task says, and frees what it made',
        2,
        [
          [
            LINE,
            near({
              layers: 1,
              units: 1,
              optimizer: 'SGD',
              learningRate: 0.1,
              learns: true,
              returnsItsWeight: true,
              tensorsLeft: 0,
            }),
          ],
        ],
        async (answer, { xs, ys }, { tf }) => {
          const prototype = tf.Sequential.prototype;
          const methods = ['fit', 'fitDataset', 'trainOnBatch'].map((name) => ({
            name,
            method: Reflect.get(prototype, name) as unknown,
          }));
          let trained: { layers: number; units: number; optimizer: string; learningRate: number } | undefined;
          let [begin, weight] = [Number.NaN, Number.NaN];
          const before = tf.memory().numTensors;
          for (const { name, method } of methods) {
            if (typeof method !== 'function') throw new TypeError(`a sequential model has no ${name}`);
            Reflect.set(prototype, name, async function (this: InstanceType<typeof tf.Sequential>, ...args: unknown[]) {
              const layers = this.layers.filter((layer) => layer.countParams() > 0);
              const kernel = layers[0].getWeights()[0];
              if (!trained) begin = kernel.dataSync()[0];
              trained = {
                layers: layers.length,
                units: kernel.size,
                optimizer: this.optimizer.getClassName(),
                learningRate: Number(this.optimizer.getConfig().learningRate),
              };
              // What is not trained as asked needs no patience.
              const last = args.at(-1);
              const isAsked = trained.optimizer === 'SGD' && Math.abs(trained.learningRate - 0.1) < 1e-6;
              if (!isAsked && typeof last === 'object' && last !== null && 'epochs' in last)
                args[args.length - 1] = { ...last, epochs: 1 };
              const result: unknown = await Reflect.apply(method, this, args);
              weight = layers[0].getWeights()[0].dataSync()[0];
              return result;
            });
          }
          try {
            const returned = await answer(xs, ys);
            const tensorsLeft = tf.memory().numTensors - before;
            return trained
              ? {
                  ...trained,
                  learns: Math.abs(weight - begin) > 1e-3,
                  returnsItsWeight: Math.abs(returned - weight) < 1e-5,
                  tensorsLeft,
                }
              : 'nothing: fit of a sequential model was never called';
          } finally {
            for (const { name, method } of methods) Reflect.set(prototype, name, method);
          }
        },
        {
          call: ({ xs, ys }) => `trainWeight(${describe(xs)}, ${describe(ys)})`,
          result: 'trained',
          look: 'The task asks for `tf.sequential`, one dense layer with one unit, `tf.train.sgd(0.1)`, for the weight that `fit` found (it learns nothing where it begins with the best one), and to free the points, the model and the optimizer.',
        },
      ),
      calls('finds the best weight for points near a line', 1, [[[SCATTER.xs, SCATTER.ys], between(2.15, 2.25)]]),
    ],
  }),
);

export const firstExplosion = exercise<
  (xs: number[], ys: number[], learningRates: number[]) => Promise<number | undefined>
>('firstExplosion', ({ calls }) => ({
  title: 'when does it explode?',
  seconds: 30,
  hints: [
    'Train a new model for each rate, for 20 epochs, and look at `history.loss`.',
    'NaN is neither larger nor smaller than anything: `!(last <= first)` finds it too.',
    'What is freed after a `return` is never freed: look at the losses, free the model and its optimizer, and only then return.',
  ],
  tests: [
    calls(
      'finds the first rate that explodes, and is not a number in the end',
      1,
      [
        [[LINE.xs, LINE.ys, [0.1, 2, 4]], exactly(2)],
        [[LINE.xs, LINE.ys, [0.1, 1000, 2]], exactly(1000)],
        [
          [
            [-6, 0, 6],
            [1, 2, 9],
            [0.01, 0.1, 2],
          ],
          exactly(0.1),
        ],
      ],
      { look: 'Which rate is too large depends on the points; a loss that is not a number counts too.' },
    ),
    calls(
      'says undefined where none does',
      1,
      [
        [[LINE.xs, LINE.ys, [0.05, 0.1]], exactly(undefined)],
        [[[1, 2], [3, 5], [0]], exactly(undefined)],
      ],
      { look: 'With a rate of 0 the loss stays the same: it is not larger.' },
    ),
    {
      ...calls('frees what it made, wherever it returns', 1, [
        [
          [
            [-6, 0, 6],
            [1, 2, 9],
            [0.1, 2],
          ],
          exactly(0.1),
        ],
        [[LINE.xs, LINE.ys, [0.1]], exactly(undefined)],
        [[LINE.xs, LINE.ys, []], exactly(undefined)],
      ]),
      frees: true,
    },
  ],
}));

export const exercises = [predict, meanSquaredError, trainWeight, firstExplosion];
