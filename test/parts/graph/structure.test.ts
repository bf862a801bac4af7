// What compiled functions take and return: its form, its tensors, and what a graph depends on.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkArgument,
  checkResult,
  fedOf,
  kindOf,
  rebuild,
  signatureOf,
  tensorsOf,
  tidied,
  type Argument,
} from '../../../src/parts/graph/structure';

beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

describe('tensorsOf', () => {
  it('finds tensors from left to right, at any depth, and nothing else', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((value) => tf.scalar(value));
    expect(tensorsOf([a, { second: [b, 7, null], third: c }, undefined, d])).toEqual([a, b, c, d]);
    expect(tensorsOf({ n: 1, text: 'a', flag: true })).toEqual([]);
  });

  it('feeds what is no variable', () => {
    const [a, v] = [tf.scalar(1), tf.variable(tf.scalar(2))];
    expect(fedOf({ v, a, deeper: [v] })).toEqual([a]);
  });
});

describe('signatureOf', () => {
  const forms = (): Argument[] => [
    tf.ones([2]),
    tf.ones([2], 'int32'),
    tf.ones([2, 1]),
    tf.ones([1, 2]),
    tf.scalar(1),
    tf.ones([12]),
    0,
    -0,
    1,
    '1',
    '0',
    NaN,
    Infinity,
    -Infinity,
    null,
    undefined,
    'null',
    'undefined',
    '',
    true,
    false,
    'true',
    [],
    {},
    [1, 2],
    [12],
    ['1', '2'],
    ['1;1:"2"'],
    [[1], 2],
    [1, [2]],
    { a: 1 },
    { b: 1 },
    { a: 1, b: 1 },
    { a: { b: 1 } },
    { 0: 1, 1: 2 },
    [tf.scalar(1), tf.scalar(1)],
    [[tf.scalar(1)], tf.scalar(1)],
  ];

  it('tells all forms, types, shapes and settings apart, and is the same for the same', () => {
    const signatures = forms().map(signatureOf);
    expect(forms().map(signatureOf)).toEqual(signatures);
    expect(signatures.filter((signature, i) => signatures.indexOf(signature) !== i)).toEqual([]);
  });

  it('tells variables apart by themselves, whatever they hold', () => {
    const [v, w] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const before = signatureOf(v);
    v.assign(tf.scalar(5));
    expect(signatureOf(v)).toBe(before);
    expect(new Set([v, w, tf.scalar(1)].map(signatureOf)).size).toBe(3);
  });
});

describe('kindOf', () => {
  it('is the same for other lengths, of any number of digits', () => {
    const kind = kindOf([tf.ones([2, 3]), { deep: [tf.ones([4], 'int32')] }, 'a']);
    for (const [rows, columns, length] of [
      [4, 5, 1],
      [12, 3, 0],
      [2, 123, 45],
    ])
      expect(kindOf([tf.ones([rows, columns]), { deep: [tf.ones([length], 'int32')] }, 'a'])).toBe(kind);
  });

  it('tells ranks, types, forms and settings apart, and where one argument ends', () => {
    const kinds = [
      [],
      [-0],
      [tf.scalar(1)],
      [tf.ones([1])],
      [tf.ones([1, 1])],
      [tf.ones([1, 1, 1])],
      [tf.ones([1], 'int32')],
      [tf.ones([1]), tf.ones([1])],
      [[tf.ones([1]), tf.ones([1])]],
      [tf.ones([1]), 1],
      [tf.ones([1]), 2],
      [1, 1],
      [11],
      [undefined, undefined],
      [undefined],
    ].map(kindOf);
    expect(kinds.filter((kind, i) => kinds.indexOf(kind) !== i)).toEqual([]);
  });
});

describe('rebuild', () => {
  it('puts other tensors in the places of those that are there', () => {
    const [a, b, c] = [1, 2, 3].map((value) => tf.scalar(value));
    const [x, y, z] = [4, 5, 6].map((value) => tf.scalar(value));
    const made = rebuild({ list: [a, 7, b], deep: { c, nothing: null } }, [x, y, z]);
    expect(made).toEqual({ list: [x, 7, y], deep: { c: z, nothing: null } });
    expect(Array.isArray(made.list)).toBe(true);
    expect(made.deep.c).toBe(z);
    expect(() => rebuild([a, b], [x])).toThrow(
      new RangeError('rebuild: expected as many tensors as the structure has'),
    );
  });
});

describe('what is taken and returned', () => {
  it('is tensors, settings, arrays and records of them', () => {
    const good = [tf.scalar(1), 1, 'a', true, null, undefined, [], {}, [{ a: [tf.scalar(2), 3] }]];
    for (const value of good) expect(() => checkArgument(value, 'argument 1')).not.toThrow();
    for (const value of [tf.scalar(1), null, undefined, [tf.scalar(1)], { a: { b: null } }])
      expect(() => checkResult(value)).not.toThrow();
  });

  it.each([
    ['a function', () => 1, 'function as argument 1'],
    ['a function inside', { deep: [1, Math.sin] }, 'function as argument 1.deep.1'],
    ['an object with a class', [new Date(0)], 'object as argument 1.0'],
    ['a symbol', { s: Symbol('s') }, 'symbol as argument 1.s'],
    ['a large whole number', 1n, 'bigint as argument 1'],
  ])('is not %s', (_, value, found) => {
    expect(() => checkArgument(value, 'argument 1')).toThrow(
      new TypeError(
        `compile: expected tensors, numbers, texts and booleans, or arrays and records of them, got ${found}; close over it instead of passing it`,
      ),
    );
  });

  it.each([
    ['a number', 3, 'number as the result; a graph would give the same one each time'],
    ['a text', 'a', 'string as the result; a graph would give the same one each time'],
    ['a number inside', { a: [1] }, 'number as the result.a.0; close over it instead of passing it'],
  ])('as a result is not %s', (_, value, found) => {
    expect(() => checkResult(value)).toThrow(
      new TypeError(`compile: expected tensors, or arrays and records of them, got ${found}`),
    );
  });
});

describe('tidied', () => {
  it('frees what was made and is not returned, also where it fails', () => {
    const before = tf.memory().numTensors;
    const kept = tidied(() => ({ sum: tf.scalar(1).add(tf.scalar(2)), nothing: null }));
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(kept && tensorsOf(kept).map((tensor) => tensor.dataSync()[0])).toEqual([3]);
    expect(() => tidied(() => [tf.scalar(1), 5])).toThrow('got number as the result.1');
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
