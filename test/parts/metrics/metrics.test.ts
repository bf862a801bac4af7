import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  accuracy,
  areaUnderRoc,
  confusionCounts,
  f1Score,
  largestDifference,
  logLoss,
  precision,
  recall,
  rocCurve,
} from '../../../src/parts/metrics';
import { golden } from '../../support/golden';

const numbers = z.array(z.number());
const expected = golden(
  'metrics',
  z.object({
    y: numbers,
    scores: numbers,
    precision: z.number(),
    recall: z.number(),
    f1: z.number(),
    roc: z.tuple([numbers, numbers, numbers]),
    auc: z.number(),
    logLoss: z.number(),
    many: numbers,
    guess: numbers,
    confusion: z.array(numbers),
    f1Each: numbers,
    probabilities: z.array(numbers),
    logLossMany: z.number(),
  }),
);
const predicted = expected.scores.map((score) => (score > 0.5 ? 1 : 0));
const labels = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 30 });

describe('counts and rates', () => {
  it('agree with scikit-learn', () => {
    expect(precision(expected.y, predicted)).toBeCloseTo(expected.precision, 12);
    expect(recall(expected.y, predicted)).toBeCloseTo(expected.recall, 12);
    expect(f1Score(expected.y, predicted)).toBeCloseTo(expected.f1, 12);
    expect(confusionCounts(expected.many, expected.guess)).toEqual(expected.confusion);
    expected.f1Each.forEach((f1, positive) =>
      expect(f1Score(expected.many, expected.guess, { positive })).toBeCloseTo(f1, 12),
    );
  });

  it('F1 is the harmonic mean: precision 1 and recall .1 give .18, not .55', () => {
    const y = Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 0));
    const one = y.map((_, i) => (i === 0 ? 1 : 0));
    expect(precision(y, one)).toBe(1);
    expect(recall(y, one)).toBe(0.1);
    expect(f1Score(y, one)).toBeCloseTo(2 / 11, 12);
  });

  it('are defined where a ratio is 0/0: 0, or what is asked for', () => {
    expect([precision([1, 0], [0, 0]), recall([0, 0], [1, 0]), f1Score([0, 0], [0, 0])]).toEqual([0, 0, 0]);
    expect([precision([1, 0], [0, 0], { whenUndefined: 1 }), f1Score([0, 0], [0, 0], { whenUndefined: NaN })]).toEqual([
      1,
      NaN,
    ]);
    expect(f1Score([1, 0], [0, 0], { whenUndefined: 1 })).toBe(0);
  });

  it('the confusion counts sum to the number of labels, right ones on the diagonal', () => {
    fc.assert(
      fc.property(labels, fc.infiniteStream(fc.integer({ min: 0, max: 1 })), (y, stream) => {
        const guess = y.map(() => stream.next().value ?? 0);
        const counts = confusionCounts(y, guess, 2);
        expect(counts.flat().reduce((a, b) => a + b, 0)).toBe(y.length);
        expect((counts[0][0] + counts[1][1]) / y.length).toBeCloseTo(accuracy(y, guess), 12);
      }),
    );
  });

  it('refuse empty lists, other lengths and classes out of range', () => {
    expect(() => accuracy([], [])).toThrow('accuracy: expected at least one label, got none');
    expect(() => precision([1], [1, 0])).toThrow('expected as many predictions as labels, got 2 and 1');
    expect(() => confusionCounts([0, 1], [0, 3], 3)).toThrow(
      'expected classes from 0 to 2, got 3 at index 1 of the predictions',
    );
    expect(() => confusionCounts([0.5], [0])).toThrow('got 0.5 at index 0 of the labels');
    expect(() => confusionCounts([0, -1], [0, 0])).toThrow('got -1 at index 1 of the labels');
    expect(() => confusionCounts([], [])).toThrow('confusionCounts: expected at least one label');
  });
});

