import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { TraceError, accelerate, compile } from '../../../src/parts/graph';
import { nativeOp } from '../../../src/parts/graph/native';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';

const { dense, lstm, flatten } = tf.layers;
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** A sum that a graph can't hold: eagerly TensorFlow finds its type, a graph that lacks it can't be loaded. */
const unloadable = (x: tf.Tensor): tf.Tensor => nativeOp('AddV2', [x, x])[0];

describe('metrics and means of other types', () => {
  it.each([
    ['accuracy of a sigmoid', 1, 'sigmoid', 'binaryCrossentropy', ['accuracy']],
    ['precision of a softmax', 2, 'softmax', 'categoricalCrossentropy', ['precision', 'accuracy']],
    ['binary accuracy beside a squared error', 1, 'sigmoid', 'meanSquaredError', ['binaryAccuracy', 'mse']],
  ] as const)('%s: the history is that of eager training', async (_, units, activation, loss, metrics) => {
    const history = async (asGraph: boolean): Promise<number[]> => {
      seed(1);
      const model = tf.sequential({ layers: [dense({ units, activation, inputShape: [2] })] });
      model.compile({ optimizer: tf.train.sgd(0.5), loss, metrics: [...metrics] });
      const graphs = asGraph ? accelerate(model) : undefined;
      const x = tf.tensor2d([0, 1, 1, 0, 2, -1, -3, 1], [4, 2]);
      const y = tf.tensor2d(units === 1 ? [1, 0, 0, 1] : [1, 0, 0, 1, 0, 1, 1, 0], [4, units]);
      const fitted = await model.fit(x, y, { epochs: 4, batchSize: 4, shuffle: false, verbose: 0 });
      expect(graphs?.isEager ?? false).toBe(false);
      graphs?.dispose();
      disposeAll([model, x, y]);
      return Object.values(fitted.history).flat().map(Number);
    };
    const [graph, eager] = [await history(true), await history(false)];
    expect(graph.length).toBe(eager.length);
    graph.forEach((value, i) => expect(value).toBeCloseTo(eager[i], 5));
  });

  it('means of truth values and of whole numbers, and moments of whole numbers, are those of eager', () => {
    const f = compile((a: tf.Tensor) => ({
      share: a.greater(0).mean(),
      mean: a.mean(),
      variance: tf.moments(a).variance,
    }));
    tf.tidy(() => {
      const a = tf.tensor1d([-1, 2, 3, 0], 'int32');
      for (let call = 0; call < 4; call++) {
        const { share, mean, variance } = f(a);
        expect([share, mean, variance].map((tensor) => tensor.dataSync()[0])).toEqual([0.5, 1, 2.5]);
      }
    });
    f.dispose();
  });
});

