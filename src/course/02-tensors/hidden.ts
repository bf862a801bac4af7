import { exactly, near, nearTensor, throws } from '../../parts/grading/compare';
import {
  layer,
  leaksOf,
  productShape,
  runBatches,
  runChannels,
  runLayer,
  standardize,
  toBatches,
  toChannelsLast,
} from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { matrix, numbers, times, wholes } from '../../parts/grading/draws';

function standardized(rows: readonly number[][]): number[][] {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviations = columns.map((column, j) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - means[j]) ** 2, 0) / column.length),
  );
  return rows.map((row) => row.map((value, j) => (value - means[j]) / deviations[j]));
}

/** A table of many columns, each with a mean of its own. */
const WIDE = times(4, (i) => times(64, (j) => ((7 * i + 3 * j) % 11) + j));

export const hidden = [
  hiddenTests(productShape, ({ calls }) => ({
    tests: [
      calls(
        'is right for any lengths',
        1,
        (draw) =>
          times(8, (i) => {
            const [m, k, n] = wholes(draw, 3, 90).map((length, place) => (place === i - 4 ? 0 : length + 1));
            return [
              [
                [m, k],
                [k, n],
              ],
              exactly([m, n]),
            ] as const;
          }),
        { look: 'The first shape gives the rows, the second the columns; each length may be 0.' },
      ),
      calls(
        'refuses matrices that fit only the other way round',
        1,
        (draw) => {
          const [m, k] = [2 + draw.integer(9), 20 + draw.integer(9)];
          return [
            [
              [
                [m, k],
                [k + 1, m],
              ],
              throws('RangeError'),
            ],
          ];
        },
        { look: 'Compare the second length of the first shape with the first length of the second one.' },
      ),
    ],
    wrong: {
      'compares the outer lengths': {
        code: "if (s[0] !== t[1]) throw new RangeError('lengths');\nreturn [s[0], t[1]];",
        points: 1,
      },
      'never refuses': { code: 'return [s[0], t[1]];', points: 2 },
      'turns the result around': {
        code: "if (s[1] !== t[0]) throw new RangeError('lengths');\nreturn [t[1], s[0]];",
        points: 2,
      },
    },
    slow: { code: `${WAIT}return [s[0], t[1]];`, points: 0 },
  })),
  hiddenTests(standardize, ({ probe }) => ({
    tests: [
      probe(
        'is right for any table',
        1,
        (draw) =>
          times(5, (i) => {
            // In the longest one, one row lies far from the others.
            const height = i < 4 ? 3 + i : 40;
            const rows = matrix(draw, height, 2 + i, 50).map((row, k) =>
              k === 9 ? row.map((value) => value + 900) : row,
            );
            return [rows, nearTensor([height, 2 + i], standardized(rows).flat(), { atol: 1e-4 })] as const;
          }),
        (answer, rows, { tf }) => answer(tf.tensor2d(rows)),
        {
          look: 'Each column has a mean and a standard deviation of its own: the root of the mean of the squares. A value far from the others stays far.',
        },
      ),
      probe(
        'is right for columns that hardly vary, or lie far from 0',
        1,
        (draw) => {
          const small = [1e-2, 1e-6, 1e-9, 1e-13].map((scale) =>
            draw.shuffle([0, 1, 2, 5]).map((value) => scale * (value + draw.between(-0.2, 0.2))),
          );
          // Whole numbers, so that their mean is exact, with squares that are not.
          const far = times(2, () => 4096 * (1 + draw.integer(8))).map((at) =>
            draw.shuffle([0, 1, 2, 5]).map((value) => at + value),
          );
          const rows = times(4, (i) => [...small, ...far].map((column) => column[i]));
          return [[rows, nearTensor([4, 6], standardized(rows).flat(), { atol: 1e-3 })]];
        },
        (answer, rows, { tf }) => answer(tf.tensor2d(rows)),
        { look: 'Subtract the mean before you square, and add nothing to the deviation.' },
      ),
      {
        ...probe(
          'leaves no tensor behind',
          1,
          [[WIDE, near(standardized(WIDE), { atol: 1 })]],
          (answer, rows, { tf }) => {
            const table = tf.tensor2d(rows);
            const result = answer(table);
            const values = result.arraySync();
            tf.dispose([table, result]);
            return values;
          },
          {
            look: 'The values must be roughly right here, and no tensor may be left besides the result: try `tf.memory().numTensors` before and after a call.',
          },
        ),
        frees: true,
      },
    ],
    wrong: {
      'divides by the variance': {
        code: 'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance);\n});',
        points: 0,
      },
      'standardizes the whole table at once': {
        code: 'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());\n});',
        points: 0,
      },
      'adds something small to the deviation': {
        code: 'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt().add(1e-10));\n});',
        points: 3,
      },
      'takes a deviation for larger than it is': {
        code: 'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt().maximum(1e-7));\n});',
        points: 3,
      },
      'leaves tensors behind': {
        code: 'const { mean, variance } = tf.moments(table, 0);\nreturn table.sub(mean).div<tf.Tensor2D>(variance.sqrt());',
        points: 3,
      },
    },
    slow: {
      code: `if (table.shape[0] > 2) {\n${WAIT}}\nreturn tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());\n});`,
      points: 2,
    },
  })),
  hiddenTests(layer, ({ probe }) => ({
    tests: [
      probe(
        'is right for batches of any size',
        2,
        (draw) =>
          times(6, (i) => {
            const size = i < 4 ? 3 : 300;
            const [x, w, b] = [matrix(draw, i + 2, 3, size), matrix(draw, 3, i + 2, size), numbers(draw, i + 2, size)];
            const values = x.flatMap((row) =>
              b.map((bias, j) =>
                Math.max(
                  0,
                  row.reduce((sum, value, k) => sum + value * w[k][j], bias),
                ),
              ),
            );
            return [{ x, w, b }, nearTensor([i + 2, i + 2], values, { atol: 1e-5 * size ** 2 })] as const;
          }),
        runLayer,
        { look: 'Try two rows, and small and large numbers of both signs.' },
      ),
    ],
    wrong: {
      'forgets ReLU': { code: 'return tf.tidy(() => x.matMul(w).add<tf.Tensor2D>(b));', points: 0 },
      'adds the bias after ReLU': { code: 'return tf.tidy(() => x.matMul(w).relu().add<tf.Tensor2D>(b));', points: 0 },
      'forgets the bias': { code: 'return tf.tidy(() => x.matMul(w).relu<tf.Tensor2D>());', points: 0 },
    },
    slow: {
      code: `if (x.shape[0] > 1) {\n${WAIT}}\nreturn tf.tidy(() => x.matMul(w).add(b).relu<tf.Tensor2D>());`,
      points: 2,
    },
  })),
  hiddenTests(toChannelsLast, ({ probe }) => ({
    tests: [
      probe(
        'is right for batches of images',
        2,
        (draw) =>
          times(6, (i) => {
            const shape = [1 + (i % 3), 1 + ((i + 1) % 5), 2 + (i % 2), 4] as const;
            const [batch, channels, rows, columns] = shape;
            const dtype = i % 2 === 0 ? 'float32' : 'int32';
            const values =
              dtype === 'float32'
                ? numbers(draw, batch * channels * rows * columns, 9)
                : wholes(draw, batch * channels * rows * columns, 256);
            const expected = times(values.length, (k) => {
              const [c, x, y, n] = [
                k % channels,
                Math.floor(k / channels) % columns,
                Math.floor(k / channels / columns) % rows,
                Math.floor(k / channels / columns / rows),
              ];
              return values[((n * channels + c) * rows + y) * columns + x];
            });
            return [
              { shape, values, dtype },
              nearTensor([batch, rows, columns, channels], expected, { dtype }),
            ] as const;
          }),
        runChannels,
        { look: 'Try images of two rows, two images, other numbers of channels than three, and images of type int32.' },
      ),
    ],
    wrong: {
      reshapes: { code: 'const [n, c, h, w] = images.shape;\nreturn images.reshape([n, h, w, c]);', points: 0 },
      'swaps rows and columns': { code: 'return tf.transpose(images, [0, 3, 2, 1]);', points: 0 },
    },
    slow: { code: `if (images.shape[0] > 1) {\n${WAIT}}\nreturn tf.transpose(images, [0, 2, 3, 1]);`, points: 2 },
  })),
  hiddenTests(toBatches, ({ probe }) => ({
    tests: [
      probe(
        'is right for any number of rows',
        1,
        (draw) =>
          [
            [6, 3],
            [1, 4],
            [7, 3],
            [5, 1],
            [0, 3],
          ].map(([count, size]) => {
            const rows = matrix(draw, count, 2).map((row) => row.map((value) => Math.round(value * 64) / 64));
            return [
              { rows, size },
              exactly(times(Math.ceil(count / size), (i) => rows.slice(i * size, (i + 1) * size))),
            ] as const;
          }),
        (answer, { rows, size }, { tf }) =>
          answer(tf.tensor2d(rows, [rows.length, 2]), size).map((batch) => batch.arraySync()),
        {
          look: 'Try a batch that holds all rows and has room left, one that the rows fill exactly, a matrix of several columns, and one without rows.',
        },
      ),
      {
        ...probe(
          'makes batches that can be freed alone',
          1,
          (draw) =>
            (
              [
                [4, 4, 'int32'],
                [3, 5, 'float32'],
                [6, 4, 'int32'],
                [5, 2, 'bool'],
              ] as const
            ).map(([count, size, dtype]) => {
              const rows = times(count, () => wholes(draw, 1, dtype === 'bool' ? 2 : 1000));
              const batches = times(Math.ceil(count / size), (i) => rows.slice(i * size, (i + 1) * size));
              return [
                { rows, size, dtype },
                exactly({ batches, types: batches.map(() => dtype), isMatrixFreed: false }),
              ] as const;
            }),
          runBatches,
          { look: 'Each batch is a new tensor of the type of the matrix, also where it holds all rows.' },
        ),
        frees: true,
      },
    ],
    wrong: {
      'drops the rest': {
        code: 'const batches: tf.Tensor2D[] = [];\nfor (let begin = 0; begin + batchSize <= x.shape[0]; begin += batchSize) batches.push(tf.slice(x, [begin, 0], [batchSize, -1]));\nreturn batches;',
        points: 0,
      },
      'knows two types': {
        code: "const rows = x.arraySync();\nconst batches: tf.Tensor2D[] = [];\nfor (let i = 0; i < rows.length; i += batchSize) batches.push(tf.tensor2d(rows.slice(i, i + batchSize), undefined, x.dtype === 'int32' ? 'int32' : 'float32'));\nreturn batches;",
        points: 2,
      },
      'takes the numbers for one column': {
        code: 'const values = x.dataSync();\nconst batches: tf.Tensor2D[] = [];\nfor (let i = 0; i < x.shape[0]; i += batchSize) {\n  const part = values.slice(i, i + batchSize);\n  batches.push(tf.tensor2d(part, [part.length, 1], x.dtype));\n}\nreturn batches;',
        points: 2,
      },
      'adds an empty batch': {
        code: 'const batches: tf.Tensor2D[] = [];\nfor (let begin = 0; begin <= x.shape[0]; begin += batchSize) batches.push(tf.slice(x, [begin, 0], [Math.min(batchSize, x.shape[0] - begin), -1]));\nreturn batches;',
        points: 0,
      },
    },
    slow: { code: `${WAIT}return [x.slice(0, batchSize)];`, points: 0 },
  })),
  hiddenTests(leaksOf, ({ probe }) => ({
    tests: [
      probe(
        'counts for functions of any kind',
        2,
        (draw) =>
          [
            // What is left shares its numbers with others, is of another size than the result, is much.
            [
              ['reshape', 'square'],
              ['clone', 'clone', 'square'],
              ['double', 'half'],
              ['half', 'double'],
              times(9, () => 'square'),
            ],
            ...times(4, () =>
              times(4, () =>
                times(1 + draw.integer(7), () => draw.choice(['square', 'reshape', 'clone', 'double', 'half'])),
              ),
            ),
          ].map(
            (makers) =>
              [
                makers,
                exactly({ leaks: makers.map((steps) => steps.length - 1), calls: makers.map(() => 1) }),
              ] as const,
          ),
        (answer, makers, { tf }) => {
          type Vector = ReturnType<typeof tf.tensor>;
          const steps: Record<string, (tensor: Vector) => Vector> = {
            square: (tensor) => tensor.square(),
            reshape: (tensor) => tensor.reshape([tensor.size]),
            clone: (tensor) => tensor.clone(),
            double: (tensor) => tf.concat([tensor, tensor]),
            half: (tensor) => tensor.slice([0], [Math.ceil(tensor.size / 2)]),
          };
          const source = tf.tensor1d([1, 2]);
          const calls = makers.map(() => 0);
          const leaks = answer(
            makers.map((names, i) => () => {
              calls[i]++;
              return names.reduce((tensor, name) => steps[name](tensor), source as Vector);
            }),
          );
          return { leaks, calls };
        },
        {
          look: 'Call each function once, and count the tensors that live before and after, not their bytes or buffers: some share them. One of the tensors is the result.',
        },
      ),
      {
        ...probe(
          'leaves no tensor behind',
          1,
          [[[[1], [1, 1], [1, 1, 1], [1], [1], [1, 1], [1], [1, 1]], exactly([0, 1, 2, 0, 0, 1, 0, 1])]],
          (answer, makers: number[][], { tf }) => {
            const source = tf.ones([2]);
            const leaks = answer(
              makers.map(
                (steps) => () =>
                  steps.reduce<ReturnType<typeof tf.tensor>>((tensor, power) => tensor.mul(power), source),
              ),
            );
            source.dispose();
            return leaks;
          },
          {
            look: 'The numbers must be right, and no tensor may be left: try `tf.memory().numTensors` before and after a call.',
          },
        ),
        frees: true,
      },
    ],
    wrong: {
      'counts the result too': {
        code: 'return makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before;\n}));',
        points: 0,
      },
      'leaves everything behind': {
        code: 'return makers.map((make) => {\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before - 1;\n});',
        points: 3,
      },
      'disposes the result alone': {
        code: 'return makers.map((make) => {\n  const before = tf.memory().numTensors;\n  make().dispose();\n  return tf.memory().numTensors - before;\n});',
        points: 3,
      },
    },
    slow: {
      code: `if (makers.length > 3) {\n${WAIT}}\nreturn makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before - 1;\n}));`,
      points: 2,
    },
  })),
];
