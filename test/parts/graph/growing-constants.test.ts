import '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import type { Constant } from '../../../src/parts/graph/graph-builder';
import { growthOf, isSameList, isSameValues } from '../../../src/parts/graph/growing-constants';
import { nativeBackend } from '../../../src/parts/graph/native';

const { TF_INT32, TF_FLOAT, TF_BOOL, TF_COMPLEX64 } = nativeBackend().binding;

const floats = (values: readonly number[], shape: readonly number[] = [values.length]): Constant => ({
  dtype: TF_FLOAT,
  shape,
  values: Float32Array.from(values),
});
const whole = (values: readonly number[], shape: readonly number[] = [values.length]): Constant => ({
  dtype: TF_INT32,
  shape,
  values: Int32Array.from(values),
});
const flags = (values: readonly number[]): Constant => ({
  dtype: TF_BOOL,
  shape: [values.length],
  values: Uint8Array.from(values),
});
const complex = (values: readonly number[]): Constant => ({ ...floats(values, []), dtype: TF_COMPLEX64 });
const texts = (...values: string[]): Uint8Array[] => values.map((text) => new TextEncoder().encode(text));

describe('how a constant grows with the rows', () => {
  it('as a shape, whose one open length is told', () => {
    const growth = growthOf('shape', whole([3, 7]), whole([5, 7]), [3, 5]);
    expect(growth).toMatchObject({ kind: 'lengths', open: 0 });
    expect([growth.at(0), growth.at(10)]).toEqual([
      [0, 7],
      [10, 7],
    ]);
    expect(growth.fits(whole([10, 7]), 10)).toBe(true);
    expect(growth.fits(whole([10, 8]), 10)).toBe(false);
    expect(growth.fits(whole([10, 7]), 11)).toBe(false);
    expect(growth.fits(floats([10, 7]), 10)).toBe(false);
    expect(growth.fits(whole([10, 7], [2, 1]), 10)).toBe(false);
  });

  it('as a multiple and a sum of the rows, and not where two lengths are open or one is −1', () => {
    const growth = growthOf('pad', whole([7, 1]), whole([13, 1]), [2, 4]);
    expect(growth.at(3)).toEqual([10, 1]);
    expect(growthOf('two', whole([2, 2]), whole([4, 4]), [2, 4])).toMatchObject({ open: undefined });
    expect(growthOf('open', whole([-1, 2]), whole([-1, 4]), [2, 4])).toMatchObject({ open: undefined });
  });

  it('as one value that fills a shape, of floats, whole numbers and booleans', () => {
    const growth = growthOf('ones', floats(Array(6).fill(0.5), [2, 3]), floats(Array(12).fill(0.5), [4, 3]), [2, 4]);
    expect(growth).toMatchObject({ kind: 'filled', value: new Uint8Array(Float32Array.of(0.5).buffer) });
    expect(growth.at(5)).toEqual([5, 3]);
    expect(growth.fits(floats(Array(15).fill(0.5), [5, 3]), 5)).toBe(true);
    expect(growth.fits(floats(Array(15).fill(0.25), [5, 3]), 5)).toBe(false);
    expect(growth.fits(floats([...Array(14).fill(0.5), 1], [5, 3]), 5)).toBe(false);
    expect(growth.fits(floats(Array(12).fill(0.5), [4, 3]), 5)).toBe(false);
    expect(growthOf('flags', flags([1, 1]), flags([1, 1, 1]), [2, 3])).toMatchObject({ kind: 'filled' });
    expect(growthOf('zeros', whole([0, 0]), whole([0, 0, 0]), [2, 3])).toMatchObject({ kind: 'filled' });
  });

  it('as a range, from any start by any step, of floats too', () => {
    const growth = growthOf('range', floats([3, 5]), floats([3, 5, 7]), [2, 3]);
    expect(growth).toMatchObject({ kind: 'counted', start: 3, step: 2 });
    expect(growth.at(6)).toEqual([6]);
    expect(growth.fits(floats([3, 5, 7, 9]), 4)).toBe(true);
    expect(growth.fits(floats([3, 5, 7, 8]), 4)).toBe(false);
    expect(growth.fits(floats([3, 5, 7]), 4)).toBe(false);
    expect(growth.fits(whole([3, 5, 7, 9]), 4)).toBe(false);
    expect(growthOf('down', whole([0]), whole([0, -1, -2]), [1, 3])).toMatchObject({ start: 0, step: -1 });
    expect(growthOf('two', whole([5]), whole([5, 7]), [1, 2])).toMatchObject({ kind: 'counted', start: 5, step: 2 });
  });

  it.each<[string, Constant, Constant, readonly [number, number], string]>([
    ['fractions', floats([1, 0.5]), floats([1, 0.25]), [2, 4], 'the values of c depend on the length'],
    ['a fraction beside a whole number', floats([1, 2]), floats([1, 2.5]), [2, 4], 'the values of c depend on'],
    ['a fraction at the end of a range', floats([0, 1]), floats([0, 1, 2.5]), [2, 3], 'the values of c depend on'],
    ['complex numbers', complex([1, 0]), complex([3, 0]), [1, 3], 'the values of c depend on the length'],
    ['negative zeros', floats([-0, 1]), floats([-0, 3]), [1, 3], 'the values of c depend on the length'],
    ['flags', flags([1, 0]), flags([0, 1]), [1, 3], 'the values of c depend on the length'],
    ['another type', floats([1, 2]), whole([1, 2]), [1, 3], 'the values of c depend on the length'],
    ['another rank', floats([1, 2]), floats([1, 2], [1, 2]), [1, 3], 'the values of c depend on the length'],
    ['half a step a row', whole([1]), whole([2]), [1, 3], 'c depends on the length in a way that'],
    ['half a length a row', floats([1, 1]), floats([1, 1, 1]), [1, 3], 'c depends on the length in a way that'],
    ['another value', floats([1, 1]), floats([2, 2, 2]), [2, 3], 'the values of c depend on the length'],
    ['no range', whole([0, 1]), whole([0, 1, 3]), [2, 3], 'the values of c depend on the length'],
    ['a range that starts later', whole([0, 1]), whole([1, 2, 3]), [2, 3], 'the values of c depend on the length'],
    ['a table', floats([0, 1], [2, 1]), floats([0, 1, 2], [3, 1]), [2, 3], 'the values of c depend on the length'],
  ])('is refused for %s', (_, first, second, rows, words) => {
    expect(() => growthOf('c', first, second, rows)).toThrow(words);
  });
});

