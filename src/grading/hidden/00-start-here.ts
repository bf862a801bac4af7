import { between, exactly, near, throws } from '../compare';
import { firstExplosion, meanSquaredError, predict, trainWeight } from '../exercises/00-start-here';
import { hiddenTests, WAIT } from '../hidden-tests';
import { numbers, times } from './draws';

export const hidden = [
  hiddenTests(predict, ({ calls }) => ({
    tests: [
      calls('is right for any numbers', 1, (draw) => times(8, () => {
        const [x, w, b] = numbers(draw, 3);
        return [[x, w, b], near(w * x + b)] as const;
      })),
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
      })),
      calls('refuses a second list that is shorter', 1, (draw) => [[[numbers(draw, 4), numbers(draw, 3)], throws('RangeError')]]),
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
      calls('finds the weight of other points', 2, (draw) => times(2, () => {
        const [w, b] = [draw.between(-3, 3), draw.between(-2, 2)];
        const xs = [-1.5, -1, -0.3, 0.4, 1, 1.5];
        return [[xs, xs.map((x) => w * x + b)], between(w - 0.05, w + 0.05)] as const;
      })),
    ],
    wrong: {
      'returns the slope between the ends': { code: 'return Promise.resolve((ys[ys.length - 1] - ys[0]) / xs[xs.length - 1]);', points: 0 },
      'gives the weight of the example': { code: 'return Promise.resolve(2);', points: 2 },
      'takes one epoch': { code: "const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });\nmodel.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1) });\nawait model.fit(x, y, { epochs: 1, verbose: 0 });\nreturn model.getWeights()[0].dataSync()[0];", points: 0 },
    },
    slow: { code: 'while (xs.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));\nreturn 2;', points: 0 },
  })),
  hiddenTests(firstExplosion, ({ calls }) => ({
    tests: [calls('looks at the rates in the order given', 2, [[[[3, 0.05, 2]], exactly(3)], [[[0.02, 0.3, 0.7, 3]], exactly(0.7)]])],
    wrong: {
      'returns the largest': { code: 'return Promise.resolve(Math.max(...learningRates));', points: 0 },
      'takes 1 for the border': { code: 'return Promise.resolve(learningRates.find((rate) => rate > 1));', points: 3 },
      'never finds one': { code: 'return Promise.resolve(learningRates.find((rate) => rate > 1e9));', points: 1 },
    },
    slow: { code: 'await new Promise((resolve) => setTimeout(resolve, 600_000));\nreturn learningRates.find((rate) => rate > 1);', points: 0 },
  })),
];
