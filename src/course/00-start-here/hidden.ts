import type { RandomGenerator } from '../../parts/random';
import { between, exactly, near, throws } from '../../parts/grading/compare';
import { firstExplosion, meanSquaredError, predict, trainWeight } from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { numbers, times } from '../../parts/grading/draws';

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** The weight with the least mean squared error, by its formula. */
const bestWeight = (xs: readonly number[], ys: readonly number[]): number =>
  mean(xs.map((x, i) => (x - mean(xs)) * (ys[i] - mean(ys)))) / mean(xs.map((x) => (x - mean(xs)) ** 2));

/**
 * Points and a rate at which the loss has two parts: one shrinks to nothing within a few epochs, the other, 1 of
 * `whole` at first, is multiplied by growth² in each.
 * The weight of the points is so large that it hardly matters where training begins.
 */
function exploding(draw: RandomGenerator, growth: number, whole: number): { xs: number[]; ys: number[]; rate: number } {
  const gap = draw.between(1.1, 1.4);
  const xs = [-2 * gap, -gap, 0, gap, 2 * gap];
  const squares = mean(xs.map((x) => x * x));
  const slope = draw.choice([-1, 1]) * draw.between(400, 600);
  const at = Math.abs(slope) * Math.sqrt(squares * (whole - 1));
  return { xs, ys: xs.map((x) => slope * x + at), rate: (1 + growth) / (2 * squares) };
}

const MEANS =
  'const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;\nconst [mx, my] = [mean(xs), mean(ys)];\n';
const TRAIN =
  "const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });\nmodel.compile({ loss: 'meanSquaredError', optimizer: OPTIMIZER });\nawait model.fit(x, y, { epochs: EPOCHS, batchSize: xs.length, verbose: 0 });\nconst weight = model.getWeights()[0].dataSync()[0];\nreturn weight;";
const EXPLOSION =
  "const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];\nlet found: number | undefined;\nfor (const rate of RATES) {\n  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });\n  const optimizer = tf.train.sgd(rate);\n  model.compile({ loss: 'meanSquaredError', optimizer });\n  const losses = (await model.fit(x, y, { epochs: EPOCHS, verbose: 0 })).history.loss.map(Number);\n  const last = losses[losses.length - 1];\n  FREED\n  if (LARGER) found ??= rate;\n}\ntf.dispose([x, y]);\nreturn found;";
const explosion = ({
  rates = 'learningRates',
  epochs = 20,
  freed = 'model.dispose();\n  optimizer.dispose();',
  larger = '!(last <= losses[0])',
}): string =>
  EXPLOSION.replace('RATES', rates).replace('EPOCHS', `${epochs}`).replace('FREED', freed).replace('LARGER', larger);

