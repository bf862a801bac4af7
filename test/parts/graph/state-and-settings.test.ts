import * as tf from '@tensorflow/tfjs-node';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { accelerate, compile, exportSavedModel, scan, TraceError, type CompileOptions } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose, setRate } from './compare';

const countAnew = expectNoTensorsLeft();

const { dense, lstm, gru, simpleRNN, bidirectional } = tf.layers;
const one = (made: ReturnType<tf.layers.Layer['apply']>): tf.Tensor => {
  const [tensor] = [made].flat();
  if (!(tensor instanceof tf.Tensor)) throw new TypeError('expected a tensor');
  return tensor;
};
const told = (): { notices: string[]; options: CompileOptions } => {
  const notices: string[] = [];
  return { notices, options: { onNotice: (text) => notices.push(text) } };
};

describe('layers that keep their state', () => {
  const settings = { units: 1, stateful: true, batchInputShape: [1, 2, 1] };
  const kinds: Readonly<Record<string, () => tf.layers.Layer>> = {
    LSTM: () => lstm({ ...settings }),
    GRU: () => gru({ ...settings }),
    'simple RNN': () => simpleRNN({ ...settings }),
    'one in both directions': () =>
      bidirectional({ layer: gru({ units: 1, stateful: true }), batchInputShape: [1, 2, 1] }),
  };

  it.each(Object.keys(kinds))('are refused by name, where they would start anew at each call: %s', (name) => {
    tf.tidy(() => {
      const layer = kinds[name]();
      const step = compile((x: tf.Tensor) => one(layer.apply(x)));
      const x = tf.ones([1, 2, 1]);
      const first = step(x).dataSync()[0];
      // Eagerly its state goes on.
      expect(one(layer.apply(x)).dataSync()[0]).not.toBe(first);
      for (let call = 0; call < 4; call++) {
        expect(() => step(x)).toThrow(TraceError);
        expect(() => step(x)).toThrow(/the layer \w+ keeps its state from call to call \(stateful\)/);
      }
      step.dispose();
    });
    tf.disposeVariables();
    // The layer's state.
    countAnew();
  });

  it.each<[string, () => (x: tf.Tensor) => tf.Tensor]>([
    [
      'a wrapper for each moment',
      () => {
        const layer = tf.layers.timeDistributed({ layer: lstm({ ...settings }), batchInputShape: [1, 3, 2, 1] });
        return (x) => one(layer.apply(x.tile([1, 3, 1]).reshape([1, 3, 2, 1])));
      },
    ],
    [
      'a layer of one’s own',
      () => {
        class Wrap extends tf.layers.Layer {
          static readonly className = 'Wrap';
          readonly inner = gru({ ...settings });
          override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
            return one(this.inner.call(inputs, {}));
          }
        }
        const layer = new Wrap({});
        layer.inner.build([1, 2, 1]);
        return (x) => one(layer.apply(x));
      },
    ],
    [
      'the function itself, by call',
      () => {
        const layer = simpleRNN({ ...settings });
        layer.build([1, 2, 1]);
        return (x) => one(layer.call(x, {}));
      },
    ],
  ])('are refused where %s holds them', (_, make) => {
    tf.tidy(() => {
      const step = compile(make());
      step(tf.ones([1, 2, 1]));
      for (let call = 0; call < 3; call++)
        expect(() => step(tf.ones([1, 2, 1]))).toThrow(/the layer \w+ keeps its state from call to call/);
      step.dispose();
    });
    tf.disposeVariables();
    countAnew();
  });

  it('are refused in a model that is exported, and in one that predicts inside of a graph', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-state-'));
    const model = tf.sequential({ layers: [lstm({ ...settings }), dense({ units: 1 })] });
    expect(() => exportSavedModel(model, path.join(folder, 'model'))).toThrow('keeps its state from call to call');
    const predict = compile((x: tf.Tensor) => one(model.predict(x)));
    tf.tidy(() => {
      predict(tf.ones([1, 2, 1]));
      expect(() => predict(tf.ones([1, 2, 1]))).toThrow('keeps its state from call to call');
      model.resetStates();
    });
    predict.dispose();
    disposeAll([model]);
    countAnew();
    rmSync(folder, { recursive: true });
  });
});

