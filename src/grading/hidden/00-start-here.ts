import { between, exactly, near, throws } from '../compare';
import { firstExplosion, meanSquaredError, predict, trainWeight } from '../exercises/00-start-here';
import { hiddenTests, WAIT } from '../hidden-tests';
import { numbers, times } from './draws';

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** The weight with the least mean squared error, by its formula. */
const bestWeight = (xs: readonly number[], ys: readonly number[]): number => mean(xs.map((x, i) => (x - mean(xs)) * (ys[i] - mean(ys)))) / mean(xs.map((x) => (x - mean(xs)) ** 2));

const MEANS = 'const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;\nconst [mx, my] = [mean(xs), mean(ys)];\n';
const TRAIN = "const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });\nmodel.compile({ loss: 'meanSquaredError', optimizer: OPTIMIZER });\nawait model.fit(x, y, { epochs: EPOCHS, verbose: 0 });\nconst weight = model.getWeights()[0].dataSync()[0];\nreturn weight;";
const EXPLOSION = "const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];\nfor (const rate of RATES) {\n  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });\n  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(rate) });\n  const { history } = await model.fit(x, y, { epochs: 20, verbose: 0 });\n  const losses = history.loss.map(Number);\n  if (LARGER) return rate;\n}\nreturn undefined;";

export const hidden = [
  hiddenTests(predict, ({ calls }) => ({
    tests: [
      calls('is right for any numbers', 1, (draw) => times(8, () => {
        const [x, w, b] = numbers(draw, 3);
        return [[x, w, b], near(w * x + b)] as const;
      }), { look: 'Try numbers with a fraction, and negative ones.' }),
    ],
    wrong: {
      'forgets the bias': { code: 'return w * x;', points: 0 },
      'multiplies by the bias too': { code: 'return w * (x + b);', points: 0 },
      'is right for whole numbers alone': { code: 'return Math.round(w * x + b);', points: 1 },
    },
    slow: { code: `${WAIT}return w * x + b;`, points: 0 },
  })),
  hiddenTests(meanSquaredError, ({ calls }) => ({
    tests: [
      calls('is right for lists of any length', 1, (draw) => times(6, (i) => {
        const [yHat, y] = [numbers(draw, i + 1), numbers(draw, i + 1)];
        let sum = 0;
        for (let k = 0; k <= i; k++) sum += (yHat[k] - y[k]) * (yHat[k] - y[k]);
        return [[yHat, y], near(sum / (i + 1))] as const;
      }), { look: 'Try lists of one number, and of five.' }),
      calls('refuses a second list that is shorter', 1, (draw) => [[[numbers(draw, 4), numbers(draw, 3)], throws('RangeError')]], { look: 'The first list may be the longer one.' }),
    ],
    wrong: {
      'forgets to divide': { code: "if (yHat.length !== y.length) throw new RangeError('lengths');\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0);", points: 2 },
      'takes any lengths': { code: 'return yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;', points: 2 },
      'throws another error': { code: "if (yHat.length !== y.length) throw new Error('lengths');\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;", points: 2 },
    },
    slow: { code: `if (yHat.length !== y.length) throw new RangeError('lengths');\nif (y.length > 3) {\n${WAIT}}\nreturn yHat.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;`, points: 2 },
  })),
  hiddenTests(trainWeight, ({ calls }) => ({
    tests: [
      calls('finds the weight of other points', 1, (draw) => {
        // Far from the visible tests' weights, and from 0, where training begins.
        const [w, b] = [draw.choice([-1, 1]) * draw.between(0.8, 1.6), draw.between(-2, 2)];
        const xs = [-1.5, -1, -0.3, 0.4, 1, 1.5];
        const ys = xs.map((x, i) => w * x + b + [-1, 2, -0.5, -1, 1, -0.5][i]);
        const weight = bestWeight(xs, ys);
        return [[[xs, ys], between(weight - 0.05, weight + 0.05)]];
      }, { look: 'No line goes through these points: the mean squared error decides.' }),
    ],
    wrong: {
      'returns the slope between the ends': { code: 'return Promise.resolve((ys[ys.length - 1] - ys[0]) / (xs[xs.length - 1] - xs[0]));', points: 0 },
      'knows the formula and trains nothing': { code: `${MEANS}return Promise.resolve(mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2)));`, points: 2 },
      'gives the weight of the example': { code: 'return Promise.resolve(2);', points: 0 },
      'takes another optimizer and frees nothing': { code: TRAIN.replace('OPTIMIZER', 'tf.train.adam(0.1)').replace('EPOCHS', '300'), points: 2 },
      'forgets the optimizer when it frees': { code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.1)').replace('EPOCHS', '300').replace('return weight;', 'tf.dispose([x, y]);\nmodel.dispose();\nreturn weight;'), points: 2 },
      'takes one epoch': { code: TRAIN.replace('OPTIMIZER', 'tf.train.sgd(0.1)').replace('EPOCHS', '1'), points: 0 },
    },
    slow: { code: 'while (xs.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));\nreturn 2;', points: 0 },
  })),
  hiddenTests(firstExplosion, ({ calls }) => ({
    tests: [calls('looks at the rates in the order given', 2, (draw) => [[3, 0.3, 2], [0.2, 0.9, 1.03, 5], [0.3, 1e6, 2]].map((shares, i) => {
      const size = draw.between(2, 8);
      const [xs, slope, at] = [[-size, -size / 2, 0, size / 2, size], 4 + draw.uniform(), draw.between(-2, 2)];
      // The loss bends by size² along the weight: from twice its inverse on, steps grow.
      const rates = shares.map((share) => (share * 2) / size ** 2);
      return [[xs, xs.map((x) => slope * x + at), rates], exactly(rates[[0, 2, 1][i]])] as const;
    }), { look: 'Train on the points that are given, and take the first rate of the list, not the smallest or the largest.' })],
    wrong: {
      'returns the largest': { code: 'return Promise.resolve(Math.max(...learningRates));', points: 0 },
      'takes one half for the border': { code: 'return Promise.resolve(learningRates.find((rate) => rate > 0.5));', points: 1 },
      'never finds one': { code: 'return Promise.resolve(learningRates.find((rate) => rate > 1e9));', points: 1 },
      'takes the smallest that explodes': { code: EXPLOSION.replace('LARGER', '!(losses[19] <= losses[0])').replace('RATES', '[...learningRates].sort((a, b) => a - b)'), points: 1 },
      'takes what is not a number for small': { code: EXPLOSION.replace('LARGER', 'losses[19] > losses[0]').replace('RATES', 'learningRates'), points: 1 },
    },
    slow: { code: 'await new Promise((resolve) => setTimeout(resolve, 600_000));\nreturn learningRates.find((rate) => rate > 1);', points: 0 },
  })),
];
