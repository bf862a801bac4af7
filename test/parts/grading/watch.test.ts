import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { harmOf, watch, type SideEffects } from '../../../src/parts/grading/watch';

const after = async (answer: (...args: never[]) => unknown, ...args: unknown[]): Promise<SideEffects> => {
  const watched = watch(answer, tf.engine());
  await watched.call(...args);
  return watched.effects();
};

describe('arguments', () => {
  it.each<[string, (value: never) => unknown, () => unknown]>([
    ['a list that was sorted', (list: number[]) => list.sort(), () => [3, 1, 2]],
    ['a list that was emptied', (list: number[]) => list.splice(0), () => [3, 1, 2]],
    ['a nested number', (rows: number[][]) => (rows[1][0] = 9), () => [[1], [2]]],
    ['a record in a list', (items: { p: number }[]) => (items[0].p += 1e-9), () => [{ p: 1 }]],
    ['a typed array', (list: Float32Array) => list.fill(0), () => Float32Array.of(1, 2)],
    ['a property that was added', (record: Record<string, number>) => (record.b = 1), () => ({ a: 1 })],
    [
      'a number that became NaN, later',
      async (list: number[]) => (await Promise.resolve(), (list[0] = Number.NaN)),
      () => [1],
    ],
    ['a tensor that was freed', (tensor: tf.Tensor) => tensor.dispose(), () => tf.tensor1d([1, 2])],
    [
      'a variable that was assigned',
      (variable: tf.Variable) => tf.tidy(() => variable.assign(variable.add(1))),
      () => tf.variable(tf.tensor1d([1, 2])),
    ],
    ['a tensor in a list', ([first]: tf.Tensor[]) => first.dispose(), () => [tf.tensor1d([1]), tf.tensor1d([2])]],
  ])('%s is seen', async (_, answer, make) => {
    tf.engine().startScope();
    expect((await after((_first: never, value: never) => answer(value), 1, make())).changed).toBe(1);
    tf.engine().endScope();
    tf.disposeVariables();
  });

  it('that stay as they were are not blamed: copies, reading, functions that count, an error', async () => {
    let calls = 0;
    expect((await after((list: number[]) => [...list].sort(), [3, 1])).changed).toBeUndefined();
    expect(
      (
        await after(
          (f: () => number) => f(),
          () => ++calls,
        )
      ).changed,
    ).toBeUndefined();
    const tensor = tf.tensor1d([1, 2]);
    expect((await after((given: tf.Tensor) => given.dataSync(), tensor)).changed).toBeUndefined();
    const thrower = watch((list: number[]) => {
      list.pop();
      throw new RangeError('no');
    });
    expect(() => thrower.call([1])).toThrow('no');
    expect(thrower.effects().changed).toBe(0);
    tensor.dispose();
  });
});

describe('tensors', () => {
  it.each<[string, number, (tensor: tf.Tensor) => unknown]>([
    ['its result', 0, (tensor) => tensor.add(1)],
    ['results in lists and records', 0, (tensor) => ({ sums: [tensor.add(1), tensor.add(2)] })],
    ['its argument, given back', 0, (tensor) => tensor],
    ['an argument given back, and a tensor', 1, (tensor) => (tensor.add(1), tensor)],
    ['one besides its result', 1, (tensor) => tensor.add(1).add(1)],
    ['one, later', 1, async (tensor) => (await Promise.resolve(), tensor.add(1), 7)],
    ['nothing', 0, (tensor) => tf.tidy(() => tensor.add(1).dataSync())],
  ])('left by an answer are counted: %s', async (_, left, answer) => {
    tf.engine().startScope();
    const tensor = tf.tensor1d([1]);
    expect((await after(answer, tensor)).left).toBe(left);
    tf.engine().endScope();
  });
});

describe('what is said', () => {
  it('names the argument, and the way out', () => {
    expect(harmOf({ changed: 1, left: 0 }, { frees: false })).toMatch(/^changed its second argument.*work on a copy/);
    expect(harmOf({ left: 2 }, { frees: true })).toMatch(/^left tensors alive besides its result.*tf\.tidy/);
    expect(harmOf({ left: 2 }, { frees: false })).toBeUndefined();
    expect(harmOf({ left: 0 }, { frees: true })).toBeUndefined();
  });
});
