import { PNG } from 'pngjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  lossAndGradients,
  makeNetwork,
  paint,
  predict,
  spiral,
  train,
  type Activation,
  type Points,
} from '../../../src/tools/book/site/spiral/network';
import { spiralPicture, spiralScript } from '../../../src/tools/book/site/spiral';

const ACTIVATIONS: Activation[] = ['tanh', 'relu', 'sigmoid'];

/** Trains to the end and returns the share of points that are then right. */
function learned(seed: number, steps: number, options = {}): number {
  const points = spiral();
  const network = makeNetwork({ seed, ...options });
  for (let step = 0; step < steps; step++) train(network, points, 0.01);
  return accuracy(network, points);
}

describe('the spiral', () => {
  it('has two arms of as many points, one the other turned by half a circle', () => {
    const points = spiral(50, 0);
    expect(points.map(([, , label]) => label).reduce<number>((sum, label) => sum + label, 0)).toBe(50);
    for (let i = 0; i < points.length; i += 2) {
      expect(points[i + 1][0]).toBeCloseTo(-points[i][0], 12);
      expect(points[i + 1][1]).toBeCloseTo(-points[i][1], 12);
    }
    expect(points.every(([x, y]) => Math.hypot(x, y) < 1)).toBe(true);
  });
});

describe('the network of the front page', () => {
  it('computes a unit by hand: tanh(2·(0.5·0.3 − 1·0.1) + 0.2) and its log loss', () => {
    const network = makeNetwork({ width: 1, depth: 1 });
    const [hidden, out] = network.layers;
    hidden.weights.set([0.5, -1]);
    hidden.biases.set([0.2]);
    out.weights.set([3]);
    out.biases.set([-0.5]);
    const expected = 1 / (1 + Math.exp(-(3 * Math.tanh(0.3) - 0.5)));
    expect(predict(network, 0.3, 0.1)).toBeCloseTo(expected, 12);
    expect(lossAndGradients(network, [[0.3, 0.1, 1]]).loss).toBeCloseTo(-Math.log(expected), 12);
    expect(lossAndGradients(network, [[0.3, 0.1, 0]]).loss).toBeCloseTo(-Math.log(1 - expected), 12);
  });

  it.each(ACTIVATIONS)('has the gradients that differences give, with %s', (activation) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer(),
        (depth, width, seed) => {
          const network = makeNetwork({ width, depth, activation, seed });
          const points: Points = [[0.31, -0.42, 1], [-0.83, 0.17, 0], [0.55, 0.71, 1]]; // prettier-ignore
          // Biases of zero would put units without input on the kink of relu.
          for (const [k, { biases }] of network.layers.entries())
            biases.forEach((_, i) => (biases[i] = 0.13 * (i + 1) - 0.21 * k));
          const { gradients } = lossAndGradients(network, points);
          const lists = network.layers.flatMap(({ weights, biases }) => [weights, biases]);
          for (const [k, list] of lists.entries())
            for (const i of list.keys()) {
              const value = list[i];
              const lossAt = (by: number): number => {
                list[i] = value + by;
                const { loss } = lossAndGradients(network, points);
                list[i] = value;
                return loss;
              };
              expect(Math.abs((lossAt(1e-5) - lossAt(-1e-5)) / 2e-5 - gradients[k][i])).toBeLessThan(1e-6);
            }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('takes a first step of Adam of the size of the rate, against each slope', () => {
    const points = spiral(20);
    const network = makeNetwork();
    const [{ weights }] = network.layers;
    const before = Float64Array.from(weights);
    const [slopes] = lossAndGradients(network, points).gradients;
    train(network, points, 0.02);
    for (const [i, slope] of slopes.entries())
      if (Math.abs(slope) > 1e-4) expect(weights[i] - before[i]).toBeCloseTo(-0.02 * Math.sign(slope), 4);
  });

  it('learns the spiral with its first settings, whatever the first weights', () => {
    expect([1, 2, 3, 4, 5].map((seed) => learned(seed, 1500))).toEqual([1, 1, 1, 1, 1]);
  });

  it('does not with two units, which bound two half planes', () => {
    for (const seed of [1, 2, 3]) expect(learned(seed, 1500, { width: 2, depth: 1 })).toBeLessThan(0.95);
  });

  it('is the same for the same seed', () => {
    expect(learned(3, 20)).toBe(learned(3, 20));
    expect(makeNetwork({ seed: 3 })).toEqual(makeNetwork({ seed: 3 }));
    expect(makeNetwork({ seed: 3 })).not.toEqual(makeNetwork({ seed: 4 }));
  });
});

describe('its picture', () => {
  it('is blue where class 0 is sure, orange where class 1 is, white between, with the points on it', () => {
    const network = makeNetwork({ width: 1, depth: 1 });
    network.layers[0].weights.set([5, 0]);
    network.layers[1].weights.set([20]);
    const size = 100;
    const pixels = paint(network, [[0.55, 0.55, 0]], size);
    const at = (column: number, row: number): number[] =>
      Array.from(pixels.subarray(4 * (row * size + column), 4 * (row * size + column) + 4));
    const pale = (color: number[]): number[] => color.map((part) => Math.round(255 + 0.55 * (part - 255)));
    expect(at(5, 50).slice(0, 3)).toEqual(pale([31, 119, 180]));
    expect(at(95, 50).slice(0, 3)).toEqual(pale([255, 127, 14]));
    expect(at(50, 50)).toEqual([255, 255, 255, 255]);
    // The point lies on the orange side, three quarters to the right and up.
    expect(at(75, 25)).toEqual([31, 119, 180, 255]);
    expect(at(75, 75).slice(0, 3)).toEqual(pale([255, 127, 14]));
  });

  it('stands on the front page with all points on their own side', () => {
    const { width, height, data } = PNG.sync.read(spiralPicture());
    expect([width, height]).toEqual([400, 400]);
    const kinds = new Set(
      Array.from({ length: width * height }, (_, i) => (data[4 * i] > data[4 * i + 2] ? 'orange' : 'blue')),
    );
    expect(kinds).toEqual(new Set(['orange', 'blue']));
  });
});

describe('its script', () => {
  it('needs nothing but itself and is at most 15 kB', () => {
    expect(spiralScript().length).toBeLessThanOrEqual(15_000);
    expect(spiralScript()).not.toMatch(/\brequire\(|\bimport\b\s*[({'"]|sourceMappingURL/);
  });
});
