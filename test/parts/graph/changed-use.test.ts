// What a recording uses, changes and returns in another way than the one before.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedUse } from '../../../src/parts/graph/changed-use';
import type { Recorded } from '../../../src/parts/graph/trace';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call } from './recorded-calls';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const OTHERS = 'it had come to use other tensors, variables or layers from outside';
const FORM = 'it had come to return its results in another form';

describe('another recording of a function', () => {
  const rates = { of: {}, other: {} };
  const numbers = (of: object): Recorded['captured'][number] => ({
    name: 'rate',
    source: { of, read: () => Float32Array.of(1) },
  });

  /** What is told of a function with two variables, a tensor from outside and a rate, after such changes. */
  function told(change: (before: Recorded, v: tf.Variable) => Partial<Recorded>): (string | undefined)[] {
    const [v, w] = ['v', 'w'].map((name) => tf.variable(tf.scalar(2), true, name));
    const outside = tf.scalar(3);
    const { recorded } = call((x) => [x.mul(v).add(outside), x.sum()], [2]);
    const before: Recorded = { ...recorded, captured: [...recorded.captured, numbers(rates.of)], changed: [v] };
    const now = { ...before, ...change(before, w) };
    const both = [changedUse(before, now), changedUse(now, before)];
    for (const variable of [v, w]) variable.dispose();
    return both;
  }

  it.each<[string, Parameters<typeof told>[0], string | undefined]>([
    ['does the same', () => ({}), undefined],
    ['reads a rate of the same owner', ({ captured }) => ({ captured: [...captured.slice(0, -1), numbers(rates.of)] }), undefined], // prettier-ignore
    ['reads a rate of another owner', ({ captured }) => ({ captured: [...captured.slice(0, -1), numbers(rates.other)] }), OTHERS], // prettier-ignore
    ['reads a tensor in the rate’s place', ({ captured }) => ({ captured: [...captured.slice(0, -1), { name: 'rate', source: 1 }] }), OTHERS], // prettier-ignore
    ['uses a tensor less', ({ captured }) => ({ captured: captured.slice(0, -1) }), OTHERS],
    ['uses nothing', () => ({ captured: [] }), OTHERS],
    ['uses another variable', ({ captured: [first, ...rest] }, w) => ({ captured: [{ ...first, source: w }, ...rest] }), OTHERS], // prettier-ignore
    ['has another name for it', ({ captured: [first, ...rest] }) => ({ captured: [{ ...first, name: 'other' }, ...rest] }), OTHERS], // prettier-ignore
    ['has another name for its result', ({ outputNames }) => ({ outputNames: [...outputNames].reverse() }), FORM],
    ['returns less', ({ result }) => ({ result: [result] }), FORM],
    ['returns another rank', () => ({ result: [tf.ones([2, 1]), tf.scalar(1)] }), FORM],
    ['returns another length', () => ({ result: [tf.ones([7]), tf.scalar(1)] }), undefined],
  ])('%s', (_, change, expected) => {
    expect(told(change)).toEqual([expected, expected]);
  });

  it('tells which variable is changed only then', () => {
    const left = 'it had come to leave the variable v as it is';
    const added = 'it had come to change the variable v';
    expect(told(() => ({ changed: [] }))).toEqual([left, added]);
    expect(told(({ changed }, w) => ({ changed: [...changed, w] }))).toEqual([
      'it had come to change the variable w',
      'it had come to leave the variable w as it is',
    ]);
    expect(told((_, w) => ({ changed: [w] }))).toEqual([left, 'it had come to leave the variable w as it is']);
  });
});
