// Which graphs of a function are kept, for how long, and what is told of why each was made.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptGraphs } from '../../../src/parts/graph/kept-graphs';
import type { Recorded } from '../../../src/parts/graph/trace';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call, type Call, type Way } from './recorded-calls';

expectNoTensorsLeft();
let made: KeptGraphs[] = [];
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  for (const graphs of made) graphs.dispose();
  made = [];
  tf.engine().endScope();
});

const double: Way = (x) => x.mul(2);
const triple: Way = (x) => x.mul(3);
const OPEN = '; that length is open from now on';

function graphsOf(most = 16): KeptGraphs {
  const graphs = new KeptGraphs(most);
  made.push(graphs);
  return graphs;
}

const keep = (graphs: KeptGraphs, { signature, args, recorded }: Call): ReturnType<KeptGraphs['keep']> =>
  graphs.keep(signature, args, recorded);
const sign = (length: number): string => `float32[${length}]`;
const of = (way: Way, ...lengths: number[]): Call[] => lengths.map((length) => call(way, [length]));
const withUse = (one: Call, use: Partial<Recorded>): Call => ({ ...one, recorded: { ...one.recorded, ...use } });

describe('a graph', () => {
  it('is made by the first call, and proven by the second', () => {
    const graphs = graphsOf();
    expect([graphs.isEmpty, graphs.find(sign(2)), graphs.isUnchecked(sign(2))]).toEqual([true, undefined, false]);
    const first = keep(graphs, call(double, [2]));
    expect(first).toMatchObject({ isNew: true, change: undefined });
    expect([graphs.isEmpty, graphs.isUnchecked(sign(2)), graphs.forms]).toEqual([false, true, 1]);
    expect(graphs.find(sign(2))).toBe(first.trace);
    expect(keep(graphs, call(double, [2]))).toEqual({ trace: first.trace, isNew: false });
    expect(graphs.isUnchecked(sign(2))).toBe(false);
    expect(graphs.history).toEqual(['the first call']);
  });

  it('is made anew, once, where the second call computes or uses something else', () => {
    for (const [other, change] of [
      [call(triple, [2]), /^the number 2 had become 3/],
      [withUse(call(double, [2]), { captured: [{ name: 'w', source: 7 }] }), /^it had come to use other tensors/],
    ] as const) {
      const graphs = graphsOf();
      const before = keep(graphs, call(double, [2])).trace;
      const { isNew, change: told, trace } = keep(graphs, other);
      expect([isNew, graphs.forms, graphs.isUnchecked(sign(2))]).toEqual([true, 2, false]);
      expect(told).toMatch(change);
      expect(graphs.history).toEqual(['the first call', told]);
      expect(graphs.find(sign(2))).toBe(trace);
      expect(() => before.try([])).toThrow('the graph was freed');
    }
  });

  it('is made anew where it uses what an earlier call has made, once for each form', () => {
    const graphs = graphsOf();
    const using = (length: number): Call =>
      withUse(call(double, [length, 1]), { captured: [{ name: 'mask', source: 77 }] });
    keep(graphs, withUse(call(double, [2, 1]), { alive: [77] }));
    expect(keep(graphs, using(2))).toMatchObject({ isNew: true, change: undefined });
    const why = 'it uses a tensor that it had made in an earlier call';
    expect(graphs.history).toEqual(['the first call', why]);
    expect(keep(graphs, using(2))).toMatchObject({ isNew: false });
    expect(keep(graphs, using(3))).toMatchObject({ isNew: true });
    expect(keep(graphs, using(3))).toMatchObject({ isNew: true });
    expect(graphs.history.at(-1)).toBe(why);
    expect(keep(graphs, using(3))).toMatchObject({ isNew: false });
  });

  it('tells which rate the function itself has changed since', () => {
    class Plan {
      rate = 1;
    }
    const [plan, draws] = [new Plan(), { count: 1 }];
    const read = (): Float32Array => Float32Array.of(plan.rate);
    const captured: Recorded['captured'] = [
      { name: 'w', source: 7 },
      { name: 'seeds', source: { of: draws, read: () => Int32Array.of(draws.count), back: () => undefined } },
      { name: 'rate', source: { of: plan, read } },
    ];
    const graphs = graphsOf();
    expect(graphs.ratesOf(sign(2))()).toBeUndefined();
    keep(graphs, withUse(call(double, [2]), { captured }));
    const changed = graphs.ratesOf(sign(2));
    draws.count = 2;
    expect(changed()).toBeUndefined();
    plan.rate = 2;
    expect(changed()).toBe('Plan.learningRate');
  });
});

