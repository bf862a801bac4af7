import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { attention, categorical, ctcLoss, layerNorm, TraceError } from '../../../src/parts/graph';
import { textBytes, valueRead } from '../../../src/parts/graph/refusals';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

const query = (): tf.Tensor3D => tf.zeros([2, 3, 4]);
const heads = (count: number) => (): unknown => attention(query(), query(), query(), { heads: count });
const keys =
  (key: [number, number, number], value = key) =>
  (): unknown =>
    attention(query(), tf.zeros(key), tf.zeros(value));
const ctc = (labels: number[], logits: number[], options?: Parameters<typeof ctcLoss>[2]) => (): unknown => {
  const given: unknown[] = [tf.zeros(labels, 'int32'), tf.zeros(logits), options];
  return Reflect.apply(ctcLoss as (...args: unknown[]) => unknown, undefined, given);
};

describe('arguments that don’t fit are refused', () => {
  it.each<[string, () => unknown, string]>([
    ['no head', heads(0), 'attention: expected a number of heads that divides the width 4, got 0'],
    ['a negative head', heads(-2), 'attention: expected a number of heads that divides the width 4, got -2'],
    ['half a head', heads(0.5), 'attention: expected a number of heads that divides the width 4, got 0.5'],
    ['three heads for four', heads(3), 'attention: expected a number of heads that divides the width 4, got 3'],
    [
      'keys of another batch',
      keys([1, 3, 4]),
      'expected keys and values [2, keys, 4] for queries [2,3,4], got [1,3,4]',
    ],
    [
      'keys of another width',
      keys([2, 3, 8]),
      'expected keys and values [2, keys, 4] for queries [2,3,4], got [2,3,8]',
    ],
    ['other values', keys([2, 3, 4], [2, 5, 4]), 'for queries [2,3,4], got [2,3,4] and [2,5,4]'],
    ['labels of no batch', ctc([3], [3, 5, 4]), 'ctcLoss: expected labels [batch, most] and logits'],
    ['logits of no time', ctc([3, 2], [3, 4]), 'ctcLoss: expected labels [batch, most] and logits'],
    ['labels of another batch', ctc([2, 2], [3, 5, 4]), 'ctcLoss: expected labels [batch, most] and logits'],
    [
      'a blank below',
      ctc([3, 2], [3, 5, 4], { blank: -1 }),
      'ctcLoss: expected blank to be a class from 0 to 3, got -1',
    ],
    [
      'half a blank',
      ctc([3, 2], [3, 5, 4], { blank: 0.5 }),
      'ctcLoss: expected blank to be a class from 0 to 3, got 0.5',
    ],
    ['a blank above', ctc([3, 2], [3, 5, 4], { blank: 4 }), 'ctcLoss: expected blank to be a class from 0 to 3, got 4'],
    ['no class', () => categorical(tf.zeros([2, 0])), 'expected logits [..., classes] of at least 1 class, got [2,0]'],
    ['no draw', () => categorical(tf.zeros([2, 3]), 0), 'expected a whole number of draws of at least 1, got 0'],
    [
      'half a draw',
      () => categorical(tf.zeros([2, 3]), 1.5),
      'expected a whole number of draws of at least 1, got 1.5',
    ],
    [
      'a number alone',
      () => layerNorm(tf.scalar(1), tf.ones([1]), tf.zeros([1])),
      'layerNorm: expected gain and shift of',
    ],
    [
      'a gain of another width',
      () => layerNorm(tf.ones([2, 3]), tf.ones([2]), tf.zeros([3])),
      'gain and shift of shape [3]',
    ],
    [
      'a shift of another width',
      () => layerNorm(tf.ones([2, 3]), tf.ones([3]), tf.zeros([2])),
      'gain and shift of shape [3]',
    ],
  ])('%s', (_, call, words) => {
    tf.tidy(() => {
      expect(call).toThrow(words);
    });
  });

  it('but not the least that fits', () => {
    tf.tidy(() => {
      expect(categorical(tf.zeros([2, 1]), 1).shape).toEqual([2, 1]);
      expect(Array.from(categorical(tf.zeros([3, 1])).dataSync())).toEqual([0, 0, 0]);
      expect(attention(query(), tf.zeros([2, 5, 4]), tf.zeros([2, 5, 4]), { heads: 4 }).shape).toEqual([2, 3, 4]);
      expect(ctcLoss(tf.zeros([1, 1], 'int32'), tf.zeros([1, 2, 4]), { blank: 3 }).shape).toEqual([1]);
    });
  });
});

describe('what a trace can’t write down', () => {
  it('is told with the line that asked', () => {
    expect(textBytes(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
    expect(() => textBytes('text')).toThrow(TraceError);
    expect(() => textBytes('text')).toThrow(
      /^compile: expected the texts of a tensor as bytes, got string \(at graph\/refusals\.test\.ts:\d+\)$/,
    );
    expect(valueRead('input0').message).toMatch(/\(input0, at graph\/refusals\.test\.ts:\d+\)/);
  });
});