describe('ROC', () => {
  it('agrees with scikit-learn, point by point, ties too', () => {
    const points = rocCurve(expected.y, expected.scores);
    const [falsePositives, truePositives, thresholds] = expected.roc;
    points.forEach((point, i) => {
      expect(point.falsePositiveRate).toBeCloseTo(falsePositives[i], 12);
      expect(point.truePositiveRate).toBeCloseTo(truePositives[i], 12);
    });
    expect(points.slice(1).map(({ threshold }) => threshold)).toEqual(thresholds);
    expect(areaUnderRoc(expected.y, expected.scores)).toBeCloseTo(expected.auc, 12);
  });

  it('the area is the chance that a positive scores higher than a negative, a tie counting half', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 25 }), (rows) => {
        const [positives, negatives] = [1, 0].map((label) => rows.filter((r) => r[0] === label).map((r) => r[1]));
        fc.pre(positives.length > 0 && negatives.length > 0);
        const wins = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const chance = wins.reduce((a: number, b) => a + b, 0) / wins.length;
        expect(
          areaUnderRoc(
            rows.map((r) => r[0]),
            rows.map((r) => r[1]),
          ),
        ).toBeCloseTo(chance, 12);
      }),
    );
  });

  it('refuses one class alone, unless a value is given for it', () => {
    expect(() => rocCurve([1, 1], [0.2, 0.3])).toThrow('expected labels of both classes, got 2 ones and 0 zeros');
    expect(() => areaUnderRoc([0, 0], [0.2, 0.3])).toThrow('give whenUndefined');
    expect(areaUnderRoc([0, 0], [0.2, 0.3], { whenUndefined: 0.5 })).toBe(0.5);
    expect(areaUnderRoc([1, 1], [0.2, 0.3], { whenUndefined: 0.5 })).toBe(0.5);
    expect(() => rocCurve([0, 0], [0.2, 0.3])).toThrow('expected labels of both classes, got 0 ones and 2 zeros');
    expect(() => rocCurve([], [])).toThrow('rocCurve: expected at least one label');
    expect(() => areaUnderRoc([], [])).toThrow('areaUnderRoc: expected at least one label');
    expect(() => areaUnderRoc([2, 0], [0.2, 0.3])).toThrow('expected labels 0 or 1, got 2 at index 0');
    expect(() => areaUnderRoc([0, 1], [NaN, 0.3])).toThrow('got NaN at index 0');
    expect(() => areaUnderRoc([0, 2], [0.2, 0.3])).toThrow('expected labels 0 or 1, got 2 at index 1');
    expect(() => areaUnderRoc([0, 1], [0.2, NaN])).toThrow('expected scores to be numbers, got NaN at index 1');
  });
});

describe('logLoss', () => {
  it('agrees with scikit-learn for two and for four classes', () => {
    expect(logLoss(expected.y, expected.scores)).toBeCloseTo(expected.logLoss, 12);
    expect(logLoss(expected.many, expected.probabilities)).toBeCloseTo(expected.logLossMany, 12);
  });

  it('is Infinity for what is certain and wrong, unless it is clipped', () => {
    expect(logLoss([1], [0])).toBe(Infinity);
    expect(logLoss([1], [0], { clip: 1e-7 })).toBeCloseTo(-Math.log(1e-7), 8);
    expect(logLoss([1], [1], { clip: 0.1 })).toBeCloseTo(-Math.log(0.9), 12);
  });

  it('refuses what is no probability and no class', () => {
    expect(() => logLoss([], [])).toThrow('logLoss: expected at least one label, got none');
    expect(() => logLoss([1], [[1.5, 0]])).toThrow('expected probabilities from 0 to 1, got 1.5 in row 0');
    expect(() => logLoss([1], [[-0.2, 0.6, 0.6]])).toThrow('expected probabilities from 0 to 1, got -0.2 in row 0');
    expect(() => logLoss([-1], [[0.5, 0.5]])).toThrow('expected classes from 0 to 1, got -1 at index 0');
    expect(() => logLoss([0.5], [[0.5, 0.5]])).toThrow('expected classes from 0 to 1, got 0.5 at index 0');
    for (const clip of [-0.1, 0.5]) expect(() => logLoss([0], [0.5], { clip })).toThrow(`below 0.5, got ${clip}`);
    expect(() => logLoss([1], [1.5])).toThrow('expected probabilities from 0 to 1');
    expect(() => logLoss([0], [[0.5, 0.2]])).toThrow('expected probabilities that sum to 1, got 0.5, 0.2 in row 0');
    expect(() => logLoss([2], [[0.5, 0.5]])).toThrow('expected classes from 0 to 1, got 2 at index 0');
    expect(() => logLoss([0], [0.5], { clip: 0.6 })).toThrow('expected clip from 0 to below 0.5, got 0.6');
  });
});

describe('largestDifference(a, b)', () => {
  it('is the largest |difference| at the same place, whichever list is above', () => {
    expect(largestDifference([1, 2, 3], [1, 2.5, 2.75])).toBe(0.5);
    expect(largestDifference([1, 2.5, 2.75], [1, 2, 3])).toBe(0.5);
    expect(largestDifference(Float32Array.of(0.5, 2), [0.5, 2])).toBe(0);
  });

  it('is NaN where a number is NaN, so that nothing passes as close', () => {
    expect(largestDifference([NaN, 0], [0, 1])).toBeNaN();
    expect(largestDifference([0, 1], [0, NaN])).toBeNaN();
  });

  it('takes more numbers than a call has room for arguments', () => {
    const many = new Float64Array(1_000_000);
    const other = many.slice();
    other[999_999] = -3;
    expect(largestDifference(many, other)).toBe(3);
  });

  it('refuses lists of different lengths and empty ones', () => {
    expect(() => largestDifference([1, 2], [1])).toThrow('expected two lists of one length, got 2 and 1 numbers');
    expect(() => largestDifference([], [])).toThrow('got 0 and 0 numbers');
  });
});
