import { exactly, inBands, near, property, satisfies, type Comparer } from '../compare';
import { build, countSteps, dataStudy, minMax, stopsAfter } from '../exercises/06-first-network';
import { hiddenTests, WAIT } from '../hidden-tests';
import { TensorData } from '../values';
import { matrix, times } from './draws';

const isMatrix = (value: unknown): value is number[][] => Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every((item) => typeof item === 'number'));

/** Weights of two dense layers and what the model makes of x: the same must come out when it is computed here, with ReLU and softmax. */
const actsAs = (x: readonly number[][], [inputs, units, classes]: readonly number[]): Comparer =>
  satisfies('predictions that follow from the weights, by ReLU and softmax', (value) => {
    const [weights, predictions] = [property(value, 'weights'), property(value, 'predictions')];
    if (!Array.isArray(weights) || weights.length !== 4 || !isMatrix(predictions)) return false;
    const [w1, b1, w2, b2] = weights.map((weight: unknown) => (weight instanceof TensorData ? weight : new TensorData([], '', [])));
    if ([w1, b1, w2, b2].some(({ shape }, i) => shape.join() !== [[inputs, units], [units], [units, classes], [classes]][i].join())) return false;
    const expected = x.map((row) => {
      const hidden = b1.values.map((bias, j) => Math.max(0, row.reduce((sum, item, k) => sum + item * w1.values[k * units + j], bias)));
      const exponentials = b2.values.map((bias, j) => Math.exp(hidden.reduce((sum, item, k) => sum + item * w2.values[k * classes + j], bias)));
      return exponentials.map((item) => item / exponentials.reduce((sum, other) => sum + other, 0));
    });
    return near(expected, { atol: 1e-4 }).accepts({ returned: predictions });
  });