describe('a call that fails leaves weights as they were', () => {
  it.each<[string, (call: number, w: tf.Variable) => tf.Tensor]>([
    ['in the first call, which is eager', (call, w) => (call === 1 ? w.matMul(tf.ones([3, 3])) : w.add(0))],
    ['while it is traced', (call, w) => (call === 2 ? w.matMul(tf.ones([3, 3])) : w.add(0))],
    ['while it is traced once more', (call, w) => (call === 3 ? w.matMul(tf.ones([3, 3])) : w.add(0))],
    ['where the graph can’t be loaded', (_, w) => unloadable(w)],
  ])('%s', (_, use) => {
    const w = tf.tidy(() => tf.variable(tf.tensor2d([[1]])));
    const optimizer = tf.train.momentum(0.5, 0.9);
    let calls = 0;
    const step = compile(() => {
      optimizer.minimize(() => w.sum().asScalar());
      return use(++calls, w);
    });
    const states: number[][] = [];
    let failures = 0;
    for (let call = 0; call < 6; call++) {
      const before = numbers(w);
      try {
        step().dispose();
      } catch {
        failures++;
        expect(numbers(w)).toEqual(before);
      }
      states.push([...numbers(w), optimizer.iterations]);
    }
    expect(failures).toBeGreaterThan(0);
    // As many steps are counted as moved the weight.
    for (const [, iterations] of states) expect(iterations).toBeLessThanOrEqual(6 - failures);
    expect(states[5][1]).toBe(6 - failures);
    step.dispose();
    optimizer.dispose();
    w.dispose();
  });

  it.each<[string, () => tf.Optimizer]>([
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['adam', () => tf.train.adam(0.1)],
    ['rmsprop', () => tf.train.rmsprop(0.1, 0.9, 0.5, undefined, true)],
    ['adagrad', () => tf.train.adagrad(0.1)],
  ])('in the first call, what %s had made for its weights is gone, and is made by the next', (_, make) => {
    const train = (fails: boolean): number[] => {
      const [v, w] = tf.tidy(() => [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(2))]);
      const optimizer = make();
      let isFailing = fails;
      const step = compile((x: tf.Tensor) => {
        optimizer.minimize(() => w.mul(v).sub(x).square().asScalar(), false, [v, w]);
        if (isFailing) throw new RangeError('planted');
        return w.add(v);
      });
      const x = tf.scalar(1);
      const before = [tf.memory().numTensors, Object.keys(tf.engine().registeredVariables).length];
      if (fails) expect(() => step(x)).toThrow('planted');
      expect([tf.memory().numTensors, Object.keys(tf.engine().registeredVariables).length]).toEqual(before);
      isFailing = false;
      const noted = Array.from({ length: 6 }, () => tf.tidy(() => numbers(step(x))[0]));
      disposeAll([step, optimizer, v, w, x]);
      return noted;
    };
    expect(train(true)).toEqual(train(false));
  });

  it('leaves no tensor behind where a trace fails after the function has run', () => {
    const make = compile((x: tf.Tensor) => {
      const made = x.add(1);
      tf.variable(tf.scalar(1));
      return made;
    });
    const x = tf.tidy(() => tf.scalar(1));
    tf.dispose(make(x));
    tf.disposeVariables();
    const before = tf.memory().numTensors;
    expect(() => make(x)).toThrow('made a variable');
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
    make.dispose();
  });

  it('refuses a function that frees the tensor from outside that it has used: another one takes its place', () => {
    let state = tf.scalar(0);
    const count = compile((x: tf.Tensor) => {
      const sum = state.add<tf.Scalar>(x);
      state.dispose();
      state = tf.keep(sum.add<tf.Scalar>(0));
      return sum;
    });
    tf.tidy(() => {
      expect(count(tf.scalar(1)).dataSync()[0]).toBe(1);
      expect(() => count(tf.scalar(1))).toThrow(
        /^compile: the function frees a tensor from outside that it uses \(at graph\/failures\.test\.ts:\d+\); hold/,
      );
    });
    state.dispose();
    count.dispose();
  });

  it('runs eagerly, and says so once, where the graph fails and the function does not', () => {
    const notices: string[] = [];
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    let isPicking = true;
    const pick = compile(
      (x: tf.Tensor, place: tf.Tensor1D) => {
        weight.assign(weight.add(1));
        return isPicking ? x.gather(place) : x.sum().reshape([1]);
      },
      { onNotice: (text) => notices.push(text) },
    );
    const call = (place: number): number => tf.tidy(() => pick(tf.tensor1d([3, 4]), tf.tensor1d([place], 'int32')).dataSync()[0]); // prettier-ignore
    expect([call(0), call(1), call(1)]).toEqual([3, 4, 4]);
    expect(() => call(7)).toThrow(/failures\.test\.ts:\d+/);
    isPicking = false;
    expect([call(7), call(8), weight.dataSync()[0]]).toEqual([7, 7, 6]);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^compile: the graph of "a function" fails where the function doesn't, .*\b7 is not in/);
    pick.dispose();
    weight.dispose();
  });

  it('says that it can’t be loaded as a TraceError, when it is first to run', () => {
    const f = compile(unloadable);
    tf.tidy(() => {
      const x = tf.scalar(1);
      for (let call = 0; call < 3; call++) expect(f(x).dataSync()[0]).toBe(2);
      expect(() => f(x)).toThrow(TraceError);
      expect(() => f(x)).toThrow(/^compile: TensorFlow can't load the graph: .*AddV2/);
    });
    f.dispose();
  });

  it('a model whose graph can’t be loaded trains eagerly, with one notice, and counts each step once', async () => {
    class Twice extends tf.layers.Layer {
      static className = 'Twice';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const [x] = [inputs].flat();
        return tf.customGrad((given) => {
          const [t] = [given].flat();
          return {
            value: t instanceof tf.Tensor ? unloadable(t) : x,
            gradFunc: (dy: tf.Tensor | tf.Tensor[]) => [dy].flat()[0].mul(2),
          };
        })(x);
      }
    }
    const losses = async (asGraph: boolean): Promise<unknown[]> => {
      seed(1);
      const model = tf.sequential({ layers: [dense({ units: 1, inputShape: [2] }), new Twice({})] });
      const optimizer = tf.train.sgd(0.01);
      model.compile({ optimizer, loss: 'meanSquaredError' });
      const notices: string[] = [];
      const graphs = asGraph ? accelerate(model, { onNotice: (text) => notices.push(text) }) : undefined;
      const [x, y] = [tf.ones([4, 2]), tf.ones([4, 1])];
      const { history } = await model.fit(x, y, { epochs: 4, verbose: 0 });
      expect(notices).toHaveLength(asGraph ? 1 : 0);
      if (asGraph) expect(notices[0]).toMatch(/runs eagerly: compile: TensorFlow can't load the graph: .*AddV2/);
      graphs?.dispose();
      disposeAll([model, x, y]);
      return [...history.loss, optimizer.iterations];
    };
    expect(await losses(true)).toEqual(await losses(false));
  });
});

