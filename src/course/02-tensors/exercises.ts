import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node';
import { exactly, near, nearTensor, throws } from '../../parts/grading/compare';
import { exercise, type Tools } from '../../parts/grading/exercise';
import { describe } from '../../parts/grading/values';

export const productShape = exercise<(s: [number, number], t: [number, number]) => [number, number]>(
  'productShape',
  ({ calls }) => ({
    title: 'the shape of a product',
    hints: ['The inner lengths must agree; the outer ones are the result.'],
    tests: [
      calls('keeps the outer lengths', 1, [
        [
          [
            [32, 64],
            [64, 10],
          ],
          exactly([32, 10]),
        ],
      ]),
      calls('refuses inner lengths that differ', 1, [
        [
          [
            [1, 3],
            [1, 3],
          ],
          throws('RangeError'),
        ],
      ]),
    ],
  }),
);

/** Calls with tensors, as a learner would write them. */
const tableCall = (rows: readonly (readonly number[])[]): string => `standardize(tf.tensor2d(${describe(rows)}))`;

export const standardize = exercise<(table: Tensor2D) => Tensor2D>('standardize', ({ probe }) => ({
  title: 'standardize',
  seconds: 15,
  hints: [
    '`tf.moments(table, 0)` gives the mean and the variance of each column.',
    'The standard deviation is the square root of the variance.',
    'What is returned from `tf.tidy` lives on; all else that was made inside is freed.',
  ],
  tests: [
    probe(
      'gives each column mean 0 and standard deviation 1',
      1,
      [
        [
          [
            [1, 10],
            [3, 30],
          ],
          nearTensor([2, 2], [-1, -1, 1, 1], { atol: 1e-5 }),
        ],
        [
          [
            [0.0001, 4096, 1e-9],
            [0.0003, 4098, 3e-9],
          ],
          nearTensor([2, 3], [-1, -1, -1, 1, 1, 1], { atol: 1e-5 }),
        ],
      ],
      (answer, rows: number[][], { tf }) => answer(tf.tensor2d(rows)),
      {
        call: tableCall,
        look: 'Each column has a mean and a deviation of its own. Subtract the mean before you square, and add nothing to the deviation: every column varies, if only a little.',
      },
    ),
    probe(
      'leaves one tensor behind, its result',
      1,
      [
        [
          [
            [1, 10],
            [3, 30],
          ],
          near({
            tensors: 1,
            rounded: [
              [-1, -1],
              [1, 1],
            ],
          }),
        ],
      ],
      (answer, rows: number[][], { tf }) => {
        const table = tf.tensor2d(rows);
        const before = tf.memory().numTensors;
        const result = answer(table);
        return {
          tensors: tf.memory().numTensors - before,
          rounded: result.arraySync().map((row) => row.map(Math.round)),
        };
      },
      {
        call: tableCall,
        result: 'made so many tensors that live on, its result among them, and these values:',
        look: 'What `tf.tidy` does not return is freed.',
      },
    ),
  ],
}));

type Layer = (x: Tensor2D, w: Tensor2D, b: Tensor1D) => Tensor2D;

/** What a layer is given, as plain numbers. */
export interface LayerInput {
  readonly x: number[][];
  readonly w: number[][];
  readonly b: number[];
}

const LAYER: LayerInput = {
  x: [[2, 5]],
  w: [
    [1, 0, -1],
    [0, 1, 0],
  ],
  b: [0.5, 0.5, 1],
};
const layerCall = ({ x, w, b }: LayerInput): string =>
  `layer(tf.tensor2d(${describe(x)}), tf.tensor2d(${describe(w)}), tf.tensor1d(${describe(b)}))`;
export const runLayer = (answer: Layer, { x, w, b }: LayerInput, { tf }: Tools): Tensor2D =>
  answer(tf.tensor2d(x), tf.tensor2d(w), tf.tensor1d(b));

export const layer = exercise<Layer>('layer', ({ probe }) => ({
  title: 'a layer',
  hints: [
    '`x.matMul(w)` has a row for each row of x; `add(b)` broadcasts the bias over the rows.',
    'ReLU is the method `relu()`.',
  ],
  tests: [
    probe('is ReLU of xW + b', 1, [[LAYER, nearTensor([1, 3], [2.5, 5.5, 0], { atol: 1e-5 })]], runLayer, {
      call: layerCall,
    }),
    {
      ...probe(
        'leaves no other tensor behind',
        1,
        [[LAYER, nearTensor([1, 3], [2.5, 5.5, 0], { atol: 1e-5 })]],
        runLayer,
        { call: layerCall },
      ),
      frees: true,
    },
  ],
}));

/** Images, as plain numbers. */
export interface ImagesInput {
  readonly shape: readonly [number, number, number, number];
  readonly values: number[];
  readonly dtype: 'float32' | 'int32';
}

const channelsCall = ({ shape, values, dtype }: ImagesInput): string =>
  `toChannelsLast(tf.tensor4d(${describe(values)}, ${describe(shape)}${dtype === 'int32' ? ", 'int32'" : ''}))`;
export const runChannels = (
  answer: (images: Tensor4D) => Tensor4D,
  { shape, values, dtype }: ImagesInput,
  { tf }: Tools,
): Tensor4D => answer(tf.tensor4d(values, [...shape], dtype));