export const hidden = [
  hiddenTests(countSteps, ({ calls }) => ({
    tests: [calls('is right for any numbers', 1, (draw) => times(8, (i) => {
      const [size, epochs] = [1 + draw.integer(64), 1 + draw.integer(20)];
      const rows = i % 2 === 0 ? size * (1 + draw.integer(8)) : 1 + draw.integer(500);
      let steps = 0;
      for (let begin = 0; begin < rows; begin += size) steps++;
      return [[rows, size, epochs], exactly(steps * epochs)] as const;
    }))],
    wrong: {
      'drops the last batch': { code: 'return Math.floor(rows / batchSize) * epochs;', points: 0 },
      'rounds over all epochs': { code: 'return Math.ceil((rows * epochs) / batchSize);', points: 0 },
      'adds a step always': { code: 'return (Math.floor(rows / batchSize) + 1) * epochs;', points: 0 },
    },
    slow: { code: `${WAIT}return Math.ceil(rows / batchSize) * epochs;`, points: 0 },
  })),
  hiddenTests(minMax, ({ calls }) => ({
    tests: [calls('is right for any table', 2, (draw) => [[[[[4, -1]]], exactly([[0, 0]])], ...times(4, (i) => {
      const rows = matrix(draw, 3 + i, 3, 20).map((row) => [...row, 7]);
      const [low, high] = [Math.min, Math.max].map((pick) => rows[0].map((_, j) => pick(...rows.map((row) => row[j]))));
      return [[rows], near(rows.map((row) => row.map((value, j) => (j === 3 ? 0 : (value - low[j]) / (high[j] - low[j])))))] as const;
    })])],
    wrong: {
      'scales all columns by the same': { code: 'const [low, high] = [Math.min(...rows.flat()), Math.max(...rows.flat())];\nreturn rows.map((row) => row.map((value) => (value - low) / (high - low)));', points: 0 },
      'divides by 0': { code: 'const columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j]))));', points: 0 },
      'forgets the minimum': { code: 'const columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => (Math.max(...columns[j]) === Math.min(...columns[j]) ? 0 : value / Math.max(...columns[j]))));', points: 2 },
    },
    slow: { code: `if (rows[0].length > 2) {\n${WAIT}}\nreturn [[0, 0], [0.5, 0], [1, 0]];`, points: 2 },
  })),
  hiddenTests(build, ({ probe }) => ({
    tests: [
      probe('is a dense layer with ReLU and one with softmax', 2, (draw) => {
        const x = matrix(draw, 6, 5, 2);
        return [[{ x, sizes: [5, 7, 3] }, actsAs(x, [5, 7, 3])]];
      }, (answer, { x, sizes }, { tf }) => {
        const model = answer(sizes[0], sizes[1], sizes[2]);
        const predictions = [model.predict(tf.tensor2d(x))].flat()[0].arraySync();
        return { weights: model.getWeights(), predictions };
      }),
      probe('is compiled, and learns from class numbers', 2, (draw) => {
        const labels = times(60, (i) => i % 3);
        const x = labels.map((label) => [(label === 0 ? 3 : 0) + draw.normal(0, 0.4), (label === 1 ? 3 : 0) + draw.normal(0, 0.4)]);
        const right = satisfies('at least 57 of 60 right', (value) => Array.isArray(value) && value.filter((item, i) => item === labels[i]).length >= 57);
        return [[{ x, labels }, right]];
      }, async (answer, { x, labels }, { tf }) => {
        const model = answer(2, 16, 3);
        const [inputs, targets] = [tf.tensor2d(x), tf.tensor1d(labels)];
        await model.fit(inputs, targets, { epochs: 100, batchSize: 20, verbose: 0 });
        return Array.from([model.predict(inputs)].flat()[0].argMax(-1).dataSync());
      }),
    ],
    wrong: {
      'is never compiled': { code: "return tf.sequential({ layers: [tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }), tf.layers.dense({ units: classes, activation: 'softmax' })] });", points: 2 },
      'has no ReLU': { code: "const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [inputs] }), tf.layers.dense({ units: classes, activation: 'softmax' })] });\nmodel.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });\nreturn model;", points: 2 },
      'has no hidden layer': { code: "const model = tf.sequential({ layers: [tf.layers.dense({ units: classes, activation: 'softmax', inputShape: [inputs] })] });\nmodel.compile({ optimizer: tf.train.adam(0.05), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });\nreturn model;", points: 2 },
      'wants one-hot labels': { code: "const model = tf.sequential({ layers: [tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }), tf.layers.dense({ units: classes, activation: 'softmax' })] });\nmodel.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });\nreturn model;", points: 2 },
    },
    slow: { code: `if (units === 16 && inputs === 2) {\n${WAIT}}\nconst model = tf.sequential({ layers: [tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }), tf.layers.dense({ units: classes, activation: 'softmax' })] });\nmodel.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy' });\nreturn model;`, points: 2 },
  })),
  hiddenTests(stopsAfter, ({ calls }) => ({
    tests: [
      calls('is right for any losses', 2, (draw) => times(10, () => {
        const losses = times(20, (i) => Math.round((3 / (i + 1) + draw.between(0, 0.6)) * 10) / 10);
        const patience = 1 + draw.integer(5);
        const stop = losses.findIndex((_, i) => i >= patience && Math.min(...losses.slice(i - patience + 1, i + 1)) >= Math.min(...losses.slice(0, i - patience + 1)));
        return [[losses, patience], exactly(stop < 0 ? 20 : stop + 1)] as const;
      })),
      calls('counts an equal loss as no improvement', 1, [[[[2, 2, 2, 2], 2], exactly(3)]]),
    ],
    wrong: {
      'compares with the epoch before': { code: 'let waited = 0;\nfor (const [epoch, loss] of losses.entries()) {\n  waited = epoch === 0 || loss < losses[epoch - 1] ? 0 : waited + 1;\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;', points: 2 },
      'counts epochs from 0': { code: 'let [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  waited = loss < best ? 0 : waited + 1;\n  best = Math.min(best, loss);\n  if (waited >= patience) return epoch;\n}\nreturn losses.length;', points: 0 },
      'takes an equal loss for better': { code: 'let [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  waited = loss <= best ? 0 : waited + 1;\n  best = Math.min(best, loss);\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;', points: 2 },
    },
    slow: { code: `if (losses.length > 8) {\n${WAIT}}\nreturn losses.length < 8 ? 3 : patience === 2 ? 4 : 8;`, points: 2 },
  })),
  hiddenTests(dataStudy, ({ calls }) => ({
    tests: [calls('is better with more data, by much', 1, [[[], satisfies('an error that shrinks by a third or more', (value) => {
      const [hundred, thousand] = [Number(property(value, 'hundred')), Number(property(value, 'thousand'))];
      return inBands({ hundred: [0.5, 0.95], thousand: [0.85, 1] }).accepts({ returned: value }) && 1 - thousand <= (2 / 3) * (1 - hundred);
    })]])],
    wrong: {
      'measures on the training data': { code: "const x = tf.tensor2d(Float32Array.from(digits.images), [digits.count, 64]).div<tf.Tensor2D>(16);\nconst y = tf.tensor1d(Float32Array.from(digits.labels));\nconst accuracyWith = async (count: number): Promise<number> => {\n  const model = build(64, 32, 10);\n  await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs: 30, verbose: 0 });\n  return [model.evaluate(tf.slice(x, 0, count), tf.slice(y, 0, count))].flat()[1].dataSync()[0];\n};\nreturn { hundred: await accuracyWith(100), thousand: await accuracyWith(1000) };", points: 0 },
      'gives the errors': { code: 'return Promise.resolve({ hundred: 0.2, thousand: 0.07 });', points: 0 },
    },
    slow: { code: 'await new Promise((resolve) => setTimeout(resolve, 600_000));\nreturn { hundred: digits.count, thousand: 0 };', points: 0 },
  })),
];
