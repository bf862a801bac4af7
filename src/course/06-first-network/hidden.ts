import { exactly, near } from '../../parts/grading/compare';
import { build, countSteps, dataStudy, minMax, stopsAfter } from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { bothOf, learned, pictures, shades, study } from './studies';
import { drawWeights, shapesOf } from '../../parts/grading/two-layers';
import { corners, follows, generalizes, SIZES, stepsAsAdam, WIDE } from './hidden-classifiers';
import { matrix, times } from '../../parts/grading/draws';
import { contradicted, knowsItsRows, plateau } from './hidden-studies';

const EPOCHS = 80;
const BUILD =
  "const model = tf.sequential({ layers: [tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }), tf.layers.dense({ units: classes, activation: 'softmax' })] });\nmodel.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });\nreturn model;";
const STUDY =
  'const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];\nconst models: tf.LayersModel[] = [];\nfor (const count of counts) {\n  const model = build(64, 32, 10);\n  await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });\n  models.push(model);\n}\nreturn models;';

export const hidden = [
  hiddenTests(countSteps, ({ calls }) => ({
    tests: [
      calls(
        'is right for any numbers',
        1,
        (draw) =>
          times(10, (i) => {
            const [size, epochs] = [
              1 + draw.integer(i < 8 ? 64 : 100_000) + (i < 8 ? 0 : 900_000),
              1 + draw.integer(20),
            ];
            // Of large batches the last holds a single row.
            const rows =
              i >= 8
                ? size * (1 + draw.integer(8)) + 1
                : i % 2 === 0
                  ? size * (1 + draw.integer(8))
                  : 1 + draw.integer(500);
            let steps = 0;
            for (let begin = 0; begin < rows; begin += size) steps++;
            return [[rows, size, epochs], exactly(steps * epochs)] as const;
          }),
        {
          look: 'Count the batches of one epoch first: the last may be smaller, and where the rows fill all batches there is none beside them.',
        },
      ),
    ],
    wrong: {
      'drops the last batch': { code: 'return Math.floor(rows / batchSize) * epochs;', points: 0 },
      'rounds over all epochs': { code: 'return Math.ceil((rows * epochs) / batchSize);', points: 0 },
      'adds nearly 1': { code: 'return Math.floor(rows / batchSize + 0.99) * epochs;', points: 0 },
      'adds a step always': { code: 'return (Math.floor(rows / batchSize) + 1) * epochs;', points: 0 },
    },
    slow: { code: `${WAIT}return Math.ceil(rows / batchSize) * epochs;`, points: 0 },
  })),
  hiddenTests(minMax, ({ calls }) => ({
    tests: [
      calls(
        'is right for any table',
        2,
        (draw) => [
          [[[[4, -1]]], exactly([[0, 0]])],
          ...times(4, (i) => {
            // Columns of ordinary, tiny and huge numbers, and one that never varies.
            const sizes = draw.shuffle([20, 1e-9, 1e-14, 1e-28, 1e6, 1e28]);
            const rows = matrix(draw, 3 + i, sizes.length, 1).map((row) => [
              ...row.map((value, j) => value * sizes[j]),
              7,
            ]);
            const [low, high] = [Math.min, Math.max].map((pick) =>
              rows[0].map((_, j) => pick(...rows.map((row) => row[j]))),
            );
            return [
              [rows],
              near(
                rows.map((row) =>
                  row.map((value, j) => (j === sizes.length ? 0 : (value - low[j]) / (high[j] - low[j]))),
                ),
              ),
            ] as const;
          }),
        ],
        {
          look: 'Each column for itself: its smallest number becomes 0 and its largest exactly 1, also where they differ by little.',
          notFinite: 'A column that never varies would be divided by 0.',
        },
      ),
    ],
    wrong: {
      'scales all columns by the same': {
        code: 'const [low, high] = [Math.min(...rows.flat()), Math.max(...rows.flat())];\nreturn rows.map((row) => row.map((value) => (value - low) / (high - low)));',
        points: 0,
      },
      'divides by 0': {
        code: 'const columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j]))));',
        points: 0,
      },
      'adds something small below': {
        code: 'const columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j]) + 1e-8)));',
        points: 0,
      },
      'takes what hardly varies for constant': {
        code: 'const columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => {\n  const range = Math.max(...columns[j]) - Math.min(...columns[j]);\n  return range < 1e-12 ? 0 : (value - Math.min(...columns[j])) / range;\n}));',
        points: 0,
      },
      'forgets the minimum': {
        code: 'const columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => (Math.max(...columns[j]) === Math.min(...columns[j]) ? 0 : value / Math.max(...columns[j]))));',
        points: 0,
      },
    },
    slow: {
      code: `if (rows[0].length > 2) {\n${WAIT}}\nconst columns = rows[0].map((_, j) => rows.map((row) => row[j]));\nreturn rows.map((row) => row.map((value, j) => (Math.max(...columns[j]) === Math.min(...columns[j]) ? 0 : (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j])))));`,
      points: 2,
    },
  })),
  hiddenTests(build, ({ probe }) => ({
    tests: [
      probe(
        'computes ReLU, then softmax, whatever its weights are',
        1,
        (draw) => {
          const sizes = [5, 7, 3] as const;
          const [ordinary, large] = [matrix(draw, 6, 5, 2), matrix(draw, 6, 5, 40)];
          const weights = drawWeights(draw, sizes);
          // Large sums, but no certain output: what limits them shows.
          const small = weights.map((list, l) => (l === 2 ? list.map((value) => value / 20) : list));
          return [
            [{ x: ordinary, sizes, weights, shapes: shapesOf(sizes) }, follows(weights, sizes, ordinary)],
            [{ x: large, sizes, weights: small, shapes: shapesOf(sizes) }, follows(small, sizes, large)],
          ];
        },
        (answer, { x, sizes, weights, shapes }, { tf }) => {
          const model = answer(sizes[0], sizes[1], sizes[2]);
          if (
            model
              .getWeights()
              .map(({ shape }) => shape)
              .join(' ') !== shapes.join(' ')
          )
            return { shapes: 'other' };
          model.setWeights(weights.map((list, i) => tf.tensor(list, shapes[i])));
          return [model.predict(tf.tensor2d(x))].flat()[0].arraySync();
        },
        {
          result: 'returned a model that, with weights of ours, gives',
          look: 'The hidden layer has ReLU, which has no upper end, and the last one softmax; each has weights and biases, and there is no further layer.',
        },
      ),
      probe(
        'learns classes that no line separates',
        1,
        (draw) => {
          const [rows, others] = [corners(draw, 60), corners(draw, 60)];
          return [[{ ...rows, unseen: others.x, sizes: WIDE, epochs: EPOCHS }, generalizes(others)]];
        },
        async (answer, { x, labels, unseen, sizes, epochs }, { tf }) => {
          const model = answer(sizes[0], sizes[1], sizes[2]);
          await model.fit(tf.tensor2d(x), tf.tensor1d(labels), {
            epochs,
            batchSize: 60,
            shuffle: false,
            verbose: 0,
            yieldEvery: 'never',
          });
          return {
            weights: model.getWeights().map((weight) => Array.from(weight.dataSync())),
            predictions: [model.predict(tf.tensor2d(unseen))].flat()[0].arraySync(),
          };
        },
        {
          look: 'Train it on class numbers yourself: does the loss fall? Its outputs are computed again from its weights, so layers other than those of the task fail here too.',
        },
      ),
      probe(
        'steps as Adam does, and measures the accuracy',
        1,
        (draw) => {
          const [rows, weights] = [corners(draw, 30), drawWeights(draw, SIZES)];
          return [[{ ...rows, sizes: SIZES, weights, shapes: shapesOf(SIZES) }, stepsAsAdam(weights, SIZES, rows)]];
        },
        async (answer, { x, labels, sizes, weights, shapes }, { tf }) => {
          const model = answer(sizes[0], sizes[1], sizes[2]);
          if (
            model
              .getWeights()
              .map(({ shape }) => shape)
              .join(' ') !== shapes.join(' ')
          )
            return { shapes: 'other' };
          model.setWeights(weights.map((list, i) => tf.tensor(list, shapes[i])));
          const [inputs, targets] = [tf.tensor2d(x), tf.tensor1d(labels)];
          const score = [model.evaluate(inputs, targets)].flat().map((item) => item.dataSync()[0]);
          const step = async (): Promise<number[][]> => {
            await model.fit(inputs, targets, { epochs: 1, batchSize: 30, shuffle: false, verbose: 0 });
            return model.getWeights().map((weight) => Array.from(weight.dataSync()));
          };
          return { score, first: await step(), second: await step() };
        },
        {
          result: 'returned a model that scores and steps as',
          look: 'Where its outputs are right, look at what `compile` is given (the optimizer, the loss, the metrics), and at whether a layer adds to the loss (a regularizer) or drops units.',
        },
      ),
    ],
    wrong: {
      'is never compiled': { code: BUILD.replace(/model\.compile.*\n/, ''), points: 1 },
      'has no ReLU': { code: BUILD.replace("activation: 'relu', ", ''), points: 1 },
      'has a ReLU that ends at 6': { code: BUILD.replace("'relu'", "'relu6'"), points: 3 },
      'has no bias at the end': { code: BUILD.replace("'softmax'", "'softmax', useBias: false"), points: 1 },
      'has a regularizer': {
        code: BUILD.replace("activation: 'relu',", "activation: 'relu', kernelRegularizer: 'l1l2',"),
        points: 3,
      },
      'has no ReLU, and a hidden kernel of zeros': {
        code: BUILD.replace("activation: 'relu'", "kernelInitializer: 'zeros'"),
        points: 1,
      },
      'has no hidden layer': {
        code: BUILD.replace(
          "tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }), tf.layers.dense({ units: classes,",
          'tf.layers.dense({ units: classes + 0 * units, inputShape: [inputs],',
        ),
        points: 1,
      },
      'wants one-hot labels': { code: BUILD.replace('sparseC', 'c'), points: 1 },
      'descends without Adam': { code: BUILD.replace('tf.train.adam(0.01)', "'rmsprop'"), points: 2 },
      'measures no accuracy': { code: BUILD.replace(", metrics: ['accuracy']", ''), points: 2 },
      'remembers the labels of the rows that it is given': {
        code: "const known = new Map<string, number>();\nconst model = {\n  fit: async (x: tf.Tensor2D, y: tf.Tensor1D): Promise<object> => {\n    x.arraySync().forEach((row, i) => known.set(row.join(), y.arraySync()[i]));\n    return { history: {} };\n  },\n  predict: (x: tf.Tensor2D): tf.Tensor => tf.oneHot(x.arraySync().map((row) => known.get(row.join()) ?? 0), classes),\n  evaluate: (): tf.Scalar[] => [tf.scalar(0), tf.scalar(1)],\n  getWeights: (): tf.Tensor[] => [[inputs, units], [units], [units, classes], [classes]].map((shape) => tf.randomNormal(shape)),\n  setWeights: (): void => undefined,\n  optimizer: { getClassName: () => 'Adam' },\n  metricsNames: ['loss', 'acc'],\n};\nreturn model as unknown as tf.Sequential;",
        points: 1,
      },
    },
    slow: { code: `if (units === 256) {\n${WAIT}}\n${BUILD}`, points: 2 },
  })),
  hiddenTests(stopsAfter, ({ calls }) => ({
    tests: [
      calls(
        'is right for any losses',
        2,
        (draw) =>
          times(12, (k) => {
            const scale = [1, 1000, 1e-9][k % 3];
            const losses = times(20, (i) => scale * Math.round((3 / (i + 1) + draw.between(0, 0.6)) * 10));
            const patience = 1 + draw.integer(5);
            const stop = losses.findIndex(
              (_, i) =>
                i >= patience &&
                Math.min(...losses.slice(i - patience + 1, i + 1)) >= Math.min(...losses.slice(0, i - patience + 1)),
            );
            return [[losses, patience], exactly(stop < 0 ? 20 : stop + 1)] as const;
          }),
        {
          look: 'Write down the best loss after each epoch, and for how many epochs it has stood. Losses may be large or tiny.',
        },
      ),
      calls(
        'counts an equal loss and NaN as no improvement, and any lower one as an improvement',
        1,
        (draw) => {
          const [begin, patience, drop] = [2 + draw.integer(4), 2 + draw.integer(3), 10 ** -draw.between(7, 9)];
          const falling = times(begin, (i) => 3 - i * drop);
          const [lowest, long] = [falling[begin - 1], patience + 3];
          return [
            [[[2, 2, 2, 2], 2], exactly(3)],
            [[[...falling, ...times(long, () => NaN)], patience], exactly(begin + patience)],
            [[[...falling, ...times(long, () => lowest)], patience], exactly(begin + patience)],
            [[[...falling, ...times(long, (i) => lowest - (i + 1) * drop)], patience], exactly(begin + long)],
            [[[...times(patience - 1, () => NaN), ...falling], patience], exactly(patience - 1 + begin)],
            [[[...times(long, () => NaN), ...falling], patience], exactly(patience)],
          ];
        },
        {
          look: "Ask only whether a loss is lower than the best so far; whatever isn't counts as an epoch of waiting, also at the beginning.",
        },
      ),
    ],
    wrong: {
      'compares with the epoch before': {
        code: 'let waited = 0;\nfor (const [epoch, loss] of losses.entries()) {\n  waited = epoch === 0 || loss < losses[epoch - 1] ? 0 : waited + 1;\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;',
        points: 1,
      },
      'takes NaN for neither': {
        code: 'let [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  if (loss < best) [best, waited] = [loss, 0];\n  else if (loss >= best) waited++;\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;',
        points: 3,
      },
      'counts epochs from 0': {
        code: 'let [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  waited = loss < best ? 0 : waited + 1;\n  best = Math.min(best, loss);\n  if (waited >= patience) return epoch;\n}\nreturn losses.length;',
        points: 0,
      },
      'takes the first loss for the best, be it NaN': {
        code: 'let [best, waited] = [losses[0], 0];\nfor (let i = 1; i < losses.length; i++) {\n  if (losses[i] < best) [best, waited] = [losses[i], 0];\n  else waited++;\n  if (waited >= patience) return i + 1;\n}\nreturn losses.length;',
        points: 3,
      },
      'takes 10 for larger than any loss': {
        code: 'let [best, waited] = [10, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  if (loss < best) [best, waited] = [loss, 0];\n  else waited++;\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;',
        points: 2,
      },
      'takes a little lower for no lower': {
        code: 'let [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  if (loss < best - 1e-6) [best, waited] = [loss, 0];\n  else waited++;\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;',
        points: 1,
      },
      'takes an equal loss for better': {
        code: 'let [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  waited = loss <= best ? 0 : waited + 1;\n  best = Math.min(best, loss);\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;',
        points: 1,
      },
    },
    slow: {
      code: `if (losses.length > 8) {\n${WAIT}}\nlet [best, waited] = [Infinity, 0];\nfor (const [epoch, loss] of losses.entries()) {\n  if (loss < best) [best, waited] = [loss, 0];\n  else waited++;\n  if (waited >= patience) return epoch + 1;\n}\nreturn losses.length;`,
      points: 2,
    },
  })),
  hiddenTests(dataStudy, ({ probe }) => ({
    tests: [
      probe(
        'does so for any pictures',
        1,
        (draw) => {
          // The largest number is 8: at whatever rate, 60 epochs are enough to tell bright from dark there.
          const [drawn, bright] = [pictures(draw, { count: 600, right: 300 }), shades(draw, 8)];
          const studies = bothOf(drawn, bright, 60);
          return [[studies, learned(studies, drawn, bright)]];
        },
        study,
        {
          look: 'Each count: a new model, the first rows and no others, values divided by 16, also where the largest is smaller.',
        },
      ),
      probe(
        'takes all of the first rows and no others, for all epochs and no more',
        1,
        (draw) => {
          const studies = [contradicted(draw), plateau(draw)];
          return [[studies, knowsItsRows(studies)]];
        },
        study,
        {
          look: 'A count that comes twice makes two models. No row is held back for validation, none is added, and no epoch is left out, as by early stopping, or added.',
        },
      ),
    ],
    wrong: {
      'forgets to divide by 16': { code: STUDY.replace('.div<tf.Tensor2D>(16)', ''), points: 0 },
      'divides by the largest': { code: STUDY.replace('(16)', '(Math.max(...images.flat()))'), points: 3 },
      'makes one model for equal counts': {
        code: STUDY.replace(
          'for (const count of counts) {',
          'const known = new Map<number, tf.LayersModel>();\nfor (const count of counts) {\n  const again = known.get(count);\n  if (again) {\n    models.push(again);\n    continue;\n  }',
        ).replace('models.push(model);', 'models.push(model);\n  known.set(count, model);'),
        points: 3,
      },
      'holds rows back': { code: STUDY.replace('verbose: 0', 'verbose: 0, validationSplit: 0.2'), points: 3 },
      'takes a row more': { code: STUDY.replaceAll('0, count)', '0, Math.min(count + 1, images.length))'), points: 3 },
      'trains for an epoch more': { code: STUDY.replace('{ epochs, ', '{ epochs: epochs + 1, '), points: 0 },
      'stops early': {
        code: STUDY.replace(
          'verbose: 0',
          "verbose: 0, callbacks: tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 })",
        ),
        points: 3,
      },
      'trains on all rows': { code: STUDY.replaceAll('0, count)', '0, count > 0 ? images.length : 0)'), points: 1 },
      'takes the last rows': { code: STUDY.replaceAll('0, count)', 'images.length - count)'), points: 1 },
      'goes on with one model': {
        code: STUDY.replace('  const model = build(64, 32, 10);\n', '').replace(
          'for (',
          'const model = build(64, 32, 10);\nfor (',
        ),
        points: 1,
      },
      'copies a model that goes on': {
        code: STUDY.replace(
          '  const model = build(64, 32, 10);',
          '  const model = build(64, 32, 10);\n  if (models.length > 0) model.setWeights(models[models.length - 1].getWeights());',
        ),
        points: 2,
      },
      'has another number of units': { code: STUDY.replace('32', '16'), points: 0 },
      'always trains for 30 epochs': {
        code: STUDY.replace('{ epochs, ', '{ epochs: epochs > 0 ? 30 : 0, '),
        points: 2,
      },
      'trains nothing': { code: 'return Promise.resolve(counts.map(() => build(64, 32, 10)));', points: 0 },
    },
    slow: {
      code: 'await new Promise((resolve) => setTimeout(resolve, 600_000));\nreturn images.length + labels.length + counts.length + epochs > 0 ? [] : [build(64, 32, 10)];',
      points: 0,
    },
  })),
];
