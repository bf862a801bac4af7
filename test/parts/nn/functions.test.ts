import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  activations,
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropy,
  categoricalCrossEntropyFromLogits,
  columnSums,
  hardmax,
  initialWeights,
  leakyRelu,
  logSumExp,
  logit,
  matMul,
  meanSquaredError,
  sigmoid,
  softmax,
  transpose,
} from '../../../src/parts/nn';
import { generator } from '../../../src/parts/random';
import { oneHot } from '../../../src/parts/data';
import { golden } from '../../support/golden';

const numbers = z.array(z.number());
const pair = z.object({ value: numbers, derivative: numbers });
const expected = golden(
  'functions',
  z.object({
    z: numbers,
    activations: z.object({ sigmoid: pair, tanh: pair, relu: pair, leakyRelu: pair }),
    labels: numbers,
    binaryCrossEntropyFromLogits: z.number(),
    logits: z.array(numbers),
    classes: numbers,
    softmax: z.array(numbers),
    categoricalCrossEntropyFromLogits: z.number(),
  }),
);
const closeTo = (actual: readonly number[], other: readonly number[], digits = 12): void => {
  expect(actual.length).toBe(other.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(other[i], digits));
};

describe('activations', () => {
  it.each(['sigmoid', 'tanh', 'relu', 'leakyRelu'] as const)(
    '%s and its derivative agree with PyTorch from −800 to 800',
    (name) => {
      closeTo(expected.z.map(activations[name].value), expected.activations[name].value);
      closeTo(expected.z.map(activations[name].derivative), expected.activations[name].derivative);
    },
  );

  it.each(Object.values(activations))(
    'the derivative of $name agrees with differences away from kinks',
    ({ value, derivative }) => {
      for (const at of [-3.1, -0.7, -0.3, 0.2, 0.45, 1.9])
        expect(derivative(at)).toBeCloseTo((value(at + 1e-6) - value(at - 1e-6)) / 2e-6, 5);
    },
  );

  it('take the values of the syllabus: step ½ at 0, sign 0 at 0, piece-wise linear 0, ½, 1', () => {
    closeTo([-1, 0, 1].map(activations.step.value), [0, 0.5, 1]);
    closeTo([-2, 0, 2].map(activations.sign.value), [-1, 0, 1]);
    closeTo([-0.5, 0, 0.5].map(activations.piecewiseLinear.value), [0, 0.5, 1]);
    closeTo([sigmoid(0), sigmoid(Infinity), sigmoid(-Infinity)], [0.5, 1, 0]);
    closeTo([leakyRelu().value(-1), leakyRelu(0.1).value(-1)], [-0.01, -0.1]);
    expect(leakyRelu(0.1).name).toBe('leaky ReLU (0.1)');
    expect([-1, 0, 1].map(leakyRelu(0.1).derivative)).toEqual([0.1, 0.1, 1]);
    expect(leakyRelu(0).value(-3)).toBeCloseTo(0, 12);
    for (const slope of [1, -0.1])
      expect(() => leakyRelu(slope)).toThrow(`expected a slope from 0 to below 1, got ${slope}`);
  });

  it('sigmoid keeps its digits where e⁻ᶻ is beyond all numbers', () => {
    // e^−720 is 2.0e−313: small, but a number.
    expect(sigmoid(-720) / Math.exp(-720)).toBeCloseTo(1, 6);
  });

  it('logit undoes sigmoid', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -15, max: 15, noNaN: true }),
        (value) => Math.abs(logit(sigmoid(value)) - value) < 1e-8,
      ),
    );
    expect([logit(0), logit(0.5), logit(1)]).toEqual([-Infinity, 0, Infinity]);
    for (const p of [1.5, -0.1]) expect(() => logit(p)).toThrow(`logit: expected a probability from 0 to 1, got ${p}`);
  });
});

describe('softmax', () => {
  it('agrees with PyTorch, also where eᶻ overflows', () =>
    expected.logits.forEach((row, i) => closeTo(softmax(row), expected.softmax[i])));

  it('of 5, 2, −1, 3 is .842, .042, .002, .114; hardmax takes all', () => {
    closeTo(softmax([5, 2, -1, 3]), [0.842, 0.042, 0.002, 0.114], 3);
    expect(hardmax([5, 2, -1, 3])).toEqual([1, 0, 0, 0]);
    expect(hardmax([1, 1])).toEqual([1, 0]);
  });

  it('sums to 1 and does not change when all its inputs move together', () => {
    const row = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(row, fc.double({ min: -500, max: 500, noNaN: true }), (values, shift) => {
        expect(softmax(values).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
        closeTo(softmax(values.map((value) => value + shift)), softmax(values), 8);
      }),
    );
  });

  it('refuses an empty row', () => {
    expect(() => logSumExp([])).toThrow('logSumExp: expected at least one number, got none');
    expect([logSumExp([Infinity, 0]), logSumExp([-Infinity, -Infinity])]).toEqual([Infinity, -Infinity]);
    expect(() => hardmax([])).toThrow('expected at least one number, got none');
  });
});

