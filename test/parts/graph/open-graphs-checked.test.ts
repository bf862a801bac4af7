// Whether a graph with an open length gives what was computed eagerly, before it takes over.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomUniform } from '../../../src/parts/graph';
import { GrowingInputs } from '../../../src/parts/graph/growing-inputs';
import { nativeOp } from '../../../src/parts/graph/native';
import type { Trace } from '../../../src/parts/graph/recorded-graph';
import type { Recorded } from '../../../src/parts/graph/trace';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call, callWith, find, opened, type Call, type Way } from './recorded-calls';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const double: Way = (x) => x.mul(2);

type Checked = ReturnType<GrowingInputs['check']>;
const check = (growing: GrowingInputs, trace: Trace, { signature, args, recorded }: Call): Checked =>
  growing.check(signature, trace, args, recorded);

/** Makes one graph of a way for any length, and compares it with a call that computed what `eagerly` says. */
function checked(way: Way, x: tf.Tensor, eagerly: (recorded: Recorded) => Partial<Recorded>): boolean {
  const growing = new GrowingInputs();
  const [length, ...rest] = x.shape;
  const trace = opened(growing, [2, 3, 4].map((more) => callWith(way, x.tile([more, ...rest.map(() => 1)])))); // prettier-ignore
  expect(length).toBeGreaterThan(0);
  const now = callWith(way, x);
  expect(find(growing, now)?.trace).toBe(trace);
  expect(growing.isUnchecked(trace)).toBe(true);
  const { gives, change } = check(growing, trace, { ...now, recorded: { ...now.recorded, ...eagerly(now.recorded) } });
  expect(change).toBeUndefined();
  expect(growing.isUnchecked(trace)).toBe(!gives);
  trace.dispose();
  return gives;
}

/** Whether 2, 4 and 2 million are as good as such results. */
const givesAs = (result: Recorded['result'], more: Partial<Recorded> = {}): boolean =>
  checked(double, tf.tensor1d([1, 2, 1e6]), () => ({ result, ...more }));

describe('a graph with an open length gives what was computed', () => {
  it('at other lengths, in which shapes and means are open', () => {
    const centered: Way = (x) => x.sub(x.mean(0, true)).reshape([x.shape[0], 1, 2]).div(x.shape[0]);
    const x = tf.tensor2d([[1, 2], [3, 5], [0, 1], [7, 7], [2, 9]]); // prettier-ignore
    expect(checked(centered, x, () => ({}))).toBe(true);
  });

  it('by the largest number, but for its last digits', () => {
    expect(givesAs(tf.tensor1d([2, 4, 2e6]))).toBe(true);
    expect(givesAs(tf.tensor1d([2 + 150, 4, 2e6]))).toBe(true);
    expect(givesAs(tf.tensor1d([2 + 250, 4, 2e6]))).toBe(false);
    expect(givesAs(tf.tensor1d([2, 4, -2e6]))).toBe(false);
    expect(givesAs(tf.tensor1d([0, 0, 0]))).toBe(false);
  });

  it('where no number is finite, or all are 0', () => {
    const gives = (x: number[], result: number[]): boolean =>
      checked(double, tf.tensor1d(x), () => ({ result: tf.tensor1d(result) }));
    expect(gives([Infinity, 1, NaN], [Infinity, 2, NaN])).toBe(true);
    expect(gives([Infinity, 1, NaN], [Infinity, 3, NaN])).toBe(false);
    expect(gives([Infinity, 1, NaN], [-Infinity, 2, NaN])).toBe(false);
    expect(gives([Infinity, 1, NaN], [Infinity, 2, 0])).toBe(false);
    expect(gives([0, -0], [-0, 0])).toBe(true);
    expect(gives([NaN], [NaN])).toBe(true);
  });

  it('in each result, of the same shape', () => {
    const two: Way = (x) => [x.mul(2), x.add(1)];
    const x = tf.tensor1d([1, 2]);
    const results = (first: number[], second: number[]) => (): Partial<Recorded> => ({
      result: [tf.tensor1d(first), tf.tensor1d(second)],
    });
    expect(checked(two, x, results([2, 4], [2, 3]))).toBe(true);
    expect(checked(two, x, results([2, 4], [3, 3]))).toBe(false);
    expect(checked(two, x, results([2, 5], [2, 3]))).toBe(false);
    expect(givesAs(tf.tensor2d([[2, 4, 2e6]]))).toBe(false);
  });

  it('in texts, letter for letter', () => {
    const column: Way = (x) => x.reshape([x.size, 1]);
    const words = tf.tensor1d(['5', 'word'], 'string');
    const gives = (...texts: string[]): boolean =>
      checked(column, words, () => ({ result: tf.tensor2d(texts, [2, 1], 'string') }));
    expect(gives('5', 'word')).toBe(true);
    expect(gives('5.0', 'word')).toBe(false);
    expect(gives('5', 'words')).toBe(false);
  });

  it('in such shapes, where it draws or changes variables', () => {
    const v = tf.variable(tf.scalar(1));
    const other = tf.tensor1d([7, 8, 9]);
    const read = (): Float32Array => Float32Array.of(1);
    const seeds = { name: 'seeds', source: { read, of: v, back: () => undefined } };
    const rate = { name: 'rate', source: { read, of: v } };
    const weight = { name: 'weight', source: v };
    const loose = { name: 'loose', source: 1 };
    expect(givesAs(other, { changed: [v] })).toBe(true);
    expect(givesAs(tf.tensor1d([7, 8]), { changed: [v] })).toBe(false);
    expect(givesAs(other, { captured: [weight, seeds] })).toBe(true);
    expect(givesAs(tf.tensor1d([7, 8]), { captured: [seeds] })).toBe(false);
    for (const one of [rate, weight, loose]) expect(givesAs(other, { captured: [one] })).toBe(false);
    v.dispose();
  });

  it('where it draws other numbers beside a weight', () => {
    const w = tf.variable(tf.scalar(2));
    const noisy: Way = (x) => x.mul(w).add(randomUniform([1]));
    expect(checked(noisy, tf.ones([5, 2]), () => ({}))).toBe(true);
    w.dispose();
  });

  it('not where it can’t be loaded', () => {
    // Eagerly TensorFlow finds the type, which a graph must name.
    const nameless: Way = (x) => nativeOp('AddV2', [x, x])[0];
    expect(checked(nameless, tf.ones([5]), () => ({}))).toBe(false);
  });
});