describe('an optimizer’s rate and momentum that are set as members', () => {
  const changes: Readonly<Record<string, (optimizer: tf.Optimizer) => void>> = {
    'a rate of 0': (optimizer) => Reflect.set(optimizer, 'learningRate', 0),
    'another rate': (optimizer) => Reflect.set(optimizer, 'learningRate', 0.03),
    'a rate by its method': (optimizer) => setRate(optimizer, 0.03),
    'another momentum': (optimizer) => Reflect.set(optimizer, 'momentum', 0.1),
  };
  const kinds: Readonly<Record<string, () => tf.Optimizer>> = {
    SGD: () => tf.train.sgd(0.1),
    momentum: () => tf.train.momentum(0.1, 0.9),
    Nesterov: () => tf.train.momentum(0.1, 0.9, true),
    Adam: () => tf.train.adam(0.1),
  };
  const pathOf = (
    make: () => tf.Optimizer,
    change: (optimizer: tf.Optimizer) => void,
    at: number,
    isGraph: boolean,
  ): number[] =>
    tf.tidy(() => {
      const weight = tf.variable(tf.scalar(1));
      const optimizer = make();
      const plain = (): void => void optimizer.minimize(() => weight.square().asScalar(), false, [weight]);
      const compiled = compile(plain, told().options);
      const noted: number[] = [];
      for (let step = 0; step < 9; step++) {
        if (step === at) change(optimizer);
        (isGraph ? compiled : plain)();
        noted.push(weight.dataSync()[0]);
      }
      compiled.dispose();
      disposeAll([optimizer]);
      return noted;
    });

  it.each(Object.keys(kinds).flatMap((kind) => Object.keys(changes).map((change) => [kind, change])))(
    'count eagerly as in a graph, from the first call on or later: %s, %s',
    (kind, change) => {
      for (const at of [0, 1, 2, 4]) {
        const [eager, graph] = [false, true].map((isGraph) => pathOf(kinds[kind], changes[change], at, isGraph));
        expectClose(graph, eager, 1e-5, `${kind}, ${change}, from step ${at}`);
      }
    },
  );

  it('are those of the formulas: 1 − 2 · rate a step, and a step of momentum', () => {
    const rate = pathOf(kinds.SGD, changes['another rate'], 2, false);
    expectClose(rate.slice(0, 4), [0.8, 0.64, 0.64 * 0.94, 0.64 * 0.94 ** 2], 1e-6, 'SGD');
    expect(pathOf(kinds.SGD, changes['a rate of 0'], 0, true)).toEqual(Array(9).fill(1));
    let [weight, velocity] = [1, 0];
    const expected = Array.from({ length: 9 }, (_, step) => {
      velocity = (step < 4 ? 0.9 : 0.1) * velocity + 2 * weight;
      return (weight -= 0.1 * velocity);
    });
    for (const isGraph of [false, true])
      expectClose(pathOf(kinds.momentum, changes['another momentum'], 4, isGraph), expected, 1e-5, 'momentum');
  });

  it('count where a method has set others before, and a subclass keeps its own ways', () => {
    const follow = (optimizer: tf.SGDOptimizer, isGraph: boolean): number[] =>
      tf.tidy(() => {
        const weight = tf.variable(tf.scalar(1));
        const plain = (): void => void optimizer.minimize(() => weight.square().asScalar(), false, [weight]);
        const compiled = compile(plain, told().options);
        const noted: number[] = [];
        for (let step = 0; step < 6; step++) {
          if (step === 1) {
            optimizer.setLearningRate(0.3);
            Reflect.set(optimizer, 'learningRate', 0.1);
          }
          (isGraph ? compiled : plain)();
          noted.push(weight.dataSync()[0]);
        }
        compiled.dispose();
        disposeAll([optimizer]);
        return noted;
      });
    const expected = [1, 2, 3, 4, 5, 6].map((step) => 0.8 ** step);
    for (const isGraph of [false, true]) expectClose(follow(tf.train.sgd(0.1), isGraph), expected, 1e-6, 'SGD');
    let set = 0;
    class Counting extends tf.SGDOptimizer {
      override setLearningRate(rate: number): void {
        set++;
        super.setLearningRate(rate);
      }
    }
    const own = new Counting(0.1);
    const before = set;
    // As TensorFlow.js has it: the member alone changes nothing.
    expectClose(follow(own, false), [0.8, 0.32, 0.128, 0.0512, 0.02048, 0.008192], 1e-6, 'a subclass');
    expect(set).toBe(before + 1);
  });

  it('of momentum are read at each call of one graph', () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = tf.train.momentum(0.01, 0.5);
    const step = compile(() => void optimizer.minimize(() => weight.square().asScalar(), false, [weight]));
    for (let call = 0; call < 12; call++) {
      Reflect.set(optimizer, 'momentum', 0.5 + call / 50);
      step();
    }
    expect(step.traces).toBe(1);
    step.dispose();
    disposeAll([optimizer]);
    weight.dispose();
  });

  it('of an optimizer that was disposed make nothing anew', () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = tf.train.sgd(0.1);
    optimizer.dispose();
    tf.tidy(() => {
      expect(() => optimizer.minimize(() => weight.square().asScalar(), false, [weight])).toThrow();
    });
    weight.dispose();
  });

  it('count in an accelerated fit too', async () => {
    const run = async (isGraph: boolean): Promise<number> => {
      const model = tf.sequential({ layers: [dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })] });
      const optimizer = tf.train.momentum(0.1, 0.5);
      model.compile({ optimizer, loss: 'meanSquaredError' });
      const graphs = isGraph ? accelerate(model) : undefined;
      const [x, y] = [tf.ones([4, 1]), tf.zeros([4, 1])];
      const onEpochBegin = (epoch: number): void => void Reflect.set(optimizer, 'learningRate', 0.1 / (epoch + 1));
      const { history } = await model.fit(x, y, { epochs: 6, verbose: 0, callbacks: { onEpochBegin } });
      graphs?.dispose();
      disposeAll([model, optimizer, x, y]);
      return Number(history.loss[5]);
    };
    expect(await run(true)).toBeCloseTo(await run(false), 6);
  });
});