export const hidden = [
  hiddenTests(predict, ({ calls }) => ({
    tests: [
      calls(
        'is right for any numbers',
        1,
        (draw) =>
          times(11, (i) => {
            // Three of them have a 0, each in another place; some are large.
            const [x, w, b] = numbers(draw, 3, i % 2 === 0 ? 3 : 1000).map((value, place) => (place === i ? 0 : value));
            return [[x, w, b], near(w * x + b)] as const;
          }),
        { look: 'Try numbers with a fraction, negative and large ones, and a 0 in each place.' },
      ),
    ],
    wrong: {
      'forgets the bias': { code: 'return w * x;', points: 0 },
      'multiplies by the bias too': { code: 'return w * (x + b);', points: 0 },
      'takes a weight of 0 for none': { code: 'return w ? w * x + b : x + b;', points: 0 },
      'is right for whole numbers alone': { code: 'return Math.round(w * x + b);', points: 1 },
    },
    slow: { code: `${WAIT}return w * x + b;`, points: 0 },
  })),
  hiddenTests(meanSquaredError, ({ calls }) => ({
    tests: [
      calls(
        'is right for lists of any length',
        1,
        (draw) =>
          times(7, (i) => {
            const [yHat, y] = [numbers(draw, i + 1), numbers(draw, i + 1)];
            let sum = 0;
            for (let k = 0; k <= i; k++) sum += (yHat[k] - y[k]) * (yHat[k] - y[k]);
            return i < 6
              ? ([[yHat, y], near(sum / (i + 1))] as const)
              : ([
                  [
                    [Number.NaN, ...yHat],
                    [1, ...y],
                  ],
                  near(Number.NaN),
                ] as const);
          }),
        { look: 'Try lists of one number, and of five. A prediction that is NaN is not left out.' },
      ),
      calls(
        'refuses lists of different lengths, whichever is longer',
        1,
        (draw) =>
          [
            [4, 3],
            [2, 5],
            [3, 0],
            [0, 2],
          ].map(([first, second]) => [[numbers(draw, first), numbers(draw, second)], throws('RangeError')] as const),
        { look: 'It must throw a RangeError, also where one list is empty.' },
      ),
    ],
    wrong: {
      'forgets to divide': {
        code: "if (yHat.length !== y.length) throw new RangeError('lengths');\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0);",
        points: 2,
      },
      'takes any lengths': {
        code: 'return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;',
        points: 2,
      },
      'takes an empty list for nothing to do': {
        code: "if (y.length === 0) return 0;\nif (yHat.length !== y.length) throw new RangeError('lengths');\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;",
        points: 2,
      },
      'leaves out what is not a number': {
        code: "if (yHat.length !== y.length) throw new RangeError('lengths');\nreturn yHat.reduce((sum, value, i) => sum + ((value - y[i]) ** 2 || 0), 0) / y.length;",
        points: 3,
      },
      'throws another error': {
        code: "if (yHat.length !== y.length) throw new Error('lengths');\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;",
        points: 2,
      },
    },
    slow: {
      code: `if (yHat.length !== y.length) throw new RangeError('lengths');\nif (y.length > 3) {\n${WAIT}}\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;`,
      points: 2,
    },
  })),
  hiddenTests(trainWeight, ({ calls }) => ({
    tests: [
      calls(
        'finds the weight of other points',
        1,
        (draw) => {
          // Far from the visible tests' weights, of the other sign, and from 0, where training begins. All x lie on one
          // side: that takes the most epochs.
          const [w, b] = [draw.between(-1.6, -0.8), draw.between(-2, 2)];
          // They are more than a batch holds by default, and so scattered that the weight tells which of them came
          // last.
          const xs = times(48, (i) => [0, 0.4, 0.9, 1.1, 1.6, 2][i % 6]);
          const noise = xs.map(() => draw.normal(0, 300));
          const [slope, at] = [bestWeight(xs, noise), mean(noise)];
          // What is left of the noise when its own best line is taken away leaves the best line of the points as it is.
          const ys = xs.map((x, i) => w * x + b + noise[i] - at - slope * (x - mean(xs)));
          const weight = bestWeight(xs, ys);
          return [[[xs, ys], between(weight - 0.01, weight + 0.01)]];
        },
        {
          look: 'No line goes through these points: the mean squared error decides. After 300 epochs the weight stands still, if all points are in one batch: `fit` takes 32 where it is not told.',
        },
      ),
    ],
    wrong: {
      'returns the slope between the ends': {
        code: 'return Promise.resolve((ys[ys.length - 1] - ys[0]) / (xs[xs.length - 1] - xs[0]));',
        points: 0,
      },
      'knows the formula and trains nothing': {
        code: `${MEANS}return Promise.resolve(mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2)));`,
        points: 2,
      },
      'gives the weight of the example': { code: 'return Promise.resolve(2);', points: 0 },
      'takes another optimizer and frees nothing': {
        code: TRAIN.replace('OPTIMIZER', 'tf.train.adam(0.1)').replace('EPOCHS', '300'),
        points: 2,
      },
      'forgets the optimizer when it frees': {
        code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.1)')
          .replace('EPOCHS', '300')
          .replace('return weight;', 'tf.dispose([x, y]);\nmodel.dispose();\nreturn weight;'),
        points: 2,
      },
      'takes another rate': {
        code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.2)').replace('EPOCHS', '300'),
        points: 2,
      },
      'keeps the weight small': {
        code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.1)')
          .replace('EPOCHS', '300')
          .replace("'zeros'", "'zeros', kernelRegularizer: tf.regularizers.l2({ l2: 0.01 })")
          .replace('return weight;', 'tf.dispose([x, y]);\nmodel.dispose();\noptimizer.dispose();\nreturn weight;')
          .replace('optimizer: tf.train.sgd(0.1) }', 'optimizer }')
          .replace('model.compile', 'const optimizer = tf.train.sgd(0.1);\nmodel.compile'),
        points: 3,
      },
      'takes batches of 32': {
        code: TRAIN.replace('batchSize: xs.length, ', '')
          .replace('OPTIMIZER', 'optimizer')
          .replace('EPOCHS', '300')
          .replace('model.compile', 'const optimizer = tf.train.sgd(0.1);\nmodel.compile')
          .replace('return weight;', 'tf.dispose([x, y]);\nmodel.dispose();\noptimizer.dispose();\nreturn weight;'),
        points: 3,
      },
      'begins with the best weight': {
        code: `${MEANS}const best = mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2));\n${TRAIN.replace("'zeros'", 'tf.initializers.constant({ value: best }), biasInitializer: tf.initializers.constant({ value: my - best * mx })').replace('OPTIMIZER', 'optimizer').replace('EPOCHS', '1').replace('model.compile', 'const optimizer = tf.train.sgd(0.1);\nmodel.compile').replace('return weight;', 'tf.dispose([x, y]);\nmodel.dispose();\noptimizer.dispose();\nreturn weight;')}`,
        points: 2,
      },
      'takes 30 epochs': { code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.1)').replace('EPOCHS', '30'), points: 1 },
      'takes one epoch': { code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.1)').replace('EPOCHS', '1'), points: 0 },
    },
    slow: {
      code: 'while (xs.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));\nreturn 2;',
      points: 0,
    },
  })),
  hiddenTests(firstExplosion, ({ calls }) => ({
    tests: [
      calls(
        'looks at the rates in the order given',
        1,
        (draw) =>
          [
            [3, 0.3, 2],
            [0.2, 0.9, 1.03, 5],
          ].map((shares, i) => {
            const size = draw.between(2, 8);
            const [xs, slope, at] = [[-size, -size / 2, 0, size / 2, size], 4 + draw.uniform(), draw.between(-2, 2)];
            // The loss bends by size² along the weight: from twice its inverse on, steps grow.
            const rates = shares.map((share) => (share * 2) / size ** 2);
            return [[xs, xs.map((x) => slope * x + at), rates], exactly(rates[[0, 2][i]])] as const;
          }),
        {
          look: 'Begin with a new model for each rate, train it on the points that are given, and take the first rate of the list, not the smallest or the largest.',
        },
      ),
      calls(
        'compares the losses of the first epoch and of the 20th',
        1,
        (draw) => {
          const growth = draw.between(1.08, 1.12);
          const twentieth = exploding(draw, growth, growth ** 37);
          const later = exploding(draw, growth, growth ** 39);
          const little = exploding(draw, draw.between(1.003, 1.008) ** (1 / 38), 1);
          const never = exploding(draw, 1e6, 1);
          return [
            [[twentieth.xs, twentieth.ys, [twentieth.rate]], exactly(twentieth.rate)],
            [[later.xs, later.ys, [later.rate]], exactly(undefined)],
            [[little.xs, little.ys, [little.rate]], exactly(little.rate)],
            [[never.xs, never.ys, [never.rate]], exactly(never.rate)],
          ];
        },
        {
          look: 'Train for 20 epochs, no more and no fewer, and look at the first loss and the last alone, whatever happens between. A little larger is larger; the same is not; what is not a number counts.',
        },
      ),
    ],
    wrong: {
      'returns the largest': { code: 'return Promise.resolve(Math.max(...learningRates));', points: 0 },
      'takes one half for the border': {
        code: 'return Promise.resolve(learningRates.find((rate) => rate > 0.5));',
        points: 1,
      },
      'never finds one': { code: 'return Promise.resolve(learningRates.find((rate) => rate > 1e9));', points: 1 },
      'takes the smallest that explodes': {
        code: explosion({ rates: '[...learningRates].sort((a, b) => a - b)' }),
        points: 3,
      },
      'takes what is not a number for small': { code: explosion({ larger: 'last > losses[0]' }), points: 3 },
      'takes an equal loss for a larger one': { code: explosion({ larger: '!(last < losses[0])' }), points: 4 },
      'waits for twice the loss': { code: explosion({ larger: '!(last <= 2 * losses[0])' }), points: 4 },
      'compares neighboring epochs': {
        code: explosion({ larger: 'losses.some((loss, i) => !(loss <= (losses[i - 1] ?? Infinity) + 1e-3))' }),
        points: 4,
      },
      'trains an epoch too few': { code: explosion({ epochs: 19 }), points: 4 },
      'trains an epoch too many': { code: explosion({ epochs: 21 }), points: 4 },
      'frees no model that explodes': {
        code: explosion({ freed: 'if (last <= losses[0]) {\n    model.dispose();\n    optimizer.dispose();\n  }' }),
        points: 4,
      },
      'frees nothing where no rate is given': {
        code: explosion({}).replace('let found', 'if (learningRates.length === 0) return undefined;\nlet found'),
        points: 4,
      },
      'knows the limit of the rate and trains nothing': {
        code: 'const [square, mean] = [xs.reduce((sum, x) => sum + x * x, 0) / xs.length, xs.reduce((sum, x) => sum + x, 0) / xs.length];\nconst largest = (square + 1) / 2 + Math.sqrt(((square + 1) / 2) ** 2 - square + mean * mean);\nreturn Promise.resolve(learningRates.find((rate) => rate > 1 / largest));',
        points: 4,
      },
    },
    slow: {
      code: 'await new Promise((resolve) => setTimeout(resolve, 600_000));\nreturn learningRates.find((rate) => rate > 1);',
      points: 0,
    },
  })),
];
