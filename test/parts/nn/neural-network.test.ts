import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { numericGradient } from '../../../src/parts/autodiff';
import { loadDigits, makeMoons, oneHot, pick, shuffledSplit, argMax } from '../../../src/parts/data';
import { accuracy } from '../../../src/parts/metrics';
import { NeuralNetwork, activations, type Layer, type Output } from '../../../src/parts/nn';
import { generator } from '../../../src/parts/random';
import { golden } from '../../support/golden';

const layer = z.object({ weights: z.array(z.array(z.number())), biases: z.array(z.number()) });
const rows = z.array(z.array(z.number()));
const cases = golden(
  'networks',
  z.array(
    z.object({
      output: z.enum(['softmax', 'sigmoid', 'linear']),
      sizes: z.array(z.number()),
      x: rows,
      y: rows,
      layers: z.array(layer),
      loss: z.number(),
      gradients: z.array(layer),
    }),
  ),
);

const flat = (layers: readonly Layer[]): number[] =>
  layers.flatMap(({ weights, biases }) => [...weights.flat(), ...biases]);
function setParameters(network: NeuralNetwork, values: readonly number[]): void {
  let at = 0;
  for (const { weights, biases } of network.layers) {
    for (const row of weights) row.forEach((_, j) => (row[j] = values[at++]));
    biases.forEach((_, j) => (biases[j] = values[at++]));
  }
}

