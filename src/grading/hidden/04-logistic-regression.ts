import { exactly, near, satisfies } from '../compare';
import { cheapestThreshold, epochsNeeded, oddsAndProbability, oneStep, precisionAndRecall, stableLoss } from '../exercises/04-logistic-regression';
import { hiddenTests, WAIT } from '../hidden-tests';
import { matrix, numbers, times, wholes } from './draws';

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/** ln(1 + e^z) by its series where the exponential would overflow. */
const logOnePlusExp = (z: number): number => (z > 30 ? z + Math.exp(-z) : Math.log(1 + Math.exp(z)));

const stepOf = (w: readonly number[], b: number, x: readonly number[][], y: readonly number[], lr: number): { w: number[]; b: number } => {
  const loss = (weights: readonly number[], bias: number): number => x.reduce((sum, row, i) => sum + logOnePlusExp((y[i] === 1 ? -1 : 1) * row.reduce((z, value, j) => z + weights[j] * value, bias)), 0) / x.length;
  const h = 1e-5;
  const slope = (f: (shift: number) => number): number => (f(h) - f(-h)) / (2 * h);
  return { w: w.map((value, j) => value - lr * slope((shift) => loss(w.map((other, k) => other + (k === j ? shift : 0)), b))), b: b - lr * slope((shift) => loss(w, b + shift)) };
};

const LOOP = 'const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);\n';
const PERCEPTRON = 'let w = x[0].map(() => 0);\nlet b = 0;\nfor (let epoch = 1; epoch <= MOST; epoch++) {\n  let mistakes = 0;\n  x.forEach((row, i) => {\n    const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);\n    if (error !== 0) mistakes++;\n    w = w.map((value, j) => value + error * row[j]);\n    b += error;\n  });\n  if (mistakes === 0) return epoch;\n}\nreturn Infinity;';

