import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  argMax,
  loadIris,
  makeBlobs,
  makeMoons,
  makeSpirals,
  minMaxScaler,
  oneHot,
  standardScaler,
} from '../../../src/parts/data';
import { generator } from '../../../src/parts/random';

const scaled = z.object({
  offset: z.array(z.number()),
  scale: z.array(z.number()),
  test: z.array(z.array(z.number())),
});
const golden = z
  .object({ standard: scaled, minMax: scaled })
  .parse(JSON.parse(readFileSync(new URL('../../golden/scaling.json', import.meta.url), 'utf8')));
const { x } = loadIris();
const train = x.filter((_, i) => i % 3 === 0);
const test = x.filter((_, i) => i % 3 === 1).slice(0, 5);
const closeTo = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): void =>
  a.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(b[i][j], 10)));

describe.each([
  ['standardScaler', standardScaler, golden.standard],
  ['minMaxScaler', minMaxScaler, golden.minMax],
])('%s', (name, make, expected) => {
  it("agrees with scikit-learn's on iris, and takes its numbers from the training rows alone", () => {
    const scaler = make(train);
    closeTo([scaler.offset, scaler.scale], [expected.offset, expected.scale]);
    closeTo(scaler.transform(test), expected.test);
    closeTo(scaler.transform(test.slice(1)), expected.test.slice(1));
  });

  it('is undone by inverse', () => {
    const rows = fc.array(
      fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(rows, (table) => {
        const scaler = make(table);
        const spread = Math.max(1, ...table.flat().map(Math.abs));
        scaler
          .inverse(scaler.transform(table))
          .forEach((row, i) =>
            row.forEach((value, j) => expect(Math.abs(value - table[i][j])).toBeLessThanOrEqual(1e-9 * spread)),
          );
      }),
    );
  });

  it('only shifts a feature that never varies', () => {
    expect(
      make([
        [5, 0.1],
        [5, 0.1],
        [5, 0.1],
      ]).scale,
    ).toEqual([1, 1]);
  });

  it('names what is wrong with the rows', () => {
    expect(() => make([])).toThrow(`${name}: expected at least one training row, got none`);
    expect(() => make([[1, 2], [1]])).toThrow('expected 2 features in each row, got 1 in row 1');
    expect(() => make([[1], [NaN]])).toThrow(
      'expected finite numbers, got NaN in row 1, feature 0; fill or drop missing values first',
    );
    expect(() => make([[1, 2]]).transform([[1]])).toThrow(`${name}: expected 2 features in each row, got 1 in row 0`);
  });
});

describe('oneHot', () => {
  it('has a single one, where the label says, and argMax undoes it', () => {
    expect(oneHot([2, 0], 4)).toEqual([
      [0, 0, 1, 0],
      [1, 0, 0, 0],
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (labels) => {
        const encoded = oneHot(labels, 10);
        expect(encoded.every((row) => row.length === 10 && row.reduce((a, b) => a + b) === 1)).toBe(true);
        expect(argMax(encoded)).toEqual(labels);
      }),
    );
  });

  it('refuses labels that are no class', () => {
    expect(() => oneHot([0, 3], 3)).toThrow('oneHot: expected labels from 0 to 2, got 3 in row 1');
    expect(() => oneHot([0.5])).toThrow('got 0.5 in row 0');
    expect(() => oneHot([0, -1], 3)).toThrow('oneHot: expected labels from 0 to 2, got -1 in row 1');
    expect(() => argMax([[1, NaN]])).toThrow('argMax: expected numbers in each row, got [1, NaN] in row 0');
  });
});

describe('generated points', () => {
  it('lie where the shapes say, without noise', () => {
    for (const [px, py] of makeMoons({ count: 40, noise: 0, random: generator(0) }).x.slice(0, 20))
      expect(Math.hypot(px, py)).toBeCloseTo(1, 10);
    const spirals = makeSpirals({ count: 30, noise: 0, classes: 3, random: generator(0) });
    expect([0, 1, 2].map((label) => spirals.y.filter((y) => y === label).length)).toEqual([10, 10, 10]);
    expect(Math.hypot(...spirals.x[9])).toBeCloseTo(1, 10);
  });

  it('share the count out and refuse nonsense', () => {
    expect(makeBlobs({ count: 10, random: generator(0) }).y).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(() => makeMoons({ count: 1, random: generator(0) })).toThrow(
      'makeMoons: expected a whole number of at least 2 as count, got 1',
    );
    expect(() => makeMoons({ noise: -1, random: generator(0) })).toThrow(
      'makeMoons: expected a noise of at least 0, got -1',
    );
  });
});