describe('NeuralNetwork', () => {
  it.each(cases)(
    'has the loss and gradients of PyTorch with a $output output',
    ({ output, sizes, x, y, layers, loss, gradients }) => {
      const network = new NeuralNetwork({ sizes, output, hidden: activations.tanh, random: generator(0) });
      setParameters(network, flat(layers));
      const found = network.gradients(x, y);
      expect(found.loss).toBeCloseTo(loss, 12);
      expect(network.loss(x, y)).toBeCloseTo(loss, 12);
      const expected = flat(gradients);
      flat(found.layers).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 12));
    },
  );

  it.each(['softmax', 'sigmoid', 'linear'] as const)(
    'agrees with finite differences to 1e-5 with a %s output',
    (output: Output) => {
      const random = generator(3);
      const network = new NeuralNetwork({
        sizes: [4, 5, 3, 2],
        output,
        hidden: activations.sigmoid,
        initializer: 'large',
        initialBias: 0.1,
        random,
      });
      const x = Array.from({ length: 6 }, () => Array.from({ length: 4 }, () => random.normal()));
      const y = x.map((_, i) => (i % 2 === 0 ? [1, 0] : [0, 1]));
      const analytic = flat(network.gradients(x, y).layers);
      const start = flat(network.layers);
      const numeric = numericGradient((point) => {
        setParameters(network, point);
        return network.loss(x, y);
      }, start);
      analytic.forEach((value, i) => expect(Math.abs(value - numeric[i])).toBeLessThan(1e-5));
    },
  );

  it('keeps the units of a layer equal for 100 steps when they begin equal', () => {
    const network = new NeuralNetwork({
      sizes: [2, 4, 1],
      output: 'sigmoid',
      hidden: activations.tanh,
      initializer: 'zeros',
      initialBias: 0.1,
      random: generator(0),
    });
    const { x, y } = makeMoons({ count: 60, noise: 0.1, random: generator(1) });
    for (let step = 0; step < 100; step++)
      network.step(
        x,
        y.map((label) => [label]),
        0.5,
      );
    for (const row of network.layers[0].weights) for (const weight of row) expect(weight).toBe(row[0]);
  });

  it('learns the digits to 96 % or more, and nothing without steps', () => {
    const digits = loadDigits();
    const x = Array.from({ length: digits.count }, (_, i) =>
      Array.from(digits.images.subarray(i * 64, i * 64 + 64), (value) => value / 16),
    );
    const labels = Array.from(digits.labels);
    const { train, test } = shuffledSplit(digits.count, { random: generator(0) });
    const random = generator(1);
    const network = new NeuralNetwork({ sizes: [64, 32, 10], output: 'softmax', random });
    const score = (): number => accuracy(pick(labels, test), argMax(network.predict(pick(x, test))));
    expect(score()).toBeLessThan(0.4);
    network.train(pick(x, train), pick(oneHot(labels, 10), train), {
      epochs: 25,
      batchSize: 32,
      learningRate: 0.2,
      random,
    });
    expect(score()).toBeGreaterThanOrEqual(0.96);
  });

  it('tells the loss of each epoch', () => {
    const told: number[] = [];
    const random = generator(1);
    const network = new NeuralNetwork({ sizes: [1, 1], output: 'linear', random });
    const losses = network.train([[0], [1]], [[1], [3]], {
      epochs: 3,
      learningRate: 0.1,
      random,
      onEpoch: (epoch, loss) => told.push(epoch, loss),
    });
    expect(told).toEqual([1, losses[0], 2, losses[1], 3, losses[2]]);
    expect(losses[2]).toBeLessThan(losses[0]);
  });

  it('takes the step that one takes by hand', () => {
    const network = new NeuralNetwork({ sizes: [1, 1], output: 'linear', initializer: 'zeros', random: generator(0) });
    // 0 is 2 too little at x = 2: the gradient is −4 by the weight and −2 by the bias, the loss 2.
    expect(network.step([[2]], [[2]], 0.25)).toBe(2);
    expect(network.layers).toEqual([{ weights: [[1]], biases: [0.5] }]);
  });

  it('averages the loss of batches by their rows, and begins with the biases asked for', () => {
    const random = generator(1);
    const network = new NeuralNetwork({
      sizes: [1, 1],
      output: 'linear',
      initializer: 'zeros',
      initialBias: 2,
      random,
    });
    expect(network.layers).toEqual([{ weights: [[0]], biases: [2] }]);
    // Half the squared error of 2 against 0, 0 and 3: 2, 2 and ½.
    const x = [[0], [0], [0]];
    const y = [[0], [0], [3]];
    expect(network.loss(x, y)).toBeCloseTo(1.5, 12);
    const [loss] = network.train(x, y, { epochs: 1, batchSize: 2, learningRate: 1e-9, random });
    expect(loss).toBeCloseTo(1.5, 6);
  });

  it('refuses sizes, shapes and rates that make no sense', () => {
    const random = generator(0);
    expect(() => new NeuralNetwork({ sizes: [2], output: 'linear', random })).toThrow(
      'expected sizes to be at least two whole numbers from 1, got [2]',
    );
    expect(() => new NeuralNetwork({ sizes: [2, 1], output: 'softmax', random })).toThrow(
      'use sigmoid for two classes',
    );
    const network = new NeuralNetwork({ sizes: [2, 1], output: 'linear', random });
    for (const sizes of [
      [2, 0],
      [2, 1.5],
    ])
      expect(() => new NeuralNetwork({ sizes, output: 'linear', random })).toThrow(`got [${sizes.join(', ')}]`);
    expect(() => new NeuralNetwork({ sizes: [2, 1], output: 'sigmoid', random })).not.toThrow();
    expect(() => new NeuralNetwork({ sizes: [2, 2], output: 'softmax', random })).not.toThrow();
    expect(() => network.loss([[1, 2]], [[1], [1]])).toThrow('expected targets of shape [1, 1], got [2, 1]');
    expect(() => network.predict([[1, 2, 3]])).toThrow('expected 2 features a row, got 3');
    expect(() => network.predict([])).toThrow('NeuralNetwork: expected x to have at least one row');
    expect(() => network.predict([[1, NaN]])).toThrow('expected finite numbers in x, got NaN in row 0, column 1');
    expect(() => network.loss([[1, 2]], [[1, 2]])).toThrow('expected targets of shape [1, 1], got [1, 2]');
    expect(() => network.loss([[1, 2], [3, 4]], [[1], [1, 2]])).toThrow('expected targets of shape [2, 1]'); // prettier-ignore
    expect(() => network.step([[1, 2]], [[1]], 0)).toThrow('NeuralNetwork: expected learningRate above 0, got 0');
  });
});
