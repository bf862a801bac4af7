import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accelerate, compile, type CompiledFunction, type Structure } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';
import { expectClose } from './compare';

let alive = 0;
beforeEach(() => {
  alive = tf.memory().numTensors;
});
afterEach(() => {
  tf.disposeVariables();
  expect(tf.memory().numTensors).toBe(alive);
});

type Wrap = <A extends readonly Structure[], R extends Structure>(fn: (...args: A) => R) => (...args: A) => R;
type Numbers = (tensor: tf.Tensor) => number;

/** Runs a program eagerly and with its functions compiled, and compares all numbers that it noted. */
function expectAgreement(program: (wrap: Wrap, note: Numbers) => void): CompiledFunction<never, Structure>[] {
  const graphs: CompiledFunction<never, Structure>[] = [];
  const run = (wrap: Wrap): number[] => {
    const noted: number[] = [];
    tf.tidy(() => {
      program(wrap, (tensor) => {
        noted.push(...tensor.dataSync());
        return noted[noted.length - 1];
      });
    });
    tf.disposeVariables();
    return noted;
  };
  const eager = run((fn) => fn);
  const graph = run((fn) => {
    const compiled = compile(fn);
    graphs.push(compiled);
    return compiled;
  });
  expect(eager.length).toBeGreaterThan(0);
  expectClose(graph, eager, 1e-5, 'graph and eager');
  for (const compiled of graphs) compiled.dispose();
  return graphs;
}

const { dense } = tf.layers;
const one = (made: tf.Tensor | tf.Tensor[]): tf.Tensor => [made].flat()[0];
const symbol = (value: ReturnType<tf.layers.Layer['apply']>): tf.SymbolicTensor => {
  if (!(value instanceof tf.SymbolicTensor)) throw new TypeError('expected one symbolic tensor');
  return value;
};

/** Runs a program with a model, eagerly and accelerated, and compares all numbers that it noted. */
async function expectModelAgreement(
  program: (wrap: typeof accelerate, note: (...values: number[]) => void) => Promise<void>,
): Promise<void> {
  const run = async (wrap: typeof accelerate): Promise<number[]> => {
    const noted: number[] = [];
    await program(wrap, (...values) => noted.push(...values));
    return noted;
  };
  const eager = await run(() => ({ isEager: true, traces: 0, dispose: () => undefined }));
  const graph = await run((model, options) => accelerate(model, options));
  expect(eager.length).toBeGreaterThan(0);
  expectClose(graph, eager, 1e-5, 'graph and eager');
}

