// What a compiled function tells, when, and by which name; and what it forgets.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile, TraceError, type Argument } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();
let notices: string[] = [];
const onNotice = (text: string): void => void notices.push(text);
beforeEach(() => {
  notices = [];
  tf.engine().startScope();
});
afterEach(() => tf.engine().endScope());

const value = (tensor: tf.Tensor): number => tensor.dataSync()[0];
function applied(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor {
  const [made] = [layer.apply(x)].flat();
  if (!(made instanceof tf.Tensor)) throw new TypeError('expected a tensor');
  return made;
}
const nameless = <F>(fn: F): F => fn;

describe('a function is called by its name in notices, or "a function"', () => {
  it('where it is kept as it was, again after dispose', () => {
    let count = 0;
    function counted(x: tf.Tensor): tf.Tensor {
      return x.mul(++count);
    }
    for (const [fn, name] of [
      [counted, 'counted'],
      [nameless((x: tf.Tensor) => counted(x)), 'a function'],
    ] as const) {
      // prettier-ignore
      const run = compile(fn, { onNotice });
      for (const round of [1, 2, 3]) {
        for (let call = 0; call < 4; call++) run(tf.scalar(1));
        expect(notices).toHaveLength(round);
        expect(run.nodes.length).toBeGreaterThan(0);
        run.dispose();
        expect(run.nodes).toEqual([]);
      }
      const words = `compile: "${name}" is kept as it was when it was traced: the number`;
      expect(notices.splice(0).map((text) => text.slice(0, words.length))).toEqual([words, words, words]);
    }
  });

  it('where it was traced eight times for other arguments, not for settings', () => {
    const layer = tf.layers.leakyReLU({ alpha: 0.5 });
    const scaled = (x: tf.Tensor, _by: number): tf.Tensor => applied(layer, x);
    for (const [fn, name] of [
      [scaled, 'scaled'],
      [nameless((x: tf.Tensor, by: number) => scaled(x, by).mul(by)), 'a function'],
    ] as const) {
      // prettier-ignore
      const run = compile(fn, { onNotice });
      const call = (factor: number): void => void run(tf.scalar(-1), factor);
      call(1);
      for (let factor = 1; factor <= 4; factor++) call(factor);
      for (let change = 1; change <= 5; change++) {
        Reflect.set(layer, 'alpha', change);
        call(1);
        call(1);
      }
      expect(notices).toEqual([]);
      for (let factor = 5; factor <= 8; factor++) {
        expect(notices).toEqual([]);
        call(factor);
      }
      const words = `compile: "${name}" was traced 8 times; pad its arguments`;
      expect(notices.map((text) => text.slice(0, words.length))).toEqual([words]);
      run.dispose();
      notices = [];
    }
  });

  it('where something changes often', () => {
    const layer = tf.layers.leakyReLU({ alpha: 0.5 });
    const leaky = (x: tf.Tensor): tf.Tensor => applied(layer, x);
    for (const [fn, name] of [
      [leaky, 'leaky'],
      [nameless((x: tf.Tensor) => leaky(x)), 'a function'],
    ] as const) {
      // prettier-ignore
      const run = compile(fn, { onNotice });
      Reflect.set(layer, 'alpha', 0);
      for (let call = 0; call < 2; call++) run(tf.scalar(-1));
      for (let change = 1; change <= 6; change++) {
        expect(notices).toEqual([]);
        Reflect.set(layer, 'alpha', change);
        for (let call = 0; call < 2; call++) expect(value(run(tf.scalar(-1)))).toBe(-change);
      }
      expect(notices).toEqual([
        expect.stringMatching(
          new RegExp(`^compile: "${name}" runs eagerly for a while each time .*: LeakyReLU.alpha changed from 5 to 6`),
        ),
      ]);
      run.dispose();
      notices = [];
    }
  });
});

describe('variables that a function makes', () => {
  const makes = (what: () => void): ((x: Argument) => tf.Tensor) => {
    return (x) => {
      what();
      if (!(x instanceof tf.Tensor)) throw new TypeError('expected a tensor');
      return x.neg();
    };
  };

  it('are refused from its second call on', () => {
    const run = compile(makes(() => void tf.variable(tf.scalar(1))));
    run(tf.scalar(1));
    expect(() => run(tf.scalar(1))).toThrow(TraceError);
    run.dispose();
  });

  it('may be an optimizer’s three times in a row', () => {
    const weight = tf.variable(tf.scalar(1));
    const optimizers: tf.Optimizer[] = [];
    let isNew = true;
    const run = compile(
      makes(() => {
        const optimizer = (isNew ? undefined : optimizers.at(-1)) ?? tf.train.adagrad(0.1);
        if (isNew) optimizers.push(optimizer);
        optimizer.minimize(() => weight.square().asScalar(), false, [weight]);
      }),
      { onNotice },
    );
    for (let call = 0; call < 4; call++) expect(value(run(tf.scalar(1)))).toBe(-1);
    expect(() => run(tf.scalar(1))).toThrow('the function made a variable');
    run.dispose();
    isNew = false;
    expect(() => run(tf.scalar(1))).not.toThrow();
    run.dispose();
    disposeAll(optimizers);
  });
});
