import { exactly, near, nearTensor, throws } from '../compare';
import { layer, leaksOf, productShape, standardize, toBatches, toChannelsLast } from '../exercises/02-tensors';
import { hiddenTests, WAIT } from '../hidden-tests';
import { matrix, numbers, times, wholes } from './draws';

function standardized(rows: readonly number[][]): number[][] {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviations = columns.map((column, j) => Math.sqrt(column.reduce((sum, value) => sum + (value - means[j]) ** 2, 0) / column.length));
  return rows.map((row) => row.map((value, j) => (value - means[j]) / deviations[j]));
}

export const hidden = [
  hiddenTests(productShape, ({ calls }) => ({
    tests: [
      calls('is right for any lengths', 1, (draw) => times(6, () => {
        const [m, k, n] = wholes(draw, 3, 90).map((length) => length + 1);
        return [[[m, k], [k, n]], exactly([m, n])] as const;
      }), { look: 'The first shape gives the rows, the second the columns.' }),
      calls('refuses matrices that fit only the other way round', 1, (draw) => {
        const [m, k] = [2 + draw.integer(9), 20 + draw.integer(9)];
        return [[[[m, k], [k + 1, m]], throws('RangeError')]];
      }, { look: 'Compare the second length of the first shape with the first length of the second one.' }),
    ],
    wrong: {
      'compares the outer lengths': { code: "if (s[0] !== t[1]) throw new RangeError('lengths');\nreturn [s[0], t[1]];", points: 1 },
      'never refuses': { code: 'return [s[0], t[1]];', points: 2 },
      'turns the result around': { code: "if (s[1] !== t[0]) throw new RangeError('lengths');\nreturn [t[1], s[0]];", points: 2 },
    },
    slow: { code: `${WAIT}return [s[0], t[1]];`, points: 0 },
  })),
  hiddenTests(standardize, ({ probe }) => ({
    tests: [
      probe('is right for any table', 2, (draw) => times(4, (i) => {
        const rows = matrix(draw, 3 + i, 2 + i, 50);
        return [rows, nearTensor([3 + i, 2 + i], standardized(rows).flat(), { atol: 1e-4 })] as const;
      }), (answer, rows, { tf }) => answer(tf.tensor2d(rows)), { look: 'Each column has a mean and a standard deviation of its own.' }),
      {
        ...probe('leaves no tensor behind', 1, (draw) => {
          const rows = matrix(draw, 4, 64);
          return [[rows, near(standardized(rows), { atol: 1e-3 })]];
        }, (answer, rows, { tf }) => {
          const table = tf.tensor2d(rows);
          const result = answer(table);
          const values = result.arraySync();
          tf.dispose([table, result]);
          return values;
        }, { look: 'The values must be right, and no tensor may be left: try `tf.memory().numTensors` before and after a call.' }),
        frees: true,
      },
    ],
    wrong: {
      'divides by the variance': { code: 'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance);\n});', points: 0 },
      'standardizes the whole table at once': { code: 'return tf.tidy(() => {\n  const { mean, variance } = tf.moments(table);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());\n});', points: 0 },
      'leaves tensors behind': { code: 'const { mean, variance } = tf.moments(table, 0);\nreturn table.sub(mean).div<tf.Tensor2D>(variance.sqrt());', points: 3 },
    },
    slow: { code: `if (table.shape[1] > 2) {\n${WAIT}}\nreturn tf.tidy(() => {\n  const { mean, variance } = tf.moments(table, 0);\n  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());\n});`, points: 2 },
  })),
  hiddenTests(layer, ({ probe }) => ({
    tests: [
      probe('is right for batches of any size', 2, (draw) => times(4, (i) => {
        const [x, w, b] = [matrix(draw, i + 2, 3), matrix(draw, 3, i + 2), numbers(draw, i + 2)];
        const values = x.flatMap((row) => b.map((bias, j) => Math.max(0, row.reduce((sum, value, k) => sum + value * w[k][j], bias))));
        return [{ x, w, b }, nearTensor([i + 2, i + 2], values, { atol: 1e-4 })] as const;
      }), (answer, { x, w, b }, { tf }) => answer(tf.tensor2d(x), tf.tensor2d(w), tf.tensor1d(b)), { look: 'Try two rows, and numbers of both signs.' }),
    ],
    wrong: {
      'forgets ReLU': { code: 'return tf.tidy(() => x.matMul(w).add<tf.Tensor2D>(b));', points: 0 },
      'adds the bias after ReLU': { code: 'return tf.tidy(() => x.matMul(w).relu().add<tf.Tensor2D>(b));', points: 0 },
      'forgets the bias': { code: 'return tf.tidy(() => x.matMul(w).relu<tf.Tensor2D>());', points: 0 },
    },
    slow: { code: `if (x.shape[0] > 1) {\n${WAIT}}\nreturn tf.tidy(() => x.matMul(w).add(b).relu<tf.Tensor2D>());`, points: 2 },
  })),
  hiddenTests(toChannelsLast, ({ probe }) => ({
    tests: [
      probe('is right for batches of images', 2, (draw) => times(3, (i) => {
        const [batch, channels, rows, columns] = [2, 3, 2 + i, 4];
        const values = numbers(draw, batch * channels * rows * columns, 9);
        const expected = times(values.length, (k) => {
          const [c, x, y, n] = [k % channels, Math.floor(k / channels) % columns, Math.floor(k / channels / columns) % rows, Math.floor(k / channels / columns / rows)];
          return values[((n * channels + c) * rows + y) * columns + x];
        });
        return [{ shape: [batch, channels, rows, columns], values }, nearTensor([batch, rows, columns, channels], expected)] as const;
      }), (answer, { shape, values }, { tf }) => {
        const [batch, channels, rows, columns] = shape;
        return answer(tf.tensor4d(values, [batch, channels, rows, columns]));
      }, { look: 'Try images of two rows, and two images.' }),
    ],
    wrong: {
      'reshapes': { code: 'const [n, c, h, w] = images.shape;\nreturn images.reshape([n, h, w, c]);', points: 0 },
      'swaps rows and columns': { code: 'return tf.transpose(images, [0, 3, 2, 1]);', points: 0 },
    },
    slow: { code: `if (images.shape[0] > 1) {\n${WAIT}}\nreturn tf.transpose(images, [0, 2, 3, 1]);`, points: 2 },
  })),
  hiddenTests(toBatches, ({ probe }) => ({
    tests: [
      probe('is right for any number of rows', 2, (draw) => [[6, 3], [1, 4], [7, 3], [5, 1]].map(([count, size]) => {
        const rows = matrix(draw, count, 2).map((row) => row.map((value) => Math.round(value * 64) / 64));
        return [{ rows, size }, exactly(times(Math.ceil(count / size), (i) => rows.slice(i * size, (i + 1) * size)))] as const;
      }), (answer, { rows, size }, { tf }) => answer(tf.tensor2d(rows), size).map((batch) => batch.arraySync()), { look: 'Try a batch that holds all rows and has room left, and one that the rows fill exactly.' }),
    ],
    wrong: {
      'drops the rest': { code: 'const batches: tf.Tensor2D[] = [];\nfor (let begin = 0; begin + batchSize <= x.shape[0]; begin += batchSize) batches.push(tf.slice(x, [begin, 0], [batchSize, -1]));\nreturn batches;', points: 0 },
      'adds an empty batch': { code: 'const batches: tf.Tensor2D[] = [];\nfor (let begin = 0; begin <= x.shape[0]; begin += batchSize) batches.push(tf.slice(x, [begin, 0], [Math.min(batchSize, x.shape[0] - begin), -1]));\nreturn batches;', points: 0 },
    },
    slow: { code: `${WAIT}return [x.slice(0, batchSize)];`, points: 0 },
  })),
  hiddenTests(leaksOf, ({ probe }) => ({
    tests: [
      probe('counts for functions of any length', 2, (draw) => times(5, () => {
        const makers = times(4, () => times(1 + draw.integer(5), () => 1 + draw.integer(3)));
        return [makers, exactly(makers.map((steps) => steps.length - 1))] as const;
      }), (answer, makers, { tf }) => {
        const source = tf.tensor1d([1, 2]);
        return answer(makers.map((steps) => () => steps.reduce<ReturnType<typeof tf.tensor>>((tensor, power) => tensor.pow(power), source)));
      }, { look: 'Count the tensors that live before and after each call; one of them is the result.' }),
      {
        ...probe('leaves no tensor behind', 1, [[[[1], [1, 1]], exactly([0, 1])]], (answer, makers: number[][], { tf }) => {
          const source = tf.ones([2]);
          const leaks = answer(makers.map((steps) => () => steps.reduce<ReturnType<typeof tf.tensor>>((tensor, power) => tensor.mul(power), source)));
          source.dispose();
          return leaks;
        }, { look: 'The numbers must be right, and no tensor may be left: try `tf.memory().numTensors` before and after a call.' }),
        frees: true,
      },
    ],
    wrong: {
      'counts the result too': { code: 'return makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before;\n}));', points: 0 },
      'leaves everything behind': { code: 'return makers.map((make) => {\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before - 1;\n});', points: 3 },
      'disposes the result alone': { code: 'return makers.map((make) => {\n  const before = tf.memory().numTensors;\n  make().dispose();\n  return tf.memory().numTensors - before;\n});', points: 3 },
    },
    slow: { code: `if (makers.length > 3) {\n${WAIT}}\nreturn makers.map((make) => tf.tidy(() => {\n  const before = tf.memory().numTensors;\n  make();\n  return tf.memory().numTensors - before - 1;\n}));`, points: 2 },
  })),
];
