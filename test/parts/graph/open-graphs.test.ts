// When one graph with an open length is made of recordings, for which calls it stands, and when it is right.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrowingInputs } from '../../../src/parts/graph/growing-inputs';
import type { Trace } from '../../../src/parts/graph/recorded-graph';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call, find, opened, type Call, type Way } from './recorded-calls';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const square: Way = (x) => x.square();
const double: Way = (x) => x.mul(2);
const negative: Way = (x) => x.neg();
/** No graph can follow this: a square of the length as a number. */
const scaled: Way = (x) => x.mul(x.shape[0] ** 2);

/** What is found for calls, one after the other: the graphs that they make have letters, in their order. */
function found(growing: GrowingInputs, ...calls: Call[]): string {
  const known: Trace[] = [];
  const made = calls.map((one) => {
    const trace = find(growing, one)?.trace;
    if (!trace) return '-';
    if (!known.includes(trace)) known.push(trace);
    return 'abcdefgh'[known.indexOf(trace)];
  });
  known.forEach((trace) => trace.dispose());
  return made.join('');
}

const of = (way: Way, ...lengths: number[]): Call[] => lengths.map((length) => call(way, [length]));

describe('a graph with an open length', () => {
  it('is made of the third length, and tells of which calls it takes the place', () => {
    const growing = new GrowingInputs();
    const calls = of(square, 2, 3, 4, 9, 3);
    const results = calls.map((one) => find(growing, one));
    expect(results.slice(0, 2)).toEqual([undefined, undefined]);
    expect(results[2]?.insteadOf).toEqual(['float32[2]', 'float32[3]']);
    expect(results.slice(3)).toEqual([{ trace: results[2]?.trace }, { trace: results[2]?.trace }]);
    results[2]?.trace.dispose();
  });

  it('needs three lengths, the latest ones, and one in all places', () => {
    expect(found(new GrowingInputs(), ...of(square, 2, 3, 2, 3))).toBe('----');
    expect(found(new GrowingInputs(), ...of(square, 2, 3, 3, 4, 5))).toBe('----a');
    const apart = [[3, 3], [4, 5], [6, 7]].map((shape) => call(square, shape)); // prettier-ignore
    expect(found(new GrowingInputs(), ...apart)).toBe('---');
    const together = [3, 4, 6].map((length) => call(square, [length, 2, length]));
    expect(found(new GrowingInputs(), ...together)).toBe('--a');
  });

  it('is made of calls that differ in the same place, whatever came before or between', () => {
    const shapes = [[2, 9], [2, 8], [3, 7], [2, 9], [4, 7], [5, 7]].map((shape) => call(square, shape)); // prettier-ignore
    const growing = new GrowingInputs();
    const results = shapes.map((one) => find(growing, one));
    expect(results.slice(0, 5).filter(Boolean)).toEqual([]);
    expect(results[5]?.insteadOf).toEqual(['float32[3,7]', 'float32[4,7]']);
    // Another length in the other place is no call of this graph.
    expect(find(growing, call(square, [6, 8]))).toBeUndefined();
    expect(find(growing, call(square, [6, 7]))?.trace).toBe(results[5]?.trace);
    results[5]?.trace.dispose();
  });

  it('is made for each setting, and each way that JavaScript goes', () => {
    const both: Way = (x, setting) => (setting === 'double' ? double(x) : negative(x));
    const calls = [2, 3, 4, 5].flatMap((length) => ['double', 'other'].map((setting) => call(both, [length], setting)));
    expect(found(new GrowingInputs(), ...calls)).toBe('----abab');
    // A setting that it doesn't look at counts too.
    const unused = [...[2, 3, 4].map((length) => call(square, [length], 'a')), call(square, [5], 'b')];
    expect(found(new GrowingInputs(), ...unused)).toBe('--a-');
    const ways = [...of(square, 2, 3, 4), ...of(double, 5, 6, 7), ...of(negative, 8, 9, 10), ...of(scaled, 11)];
    expect(found(new GrowingInputs(), ...ways, ...of(square, 12), ...of(negative, 13))).toBe('--a--b--c-ac');
  });

  it('is made anew as often as its calls come to nothing for other reasons', () => {
    const growing = new GrowingInputs();
    for (let round = 0; round < 5; round++) {
      const trace = opened(growing, of(square, 2, 3, 4));
      const six = call(square, [6]);
      expect(growing.check(six.signature, trace, six.args, six.recorded)).toEqual({ gives: true, change: undefined });
      growing.forget(trace);
      trace.dispose();
    }
  });

  it('isn’t tried any more after it has failed three times', () => {
    for (const [last, result] of [
      [5, '--a'],
      [6, '---'],
    ] as const) {
      const growing = new GrowingInputs();
      for (let length = 2; length <= last; length++) expect(find(growing, call(scaled, [length]))).toBeUndefined();
      growing.clear();
      expect(found(growing, ...of(square, 7, 8, 9))).toBe(result);
      // Arguments of another kind have nothing to do with it.
      expect(found(growing, ...[7, 8, 9].map((length) => call(square, [length, 1])))).toBe('--a');
    }
  });

  it('isn’t made where the data decide lengths', () => {
    const distinct: Way = (x) => tf.unique(x.cumsum()).values;
    expect(found(new GrowingInputs(), ...of(distinct, 2, 3, 4, 5))).toBe('----');
  });

  it('isn’t made of calls that six others came after', () => {
    const others = Array.from({ length: 6 }, (_, i) => call(square, [2], i));
    const [first, second, third] = of(double, 2, 3, 4);
    expect(found(new GrowingInputs(), first, second, ...others.slice(0, 4), third)).toBe('------a');
    expect(found(new GrowingInputs(), first, second, ...others.slice(0, 5), third)).toBe('--------');
  });

  it('lets a mistake of ours through', () => {
    const growing = new GrowingInputs();
    const broken = Object.defineProperty({ ...call(square, [2]).recorded }, 'numbers', {
      get: () => {
        throw new RangeError('broken');
      },
    });
    find(growing, { ...call(square, [2]), recorded: broken });
    find(growing, call(square, [3]));
    expect(() => find(growing, call(square, [4]))).toThrow(new RangeError('broken'));
  });
});

