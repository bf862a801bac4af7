// How predictions are made batch by batch.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { predictInBatches, type BatchFunction } from '../../../src/parts/graph/predict-batches';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const numbers = (tensor: tf.Tensor | null | undefined): number[] => Array.from(tensor?.dataSync() ?? []);

/** Adds and multiplies its two inputs, and notes what it is given. */
function model(): { readonly batches: number[][][]; readonly predict: BatchFunction } {
  const batches: number[][][] = [];
  return {
    batches,
    predict: (data) => {
      batches.push(data.map(numbers));
      const [a, b] = data;
      if (!a || !b) throw new TypeError('expected two tensors');
      return [a.add(b), a.mul(b)];
    },
  };
}

const inputs = (): tf.Tensor[] => [tf.tensor1d([1, 2, 3, 4, 5]), tf.tensor1d([10, 20, 30, 40, 50])];

describe('a prediction in batches', () => {
  it.each<[number, number[][][]]>([
    [2, [[[1, 2], [10, 20]], [[3, 4], [30, 40]], [[5], [50]]]], // prettier-ignore
    [1, [1, 2, 3, 4, 5].map((x) => [[x], [10 * x]])],
    [4, [[[1, 2, 3, 4], [10, 20, 30, 40]], [[5], [50]]]], // prettier-ignore
  ])('of %i rows gives the rows of all, the rest last', (size, expected) => {
    const { batches, predict } = model();
    const made = predictInBatches(inputs(), size, predict);
    expect(batches).toEqual(expected);
    expect(made.map(numbers)).toEqual([
      [11, 22, 33, 44, 55],
      [10, 40, 90, 160, 250],
    ]);
  });

  it.each([[5], [32]])('of %i rows or more is one call, with the tensors themselves', (size) => {
    const given = inputs();
    const results = [tf.scalar(1), tf.scalar(2)];
    const seen: unknown[] = [];
    const made = predictInBatches(given, size, (data) => {
      seen.push(...data);
      return results;
    });
    expect(seen).toHaveLength(2);
    given.forEach((x, i) => expect(seen[i]).toBe(x));
    results.forEach((result, i) => expect(made[i]).toBe(result));
  });

  it.each([[0], [-1], [1.5], [NaN], [0.5]])('refuses batches of %d', (size) => {
    expect(() => predictInBatches(inputs(), size, model().predict)).toThrow(
      new RangeError(`accelerate: expected a batch size of at least 1, got ${size}`),
    );
  });
});
