import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  between,
  exactly,
  inBands,
  near,
  nearTensor,
  property,
  satisfies,
  throws,
} from '../../../src/parts/grading/compare';
import {
  callText,
  decode,
  describe as inWords,
  encode,
  kindOf,
  Opaque,
  TensorData,
} from '../../../src/parts/grading/values';

const returned = (value: unknown): { returned: unknown } => ({ returned: decode(encode(value)) });

describe('values on their way', () => {
  const data = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.double(),
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.bigInt(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  it('come back as they were', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(exactly(decode(encode(value))).accepts(returned(value))).toBe(true);
        expect(
          JSON.stringify(decode(encode(value)), (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)),
        ).toBe(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)));
      }),
    );
  });

  it('keep what JSON has no word for', () => {
    expect(decode(encode([Number.NaN, Infinity, -Infinity, undefined, 12n]))).toEqual([
      Number.NaN,
      Infinity,
      -Infinity,
      undefined,
      12n,
    ]);
  });

  it('make lists of typed arrays, records of instances, and read tensors', () => {
    class Line {
      w = 2;
      b = 1;
    }
    expect(decode(encode([Float64Array.of(0.5, 2), new Line()]))).toEqual([[0.5, 2], { w: 2, b: 1 }]);
    expect(decode(encode({ shape: [2], dtype: 'float32', dataSync: () => Float32Array.of(1, 2) }))).toEqual(
      new TensorData([2], 'float32', [1, 2]),
    );
    expect(decode(encode([() => 1, Symbol('s')]))).toEqual([new Opaque('function'), new Opaque('symbol')]);
  });

  it('have limits: parts, depth, length of texts', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => encode(circle)).toThrow('nested deeper');
    expect(() => encode(new Array(200_000).fill(1))).toThrow('more than 100000 parts');
    expect(() => encode({ length: 1, a: new Array(60_000).fill(0), b: new Array(60_000).fill(0) })).toThrow(
      'more than 100000 parts',
    );
    expect(String(decode(encode('x'.repeat(50_000)))).length).toBe(10_000);
    expect(() => decode('1'.repeat(9 * 2 ** 20))).toThrow('too large');
  });

  it.each([
    '{"a":1}',
    '{"$":"tensor","shape":["x"],"dtype":"float32","v":[1]}',
    '{"$":"object","v":[1]}',
    '{"$":"bigint","v":"1e9"}',
    '{"$":"import"}',
    '[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]',
  ])('refuses %s, which nothing of ours has written', (text) => {
    expect(() => decode(text)).toThrow();
  });

  it('have no prototype to reach', () => {
    const read = decode('{"$":"object","v":{"__proto__":1,"a":2}}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(property(read, 'a')).toBe(2);
    expect(property(read, 'toString')).toBeUndefined();
  });

  it('are told in few words, of hidden tests in none', () => {
    expect(callText('predict', [2, 3, 1])).toBe('predict(2, 3, 1)');
    expect(callText('bend', { x: 1 })).toBe('bend with { x: 1 }');
    expect(inWords(new Array(1000).fill(7)).length).toBeLessThan(130);
    expect([[1, 2], Number.NaN, 3, null, { a: 1 }, 'x'].map(kindOf)).toEqual([
      'a list',
      'a number that is not finite',
      'a number',
      'null',
      'an object',
      'a string',
    ]);
  });
});

describe('comparers', () => {
  it('exactly: takes 0 for −0 and NaN for NaN, and nothing nearly right', () => {
    expect(exactly([0, Number.NaN]).accepts(returned([-0, Number.NaN]))).toBe(true);
    expect(exactly(7).accepts(returned(7.0000001))).toBe(false);
    expect(exactly({ a: 1 }).accepts(returned({ a: 1, b: 2 }))).toBe(false);
    expect(exactly(undefined).accepts(returned(null))).toBe(false);
  });

  it('near: |actual − expected| ≤ atol + rtol · |expected|', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (wanted, off) => {
          const actual = wanted + off * (1e-3 + 1e-2 * Math.abs(wanted));
          const isClose = Math.abs(actual - wanted) <= 1e-3 + 1e-2 * Math.abs(wanted);
          expect(near(wanted, { atol: 1e-3, rtol: 1e-2 }).accepts(returned(actual))).toBe(isClose);
        },
      ),
    );
    expect(near(Infinity).accepts(returned(Infinity))).toBe(true);
    expect(near(1).accepts(returned(Number.NaN))).toBe(false);
    expect(near([1, 2]).accepts(returned([1, 2, 3]))).toBe(false);
    expect(near(1).accepts(returned('1'))).toBe(false);
    expect(near([1, 2]).accepts(returned({ shape: [2], dtype: 'float32', dataSync: () => [1, 2] }))).toBe(true);
  });

  it('nearTensor: shape and type count', () => {
    const tensor = (shape: number[], dtype = 'float32'): unknown => ({ shape, dtype, dataSync: () => [1, 2, 3, 4] });
    const wanted = nearTensor([2, 2], [1, 2, 3, 4]);
    expect(wanted.accepts(returned(tensor([2, 2])))).toBe(true);
    expect(wanted.accepts(returned(tensor([4])))).toBe(false);
    expect(wanted.accepts(returned(tensor([2, 2], 'int32')))).toBe(false);
    expect(wanted.accepts(returned([1, 2, 3, 4]))).toBe(false);
  });

  it('throws, bands and properties', () => {
    expect(throws('RangeError').accepts({ thrown: { name: 'RangeError', message: '' } })).toBe(true);
    expect(throws('RangeError').accepts({ thrown: { name: 'Error', message: '' } })).toBe(false);
    expect(throws('RangeError').accepts(returned(undefined))).toBe(false);
    expect(between(1, 2).accepts(returned(2))).toBe(true);
    expect(between(1, 2).accepts(returned(Number.NaN))).toBe(false);
    expect(inBands({ a: [0, 1] }).accepts(returned({ a: 0.5 }))).toBe(true);
    expect(inBands({ a: [0, 1] }).accepts(returned({ b: 0.5 }))).toBe(false);
    expect(
      satisfies('even', (value) => Number(value) % 2 === 0).accepts({ thrown: { name: 'Error', message: '' } }),
    ).toBe(false);
  });
});