describe('tensors that share memory are not one', () => {
  it('for two arguments that were the same tensor at first', () => {
    const [x, y] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([11, 12, 13])];
    expectAgreement((wrap, note) => {
      const distance = wrap((a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().sum());
      for (const [a, b] of [
        [x, x],
        [x, x],
        [x, y],
        [y, x],
        [y, y],
      ])
        note(distance(a, b));
    });
    tf.dispose([x, y]);
  });

  it('for an argument and its clone, and for one in an array and in a record', () => {
    expectAgreement((wrap, note) => {
      const mix = wrap((a: tf.Tensor, { rest }: { rest: tf.Tensor[] }) => a.mul(2).add(rest[0].mul(3)).add(rest[1]));
      const [x, y] = [tf.scalar(1), tf.scalar(10)];
      for (let call = 0; call < 3; call++) note(mix(x, { rest: [x.clone(), x.reshape([])] }));
      note(mix(x, { rest: [y, x] }));
      note(mix(y, { rest: [x, y] }));
    });
  });

  it('for an argument that the function also closes over', () => {
    expectAgreement((wrap, note) => {
      const [x, y] = [tf.scalar(2), tf.scalar(5)];
      const product = wrap((a: tf.Tensor) => a.mul(x));
      for (const a of [x, x, x, y]) note(product(a));
    });
  });

  it('for an argument that comes back as the result', () => {
    expectAgreement((wrap, note) => {
      const both = wrap((a: tf.Tensor, b: tf.Tensor) => [b, a, a.add(b)]);
      const [x, y] = [tf.scalar(2), tf.scalar(5)];
      for (const [a, b] of [
        [x, x],
        [x, x],
        [x, y],
      ])
        both(a, b).forEach(note);
      note(x);
      note(y);
    });
  });

  it('for a variable that was assigned from another', () => {
    expectAgreement((wrap, note) => {
      const w = tf.variable(tf.scalar(1));
      const target = tf.variable(tf.scalar(5));
      target.assign(w);
      const scaled = wrap((x: tf.Tensor) => x.mul(w));
      const x = tf.scalar(1);
      for (let call = 0; call < 2; call++) note(scaled(x));
      w.assign(tf.scalar(100));
      note(scaled(x));
      note(target);
    });
  });

  it('for a target that is synced between the first and the second step, and inside of a step', () => {
    expectAgreement((wrap, note) => {
      const [w, target] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(3))];
      const step = wrap((rate: tf.Tensor) => {
        const error = w.mul(2).sub(target).square();
        w.assign(w.sub(rate.mul(w.mul(2).sub(target))));
        return error;
      });
      const sync = wrap((x: tf.Tensor) => {
        target.assign(w);
        return target.mul(x);
      });
      const rate = tf.scalar(0.25);
      note(step(rate));
      target.assign(w);
      for (let call = 0; call < 3; call++) note(step(rate));
      for (let call = 0; call < 4; call++) {
        note(sync(rate));
        note(step(rate));
      }
    });
  });

  it('for a variable that is passed, then another one', () => {
    expectAgreement((wrap, note) => {
      const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(10))];
      const count = wrap((counter: tf.Tensor) => {
        if (counter instanceof tf.Variable) counter.assign(counter.add(1));
        return counter.mul(2);
      });
      for (const counter of [a, a, a, b, b, a, b]) note(count(counter));
      note(a);
      note(b);
    });
  });

  it('for two models of which one was given the other’s weights', async () => {
    await expectModelAgreement(async (wrap, note) => {
      seed(1);
      const [a, b] = [0, 1].map(() => tf.sequential({ layers: [dense({ units: 1, inputShape: [2] })] }));
      a.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      b.setWeights(a.getWeights());
      const graphs = wrap(a);
      const [x, y] = [
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor2d([[1], [2]]),
      ];
      const score = (): void => tf.tidy(() => note(one(a.evaluate(x, y)).dataSync()[0]));
      for (let call = 0; call < 3; call++) score();
      await a.fit(x, y, { epochs: 4, verbose: 0 });
      score();
      tf.tidy(() => note(...one(b.predict(x)).dataSync()));
      graphs.dispose();
      disposeAll([a, b, x, y]);
    });
  });

  it('for a siamese model and a denoiser', async () => {
    await expectModelAgreement(async (wrap, note) => {
      seed(2);
      const [left, right] = [tf.input({ shape: [2] }), tf.input({ shape: [2] })];
      const tower = dense({ units: 3, activation: 'tanh' });
      const pair = tf.layers.multiply().apply([symbol(tower.apply(left)), symbol(tower.apply(right))]);
      const model = tf.model({ inputs: [left, right], outputs: symbol(dense({ units: 2 }).apply(symbol(pair))) });
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      const graphs = wrap(model);
      const [x, y] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[-1, 0.5]])];
      const predict = (a: tf.Tensor, b: tf.Tensor): void =>
        tf.tidy(() => note(...one(model.predict([a, b])).dataSync()));
      for (const [a, b] of [
        [x, x],
        [x, x],
        [x, y],
        [y, x],
      ])
        predict(a, b);
      for (const [a, b] of [
        [x, x],
        [x, x],
        [x, y],
        [y, x],
      ])
        note(...[await model.trainOnBatch([a, b], b)].flat());
      graphs.dispose();
      disposeAll([model, x, y]);
    });
  });
});

describe('tensors from outside', () => {
  it('are read anew where they were freed and bound anew, however often', () => {
    expectAgreement((wrap, note) => {
      let offset = tf.scalar(1);
      const shift = wrap((x: tf.Tensor) => x.add(offset));
      const x = tf.scalar(10);
      for (const next of [1, 5, 5, 100, 100, 7]) {
        offset.dispose();
        offset = tf.scalar(next);
        note(shift(x));
      }
    });
  });

  it('are read anew where only a view of them is used, and where they come from an operation', () => {
    expectAgreement((wrap, note) => {
      let table = tf.tensor1d([1, 2]);
      const shift = wrap((x: tf.Tensor) => x.add(table.reshape([2, 1])).sum());
      const x = tf.scalar(10);
      for (const next of [1, 5, 100, 7]) {
        table.dispose();
        table = next === 100 ? tf.ones([2]) : tf.tensor1d([next, 2]);
        note(shift(x));
        note(shift(x));
      }
    });
  });
});