describe('losses', () => {
  it('from logits agree with PyTorch, also for logits of 900', () => {
    expect(binaryCrossEntropyFromLogits(expected.labels, expected.z)).toBeCloseTo(
      expected.binaryCrossEntropyFromLogits,
      10,
    );
    expect(categoricalCrossEntropyFromLogits(oneHot(expected.classes, 4), expected.logits)).toBeCloseTo(
      expected.categoricalCrossEntropyFromLogits,
      10,
    );
  });

  it('from probabilities equal those from logits', () => {
    const logits = [-2, 0.5, 3];
    expect(binaryCrossEntropy([0, 1, 1], logits.map(sigmoid))).toBeCloseTo(
      binaryCrossEntropyFromLogits([0, 1, 1], logits),
      12,
    );
    expect(categoricalCrossEntropy([[0, 1, 0]], [softmax(logits)])).toBeCloseTo(
      categoricalCrossEntropyFromLogits([[0, 1, 0]], [logits]),
      12,
    );
  });

  it('cost nothing where a prediction is right and certain, Infinity where it is wrong and certain', () => {
    expect(binaryCrossEntropy([1, 0], [1, 0])).toBe(0);
    expect(binaryCrossEntropy([1], [0])).toBe(Infinity);
    expect(meanSquaredError([1, 2], [2, 4])).toBe(2.5);
  });

  it('refuse empty lists, other lengths, NaN, labels and probabilities out of range, other shapes', () => {
    expect(() => meanSquaredError([], [])).toThrow('expected at least one value, got none');
    expect(() => binaryCrossEntropy([1], [0.5, 0.5])).toThrow(
      'expected as many labels as rows, got 1 labels and 2 rows',
    );
    expect(() => meanSquaredError([1, 2], [1, NaN])).toThrow('got NaN at index 1 of the prediction');
    expect(() => binaryCrossEntropy([2], [0.5])).toThrow('expected labels 0 or 1, got 2 at index 0');
    expect(() => meanSquaredError([NaN], [1])).toThrow('got NaN at index 0 of y');
    expect(() => binaryCrossEntropy([1], [-0.1])).toThrow('expected probabilities from 0 to 1, got -0.1 at index 0');
    expect(() => binaryCrossEntropy([1], [1.2])).toThrow(
      'expected probabilities from 0 to 1, got 1.2 at index 0; for logits use binaryCrossEntropyFromLogits',
    );
    expect(() => categoricalCrossEntropy([[1, 0]], [[0.2, 0.3, 0.5]])).toThrow('got [1, 2] and [1, 3]');
    expect(() => categoricalCrossEntropy([[1, 0], [0, 1]], [[0.5, 0.5], [1]])).toThrow('expected two arguments of one shape'); // prettier-ignore
    expect(() => columnSums([])).toThrow('columnSums: expected at least one row, got none');
  });

  it('name themselves in what they refuse', () => {
    for (const loss of [meanSquaredError, binaryCrossEntropy, binaryCrossEntropyFromLogits]) {
      expect(() => loss([], [])).toThrow(`${loss.name}: expected at least one value`);
      expect(() => loss([1, 0], [1])).toThrow(`${loss.name}: expected as many labels as rows`);
      expect(() => loss([1, NaN], [1, 0])).toThrow(`${loss.name}: expected numbers, got NaN at index 1 of y`);
    }
    for (const loss of [binaryCrossEntropy, binaryCrossEntropyFromLogits])
      expect(() => loss([1, 0.5], [1, 0])).toThrow(`${loss.name}: expected labels 0 or 1, got 0.5 at index 1`);
    for (const loss of [categoricalCrossEntropy, categoricalCrossEntropyFromLogits]) {
      expect(() => loss([], [])).toThrow(`${loss.name}: expected y to have at least one row`);
      expect(() => loss([[1]], [[1], [1]])).toThrow(`${loss.name}: expected two arguments of one shape, got [1, 1] and [2, 1]`); // prettier-ignore
      expect(() => loss([[1]], [])).toThrow(`${loss.name}: expected two arguments of one shape, got [1, 1] and [0, 0]`);
    }
  });

  it('cost nothing for a class that is ruled out and is not the label', () => {
    expect(categoricalCrossEntropy([[1, 0]], [[1, 0]])).toBe(0);
    expect(categoricalCrossEntropyFromLogits([[1, 0]], [[3, -Infinity]])).toBe(0);
  });
});

describe('matrices', () => {
  it('multiply, transpose and sum by column', () => {
    expect(
      matMul(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [
          [1, 0, 2],
          [0, 1, 3],
        ],
      ),
    ).toEqual([
      [1, 2, 8],
      [3, 4, 18],
      [5, 6, 28],
    ]);
    expect(transpose([[1, 2, 3]])).toEqual([[1], [2], [3]]);
    expect(
      columnSums([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([4, 6]);
    expect(() => matMul([[1, 2]], [[1, 2]])).toThrow('got shapes [1, 2] and [1, 2]');
  });
});

describe('initialWeights', () => {
  const spread = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

  it.each([
    ['zeros', 0],
    ['small', 0.01],
    ['large', 1],
    ['xavier', Math.sqrt(2 / 500)],
    ['he', Math.sqrt(2 / 300)],
  ] as const)('%s has standard deviation %d for 300 inputs and 200 units', (name, expectedSpread) => {
    const weights = initialWeights(name, 300, 200, generator(1));
    expect([weights.length, weights[0].length]).toEqual([300, 200]);
    expect(Math.abs(spread(weights.flat()) - expectedSpread)).toBeLessThanOrEqual(0.02 * expectedSpread);
  });

  it('zeros are zeros, and draw no number', () => {
    const random = generator(3);
    const weights = initialWeights('zeros', 2, 2, random).flat();
    for (const weight of weights) expect(Object.is(weight, 0)).toBe(true);
    expect(random.normal()).toBe(generator(3).normal());
  });

  it('lists what it knows', () => {
    const wrong: unknown = 'glorot';
    expect(() => Reflect.apply(initialWeights, undefined, [wrong, 1, 1, generator(0)])).toThrow(
      'expected one of zeros, small, large, xavier, he, got "glorot"',
    );
  });
});
