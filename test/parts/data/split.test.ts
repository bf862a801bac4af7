import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batches,
  iteratedKFold,
  kFold,
  pick,
  shuffledSplit,
  stratifiedSplit,
  timeSplit,
} from '../../../src/parts/data';
import { generator } from '../../../src/parts/random';

const sorted = (rows: readonly number[]): number[] => rows.slice().sort((a, b) => a - b);
const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const counts = fc.integer({ min: 2, max: 200 });
const fractions = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const seeds = fc.integer();

describe('every split', () => {
  it('puts each row on exactly one side, and none side stays empty', () => {
    fc.assert(
      fc.property(counts, fractions, seeds, (count, testFraction, seed) => {
        for (const { train, test } of [
          shuffledSplit(count, { testFraction, random: generator(seed) }),
          timeSplit(count, { testFraction }),
        ]) {
          expect(sorted([...train, ...test])).toEqual(all(count));
          expect(Math.min(train.length, test.length)).toBeGreaterThan(0);
          expect(Math.abs(test.length - count * testFraction)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is the same for the same seed', () => {
    const split = (seed: number): unknown => shuffledSplit(50, { random: generator(seed) });
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });

  it('refuses too few rows and fractions outside 0 and 1', () => {
    expect(() => shuffledSplit(1, { random: generator(0) })).toThrow('shuffledSplit: expected at least 2 rows, got 1');
    for (const testFraction of [0, 1, -0.1, NaN])
      expect(() => timeSplit(10, { testFraction })).toThrow(
        `timeSplit: expected a testFraction between 0 and 1, got ${testFraction}`,
      );
  });
});

describe('stratifiedSplit', () => {
  it('gives every class its share of the test set, to within one row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 6 }),
        fractions,
        seeds,
        (sizes, testFraction, seed) => {
          const labels = generator(seed).shuffle(sizes.flatMap((size, label) => new Array<number>(size).fill(label)));
          const { train, test } = stratifiedSplit(labels, { testFraction, random: generator(seed) });
          expect(sorted([...train, ...test])).toEqual(all(labels.length));
          sizes.forEach((size, label) => {
            const inTest = test.filter((row) => labels[row] === label).length;
            expect(inTest).toBeGreaterThanOrEqual(1);
            expect(inTest).toBeLessThan(size);
            if (size * testFraction >= 1 && size * (1 - testFraction) >= 1)
              expect(Math.abs(inTest - size * testFraction)).toBeLessThanOrEqual(1.5);
          });
        },
      ),
    );
  });

  it('chooses by chance which rows of a class are in the test set, each as likely', () => {
    const inTest = new Array<number>(6).fill(0);
    for (let seed = 0; seed < 600; seed++)
      for (const row of stratifiedSplit(['a', 'a', 'a', 'b', 'b', 'b'], {
        testFraction: 1 / 3,
        random: generator(seed),
      }).test)
        inTest[row]++;
    // One of three rows in 600 splits: 200, with a standard deviation of 11.5.
    for (const times of inTest) expect(Math.abs(times - 200)).toBeLessThan(60);
  });

  it('mixes the classes on both sides', () => {
    const labels = [...new Array<string>(30).fill('a'), ...new Array<string>(30).fill('b')];
    const { train, test } = stratifiedSplit(labels, { testFraction: 0.5, random: generator(1) });
    for (const rows of [train, test]) {
      const classes = rows.map((row) => labels[row]);
      // Sorted by class there would be one change; at random, about half of the 29 neighbors differ.
      const changes = classes.filter((label, i) => i > 0 && label !== classes[i - 1]).length;
      expect(changes).toBeGreaterThan(6);
    }
  });

  it('refuses a class with a single row', () => {
    expect(() => stratifiedSplit(['a', 'a', 'b'], { random: generator(0) })).toThrow(
      'expected at least 2 rows of each class, got 1 of class b',
    );
  });
});

describe('timeSplit', () => {
  it('trains on nothing that comes after a test row', () => {
    const { train, test } = timeSplit(100, { testFraction: 0.25 });
    expect(Math.max(...train)).toBeLessThan(Math.min(...test));
    expect(test.length).toBe(25);
  });
});

describe('kFold', () => {
  it('validates on each row once, in parts that differ by at most one row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 0, max: 100 }), seeds, (folds, more, seed) => {
        const count = folds + more;
        const rounds = kFold(count, { folds, random: generator(seed) });
        expect(sorted(rounds.flatMap(({ validation }) => validation))).toEqual(all(count));
        for (const { train, validation } of rounds) {
          expect(sorted([...train, ...validation])).toEqual(all(count));
          expect([Math.floor(count / folds), Math.ceil(count / folds)]).toContain(validation.length);
        }
      }),
    );
  });

  it('shuffles', () => {
    expect(kFold(100, { folds: 4, random: generator(0) })[0].validation).not.toEqual(all(25));
  });

  it('refuses a number of folds that the rows do not give', () => {
    expect(() => kFold(3, { folds: 4, random: generator(0) })).toThrow(
      'kFold: expected from 2 to 3 folds for 3 rows, got 4',
    );
    for (const folds of [1, 2.5])
      expect(() => kFold(3, { folds, random: generator(0) })).toThrow(
        `expected from 2 to 3 folds for 3 rows, got ${folds}`,
      );
  });

  it('iterated: shuffles anew each time', () => {
    const rounds = iteratedKFold(20, { folds: 4, iterations: 3, random: generator(5) });
    expect(rounds.length).toBe(12);
    expect(rounds[0].validation).not.toEqual(rounds[4].validation);
    for (const iteration of [0, 1, 2])
      expect(sorted(rounds.slice(4 * iteration, 4 * iteration + 4).flatMap(({ validation }) => validation))).toEqual(
        all(20),
      );
  });
});

describe('pick', () => {
  it('takes items in the order asked for, and refuses what is outside', () => {
    expect(pick(['a', 'b', 'c'], [2, 0, 2])).toEqual(['c', 'a', 'c']);
    expect(() => pick([1], [1])).toThrow('pick: expected indices from 0 to 0, got 1');
  });
});

describe('batches', () => {
  it('holds each row once, all batches full but the last', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 40 }),
        seeds,
        (count, batchSize, seed) => {
          const cut = batches(count, { batchSize, random: generator(seed) });
          expect(sorted(cut.flat())).toEqual(all(count));
          expect(cut.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
          const full = batches(count, { batchSize, dropLast: true });
          expect(full.flat()).toEqual(all(count - (count % batchSize)));
        },
      ),
    );
  });

  it('keeps the order without a generator and refuses empty batches', () => {
    expect(batches(5, { batchSize: 2 })).toEqual([[0, 1], [2, 3], [4]]);
    expect(batches(4, { batchSize: 2 })).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(batches(0, { batchSize: 2, dropLast: true })).toEqual([]);
    for (const count of [-1, 1.5])
      expect(() => batches(count, { batchSize: 1 })).toThrow(`batches: expected a whole number of rows, got ${count}`);
    expect(() => batches(5, { batchSize: 1.5 })).toThrow('batches: expected a batchSize of at least 1, got 1.5');
    expect(() => batches(5, { batchSize: 0 })).toThrow('batches: expected a batchSize of at least 1, got 0');
  });
});
