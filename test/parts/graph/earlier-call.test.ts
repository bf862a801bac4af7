// What a traced call does in another way than the call before it.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EarlierCall } from '../../../src/parts/graph/earlier-call';
import { separate, type Recorded } from '../../../src/parts/graph/trace';
import { expectNoTensorsLeft } from '../../support/tensors';
import { call } from './recorded-calls';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const named = (...names: string[]): tf.Variable[] => names.map((name) => tf.variable(tf.scalar(1), true, name));
const set = (variable: tf.Variable): void => variable.assign(variable.add(1));
/** A traced call that changes such variables. */
const changing = (...changed: tf.Variable[]): Recorded => ({ ...call((x) => x.square(), [2]).recorded, changed });

function earlier(work: () => void): EarlierCall {
  const made = new EarlierCall();
  made.run('a', work);
  return made;
}

describe('a call', () => {
  it('is compared with one of the same arguments, or is the first', () => {
    const calls = new EarlierCall();
    expect([calls.compares('a'), calls.compares('b')]).toEqual([true, true]);
    expect(calls.run('a', () => 'result')).toBe('result');
    expect([calls.compares('a'), calls.compares('b')]).toEqual([true, false]);
    calls.replace('b', changing());
    expect([calls.compares('a'), calls.compares('b')]).toEqual([false, true]);
    calls.forget();
    expect([calls.compares('a'), calls.compares('b')]).toEqual([true, true]);
  });

  it('is told by variables that it changes, or leaves', () => {
    const [v, w] = named('v', 'w');
    const calls = earlier(() => set(v));
    expect(calls.changeIn('a', changing(v))).toBeUndefined();
    expect(calls.changeIn('a', changing())).toBe('it had come to leave the variable v as it is');
    expect(calls.changeIn('a', changing(v, w))).toBe('it had come to change the variable w');
    // Of other arguments, or where the data decide lengths, nothing is known.
    expect(calls.changeIn('b', changing())).toBeUndefined();
    const byData = [{ op: 'Unique', name: 'u', shape: [2] }];
    expect(calls.changeIn('a', { ...changing(), byData })).toBeUndefined();
    calls.replace('a', changing());
    expect(calls.changeIn('a', changing(w))).toBeUndefined();
    calls.forget();
    expect(calls.changeIn('a', changing(w))).toBeUndefined();
  });

  it('isn’t told by variables that it makes, or that are gone', () => {
    const [v, gone, there] = named('v', 'gone', 'there');
    const made: tf.Variable[] = [];
    const calls = earlier(() => {
      made.push(...named('made'));
      set(gone);
      set(v);
      there.dispose();
    });
    expect(calls.changeIn('a', changing(v, gone, ...made))).toBeUndefined();
    gone.dispose();
    expect(calls.changeIn('a', changing(v, ...made))).toBeUndefined();
  });

  it('is told by a variable that was set to another one, and was given memory of its own', () => {
    const [v, w] = named('v', 'w');
    tf.tidy(() => v.assign(tf.scalar(5)));
    const calls = earlier(() => {
      w.assign(v);
      separate([w]);
    });
    expect(calls.changeIn('a', changing())).toBe('it had come to leave the variable w as it is');
    const [one, other] = named('one', 'other');
    other.assign(one);
    const apart = earlier(() => separate([one, other]));
    expect(apart.changeIn('a', changing())).toBeUndefined();
  });

  it('isn’t told where a variable is to be trained no more, which may well lead another way', () => {
    const [v] = named('v');
    const calls = earlier(() => set(v));
    v.trainable = false;
    expect(calls.changeIn('a', changing())).toBeUndefined();
    v.trainable = true;
    expect(calls.changeIn('a', changing())).toBe('it had come to leave the variable v as it is');
  });

  it('is told by numbers that became tensors at the same line', () => {
    let factor = 2;
    const way = (x: tf.Tensor): tf.Tensor => x.mul(factor);
    const calls = new EarlierCall();
    const trace = (): Recorded => call(way, [2]).recorded;
    calls.replace('a', trace());
    expect(calls.changeIn('a', trace())).toBeUndefined();
    factor = 3;
    expect(calls.changeIn('a', trace())).toMatch(/^the number 2 had become 3 \(.*earlier-call/);
    calls.replace('a', trace());
    expect(calls.changeIn('a', trace())).toBeUndefined();
  });
});