describe('lengths that the data decide', () => {
  const rows = [[1, 1, 2], [1, 1, 2], [1, 1, 2], [1, 1, 2], [1, 2, 3], [4, 4, 4], [2, 2, 1], [5, 5, 6]]; // prettier-ignore
  const programs: Readonly<Record<string, (x: tf.Tensor1D) => tf.Tensor>> = {
    'the mean of distinct values': (x) => {
      const { values } = tf.unique(x);
      return values.sum().div(values.size);
    },
    'distinct values themselves': (x) => tf.unique(x).values.mul(2),
    'boxes that are left': (x) => {
      const boxes = tf.stack([x, x, x.add(1), x.add(1)], 1);
      const kept = tf.image.nonMaxSuppression(boxes.as2D(3, 4), tf.tensor1d([0.9, 0.8, 0.7]), 3, 0.5);
      return kept.sum().add(kept.shape[0]);
    },
  };

  it.each(Object.entries(programs))('are eager’s at each call, with a notice: %s', (_, program) => {
    const { notices, options } = told();
    const run = compile(program, options);
    tf.tidy(() => {
      for (const row of rows)
        expect(Array.from(run(tf.tensor1d(row)).dataSync())).toEqual(Array.from(program(tf.tensor1d(row)).dataSync()));
    });
    expect(notices).toEqual([expect.stringMatching(/the data decide how much \w+ finds: \[\d\] here, \[\d\] when/)]);
    run.dispose();
  });

  it('have one notice, also where they differ from the start, and leave the function its own errors', () => {
    const { notices, options } = told();
    let calls = 0;
    const mean = compile((x: tf.Tensor1D) => {
      calls++;
      const { size } = tf.unique(x).values;
      if (size === 1) throw new Error('one value alone');
      return x.mean().mul(size);
    }, options);
    tf.tidy(() => {
      for (const row of [[1, 2, 3], [1, 1, 2], [1, 2, 3], [1, 1, 2], [1, 2, 3], [2, 2, 4]]) // prettier-ignore
        expect(mean(tf.tensor1d(row)).dataSync()[0]).toBeCloseTo((new Set(row).size * row.reduce((a, b) => a + b)) / 3, 5); // prettier-ignore
      const before = calls;
      expect(() => mean(tf.tensor1d([4, 4, 4]))).toThrow(/^one value alone$/);
      expect(calls).toBe(before + 1);
    });
    expect(notices).toEqual([expect.stringContaining('the data decide how much UniqueV2 finds')]);
    mean.dispose();
  });

  it('are refused in the step of a scan', () => {
    const counts = compile(
      (rows: tf.Tensor2D) =>
        scan((sum: tf.Tensor, row: tf.Tensor) => ({ state: sum.add(tf.unique(row).values.size), output: sum }), tf.scalar(0), rows).state, // prettier-ignore
    );
    tf.tidy(() => {
      const rows = tf.tensor2d([[1, 1, 2], [1, 2, 3]]); // prettier-ignore
      expect(counts(rows).dataSync()[0]).toBe(5);
      expect(() => counts(rows)).toThrow('scan: the data decide how much UniqueV2 finds');
    });
    counts.dispose();
  });

  it('leave weights as they are where the graph doesn’t hold, and move them once', () => {
    const follow = (isGraph: boolean): number[] =>
      tf.tidy(() => {
        const weight = tf.variable(tf.scalar(1));
        const optimizer = tf.train.adam(0.1);
        const step = (x: tf.Tensor1D): void => {
          const count = tf.unique(x).values.size;
          optimizer.minimize(() => weight.mul(count).square().asScalar(), false, [weight]);
        };
        const run = compile(step, told().options);
        const noted = rows.map((row) => {
          (isGraph ? run : step)(tf.tensor1d(row));
          return weight.dataSync()[0];
        });
        noted.push(optimizer.iterations);
        run.dispose();
        disposeAll([optimizer]);
        return noted;
      });
    expectClose(follow(true), follow(false), 1e-5, 'weights');
  });
});