describe('a graph that was checked', () => {
  const two = (): [GrowingInputs, Trace, Trace] => {
    const growing = new GrowingInputs();
    const [a, b] = ['a', 'b'].map((setting) =>
      opened(growing, [2, 3, 4].map((length) => call(double, [length], setting)))); // prettier-ignore
    return [growing, a, b];
  };

  it('is one of several', () => {
    const [growing, a, b] = two();
    const foreign: Trace = { ...a };
    expect([a, b, foreign].map((trace) => growing.isUnchecked(trace))).toEqual([true, true, false]);
    expect(check(growing, b, call(double, [5], 'b'))).toEqual({ gives: true, change: undefined });
    expect([a, b].map((trace) => growing.isUnchecked(trace))).toEqual([true, false]);
    // What is no such graph, or was compared before, isn't compared.
    const unlike = call((x) => x.neg(), [5], 'b');
    expect(check(growing, foreign, unlike)).toEqual({ gives: true });
    expect(check(growing, b, unlike)).toEqual({ gives: true });
    expect(check(growing, a, unlike)).toMatchObject({ gives: false });
    for (const trace of [a, b]) trace.dispose();
  });

  it('is told in what JavaScript decides otherwise, though the result is the same', () => {
    const [growing, a, b] = two();
    const sum = call((x) => x.add(x), [5], 'a');
    const change = 'the function had come to compute in other steps';
    expect(check(growing, a, sum)).toEqual({ gives: false, change });
    expect(growing.isUnchecked(a)).toBe(true);
    for (const trace of [a, b]) trace.dispose();
  });

  it('is to be checked again where a call at another length computes with another number', () => {
    const [growing, a, b] = two();
    for (const [trace, setting] of [
      [a, 'a'],
      [b, 'b'],
    ] as const)
      expect(check(growing, trace, call(double, [5], setting)).gives).toBe(true);
    expect(
      find(
        growing,
        call((x) => x.mul(3), [6], 'b'),
      ),
    ).toBeUndefined();
    expect([a, b].map((trace) => growing.isUnchecked(trace))).toEqual([false, true]);
    for (const trace of [a, b]) trace.dispose();
  });

  it('isn’t made anew after it was wrong three times', () => {
    const growing = new GrowingInputs();
    const calls = (): Call[] => [2, 3, 4].map((length) => call(double, [length]));
    for (let round = 0; round < 3; round++) {
      const trace = opened(growing, calls());
      expect(
        check(
          growing,
          trace,
          call((x) => x.neg(), [5]),
        ).gives,
      ).toBe(false);
      growing.forget(trace);
      trace.dispose();
    }
    expect(calls().map((one) => find(growing, one))).toEqual([undefined, undefined, undefined]);
  });
});