describe('the same values', () => {
  it('are numbers of one type, bytes, or texts', () => {
    expect(isSameValues(Float32Array.of(1, 2), Float32Array.of(1, 2))).toBe(true);
    expect(isSameValues(Float32Array.of(1, 2), Int32Array.of(1, 2))).toBe(false);
    expect(isSameValues(Float32Array.of(NaN, 0), Float32Array.of(NaN, 0))).toBe(true);
    expect(isSameValues(Float32Array.of(0), Float32Array.of(-0))).toBe(false);
    expect(isSameValues(Uint8Array.of(1, 0), Uint8Array.of(1, 0))).toBe(true);
    expect(isSameValues(Uint8Array.of(1, 0), Uint8Array.of(1, 1))).toBe(false);
    expect(isSameValues(Uint8Array.of(1, 0), Uint8Array.of(1))).toBe(false);
    expect(isSameValues(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
    expect(isSameValues(Uint8Array.of(0, 0, 0, 0), Int32Array.of(0))).toBe(false);
    expect(isSameValues(Uint8Array.of(1), Int8Array.of(1))).toBe(false);
    expect(isSameValues(Uint8Array.of(1), texts('a'))).toBe(false);
    // Not a number, in other bits.
    const bits = (word: number): Float32Array => new Float32Array(Uint32Array.of(word).buffer);
    expect(isSameValues(bits(0x7fc00000), bits(0xffc00000))).toBe(true);
    expect(isSameValues(texts('a', 'bc'), texts('a', 'bc'))).toBe(true);
    expect(isSameValues(texts('a', 'bc'), texts('a', 'bd'))).toBe(false);
    expect(isSameValues(texts('a', 'bc'), texts('a'))).toBe(false);
    expect(isSameValues(texts('a'), texts('a', 'bc'))).toBe(false);
    expect(isSameValues(texts('b'), Uint8Array.of(98))).toBe(false);
  });

  it('of lists are as many', () => {
    expect([isSameList([1, 2], [1, 2]), isSameList([1], [1, 2]), isSameList([1, 2], [1])]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