describe('no notice where nothing is wrong', () => {
  const calls = (fn: () => void, { notices, options }: ReturnType<typeof told>): string[] => {
    const step = compile(() => fn(), options);
    tf.tidy(() => {
      for (let call = 0; call < 6; call++) step();
    });
    step.dispose();
    tf.disposeVariables();
    return notices;
  };

  it.each<[string, (w: tf.Variable) => tf.Variable]>([
    ['was made from it', (w) => tf.variable(w, false)],
    [
      'was set to it',
      (w) => {
        const old = tf.variable<tf.Rank>(tf.scalar(0), false);
        old.assign(w);
        return old;
      },
    ],
    ['is set to a clone of its own', (w) => tf.variable(w.clone(), false)],
  ])('though a variable shares memory with what it is set to: it %s', (_, make) => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const old = tf.tidy(() => make(w));
    expect(calls(() => old.assign(w), told())).toEqual([]);
  });

  it('though a compiled function or an accelerated model is called inside of another’s first call', () => {
    tf.tidy(() => void tf.variable(tf.scalar(1), true, 'apart'));
    const inner = compile((x: tf.Tensor) => x.mul(2));
    const { notices, options } = told();
    const outer = compile((x: tf.Tensor) => inner(x).add(inner(x)), options);
    tf.tidy(() => {
      for (let call = 0; call < 5; call++) expect(outer(tf.scalar(call)).dataSync()[0]).toBe(4 * call);
    });
    disposeAll([inner, outer]);
    expect(notices).toEqual([]);
  });

  it('though variables come to share memory before another compiled function is called', () => {
    const [w, v] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]);
    const inner = compile((x: tf.Tensor) => x.mul(2));
    const { notices, options } = told();
    const outer = compile((x: tf.Tensor) => {
      v.assign(w);
      return inner(x).add(inner(x));
    }, options);
    tf.tidy(() => {
      for (let call = 0; call < 6; call++) expect(outer(tf.scalar(call)).dataSync()[0]).toBe(4 * call);
    });
    expect(notices).toEqual([]);
    disposeAll([inner, outer]);
  });

  it('though a subclassed optimizer’s rate changes between the first call and the next', () => {
    class Own extends tf.SGDOptimizer {}
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = new Own(0.1);
    const { notices, options } = told();
    const step = compile(() => void optimizer.minimize(() => w.square().asScalar(), false, [w]), options);
    for (let call = 0; call < 6; call++) {
      if (call === 1) optimizer.setLearningRate(0.3);
      step();
    }
    expect(w.dataSync()[0]).toBeCloseTo(0.8 * 0.4 ** 5, 6);
    expect(notices).toEqual([]);
    step.dispose();
    disposeAll([optimizer]);
    w.dispose();
  });

  it('nor are variables copied that only the running call holds', () => {
    const apart = tf.tidy(() => tf.variable(tf.scalar(1)));
    const { dataId } = apart;
    const inner = compile((x: tf.Tensor) => x.mul(2));
    const outer = compile((x: tf.Tensor) => inner(x).add(inner(x)).add(inner(x)));
    tf.tidy(() => {
      for (let call = 0; call < 5; call++) outer(tf.scalar(call));
    });
    expect(apart.dataId).toBe(dataId);
    disposeAll([inner, outer]);
  });

  it.each<[string, (layer: tf.layers.Layer, u: tf.Variable) => void, (layer: tf.layers.Layer, u: tf.Variable) => void]>(
    [
      [
        'a variable is frozen',
        (_, u) => Reflect.set(u, 'trainable', true),
        (_, u) => Reflect.set(u, 'trainable', false),
      ],
      [
        'a variable is let free',
        (_, u) => Reflect.set(u, 'trainable', false),
        (_, u) => Reflect.set(u, 'trainable', true),
      ],
      [
        'a layer’s own setting changes',
        (layer) => Reflect.set(layer, 'factor', 2),
        (layer) => Reflect.set(layer, 'factor', 3),
      ],
    ],
  )('though %s between the first call and the next', (_, before, after) => {
    class Scale extends tf.layers.Layer {
      static readonly className = 'Scale';
      factor = 2;
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return [inputs].flat()[0].mul(this.factor);
      }
    }
    const layer = new Scale({});
    const run = (isGraph: boolean): { noted: number[]; notices: string[] } => {
      const [w, u] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))]);
      const optimizer = tf.train.sgd(0.01);
      before(layer, u);
      const { notices, options } = told();
      const step = (): void =>
        void optimizer.minimize(() =>
          one(layer.apply(w.add(u)))
            .square()
            .asScalar(),
        );
      const compiled = compile(step, options);
      const noted: number[] = [];
      for (let call = 0; call < 7; call++) {
        if (call === 1) after(layer, u);
        if (call === 4) before(layer, u);
        (isGraph ? compiled : step)();
        noted.push(w.dataSync()[0], u.dataSync()[0]);
      }
      compiled.dispose();
      optimizer.dispose();
      tf.dispose([w, u]);
      return { noted, notices };
    };
    const [eager, graph] = [run(false), run(true)];
    expectClose(graph.noted, eager.noted, 1e-6, 'weights');
    expect(graph.notices).toEqual([]);
  });
});