describe('a graph for any length', () => {
  it('takes the place of those before, which are freed', () => {
    const graphs = graphsOf();
    const [two, three, four] = of(double, 2, 3, 4).map((one) => keep(graphs, one));
    expect([two.isNew, three.isNew, four.isNew]).toEqual([true, true, true]);
    expect([2, 3, 4].map((length) => graphs.find(sign(length)))).toEqual([four.trace, four.trace, four.trace]);
    for (const { trace } of [two, three]) expect(() => trace.try([])).toThrow('the graph was freed');
    const history = [
      'the first call',
      'argument 1 has another shape: [3] instead of [2]',
      `argument 1 has another shape: [4] instead of [3]${OPEN}`,
    ];
    expect(graphs.history).toEqual(history);
    // Another length, and one that comes again to be compared.
    expect(keep(graphs, call(double, [9]))).toMatchObject({ trace: four.trace, isNew: false });
    expect(graphs.isUnchecked(sign(9))).toBe(true);
    expect(keep(graphs, call(double, [9]))).toMatchObject({ trace: four.trace, isNew: false, change: undefined });
    expect(graphs.isUnchecked(sign(9))).toBe(false);
    expect(graphs.history).toEqual(history);
    expect(graphs.forms).toBe(3);
  });

  it('takes no place of a graph that is gone', () => {
    const graphs = graphsOf();
    const [two, three, four] = of(double, 2, 3, 4);
    keep(graphs, two);
    keep(graphs, three);
    graphs.forget(sign(2), 'it is gone');
    const { trace } = keep(graphs, four);
    expect([2, 3, 4].map((length) => graphs.find(sign(length)))).toEqual([undefined, trace, trace]);
  });

  it('goes on for its other lengths where another one takes a length over', () => {
    const graphs = graphsOf();
    const [, , { trace: first }] = of(double, 2, 3, 4).map((one) => keep(graphs, one));
    keep(graphs, call(triple, [5]));
    expect(keep(graphs, call(double, [5]))).toMatchObject({ trace: first });
    keep(graphs, call(triple, [6]));
    const { trace: second } = keep(graphs, call(triple, [7]));
    expect([4, 5, 6, 7].map((length) => graphs.find(sign(length)))).toEqual([first, second, second, second]);
    for (const [trace, result] of [
      [first, 2],
      [second, 3],
    ] as const)
      // prettier-ignore
      expect(Array.from(trace.try([tf.ones([2])])[0].dataSync())).toEqual([result, result]);
  });

  it.each<[string, () => Call, string]>([
    [
      'gives something else',
      () => withUse(call(double, [5]), { result: tf.zeros([5]) }),
      'its graph for any length gave something else',
    ],
    ['goes another way', () => call((x) => x.add(x), [5]), 'the function had come to compute in other steps'],
  ])('is gone for all of them where it %s', (_, other, why) => {
    const graphs = graphsOf();
    for (const one of of(double, 2, 3, 4, 5)) keep(graphs, one);
    expect(keep(graphs, other())).toMatchObject({ isNew: true });
    expect(graphs.history.at(-1)).toBe(why);
    expect([2, 3, 4].map((length) => graphs.find(sign(length)))).toEqual([undefined, undefined, undefined]);
  });
});

describe('of many graphs', () => {
  it.each<[number, string]>([
    [1, '1 newer is'],
    [2, '2 newer are'],
  ])('%i are kept: those used last', (most, words) => {
    const graphs = graphsOf(most);
    const [one, two, three] = [1, 2, 3].map((rank) => call(double, Array<number>(rank).fill(2)));
    keep(graphs, one);
    if (most > 1) keep(graphs, two);
    graphs.find(one.signature);
    keep(graphs, three);
    const left = [one, two, three].filter(({ signature }) => graphs.find(signature));
    expect(left).toEqual(most === 1 ? [three] : [one, three]);
    keep(graphs, most === 1 ? one : two);
    expect(graphs.history.at(-1)).toBe(`its graph was freed: ${words} kept (mostTraces)`);
  });

  it('one is forgotten, and it is told why', () => {
    const graphs = graphsOf();
    const [one, two] = [1, 2].map((rank) => call(double, Array<number>(rank).fill(2)));
    keep(graphs, one);
    keep(graphs, two);
    expect(graphs.forms).toBe(2);
    graphs.forget(one.signature, 'a rate changed', true);
    graphs.forget('nothing', 'was there');
    expect([one, two].map(({ signature }) => graphs.find(signature) !== undefined)).toEqual([false, true]);
    // A change of settings is no form of arguments more; anything else is.
    keep(graphs, one);
    expect([graphs.history.at(-1), graphs.forms]).toEqual(['a rate changed', 2]);
    graphs.forget(one.signature, 'a tensor was freed');
    keep(graphs, one);
    expect([graphs.history.at(-1), graphs.forms]).toEqual(['a tensor was freed', 3]);
  });

  it.each([
    [100, 'gone 0'],
    [101, 'the first call'],
  ])('that are gone a hundred are known: of %i', (count, why) => {
    const graphs = graphsOf();
    const { args, recorded } = call(double, [2]);
    for (let i = 0; i < count; i++) {
      graphs.keep(`form ${i}`, args, recorded);
      graphs.forget(`form ${i}`, `gone ${i}`);
    }
    graphs.keep('form 0', args, recorded);
    expect(graphs.history.at(-1)).toBe(why);
    graphs.keep('form 1', args, recorded);
    expect(graphs.history.at(-1)).toBe('gone 1');
  });

  it('none is left by dispose, nor what was noted for one', () => {
    const graphs = graphsOf();
    const { trace } = keep(graphs, call(double, [2]));
    keep(graphs, call(double, [3]));
    graphs.dispose();
    expect([graphs.isEmpty, graphs.find(sign(2))]).toEqual([true, undefined]);
    expect(() => trace.try([])).toThrow('the graph was freed');
    keep(graphs, call(double, [4]));
    keep(graphs, call(double, [3]));
    expect(graphs.history.slice(2)).toEqual(['the first call', 'its graphs were freed by dispose']);
  });
});
