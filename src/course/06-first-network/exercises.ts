import type { Sequential } from '@tensorflow/tfjs-node';
import { exactly, near, property, satisfies } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';
import { trainsModels } from '../../parts/grading/trained-models';
import { bothOf, learned, learnsByAndBy, pictures, shades, type DataStudy, type Study } from './studies';

export const countSteps = exercise<(rows: number, batchSize: number, epochs: number) => number>(
  'countSteps',
  ({ calls }) => ({
    title: 'steps',
    hints: ['An epoch has as many steps as there are batches. The last batch may be smaller, but it is a step.'],
    tests: [
      calls(
        'counts the last, smaller batch too',
        1,
        [
          [[100, 32, 500], exactly(2000)],
          [[1000, 64, 1], exactly(16)],
          [[64, 64, 3], exactly(3)],
          [[1001, 1000, 1], exactly(2)],
        ],
        { look: 'Each epoch has its own last batch: round up before you multiply.' },
      ),
    ],
  }),
);

export const minMax = exercise<(rows: number[][]) => number[][]>('minMax', ({ calls }) => ({
  title: 'scale by column',
  hints: [
    'Collect a column with `rows.map((row) => row[j])`.',
    'Where the largest is the smallest, dividing would give NaN: return 0 there.',
  ],
  tests: [
    calls(
      'scales each column to 0 … 1, a constant one to 0',
      2,
      [
        [
          [
            [
              [0, 5],
              [5, 5],
              [10, 5],
            ],
          ],
          near([
            [0, 0],
            [0.5, 0],
            [1, 0],
          ]),
        ],
        [
          [
            [
              [0, 2e-14],
              [1e-8, 1e-14],
            ],
          ],
          near([
            [0, 1],
            [1, 0],
          ]),
        ],
        [[[[-3], [-1]]], near([[0], [1]])],
      ],
      {
        look: 'A column varies where its largest number is above its smallest, however little.',
        notFinite: 'A column that never varies would be divided by 0.',
      },
    ),
  ],
}));

export const build = exercise<(inputs: number, units: number, classes: number) => Sequential>('build', ({ probe }) => ({
  title: 'build a classifier',
  seconds: 90,
  hints: [
    'The output layer has one unit a class; softmax makes probabilities of them.',
    'Labels that are class numbers want the loss `sparseCategoricalCrossentropy`.',
    '`compile` takes the optimizer, the loss, and the list of metrics.',
  ],
  tests: [
    probe(
      'has a hidden layer of the given size, and a unit for each class',
      0,
      [[[64, 16, 10], exactly([[64, 16], [16], [16, 10], [10]])]],
      (answer, [inputs, units, classes]: number[]) =>
        answer(inputs, units, classes)
          .getWeights()
          .map(({ shape }) => shape),
      { result: 'returned a model with weights of the shapes' },
    ),
    probe(
      'gives probabilities that sum to 1',
      0,
      [[[64, 16, 10], near([1, 1], { atol: 1e-5 })]],
      (answer, [inputs, units, classes]: number[], { tf }) => {
        const outputs = [
          answer(inputs, units, classes).predictOnBatch(
            tf.tensor2d([new Array<number>(inputs).fill(1), new Array<number>(inputs).fill(0.5)]),
          ),
        ].flat()[0];
        const rows = outputs.arraySync();
        return Array.isArray(rows)
          ? rows.map((row) => (Array.isArray(row) ? row.map(Number).reduce((sum, value) => sum + value, 0) : row))
          : rows;
      },
      { result: 'returned a model whose outputs sum to' },
    ),
    probe(
      'is compiled for class numbers, with Adam and accuracy',
      1,
      [
        [
          {
            sizes: [2, 8, 3],
            x: [
              [1, 0],
              [0, 1],
              [1, 1],
            ],
            labels: [0, 1, 2],
          },
          satisfies('the optimizer Adam, and a loss and accuracy as metrics', (value) => {
            const names = property(value, 'metrics');
            return (
              property(value, 'optimizer') === 'Adam' &&
              Array.isArray(names) &&
              names.length === 2 &&
              /acc/i.test(String(names[1]))
            );
          }),
        ],
      ],
      async (answer, { sizes, x, labels }: { sizes: number[]; x: number[][]; labels: number[] }, { tf }) => {
        const model = answer(sizes[0], sizes[1], sizes[2]);
        await model.fit(tf.tensor2d(x), tf.tensor1d(labels), { epochs: 1, verbose: 0 });
        return { optimizer: model.optimizer.getClassName(), metrics: model.metricsNames };
      },
      {
        call: () => 'build(2, 8, 3), trained on three rows with the class numbers 0, 1 and 2,',
        result: 'has',
        look: 'Labels that are class numbers have a loss of their own; `metrics` is a list of names.',
      },
    ),
  ],
}));

export const stopsAfter = exercise<(losses: number[], patience: number) => number>('stopsAfter', ({ calls }) => ({
  title: 'early stopping',
  hints: [
    'Remember the best loss, and for how many epochs it has not been beaten.',
    'An equal loss is no improvement.',
  ],
  tests: [
    calls(
      'stops when the patience is over',
      1,
      [
        [[[3, 2, 2.5, 2.2, 1.9, 2, 2, 2], 2], exactly(4)],
        [[[2, 1, NaN, NaN, NaN], 2], exactly(4)],
        [[[NaN, 3, 2, 1], 2], exactly(4)],
      ],
      {
        look: 'Count the epochs since the lowest loss; NaN is not lower than anything, and nothing is lower than NaN: a first NaN must not become the best.',
      },
    ),
    calls(
      'begins to count anew after an improvement',
      1,
      [
        [[[3, 2, 2.5, 2.2, 1.9, 2, 2, 2], 3], exactly(8)],
        [[[3, 2, 1], 5], exactly(3)],
        [[[1, 0.9999, 0.9998, 0.9997], 2], exactly(4)],
        [[[50, 40, 30, 20], 2], exactly(4)],
        [[[3e-8, 2e-8, 1e-8, 0], 2], exactly(4)],
      ],
      { look: 'Lower is lower, however little; the best loss is the lowest of all before.' },
    ),
  ],
}));

export const dataStudy = exercise<DataStudy>('dataStudy', (make) => ({
  title: 'how much data?',
  seconds: 180,
  hints: [
    'Write the loop over the counts first: a new model, the first rows, `fit`.',
    '`tf.slice(x, 0, count)` takes the first rows.',
    'Free the tensors of the data at the end; the models are handed back.',
  ],
  tests: [
    trainsModels(
      make,
      'trains a new model on the first rows for each count',
      1,
      (draw) => {
        const [drawn, bright] = [pictures(draw, { count: 600, right: 300 }), shades(draw)];
        const studies = bothOf(drawn, bright);
        return [[studies, learned(studies, drawn, bright)]];
      },
      {
        call: () => 'dataStudy(images, labels, [300, 10], 30)',
        look: 'Each count: a new model of task 3 with 32 units, the first rows and no others, values divided by 16.',
      },
    ),
    trainsModels(
      make,
      'trains for as many epochs as it is told',
      1,
      (draw) => {
        const drawn = shades(draw);
        const studies = [1, 20].map((epochs): Study => [drawn.images, drawn.labels, [300], epochs]);
        return [[studies, learnsByAndBy(studies, drawn)]];
      },
      {
        call: () => 'dataStudy(images, labels, [300], 1), and the same with 20 epochs,',
        look: 'Each model has 32 units; the number of epochs is an argument, and none is left out or added.',
      },
    ),
  ],
}));

export const exercises = [countSteps, minMax, build, stopsAfter, dataStudy];
