import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { formOf, inOrderOf } from '../../../src/parts/graph/scan-form';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

describe('the form of a structure', () => {
  it('is told in words', () => {
    tf.tidy(() => {
      const form = { h: tf.zeros([2, 3]), rest: [tf.scalar(1, 'int32'), { on: tf.scalar(true) }] };
      expect(formOf(form)).toBe('{h: float32 [2,3], rest: [int32 [], {on: bool []}]}');
    });
    expect([null, undefined, 5, 'text', [], {}].map(formOf)).toEqual([
      'null',
      'undefined',
      'number',
      'string',
      '[]',
      '{}',
    ]);
  });

  it('orders the tensors of another one by its own keys', () => {
    tf.tidy(() => {
      const [h, c] = [tf.scalar(1), tf.zeros([2])];
      const [h2, c2] = [tf.scalar(2), tf.ones([2])];
      expect(inOrderOf({ h, c }, { c: c2, h: h2 })).toEqual([h2, c2]);
      expect(inOrderOf([h, [c]], [h2, [c2]])).toEqual([h2, c2]);
      expect(inOrderOf(h, h2)).toEqual([h2]);
    });
  });

  it('fits no other one', () => {
    tf.tidy(() => {
      const [h, c] = [tf.scalar(1), tf.zeros([2])];
      const others: unknown[] = [
        { h },
        { h, d: c },
        { h, c, d: c },
        { h: c, c },
        { h: h.toInt(), c },
        [h, c],
        h,
        null,
        undefined,
        5,
        { h, c: [c] },
        { h, c: null },
      ];
      for (const other of others) expect(inOrderOf({ h, c }, other)).toBeUndefined();
      expect(inOrderOf([h, c], { 0: h, 1: c })).toBeUndefined();
      expect(inOrderOf(h, [h])).toBeUndefined();
    });
  });
});
