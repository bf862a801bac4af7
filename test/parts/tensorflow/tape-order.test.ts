import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile, softmaxCrossEntropy } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';

const POINTS = [-1.2, -0.3, 0.4, 1.1];
type Use = (x: tf.Tensor) => tf.Tensor;
const valuesOf = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const second =
  (use: Use): Use =>
  (x) =>
    tf.grad((z: tf.Tensor) =>
      tf
        .grad((t: tf.Tensor) => use(t).sum())(z)
        .sum(),
    )(x);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function expectClose(found: readonly number[], expected: readonly number[], tolerance = 2e-6): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries())
    expect(Math.abs(value - expected[i]), `${value} for ${expected[i]}, number ${i}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected[i])),
    );
}

describe('second derivatives', () => {
  it.each<[string, Use, (x: number) => number]>([
    ['exp', (x) => x.exp(), Math.exp],
    ['sigmoid', (x) => x.sigmoid(), (x) => sigmoid(x) * (1 - sigmoid(x)) * (1 - 2 * sigmoid(x))],
    ['tanh', (x) => x.tanh(), (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
    ['pow', (x) => x.pow(3), (x) => 6 * x],
    ['a power of two', (x) => tf.pow(2, x), (x) => Math.LN2 ** 2 * 2 ** x],
    ['exp of a square', (x) => x.square().exp(), (x) => (2 + 4 * x * x) * Math.exp(x * x)],
    [
      'sigmoid of tanh',
      (x) => x.tanh().sigmoid(),
      (x) => {
        const [t, s] = [Math.tanh(x), sigmoid(Math.tanh(x))];
        const [dt, ds] = [1 - t * t, s * (1 - s)];
        return ds * (1 - 2 * s) * dt * dt + ds * -2 * t * dt;
      },
    ],
    [
      'an operation of one’s own that keeps its result',
      tf.customGrad((x, save) => {
        const value = (x as tf.Tensor).exp();
        (save as (kept: tf.Tensor[]) => void)([value]);
        return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.mul(saved[0]) };
      }),
      Math.exp,
    ],
  ])('of %s are those of calculus, eagerly and compiled', (_, use, expected) => {
    const x = tf.tensor1d(POINTS);
    const compiled = compile(second(use));
    for (const run of [second(use), compiled, compiled, compiled])
      tf.tidy(() => expectClose(valuesOf(run(x)), POINTS.map(expected), 5e-6));
    disposeAll([compiled, x]);
  });

  it.each<[string, Use]>([
    ['softmax', (x) => x.softmax().mul([1, 2, 3, 5])],
    ['logSoftmax', (x) => x.logSoftmax().mul([1, 2, 3, 5])],
    ['the cross entropy of softmax', (x) => softmaxCrossEntropy(tf.tensor2d([[0, 1, 0, 0]]), x.reshape([1, 4]))],
    ['TensorFlow.js’s cross entropy', (x) => tf.losses.softmaxCrossEntropy([[0, 1, 0, 0]], x.reshape([1, 4]))],
    ['it with smooth labels', (x) => tf.losses.softmaxCrossEntropy([[0, 1], [1, 0]], x.reshape([2, 2]), [1, 3], 0.1)], // prettier-ignore
  ])('of %s are differences of gradients', (_, use) => {
    const weights = [0.5, -1, 2, 0.25];
    const slope = (x: tf.Tensor): tf.Tensor =>
      tf
        .grad((t: tf.Tensor) => use(t).sum())(x)
        .mul(weights)
        .sum();
    const step = 1e-2;
    const expected = POINTS.map((_point, at) =>
      tf.tidy(() => {
        const [up, down] = [step, -step].map(
          (by) => valuesOf(slope(tf.tensor1d(POINTS.map((p, i) => p + (i === at ? by : 0)))))[0],
        );
        return (up - down) / (2 * step);
      }),
    );
    tf.tidy(() => expectClose(valuesOf(tf.grad(slope)(tf.tensor1d(POINTS))), expected, 1e-3));
  });

  it('of a critic follow a penalty on its gradient by hand', () => {
    // D(x) = v tanh(w x), the penalty (D'(x) - 1)^2, its slope by w.
    const [v, w, x] = [1.5, 0.7, 0.8];
    const t = Math.tanh(w * x);
    const slope = v * w * (1 - t * t);
    const expected = 2 * (slope - 1) * (v * (1 - t * t) - 2 * v * w * x * t * (1 - t * t));
    const penalty = (weight: tf.Tensor): tf.Tensor => {
      const critic = (z: tf.Tensor): tf.Tensor => z.mul(weight).tanh().mul(v).sum();
      return tf.grad(critic)(tf.scalar(x)).sub(1).square().sum();
    };
    const byWeight = (weight: tf.Tensor): tf.Tensor => tf.grad(penalty)(weight);
    const compiled = compile(byWeight);
    const weight = tf.scalar(w);
    for (const run of [byWeight, compiled, compiled, compiled])
      tf.tidy(() => expectClose(valuesOf(run(weight)), [expected]));
    disposeAll([compiled, weight]);
  });

  it('of two uses of one result add up', () => {
    // d²/dx² (e^x tanh(e^x)), by u = e^x.
    const expected = POINTS.map((x) => {
      const u = Math.exp(x);
      const [t, d] = [Math.tanh(u), 1 - Math.tanh(u) ** 2];
      const [first, twice] = [t + u * d, 2 * d - 2 * u * t * d];
      return twice * u * u + first * u;
    });
    const use: Use = (x) => {
      const u = x.exp();
      return u.mul(u.tanh());
    };
    tf.tidy(() => expectClose(valuesOf(second(use)(tf.tensor1d(POINTS))), expected, 2e-5));
  });

  it('leave first gradients and the count of tensors as they were', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const x = tf.tensor1d(POINTS);
      const use: Use = (z) => z.tanh().mul(z.sigmoid()).sum();
      const expected = POINTS.map(
        (p) => (1 - Math.tanh(p) ** 2) * sigmoid(p) + Math.tanh(p) * sigmoid(p) * (1 - sigmoid(p)),
      );
      expectClose(valuesOf(tf.grad(use)(x)), expected);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('gradients', () => {
  it('go to the right rows where the caller turns a list of results around', () => {
    // The last row comes first: 1·x₂ + 10·x₁ + 100·x₀.
    const use: Use = (x) =>
      tf
        .unstack(x)
        .reverse()
        .reduce((sum, row, i) => sum.add(row.mul(10 ** i)), tf.scalar(0));
    const compiled = compile((x: tf.Tensor) => tf.grad(use)(x));
    const x = tf.tensor1d([1, 2, 3]);
    for (const run of [tf.grad(use), compiled, compiled, compiled])
      tf.tidy(() => void expect(valuesOf(run(x))).toEqual([100, 10, 1]));
    disposeAll([compiled, x]);
  });
});