export const hidden = [
  hiddenTests(oddsAndProbability, ({ calls }) => ({
    tests: [calls('is right for any z', 2, (draw) => numbers(draw, 6, 8).map((z) => [[z], near({ odds: Math.exp(z), probability: sigmoid(z) })] as const))],
    wrong: {
      'takes z for the odds': { code: 'return { odds: z, probability: z / (1 + z) };', points: 0 },
      'has the probability of the other class': { code: 'return { odds: Math.exp(z), probability: 1 / (1 + Math.exp(z)) };', points: 0 },
    },
    slow: { code: `${WAIT}return { odds: 1, probability: 0.5 };`, points: 0 },
  })),
  hiddenTests(stableLoss, ({ calls }) => ({
    tests: [
      calls('is right for any logits', 1, (draw) => times(5, (i) => {
        const [labels, z] = [wholes(draw, i + 2, 2), numbers(draw, i + 2, 6)];
        return [[labels, z], near(z.reduce((sum, value, k) => sum + logOnePlusExp(labels[k] === 1 ? -value : value), 0) / z.length)] as const;
      })),
      calls('is right between the small and the huge', 1, (draw) => [40, 400, 4000].map((size) => {
        const z = [draw.between(0.5, 1) * size, -draw.between(0.5, 1) * size];
        return [[[0, 1], z], near((z[0] - z[1]) / 2)] as const;
      })),
    ],
    wrong: {
      'overflows': { code: 'return labels.reduce((sum, y, i) => sum + Math.log(1 + Math.exp(z[i])) - y * z[i], 0) / labels.length;', points: 2 },
      'clips the probabilities': { code: 'const p = z.map((value) => Math.min(1 - 1e-7, Math.max(1e-7, 1 / (1 + Math.exp(-value)))));\nreturn -labels.reduce((sum, y, i) => sum + y * Math.log(p[i]) + (1 - y) * Math.log(1 - p[i]), 0) / labels.length;', points: 2 },
      'sums instead of averaging': { code: 'return labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i]))), 0);', points: 1 },
    },
    slow: { code: `if (labels.length > 2) {\n${WAIT}}\nreturn labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i]))), 0) / labels.length;`, points: 2 },
  })),
  hiddenTests(oneStep, ({ calls }) => ({
    tests: [
      calls('follows the gradient as differences give it', 2, (draw) => times(4, (i) => {
        const [w, b, x, y, lr] = [numbers(draw, i + 1, 1), draw.between(-1, 1), matrix(draw, 5, i + 1), wholes(draw, 5, 2), draw.between(0.1, 1)];
        return [[w, b, x, y, lr], near(stepOf(w, b, x, y, lr), { atol: 1e-5 })] as const;
      })),
    ],
    wrong: {
      'forgets to divide by the rows': { code: `${LOOP}return { w: w.map((value, j) => value - lr * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b - lr * errors.reduce((sum, error) => sum + error, 0) };`, points: 1 },
      'changes the old weights': { code: `${LOOP}w.forEach((value, j) => (w[j] = value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)));\nreturn { w, b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`, points: 4 },
      'goes up': { code: `${LOOP}return { w: w.map((value, j) => value + (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b + (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`, points: 1 },
    },
    slow: { code: `if (x.length > 2) {\n${WAIT}}\n${LOOP}return { w: w.map((value, j) => value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`, points: 3 },
  })),
  hiddenTests(precisionAndRecall, ({ calls }) => ({
    tests: [
      calls('is right for any labels', 2, (draw) => times(6, () => {
        const [y, predicted] = [[1, 0, 1, ...wholes(draw, 20, 2)], [1, 1, 0, ...wholes(draw, 20, 2)]];
        const both = y.filter((label, i) => label + predicted[i] === 2).length;
        const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
        return [[y, predicted], near({ precision: both / sum(predicted), recall: both / sum(y) })] as const;
      })),
      calls('is 0 where class 1 never occurs', 1, [[[[0, 0], [1, 1]], exactly({ precision: 0, recall: 0 })]]),
    ],
    wrong: {
      'exchanges the two': { code: 'const count = (truth: number, said: number): number => y.filter((label, i) => label === truth && predicted[i] === said).length;\nconst [tp, fp, fn] = [count(1, 1), count(0, 1), count(1, 0)];\nreturn { precision: tp + fn === 0 ? 0 : tp / (tp + fn), recall: tp + fp === 0 ? 0 : tp / (tp + fp) };', points: 2 },
      'divides by 0': { code: 'const count = (truth: number, said: number): number => y.filter((label, i) => label === truth && predicted[i] === said).length;\nconst [tp, fp, fn] = [count(1, 1), count(0, 1), count(1, 0)];\nreturn { precision: tp / (tp + fp), recall: tp / (tp + fn) };', points: 3 },
      'gives the accuracy': { code: 'const right = y.filter((label, i) => label === predicted[i]).length / y.length;\nreturn { precision: right, recall: right };', points: 1 },
    },
    slow: { code: `if (y.length > 5) {\n${WAIT}}\nreturn { precision: predicted.includes(1) ? 0.5 : 0, recall: predicted.includes(1) ? 1 / 3 : 0 };`, points: 2 },
  })),
  hiddenTests(cheapestThreshold, ({ calls }) => ({
    tests: [
      calls('is right for any rows and costs', 2, (draw) => times(6, () => {
        const [y, probabilities] = [wholes(draw, 15, 2), times(15, () => draw.integer(20) / 20)];
        const thresholds = draw.shuffle([0, 0.1, 0.25, 0.5, 0.75, 0.9]);
        const [alarm, miss] = [1 + draw.integer(4), 1 + draw.integer(4)];
        const costs = thresholds.map((t) => probabilities.reduce((sum, p, i) => sum + (p > t && y[i] === 0 ? alarm : 0) + (p <= t && y[i] === 1 ? miss : 0), 0));
        const lowest = Math.min(...thresholds.filter((_, i) => costs[i] === Math.min(...costs)));
        return [[y, probabilities, thresholds, { alarm, miss }], exactly(lowest)] as const;
      })),
      calls('takes the lowest of equally cheap ones', 1, [[[[0, 1], [0.2, 0.8], [0.7, 0.3, 0.5], { alarm: 1, miss: 1 }], exactly(0.3)]]),
    ],
    wrong: {
      'ignores the costs': { code: 'const cost = (t: number): number => y.filter((label, i) => (probabilities[i] > t ? 1 : 0) !== label).length;\nreturn [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];', points: 1 },
      'takes the first of equal ones': { code: 'const cost = (t: number): number => y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? alarm : 0) : label === 1 ? miss : 0), 0);\nreturn [...thresholds].sort((a, b) => cost(a) - cost(b))[0];', points: 4 },
      'exchanges the costs': { code: 'const cost = (t: number): number => y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? miss : 0) : label === 1 ? alarm : 0), 0);\nreturn [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];', points: 1 },
    },
    slow: { code: `if (y.length > 6) {\n${WAIT}}\nreturn alarm > 1 ? 0.65 : 0.32;`, points: 2 },
  })),
  hiddenTests(epochsNeeded, ({ calls }) => ({
    tests: [
      calls('ends on tables that a line separates', 2, (draw) => times(3, () => {
        const y = times(40, (i) => i % 2);
        const x = y.map((label) => [draw.normal(), (label === 1 ? 3 : -3) + draw.between(-0.5, 0.5)]);
        return [[x, y], satisfies('from 1 to 100 epochs', (epochs) => typeof epochs === 'number' && Number.isInteger(epochs) && epochs >= 1 && epochs <= 100)] as const;
      })),
      calls('counts by the rule', 1, [
        [[[[1], [2]], [1, 1]], exactly(2)],
        [[[[1], [-1]], [1, 0]], exactly(2)],
        [[[[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]], exactly(4)],
      ]),
    ],
    wrong: {
      'counts from 0': { code: PERCEPTRON.replace('MOST', '1000').replace('return epoch;', 'return epoch - 1;'), points: 3 },
      'stops after three epochs': { code: PERCEPTRON.replace('MOST', '3'), points: 3 },
      'has no bias': { code: PERCEPTRON.replace('MOST', '1000').replace('b += error;', 'b += 0;'), points: 3 },
    },
    slow: { code: PERCEPTRON.replace('MOST', '1e12'), points: 1 },
  })),
];