export const toChannelsLast = exercise<(images: Tensor4D) => Tensor4D>('toChannelsLast', ({ probe }) => ({
  title: 'channels',
  hints: [
    '`tf.transpose` takes the new order of the axes.',
    'The axes come as [batch, channel, row, column] and go as [batch, row, column, channel].',
  ],
  tests: [
    probe(
      'moves the channels without mixing up pixels',
      1,
      [
        [
          { shape: [1, 3, 1, 2], values: [1, 2, 3, 4, 5, 6], dtype: 'float32' },
          nearTensor([1, 1, 2, 3], [1, 3, 5, 2, 4, 6]),
        ],
      ],
      runChannels,
      { call: channelsCall },
    ),
    {
      ...probe(
        'keeps the type of the images, and leaves no other tensor behind',
        1,
        [
          [
            { shape: [1, 2, 1, 2], values: [0, 255, 2, 3], dtype: 'int32' },
            nearTensor([1, 1, 2, 2], [0, 2, 255, 3], { dtype: 'int32' }),
          ],
        ],
        runChannels,
        { call: channelsCall, look: 'Images may have any number of channels, and whole numbers stay whole.' },
      ),
      frees: true,
    },
  ],
}));

type Cut = (x: Tensor2D, batchSize: number) => Tensor2D[];

/** A matrix of one column and how it is cut. */
export interface BatchesInput {
  readonly rows: number[][];
  readonly size: number;
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** Cuts a matrix, frees the batches, and tells what they were and whether the matrix still lives. */
export const runBatches = (
  answer: Cut,
  { rows, size, dtype }: BatchesInput,
  { tf }: Tools,
): { batches: number[][][]; types: string[]; isMatrixFreed: boolean } => {
  const x = tf.tensor2d(rows, [rows.length, 1], dtype);
  const cut = answer(x, size);
  const read = { batches: cut.map((batch) => batch.arraySync()), types: cut.map((batch) => batch.dtype) };
  tf.dispose(cut);
  return { ...read, isMatrixFreed: x.isDisposed };
};

export const toBatches = exercise<Cut>('toBatches', ({ probe }) => ({
  title: 'mini-batches',
  hints: ['`tf.slice(x, [begin, 0], [count, -1])` cuts `count` rows.', 'The last batch has as many rows as are left.'],
  tests: [
    probe(
      'cuts in order, the last batch smaller',
      1,
      [
        [{ rows: [[1], [2], [3], [4], [5]], columns: 1, size: 2 }, near([[[1], [2]], [[3], [4]], [[5]]])],
        [
          {
            rows: [
              [1, 10],
              [2, 20],
              [3, 30],
              [4, 40],
            ],
            columns: 2,
            size: 2,
          },
          near([
            [
              [1, 10],
              [2, 20],
            ],
            [
              [3, 30],
              [4, 40],
            ],
          ]),
        ],
        [{ rows: [], columns: 1, size: 2 }, exactly([])],
      ],
      (answer, { rows, columns, size }: { rows: number[][]; columns: number; size: number }, { tf }) =>
        answer(tf.tensor2d(rows, [rows.length, columns]), size).map((batch) => batch.arraySync()),
      {
        call: ({ rows, columns, size }) =>
          `toBatches(tf.tensor2d(${describe(rows)}, [${rows.length}, ${columns}]), ${size})`,
        look: 'A batch has all columns of its rows.',
      },
    ),
    {
      ...probe(
        'makes batches of the same type that can be freed alone, and leaves nothing else behind',
        1,
        [
          [
            { rows: [[1], [2]], size: 5, dtype: 'int32' },
            exactly({ batches: [[[1], [2]]], types: ['int32'], isMatrixFreed: false }),
          ],
          [
            { rows: [[1], [0]], size: 1, dtype: 'bool' },
            exactly({ batches: [[[1]], [[0]]], types: ['bool', 'bool'], isMatrixFreed: false }),
          ],
        ],
        runBatches,
        {
          call: ({ rows, size, dtype }) =>
            `Freeing the batches of toBatches(tf.tensor2d(${describe(rows)}, [${rows.length}, 1], '${dtype}'), ${size})`,
          result: 'gave',
          look: 'Also where all rows fit in one batch, it is a new tensor, not the matrix itself.',
        },
      ),
      frees: true,
    },
  ],
}));

export const leaksOf = exercise<(makers: (() => Tensor)[]) => number[]>('leaksOf', ({ probe }) => ({
  title: 'who leaks?',
  hints: [
    '`tf.memory().numTensors` counts the tensors that live.',
    'Count before and after the call; the result itself is one of them.',
    'Inside `tf.tidy`, the functions leave nothing behind.',
  ],
  tests: [
    probe(
      'counts what is left besides the result',
      1,
      [[[[2], [2, 2], [0]], exactly([0, 1, 0])]],
      (answer, makers: number[][], { tf }) => {
        const source = tf.tensor1d([1, 2]);
        const tidied = (): Tensor => tf.tidy(() => source.square().sum().sqrt());
        return answer(
          makers.map((steps) =>
            steps[0] === 0 ? tidied : () => steps.reduce<Tensor>((tensor, power) => tensor.pow(power), source),
          ),
        );
      },
      {
        call: () =>
          'leaksOf([one, two, tidied]), with functions that make one tensor, two tensors, and two in `tf.tidy`,',
      },
    ),
    probe(
      'leaves nothing behind itself',
      1,
      [[[[2], [2, 2]], exactly({ leaks: [0, 1], tensors: 0 })]],
      (answer, makers: number[][], { tf }) => {
        const source = tf.tensor1d([1, 2]);
        const before = tf.memory().numTensors;
        const leaks = answer(
          makers.map((steps) => () => steps.reduce<Tensor>((tensor, power) => tensor.mul(power), source)),
        );
        return { leaks, tensors: tf.memory().numTensors - before };
      },
      {
        call: () => 'leaksOf([one, two]), with functions that make one tensor and two,',
        result: 'gave these numbers, and left so many tensors alive:',
        look: 'What the functions make, their results too, must be freed.',
      },
    ),
  ],
}));

export const exercises = [productShape, standardize, layer, toChannelsLast, toBatches, leaksOf];
