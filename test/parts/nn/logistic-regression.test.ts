import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fitLogistic, fitLogisticLoop, predictClasses, predictProbabilities } from '../../../src/parts/nn';
import { golden } from '../../support/golden';

const cases = golden(
  'logistic',
  z.array(
    z.object({
      name: z.string(),
      x: z.array(z.array(z.number())),
      y: z.array(z.number()),
      weights: z.array(z.number()),
      bias: z.number(),
    }),
  ),
);
const variants = [
  ['loop', fitLogisticLoop],
  ['vectorized', fitLogistic],
] as const;

describe.each(variants)('logistic regression (%s)', (_, fit) => {
  it.each(cases)("converges to scikit-learn's unregularized solution on $name, to 1e-3", ({ x, y, weights, bias }) => {
    const model = fit(x, y, { steps: 4000, learningRate: 1 });
    model.weights.forEach((weight, j) => expect(Math.abs(weight - weights[j])).toBeLessThan(1e-3));
    expect(Math.abs(model.bias - bias)).toBeLessThan(1e-3);
  });

  it('takes the first step that one takes by hand', () => {
    // At w = 0 every probability is ½: the errors are ½ and −½, their products with x sum to −1.
    const { weights, bias, losses } = fit([[-1], [1]], [0, 1], { steps: 1, learningRate: 0.1, reduction: 'sum' });
    expect(weights[0]).toBeCloseTo(0.1, 7);
    expect(bias).toBeCloseTo(0, 7);
    expect(losses[0]).toBeCloseTo(Math.LN2, 6);
  });

  it('takes the mean over rows unless it is told to sum, 1000 steps, at a rate of 0.1', () => {
    const rows = [[-1], [1], [2], [-2]];
    const step = { steps: 1, learningRate: 0.1 };
    const [mean, sum] = (['mean', 'sum'] as const).map((reduction) => fit(rows, [0, 1, 1, 0], { ...step, reduction }));
    // Errors ±½ times x: −3 in all, −0.75 in the mean.
    expect(sum.weights[0]).toBeCloseTo(0.3, 6);
    expect(mean.weights[0]).toBeCloseTo(0.075, 6);
    expect(fit(rows, [0, 1, 1, 0], { steps: 1 }).weights[0]).toBeCloseTo(0.075, 6);
    expect(fit(rows, [1, 1, 1, 0], { steps: 1 }).bias).toBeCloseTo(0.025, 6);
    expect(fit(rows, [0, 1, 1, 0]).losses).toHaveLength(1000);
  });

  it('has a loss that never rises with a small rate', () => {
    const { losses } = fit(cases[1].x, cases[1].y, { steps: 200, learningRate: 0.1 });
    losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThanOrEqual(losses[i] + 1e-6));
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    fit([[-1], [1]], [0, 1], { steps: 3 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses bad input', () => {
    expect(() => fit([], [])).toThrow(`${fit.name}: expected x to have at least one row`);
    expect(() => fit([[1], [2]], [0, 1], { steps: 0 })).toThrow(
      'expected steps to be a whole number of at least 1, got 0',
    );
    expect(() => fit([[1], [2]], [1, 1])).toThrow('expected labels of both classes, got 2 times 1');
    expect(() => fit([[1], [2]], [0, 3])).toThrow('expected labels 0 or 1, got 3 at index 1');
    expect(() => fit([[1], [2]], [0, 1], { learningRate: -1 })).toThrow('expected learningRate above 0, got -1');
    expect(() => fit([[1], [2]], [0, 1], { steps: 0.5 })).toThrow(
      'expected steps to be a whole number of at least 1, got 0.5',
    );
  });
});

it('both versions agree to 1e-5, loss by loss', () => {
  const { x, y } = cases[1];
  const [loop, vectorized] = variants.map(([, fit]) => fit(x, y, { steps: 400, learningRate: 0.01, reduction: 'sum' }));
  loop.weights.forEach((weight, j) => expect(Math.abs(weight - vectorized.weights[j])).toBeLessThan(1e-5));
  loop.losses.forEach((loss, step) => expect(Math.abs(loss - vectorized.losses[step])).toBeLessThan(1e-5));
});

describe('predictions', () => {
  const model = { weights: [2], bias: -1 };

  it('move with the threshold', () => {
    expect(predictProbabilities(model, [[0.5]])).toEqual([0.5]);
    expect(predictClasses(model, [[0], [0.5], [1]])).toEqual([0, 0, 1]);
    expect(predictClasses(model, [[0], [0.5], [1]], 0.2)).toEqual([1, 1, 1]);
  });

  it('refuse rows of another length, and none', () => {
    expect(() => predictProbabilities(model, [[1, 2]])).toThrow(
      'predictProbabilities: expected 1 features a row, as the model was fitted on, got 2',
    );
    expect(() => predictProbabilities(model, [])).toThrow('predictProbabilities: expected x to have at least one row');
  });
});
