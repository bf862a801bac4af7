import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { differenceOf, formOf } from '../../../src/parts/graph/argument-forms';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

describe('the forms of arguments', () => {
  it('name each place with what a graph depends on', () => {
    tf.tidy(() => {
      const v = tf.variable(tf.scalar(1), true, 'v');
      expect([...formOf([tf.zeros([2, 3]), { a: [v, 5], b: 'text' }, true, null])]).toEqual([
        ['argument 1: type', 'float32'],
        ['argument 1: shape', '[2,3]'],
        ['argument 2.a.0: variable', 'v'],
        ['argument 2.a.1: value', '5'],
        ['argument 2.b: value', "'text'"],
        ['argument 3: value', 'true'],
        ['argument 4: value', 'null'],
      ]);
    });
  });

  it('differ from the one that is most like them; of equal ones, from the latest', () => {
    tf.tidy(() => {
      const [small, large, whole] = [tf.zeros([2]), tf.zeros([3]), tf.zeros([3], 'int32')];
      const difference = (now: tf.Tensor, ...others: tf.Tensor[]): string | undefined =>
        differenceOf(
          formOf([now]),
          others.map((other) => formOf([other])),
        );
      expect(difference(large, small)).toBe('argument 1 has another shape: [3] instead of [2]');
      expect(difference(large, small, whole)).toBe('argument 1 has another type: float32 instead of int32');
      expect(difference(large, whole, small)).toBe('argument 1 has another shape: [3] instead of [2]');
      expect(difference(large, whole, tf.zeros([4], 'int32'))).toBe('argument 1 has another type: float32 instead of int32'); // prettier-ignore
      expect(difference(large)).toBeUndefined();
    });
  });

  it('differ in places that are no more, or new', () => {
    const [one, two] = [formOf([1]), formOf([1, 2])];
    expect(differenceOf(one, [two])).toBe('argument 2 is another kind of thing');
    expect(differenceOf(two, [one])).toBe('argument 2 is another kind of thing');
    expect(differenceOf(formOf([2]), [one])).toBe('argument 1 is 2 instead of 1');
  });
});