describe('no rows', () => {
  it('are predicted as nothing, in the shape and type of the outputs', () => {
    const input = tf.input({ shape: [3, 1] });
    const hidden = lstm({ units: 4, returnSequences: true }).apply(input);
    const flat = flatten().apply(hidden);
    if (!(hidden instanceof tf.SymbolicTensor) || !(flat instanceof tf.SymbolicTensor)) throw new Error('one each');
    const model = tf.model({ inputs: input, outputs: [hidden, flat] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const graphs = accelerate(model);
    tf.tidy(() => {
      const none = tf.zeros([0, 3, 1]);
      for (const made of [model.predict(none), model.predictOnBatch(none)])
        expect([made].flat().map(({ shape, dtype }) => [shape, dtype])).toEqual([
          [[0, 3, 4], 'float32'],
          [[0, 12], 'float32'],
        ]);
      expect([model.predict(tf.zeros([2, 3, 1]))].flat().map(({ shape }) => shape[0])).toEqual([2, 2]);
    });
    graphs.dispose();
    disposeAll([model]);
  });

  it('say so where only rows would tell the shape', () => {
    const model = tf.sequential({ layers: [lstm({ units: 2, returnSequences: true, inputShape: [null, 1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const graphs = accelerate(model);
    tf.tidy(() => {
      expect(() => model.predict(tf.zeros([0, 3, 1]))).toThrow(
        /^predict: expected at least one row, got none; the output \S+ \[\?,\?,2\] has other open lengths/,
      );
    });
    graphs.dispose();
    disposeAll([model]);
  });

  it('in a step are what they are eagerly', async () => {
    const loss = async (asGraph: boolean): Promise<unknown> => {
      seed(1);
      const model = tf.sequential({ layers: [lstm({ units: 4, inputShape: [3, 1] }), dense({ units: 1 })] });
      model.compile({ optimizer: tf.train.adam(0.1), loss: 'meanSquaredError' });
      const graphs = asGraph ? accelerate(model) : undefined;
      const [x, y] = [tf.zeros([0, 3, 1]), tf.zeros([0, 1])];
      const losses: unknown[] = [];
      for (let step = 0; step < 4; step++) losses.push(await model.trainOnBatch(x, y));
      graphs?.dispose();
      disposeAll([model, x, y]);
      return losses;
    };
    expect(await loss(true)).toEqual(await loss(false));
  });
});

describe('models that share layers', () => {
  it.each(['lstm', 'dropout', 'cell with dropout'] as const)(
    'one is freed, the other goes on as a graph with native layers: %s',
    async (kind) => {
      const shared = {
        lstm: () => lstm({ units: 4, returnSequences: true, inputShape: [3, 1] }),
        dropout: () => tf.layers.dropout({ rate: 0.5, inputShape: [3, 1] }),
        'cell with dropout': () => lstm({ units: 4, returnSequences: true, dropout: 0.5, inputShape: [3, 1] }),
      }[kind]();
      const make = (): tf.LayersModel => {
        const model = tf.sequential({ layers: [shared, flatten(), dense({ units: 1 })] });
        model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
        return model;
      };
      const [first, second] = [make(), make()];
      const notices: string[] = [];
      const graphs = [first, second].map((model) => accelerate(model, { onNotice: (text) => notices.push(text) }));
      graphs[0].dispose();
      graphs[0].dispose();
      const [x, y] = [tf.ones([2, 3, 1]), tf.ones([2, 1])];
      for (let step = 0; step < 4; step++) await second.trainOnBatch(x, y);
      expect([notices, graphs[1].isEager, graphs[1].traces]).toEqual([[], false, 1]);
      graphs[1].dispose();
      expect(Object.hasOwn(shared, 'call')).toBe(false);
      disposeAll([second, first, x, y]);
    },
  );
});
