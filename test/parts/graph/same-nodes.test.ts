// When two operations, or two constants, are written down as the same.
import '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import type { Constant, WrittenNode } from '../../../src/parts/graph/graph-builder';
import type { TFEOpAttr } from '../../../src/parts/graph/native';
import { isSameAttributes, isSameConstant, isSameNode } from '../../../src/parts/graph/same-nodes';

const node: WrittenNode = {
  name: 'Mul3',
  op: 'Mul',
  inputs: ['x', 'y'],
  shape: [2],
  attributes: [{ name: 'T', type: 1, value: 1 }],
};
const constant: Constant = { dtype: 1, shape: [2, 1], values: Float32Array.of(1, 2) };

describe('two nodes', () => {
  it.each<[string, Partial<WrittenNode>, boolean]>([
    ['nothing', {}, true],
    ['the shape alone, which follows', { shape: [5] }, true],
    ['the name', { name: 'Mul4' }, false],
    ['the operation', { op: 'Sub' }, false],
    ['an input', { inputs: ['x', 'z'] }, false],
    ['the order of inputs', { inputs: ['y', 'x'] }, false],
    ['an input less', { inputs: ['x'] }, false],
    ['an input more', { inputs: ['x', 'y', 'z'] }, false],
    ['an attribute', { attributes: [{ name: 'T', type: 1, value: 3 }] }, false],
    ['no attribute', { attributes: [] }, false],
  ])('that differ in %s', (_, change, isSame) => {
    expect(isSameNode(node, { ...node, ...change })).toBe(isSame);
    expect(isSameNode({ ...node, ...change }, node)).toBe(isSame);
  });
});

describe('two lists of attributes', () => {
  const of = (...values: TFEOpAttr['value'][]): TFEOpAttr[] => values.map((value) => ({ name: 'a', type: 1, value }));

  it('are as long, with the same names and values', () => {
    expect(isSameAttributes(of(1, 'a', true), of(1, 'a', true))).toBe(true);
    expect(isSameAttributes(of(1), of(1, 2))).toBe(false);
    expect(isSameAttributes(of(1, 2), of(1))).toBe(false);
    expect(isSameAttributes(of(1), [{ name: 'b', type: 1, value: 1 }])).toBe(false);
    expect(isSameAttributes(of(NaN), of(NaN))).toBe(true);
    expect(isSameAttributes(of([NaN]), of([1]))).toBe(false);
    expect(isSameAttributes(of(1), of('1'))).toBe(false);
  });

  it('hold lists with the same items', () => {
    expect(isSameAttributes(of([1, 2]), of([1, 2]))).toBe(true);
    expect(isSameAttributes(of([1, 2]), of([1, 3]))).toBe(false);
    expect(isSameAttributes(of([1, 2]), of([1]))).toBe(false);
    expect(isSameAttributes(of([1]), of(1))).toBe(false);
  });
});

describe('two constants', () => {
  it.each<[string, Partial<Constant>, boolean]>([
    ['nothing', { values: Float32Array.of(1, 2) }, true],
    ['the type', { dtype: 2 }, false],
    ['the shape', { shape: [1, 2] }, false],
    ['a value', { values: Float32Array.of(1, 3) }, false],
    ['the type of values', { values: Int32Array.of(1, 2) }, false],
  ])('that differ in %s', (_, change, isSame) => {
    expect(isSameConstant(constant, { ...constant, ...change })).toBe(isSame);
  });
});