describe('variables that an optimizer makes after the first call', () => {
  it('for weights of a layer that its first call has built', () => {
    const run = (isGraph: boolean): number[] =>
      tf.tidy(() => {
        const layer = dense({ units: 1, kernelInitializer: 'ones' });
        const u = tf.variable(tf.ones([1, 1]));
        const optimizer = tf.train.adam(0.1);
        const step = (x: tf.Tensor): void => void optimizer.minimize(() => one(layer.apply(x)).matMul(u).square().sum().asScalar()); // prettier-ignore
        const compiled = compile(step, told().options);
        const noted: number[] = [];
        for (let call = 0; call < 7; call++) {
          (isGraph ? compiled : step)(tf.ones([2, 2]));
          for (const tensor of [u, ...layer.getWeights()]) noted.push(...tensor.dataSync());
        }
        expect(isGraph ? compiled.nodes.length : 1).toBeGreaterThan(0);
        compiled.dispose();
        disposeAll([optimizer]);
        return noted;
      });
    const eager = run(false);
    tf.disposeVariables();
    expectClose(run(true), eager, 1e-5, 'weights');
  });

  it('and for another optimizer that takes its place', () => {
    const run = (isGraph: boolean): number[] =>
      tf.tidy(() => {
        const w = tf.variable(tf.scalar(1));
        let optimizer = tf.train.adam(0.1);
        const step = (): void => void optimizer.minimize(() => w.square().asScalar(), false, [w]);
        const compiled = compile(step, told().options);
        const noted: number[] = [];
        for (let call = 0; call < 12; call++) {
          if (call === 5 || call === 6 || call === 9) {
            optimizer.dispose();
            optimizer = tf.train.adam(0.2);
          }
          (isGraph ? compiled : step)();
          noted.push(w.dataSync()[0]);
        }
        compiled.dispose();
        disposeAll([optimizer]);
        return noted;
      });
    expectClose(run(true), run(false), 1e-5, 'weights');
  });

  it('but not at each call', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const made: tf.Optimizer[] = [];
    const step = compile(() => {
      made.push(tf.train.adam(0.1));
      made[made.length - 1].minimize(() => w.square().asScalar(), false, [w]);
    });
    step();
    for (let call = 0; call < 3; call++) expect(() => step()).toThrow(/made a variable/);
    step.dispose();
    disposeAll(made);
  });
});

