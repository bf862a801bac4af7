// Compiled functions that others call: in their first calls, while they are traced, and when they run as graphs.
import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accelerate, compile, scan, type CompileOptions } from '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';

const countAnew = expectNoTensorsLeft();

const value = (tensor: tf.Tensor): number => tensor.dataSync()[0];
const told = (): { notices: string[]; options: CompileOptions } => {
  const notices: string[] = [];
  return { notices, options: { onNotice: (text) => notices.push(text) } };
};

describe('a compiled function that is traced inside of the first call of another one', () => {
  it('takes each of its steps', () => {
    tf.tidy(() => {
      const w = tf.variable(tf.scalar(2));
      const descent = tf.train.sgd(0.1);
      const { notices, options } = told();
      const step = compile((x: tf.Tensor) => {
        descent.minimize(() => w.mul(x).square().asScalar(), false, [w]);
      }, options);
      const epoch = compile((x: tf.Tensor) => {
        step(x);
        step(x);
      }, options);
      const x = tf.scalar(1);
      step(x);
      step(x);
      epoch(x);
      // Each step takes a fifth: 2 × 0.8 to the power of 4.
      expect(value(w)).toBeCloseTo(0.8192, 5);
      for (let call = 0; call < 4; call++) epoch(x);
      expect(value(w)).toBeCloseTo(2 * 0.8 ** 12, 5);
      expect(notices).toEqual([]);
      descent.dispose();
      step.dispose();
      epoch.dispose();
    });
  });

  it('computes with what it is given', () => {
    tf.tidy(() => {
      const v = tf.variable(tf.scalar(2));
      const { notices, options } = told();
      const inner = compile((x: tf.Tensor) => x.mul(v).add(1), options);
      const outer = compile((x: tf.Tensor) => inner(x), options);
      const given = [
        inner(tf.scalar(1)),
        inner(tf.scalar(2)),
        outer(tf.scalar(3)),
        inner(tf.scalar(4)),
        inner(tf.scalar(5)),
      ];
      expect(given.map(value)).toEqual([3, 5, 7, 9, 11]);
      expect([6, 7, 8].map((x) => value(outer(tf.scalar(x))))).toEqual([13, 15, 17]);
      expect(notices).toEqual([]);
      inner.dispose();
      outer.dispose();
    });
  });

  it('loops in it', () => {
    tf.tidy(() => {
      const v = tf.variable(tf.scalar(2));
      const sums = compile(
        (x: tf.Tensor) =>
          scan((s: tf.Tensor, e: tf.Tensor) => ({ state: s.add(e.mul(v)), output: s.add(0) }), tf.scalar(0), x).outputs,
      );
      const loss = compile((x: tf.Tensor) => sums(x).sum());
      const x = tf.ones([3]);
      sums(x);
      for (let call = 0; call < 5; call++) expect(value(loss(x))).toBe(6);
      sums.dispose();
      loss.dispose();
    });
  });

  it('an accelerated model predicts in it, without a notice', () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    countAnew();
    const { notices, options } = told();
    const graphs = accelerate(model, options);
    const predict = (x: tf.Tensor): tf.Tensor => [model.predict(x)].flat()[0];
    const target = compile((x: tf.Tensor) => predict(x).mul(2), options);
    tf.tidy(() => {
      predict(tf.tensor2d([[1]]));
      for (let x = 1; x < 6; x++) expect(value(target(tf.tensor2d([[x]])))).toBe(2 * x);
      expect(value(predict(tf.tensor2d([[7]])))).toBe(7);
    });
    expect(notices).toEqual([]);
    graphs.dispose();
    target.dispose();
    model.dispose();
    countAnew();
  });

  it('in any order of calls', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 14 }), (calls) => {
        tf.tidy(() => {
          const v = tf.variable(tf.scalar(1));
          const first = compile((x: tf.Tensor) => {
            v.assign(v.add(x));
            return v.mul(2);
          });
          const second = compile((x: tf.Tensor) => first(x).add(first(x.mul(2))));
          const third = compile((x: tf.Tensor) => second(x).sub(first(x)));
          let expected = 1;
          const eager = [
            (x: number): number => 2 * (expected += x),
            (x: number): number => eager[0](x) + eager[0](2 * x),
            (x: number): number => eager[1](x) - eager[0](x),
          ];
          const compiled = [first, second, third];
          for (const [at, which] of calls.entries()) {
            expect(value(compiled[which](tf.scalar(at % 3)))).toBe(eager[which](at % 3));
            expect(value(v)).toBe(expected);
          }
          for (const one of compiled) one.dispose();
        });
        tf.disposeVariables();
      }),
      { numRuns: 15 },
    );
  });
});

describe('an optimizer of one’s own', () => {
  class Plain extends tf.Optimizer {
    static readonly className = 'Plain';
    constructor(public rate: number) {
      super();
    }
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
    override applyGradients(given: Parameters<tf.Optimizer['applyGradients']>[0]): void {
      for (const { name, tensor } of Array.isArray(given) ? given : []) {
        const variable = tf.engine().registeredVariables[name];
        variable.assign(tf.tidy(() => variable.sub(tensor.mul(this.rate))));
      }
    }
  }

  it('that counts no steps is followed all the same', () => {
    tf.tidy(() => {
      const w = tf.variable(tf.scalar(1));
      const optimizer = new Plain(0.1);
      const step = compile(() => {
        optimizer.minimize(() => w.square().asScalar(), false, [w]);
      });
      for (let call = 0; call < 5; call++) step();
      expect(value(w)).toBeCloseTo(0.8 ** 5, 5);
      optimizer.rate = 0.5;
      step();
      expect(value(w)).toBe(0);
      step.dispose();
    });
  });
});

describe('a layer of one’s own', () => {
  class Bent extends tf.layers.Layer {
    static readonly className = 'Bent';
    readonly options = { k: 2, bend: (x: tf.Tensor): tf.Tensor => x.tanh() };
    private _factor = 1;
    set factor(value: number) {
      this._factor = value;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return this.options.bend([inputs].flat()[0]).mul(this.options.k * this._factor);
    }
  }

  it('is followed: functions in its records, and members whose names begin with _', () => {
    tf.tidy(() => {
      const layer = new Bent({});
      const step = compile((x: tf.Tensor) => [layer.apply(x)].flat()[0] as tf.Tensor);
      const x = tf.scalar(1);
      const four = (): number[] => Array.from({ length: 4 }, () => value(step(x)));
      for (const one of four()) expect(one).toBeCloseTo(2 * Math.tanh(1), 6);
      layer.options.k = 3;
      for (const one of four()) expect(one).toBeCloseTo(3 * Math.tanh(1), 6);
      layer.options.bend = (given) => given.mul(1);
      expect(four()).toEqual([3, 3, 3, 3]);
      layer.factor = 2;
      expect(four()).toEqual([6, 6, 6, 6]);
      step.dispose();
    });
  });
});