describe('what it uses', () => {
  it('stays the same: tensors from outside', () => {
    const growing = new GrowingInputs();
    let w = tf.scalar(2);
    const scale: Way = (x) => x.mul(w);
    const trace = opened(growing, of(scale, 2, 3, 4));
    const before = call(scale, [5]);
    expect(find(growing, before)?.trace).toBe(trace);
    const old = w;
    w = tf.scalar(3);
    expect(find(growing, call(scale, [6]))).toBeUndefined();
    expect(find(growing, before)?.trace).toBe(trace);
    old.dispose();
    expect(find(growing, before)).toBeUndefined();
    trace.dispose();
  });

  it('stays the same: settings, of the same owners', () => {
    const [owner, other] = [{ rate: 1 }, { rate: 1 }];
    const watched = (length: number, whose: object): Call => {
      const one = call(square, [length]);
      one.recorded.settings.watchOne(whose, 'rate');
      return one;
    };
    const growing = new GrowingInputs();
    const trace = opened(growing, [2, 3, 4].map((length) => watched(length, owner))); // prettier-ignore
    expect(find(growing, watched(5, owner))?.trace).toBe(trace);
    expect(find(growing, watched(6, other))).toBeUndefined();
    owner.rate = 2;
    expect(find(growing, watched(7, owner))).toBeUndefined();
    trace.dispose();
  });

  it('is forgotten with a graph, where a setting has changed, and is kept where none has', () => {
    const owner = { rate: 1 };
    const watched = (length: number): Call => {
      const one = call(double, [length]);
      one.recorded.settings.watchOne(owner, 'rate');
      return one;
    };
    for (const [rate, result] of [
      [1, '--a'],
      [2, '---'],
    ] as const) {
      const growing = new GrowingInputs();
      const trace = opened(growing, [2, 3, 4].map((length) => call(square, [length], 'other'))); // prettier-ignore
      const calls = [2, 3, 4].map(watched);
      expect(calls.slice(0, 2).map((one) => find(growing, one))).toEqual([undefined, undefined]);
      owner.rate = rate;
      growing.forget(trace);
      owner.rate = 1;
      expect(`--${found(growing, calls[2])}`).toBe(result);
      // The graph itself is gone.
      expect(find(growing, call(square, [5], 'other'))).toBeUndefined();
      trace.dispose();
    }
  });

  it('is forgotten by clear', () => {
    const growing = new GrowingInputs();
    const trace = opened(growing, of(square, 2, 3, 4));
    find(growing, call(double, [2]));
    find(growing, call(double, [3]));
    growing.clear();
    expect(growing.isUnchecked(trace)).toBe(false);
    expect(found(growing, ...of(square, 5), ...of(double, 4))).toBe('--');
    growing.clear();
    growing.forget(trace);
    expect(found(growing, ...of(square, 5, 6), ...of(double, 7))).toBe('---');
    trace.dispose();
  });
});
