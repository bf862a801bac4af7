import * as tf from '@tensorflow/tfjs-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accelerate,
  attention,
  compile,
  layerNorm,
  softmaxCrossEntropy,
  type CompiledFunction,
  type Structure,
} from '../../../src/parts/graph';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose, optimizers, setRate } from './compare';

const countAnew = expectNoTensorsLeft();

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
  const eager = await run(() => ({ isEager: true, traces: 0, history: [], dispose: () => undefined }));
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
      for (let call = 0; call < 4; call++) note(mix(x, { rest: [x.clone(), x.reshape([])] }));
      note(mix(x, { rest: [y, x] }));
      note(mix(y, { rest: [x, y] }));
    });
  });

  it('for an argument that the function also closes over', () => {
    expectAgreement((wrap, note) => {
      const [x, y] = [tf.scalar(2), tf.scalar(5)];
      const product = wrap((a: tf.Tensor) => a.mul(x));
      for (const a of [x, x, x, x, y]) note(product(a));
    });
  });

  it('for an argument that comes back as the result', () => {
    expectAgreement((wrap, note) => {
      const both = wrap((a: tf.Tensor, b: tf.Tensor) => [b, a, a.add(b)]);
      const [x, y] = [tf.scalar(2), tf.scalar(5)];
      for (const [a, b] of [
        [x, x],
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
      for (let call = 0; call < 3; call++) note(scaled(x));
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
      for (let call = 0; call < 4; call++) note(step(rate));
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

  it('for a variable that is made when a further form of arguments first needs it', () => {
    expectAgreement((wrap, note) => {
      let count: tf.Variable | undefined;
      const counted = wrap((x: tf.Tensor, { more }: { more: tf.Tensor[] }) => {
        if (more.length === 0) return x.mul(2);
        count ??= tf.variable(tf.scalar(0));
        count.assign(count.add(1));
        return count.mul(x);
      });
      const x = tf.scalar(1);
      for (let call = 0; call < 2; call++) note(counted(x, { more: [] }));
      for (let call = 0; call < 5; call++) note(counted(x, { more: [x] }));
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
      for (let call = 0; call < 4; call++) score();
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
        [x, x],
        [x, y],
        [y, x],
      ])
        predict(a, b);
      for (const [a, b] of [
        [x, x],
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
        for (let call = 0; call < 4; call++) note(shift(x));
      }
    });
  });
});

/** Steps of an optimizer over three weights; `between` may change something before each step. */
function steps(
  optimizer: tf.Optimizer,
  wrap: Wrap,
  note: Numbers,
  between: (step: number, weights: readonly tf.Variable[]) => void,
): void {
  const weights = [tf.scalar(1.5), tf.tensor1d([0.5, -1]), tf.tensor2d([[2, 0.5]])].map((value) => tf.variable(value));
  const train = wrap((x: tf.Tensor) => {
    const [a, b, c] = weights;
    const cost = (): tf.Scalar => b.mul(x).add(c).square().mul(a).sum().add(a.square().mul(2)).asScalar();
    const loss = optimizer.minimize(cost, true, [...weights]);
    if (!loss) throw new Error('expected a loss');
    return loss;
  });
  for (let step = 0; step < 12; step++) {
    between(step, weights);
    note(train(tf.tensor1d([1, (step + 1) / 4])));
    for (const weight of weights) note(weight);
  }
  disposeAll([optimizer]);
}

describe.each(Object.keys(optimizers))('a compiled step of %s', (name) => {
  it('follows a learning rate that is changed at each step, and one of 0, from one graph', () => {
    const [graph] = expectAgreement((wrap, note) => {
      const optimizer = optimizers[name]();
      steps(optimizer, wrap, note, (step) => setRate(optimizer, [0.02, 0.02, 0.02, 0.02, 0, 0.01, 0.03, 0][step % 8]));
    });
    expect(graph.traces).toBe(1);
  });
});

it.each(['sgd', 'momentum', 'adam', 'centered rmsprop'])(
  'a compiled step of %s follows weights that are frozen and let free again',
  (name) => {
    expectAgreement((wrap, note) => {
      const optimizer = optimizers[name]();
      setRate(optimizer, 0.02);
      steps(optimizer, wrap, note, (step, weights) => {
        weights[1].trainable = step < 4 || step > 7;
      });
    });
  },
);

it('a compiled step follows another decay of an optimizer, and an optimizer of the learner’s own', () => {
  class Slower extends tf.SGDOptimizer {
    factor = 1;
    override applyGradients(given: Parameters<tf.Optimizer['applyGradients']>[0]): void {
      const named = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({ name, tensor }));
      super.applyGradients(named.map(({ name, tensor }) => ({ name, tensor: tensor.mul(this.factor) })));
    }
  }
  expectAgreement((wrap, note) => {
    const adam = tf.train.adam(0.02);
    steps(adam, wrap, note, (step) => Reflect.set(adam, 'beta1', step < 6 ? 0.9 : 0.5));
    const slower = new Slower(0.02);
    steps(slower, wrap, note, (step) => (slower.factor = step < 6 ? 1 : 0.25));
  });
});

describe('what a model is told after accelerate holds from the next step on', () => {
  const [x, y] = [[[1, 2, 3], [0, -1, 1]], [[1], [-1]]]; // prettier-ignore
  type Build = () => tf.LayersModel;
  const layers = (): tf.layers.Layer[] => [
    dense({ name: 'hidden', units: 4, activation: 'tanh', inputShape: [3] }),
    tf.layers.dropout({ name: 'drop', rate: 0 }),
    dense({ units: 1 }),
  ];
  const sequential: Build = () => tf.sequential({ layers: layers() });
  const functional: Build = () => {
    const input = tf.input({ shape: [3] });
    const outputs = layers().reduce<tf.SymbolicTensor>((value, layer) => symbol(layer.apply(value)), input);
    return tf.model({ inputs: input, outputs });
  };

  /** Three steps, then what `change` does, then three more, and the scores and predictions in between. */
  const expectFollowed = async (
    build: Build,
    change: (model: tf.LayersModel, wrap: typeof accelerate) => Promise<void> | void,
  ): Promise<void> => {
    const eager: boolean[] = [];
    await expectModelAgreement(async (wrap, note) => {
      seed(4);
      const model = build();
      const first = tf.train.adam(0.05);
      model.compile({ optimizer: first, loss: 'meanSquaredError', metrics: ['mse'] });
      let graphs = wrap(model);
      const [given, target] = [tf.tensor2d(x), tf.tensor2d(y)];
      const train = async (): Promise<void> => {
        for (let step = 0; step < 4; step++) note(...[await model.trainOnBatch(given, target)].flat());
        tf.tidy(() => {
          note(...[model.evaluate(given, target)].flat().flatMap((score) => [...score.dataSync()]));
          note(...one(model.predict(given)).dataSync());
        });
      };
      await train();
      await change(model, (again, options) => (graphs = wrap(again, options)));
      await train();
      eager.push(graphs.isEager);
      note(...model.getWeights().flatMap((weight) => [...weight.dataSync()]));
      graphs.dispose();
      disposeAll([model, first, given, target]);
    });
    expect(eager).toEqual([true, false]);
  };

  it.each([
    ['functional', functional],
    ['sequential', sequential],
  ])('another loss, optimizer, rate and metric: %s', async (_, build) => {
    await expectFollowed(build, (model) => {
      model.compile({ optimizer: tf.train.sgd(0), loss: 'meanAbsoluteError' });
    });
  });

  it.each([
    ['functional', functional],
    ['sequential', sequential],
  ])('the same, and accelerate again: %s', async (_, build) => {
    await expectFollowed(build, (model, wrap) => {
      model.getLayer('hidden').trainable = false;
      model.compile({ optimizer: tf.train.momentum(0.05, 0.5), loss: 'meanAbsoluteError' });
      wrap(model);
    });
  });

  it('a layer that is frozen for fine-tuning, with and without compile', async () => {
    await expectFollowed(functional, (model) => {
      model.getLayer('hidden').trainable = false;
    });
    await expectFollowed(sequential, (model) => {
      model.getLayer('hidden').trainable = false;
      model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
    });
  });

  it('an optimizer’s state that is set from outside', async () => {
    await expectFollowed(functional, async (model) => {
      const [steps, ...state] = await model.optimizer.getWeights();
      const halved = state.map(({ name, tensor }) => ({ name, tensor: tf.tidy(() => tensor.mul(0.5)) }));
      tf.dispose(state.map(({ tensor }) => tensor));
      await model.optimizer.setWeights([steps, ...halved]);
      tf.dispose([steps.tensor, ...halved.map(({ tensor }) => tensor)]);
    });
  });

  it('a layer’s activation and rate', async () => {
    await expectFollowed(sequential, (model) => {
      const activation: unknown = Reflect.get(dense({ units: 1, activation: 'relu' }), 'activation');
      Reflect.set(model.getLayer('hidden'), 'activation', activation);
    });
    const model = sequential();
    model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
    const graphs = accelerate(model);
    const [given, target] = [tf.tensor2d(x), tf.tensor2d(y)];
    const losses: number[] = [];
    for (let step = 0; step < 9; step++) {
      Reflect.set(model.getLayer('drop'), 'rate', step < 6 ? 0.5 : 0);
      losses.push(...[await model.trainOnBatch(given, target)].flat());
    }
    const [last] = losses.slice(-1);
    const score = tf.tidy(() => one(model.evaluate(given, target)).dataSync()[0]);
    expectClose(losses.slice(6), [score, score, score], 1e-6, 'without dropout');
    expect(losses.slice(0, 6).some((loss) => Math.abs(loss - last) > 1e-3)).toBe(true);
    graphs.dispose();
    disposeAll([model, given, target]);
  });
});

describe('gradients', () => {
  let w: tf.Tensor2D;
  let v: tf.Tensor2D;
  beforeAll(() => {
    [w, v] = [tf.tensor2d([[0.5, -0.3], [0.2, 0.8]]), tf.tensor2d([[1], [-0.7]])]; // prettier-ignore
  });
  afterAll(() => {
    tf.dispose([w, v]);
  });
  const square = (x: tf.Tensor): tf.Tensor => x.square().sum();
  const activations: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    relu: (x) => x.relu(),
    sigmoid: (x) => x.sigmoid(),
    tanh: (x) => x.tanh(),
    'a bias': (x) => x.add(tf.tensor1d([0.1, 0.2])).square(),
    'layer normalization': (x) => layerNorm(x, tf.tensor1d([1, 2]), tf.tensor1d([0.5, 0])).mul(x),
    attention: (x) => attention(x.as3D(1, 2, 2), x.as3D(1, 2, 2), x.as3D(1, 2, 2)).reshape([2, 2]),
    'softmax and cross entropy': (x) => softmaxCrossEntropy(tf.tensor2d([[1, 0], [0, 1]]), x.as2D(2, 2)), // prettier-ignore
    'a compiled function': compile((x: tf.Tensor) => x.tanh().mul(x), { onNotice: () => undefined }),
  };

  it.each(Object.keys(activations))('of gradients go through %s', (name) => {
    const inner = (x: tf.Tensor): tf.Tensor => activations[name](x.matMul(w)).mul(x.sum()).sum();
    expectAgreement((wrap, note) => {
      const outer = wrap((x: tf.Tensor) => tf.grad((z: tf.Tensor) => square(tf.grad(inner)(z)))(x));
      for (let call = 0; call < 4; call++) note(outer(tf.tensor2d([[1, 2], [-0.5, 0.3 * call]]))); // prettier-ignore
    });
  });

  it('of a gradient are those of the formula', () => {
    expectAgreement((wrap, note) => {
      const outer = wrap((x: tf.Tensor) =>
        tf.grad((z: tf.Tensor) => square(tf.grad((t: tf.Tensor) => t.relu().mul(t).sum())(z)))(x),
      );
      for (let call = 0; call < 4; call++) {
        const made = outer(tf.tensor1d([1, 2]));
        expect([...made.dataSync()]).toEqual([8, 16]);
        note(made);
      }
    });
  });

  it('of a gradient penalty move the weights, also those of layers', () => {
    expectAgreement((wrap, note) => {
      const [a, b] = [tf.variable(w), tf.variable(v)];
      const optimizer = tf.train.sgd(0.1);
      const critic = (x: tf.Tensor): tf.Tensor => x.matMul(a).relu().matMul(b).sum();
      const step = wrap((x: tf.Tensor) => {
        const cost = (): tf.Scalar => tf.grad(critic)(x).norm('euclidean', 1).sub(1).square().mean().asScalar();
        const loss = optimizer.minimize(cost, true, [a, b]);
        if (!loss) throw new Error('expected a loss');
        return loss;
      });
      for (let call = 0; call < 4; call++) note(step(tf.tensor2d([[1, 2], [0.5, call]]))); // prettier-ignore
      [a, b].forEach(note);
      disposeAll([optimizer]);
    });
  });

  const recurrent = { units: 2, kernelInitializer: 'ones', recurrentInitializer: 'ones' } as const;
  const smooth = { ...recurrent, recurrentActivation: 'sigmoid' } as const;

  it.each<[string, () => tf.layers.Layer, boolean?]>([
    ['an LSTM', () => tf.layers.lstm(smooth)],
    ['a GRU', () => tf.layers.gru(smooth)],
    ['a masked LSTM', () => tf.layers.lstm(smooth), true],
    ['batch normalization', () => tf.layers.batchNormalization()],
  ])('of gradients through %s are those of eager', (name, make, isMasked = false) => {
    expectAgreement((wrap, note) => {
      const layer = make();
      const mask = tf.tensor2d([[1, 1, 0], [1, 0, 0]]); // prettier-ignore
      const inner = (z: tf.Tensor): tf.Tensor => {
        const made = layer.apply(z, { training: true, ...(isMasked && { mask }) });
        if (!(made instanceof tf.Tensor)) throw new TypeError('expected a tensor');
        return made.square().sum();
      };
      const penalty = wrap((x: tf.Tensor) => tf.grad((z: tf.Tensor) => square(tf.grad(inner)(z)))(x));
      for (let call = 0; call < 4; call++) note(penalty(tf.tensor3d([0.1, -0.4, 0.3, 0.8, -0.2, call], [2, 3, 1])));
    });
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['relu6', (x) => x.relu6().mul(x)],
    ['a hard sigmoid', (x) => x.mul(0.2).add(0.5).clipByValue(0, 1).mul(x)],
  ])('of gradients of %s, which TensorFlow.js doesn’t have, are an error in words', (_, use) => {
    const twice = (x: tf.Tensor): tf.Tensor =>
      tf.grad((z: tf.Tensor) => square(tf.grad((t: tf.Tensor) => use(t).sum())(z)))(x);
    const x = tf.tensor1d([1, 2, 7]);
    const compiled = compile(twice);
    for (const run of [twice, compiled, compiled])
      expect(() => tf.tidy(() => run(x))).toThrow(/^Cannot compute gradient: gradient function not found for \w+\.$/);
    disposeAll([compiled, x]);
    // TensorFlow.js keeps what it had saved for the gradients that failed.
    countAnew();
  });

  it('go through a step of gradient descent', () => {
    expectAgreement((wrap, note) => {
      const meta = wrap((start: tf.Tensor, x: tf.Tensor) =>
        tf.grad((theta: tf.Tensor) => {
          const cost = (t: tf.Tensor): tf.Tensor => square(x.matMul(t.sigmoid()).relu().sub(1));
          const next = theta.sub(tf.grad(cost)(theta).mul(0.1));
          return cost(next);
        })(start),
      );
      for (let call = 0; call < 4; call++) note(meta(v, tf.tensor2d([[1, call]])));
    });
  });

  it('are right through a compiled function at every call, and it says that it runs eagerly there', () => {
    const notices: string[] = [];
    const total = compile((x: tf.Tensor) => square(x), { onNotice: (text) => notices.push(text) });
    const x = tf.tensor1d([1, 2]);
    const weight = tf.tidy(() => tf.variable(tf.scalar(3)));
    const scaled = compile((t: tf.Tensor) => t.mul(weight).square().sum(), { onNotice: (text) => notices.push(text) });
    const optimizer = tf.train.sgd(0.1);
    for (let call = 0; call < 4; call++)
      tf.tidy(() => {
        expect([
          ...tf
            .grad((t: tf.Tensor) => total(t))(x)
            .dataSync(),
        ]).toEqual([2, 4]);
        expect(total(x).dataSync()[0]).toBe(5);
        expect(scaled(x).dataSync()[0]).toBeCloseTo(5 * weight.dataSync()[0] ** 2, 3);
        weight.assign(tf.scalar(call));
        optimizer.minimize(() => scaled(x).asScalar(), false, [weight]);
        expect(weight.dataSync()[0]).toBeCloseTo(call - 0.1 * 10 * call, 5);
      });
    expect(notices).toHaveLength(2);
    expect(notices[0]).toContain('a gradient is taken through');
    expect([total.traces, scaled.traces]).toEqual([1, 1]);
    for (const made of [total, scaled]) made.dispose();
    disposeAll([optimizer, x]);
  });

  it.runIf(hasOwnOperations())('of the gradient of an operation of ours that was computed outside are refused', () => {
    const x = tf.tensor2d([[1, 2]]);
    const attempt = (): tf.Tensor =>
      tf.grad((z: tf.Tensor) => {
        const made = layerNorm(z, tf.tensor1d([1, 2]), tf.tensor1d([0, 0])).square();
        return square(tf.grad(() => made.sum())(z));
      })(x);
    expect(() => tf.tidy(attempt)).toThrow(/has no second derivative; compute it inside of the function/);
    x.dispose();
    // TensorFlow.js keeps what it had saved for the gradient that failed.
    countAnew();
  });
});
