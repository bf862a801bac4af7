import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { differenceText, pairedDifferences } from '../../../src/parts/experiments';
import { inRoot } from '../../support/root';

const golden = z
  .array(
    z.object({
      values: z.array(z.number()),
      baseline: z.array(z.number()),
      mean: z.number(),
      standardError: z.number(),
      wins: z.int(),
      pValue: z.number(),
    }),
  )
  .parse(JSON.parse(readFileSync(inRoot('test', 'golden', 'paired.json'), 'utf8')));

// Thousandths, so that sums and differences of whole numbers stay exact.
const pairs = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })), {
  minLength: 3,
  maxLength: 40,
});

describe('pairedDifferences', () => {
  it.each(golden.map((expected) => ({ n: expected.values.length, expected })))(
    'agrees with ttest_rel of SciPy on $n pairs',
    ({ expected }) => {
      const got = pairedDifferences(expected.values, expected.baseline);
      expect(got.mean).toBeCloseTo(expected.mean, 12);
      expect(got.standardError).toBeCloseTo(expected.standardError, 12);
      expect(got.wins).toBe(expected.wins);
      expect(Math.abs(got.pValue - expected.pValue)).toBeLessThan(1e-12);
      const verdict = expected.pValue >= 0.05 ? 'not settled' : expected.mean > 0 ? 'better' : 'worse';
      expect(got.verdict).toBe(verdict);
    },
  );

  it('settles where |mean| passes t · standard error, and not before', () => {
    // The table's t for 9 degrees of freedom is 2.262. Five differences m + 1, five m − 1: standard error 1/3.
    const differences = (m: number): number[] => Array.from({ length: 10 }, (_, i) => m + (i % 2 === 0 ? 1 : -1));
    const zeros = new Array<number>(10).fill(0);
    expect(pairedDifferences(differences(2.263 / 3), zeros).verdict).toBe('better');
    expect(pairedDifferences(differences(2.261 / 3), zeros).verdict).toBe('not settled');
    expect(pairedDifferences(differences(-2.263 / 3), zeros).verdict).toBe('worse');
  });

  it('calls lower results better where it is told so', () => {
    const [fast, slow] = [
      [0.2, 0.3, 0.25, 0.1],
      [0.5, 0.7, 0.6, 0.45],
    ];
    expect(pairedDifferences(fast, slow, { better: 'lower' })).toMatchObject({ verdict: 'better', wins: 4 });
    expect(pairedDifferences(fast, slow)).toMatchObject({ verdict: 'worse', wins: 0 });
  });

  it('settles differences that are all equal, unless they are 0; counts ties for neither', () => {
    expect(pairedDifferences([2, 3, 4], [1, 2, 3])).toEqual({
      n: 3,
      mean: 1,
      standardError: 0,
      wins: 3,
      pValue: 0,
      verdict: 'better',
    });
    expect(pairedDifferences([1, 2, 3], [1, 2, 3])).toMatchObject({ wins: 0, pValue: 1, verdict: 'not settled' });
  });

  it('never settles by two pairs', () => {
    expect(pairedDifferences([10, 20], [0, 10]).verdict).toBe('not settled');
  });

  it('turns round when both ways change places', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const [a, b] = [given.map(([x]) => x), given.map(([, y]) => y)];
        const [forth, back] = [pairedDifferences(a, b), pairedDifferences(b, a)];
        const ties = given.filter(([x, y]) => x === y).length;
        expect(back.mean).toBe(forth.mean === 0 ? back.mean : -forth.mean);
        expect(back.pValue).toBe(forth.pValue);
        expect(forth.wins + back.wins + ties).toBe(given.length);
        const turned = { better: 'worse', worse: 'better', 'not settled': 'not settled' } as const;
        expect(back.verdict).toBe(turned[forth.verdict]);
      }),
    );
  });

  it('sees no seed: what is added to both of a pair changes nothing', () => {
    fc.assert(
      fc.property(
        pairs,
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 40, maxLength: 40 }),
        (given, shifts) => {
          const plain = pairedDifferences(
            given.map(([x]) => x),
            given.map(([, y]) => y),
          );
          const shifted = pairedDifferences(
            given.map(([x], i) => x + shifts[i]),
            given.map(([, y], i) => y + shifts[i]),
          );
          expect(shifted).toEqual(plain);
        },
      ),
    );
  });

  it('says what is wrong with its lists', () => {
    expect(() => pairedDifferences([1, 2, 3], [1, 2])).toThrow('a pair for each seed, got 3 and 2 results');
    expect(() => pairedDifferences([1], [1])).toThrow('expected results of at least 2 seeds, got 1');
    expect(() => pairedDifferences([1, 2, 3], [1, NaN, 3])).toThrow(
      'expected finite results, got NaN in baseline at 1',
    );
    expect(() => pairedDifferences([1, Infinity], [1, 2])).toThrow('got Infinity in values at 1');
  });
});

describe('differenceText', () => {
  it('gives mean ± standard error, wins and verdict', () => {
    expect(differenceText(pairedDifferences([2, 3, 4], [1, 2, 3]), 1)).toBe('1.0 ± 0.0, better in 3 of 3: better');
  });
});