describe('a compiled function that fails inside of another', () => {
  it('leaves variables as they were, at each call', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(2)));
    let fails = false;
    const inner = compile((x: tf.Tensor) => {
      w.assign(w.add(x));
      if (fails) throw new Error('boom');
      return x.mul(w);
    }, told().options);
    const outer = compile((x: tf.Tensor) => {
      try {
        return inner(x);
      } catch {
        return x.neg();
      }
    }, told().options);
    tf.tidy(() => {
      const seen = [1, 2, 3].map((x, call) => {
        fails = call === 1;
        outer(tf.scalar(x));
        return w.dataSync()[0];
      });
      expect(seen).toEqual([3, 3, 6]);
    });
    disposeAll([inner, outer]);
    w.dispose();
  });
});

describe('what is asked for too late', () => {
  it('is an argument that was disposed, told by its place at any call', () => {
    const step = compile((x: tf.Tensor, more: { readonly y: tf.Tensor }) => x.add(more.y));
    for (let call = 0; call < 5; call++) {
      const [x, y] = [tf.scalar(1), tf.scalar(2)];
      y.dispose();
      expect(() => step(x, { y })).toThrow('expected argument 2.y to be alive, got a tensor that was disposed');
      const alive = tf.scalar(2);
      tf.dispose([step(x, { y: alive }), x, alive]);
    }
    step.dispose();
  });

  it('is a value: the function may catch that, and go on', () => {
    const step = compile((x: tf.Tensor) => {
      try {
        return x.mul(x.dataSync()[0]);
      } catch {
        return x.mul(2);
      }
    }, told().options);
    tf.tidy(() => {
      expect([3, 3, 3, 3, 4].map((value) => step(tf.scalar(value)).dataSync()[0])).toEqual([9, 6, 6, 6, 8]);
    });
    step.dispose();
  });

  it('is a promise of a value: the call fails, and the promise leaves no error that nobody handles', async () => {
    const promises: Promise<unknown>[] = [];
    const step = compile((x: tf.Tensor) => {
      promises.push(x.data(), x.mul(3).array());
      return x.mul(2);
    });
    const x = tf.scalar(1);
    step(x).dispose();
    expect(() => step(x)).toThrow('a value was read while the function was traced');
    expect(await Promise.all(promises)).toEqual([Float32Array.of(1), 3, Float32Array.of(1), 3]);
    step.dispose();
    x.dispose();
  });
});
