import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TraceError, compile, dropout, randomNormal, randomUniform, type Structure } from '../../../src/parts/graph';
import { nativeBackend, type TFEOpAttr } from '../../../src/parts/graph/native';

let alive = 0;
beforeEach(() => {
  alive = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(alive);
});

const valuesOf = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const closeTo = (actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) =>
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[i]))),
  );
};

describe('compile', () => {
  it('gives the same results as eager: first call, trace and graph', () => {
    const layer = compile((x: tf.Tensor2D, w: tf.Tensor2D) => x.matMul<tf.Tensor2D>(w).relu<tf.Tensor2D>());
    const [x, w] = [
      tf.tensor2d([
        [1, 2],
        [3, -4],
      ]),
      tf.tensor2d([
        [1, -1, 0],
        [0.5, 2, 1],
      ]),
    ];
    for (let call = 0; call < 4; call++) {
      const result = layer(x, w);
      expect(result.arraySync()).toEqual([
        [2, 3, 2],
        [1, 0, 0],
      ]);
      result.dispose();
    }
    expect(layer.traces).toBe(1);
    layer.dispose();
    tf.dispose([x, w]);
  });

  it('takes and returns arrays and records', () => {
    const both = compile(({ a, rest }: { a: tf.Tensor; rest: tf.Tensor[] }) => ({
      sum: a.add(rest[0]),
      list: [a.mul(rest[1]), a],
    }));
    const [a, b, c] = [tf.scalar(3), tf.scalar(4), tf.scalar(5)];
    for (let call = 0; call < 4; call++) {
      const result = both({ a, rest: [b, c] });
      expect([result.sum, ...result.list].map((tensor) => tensor.dataSync()[0])).toEqual([7, 15, 3]);
      tf.dispose([result.sum, result.list[0]]);
      if (result.list[1] !== a) result.list[1].dispose();
    }
    both.dispose();
    tf.dispose([a, b, c]);
  });

  it('traces gradients', () => {
    const slope = compile((x: tf.Tensor) => tf.grad((t: tf.Tensor) => t.pow(3).tanh().sum())(x));
    const x = tf.tensor1d([0.3, -0.8, 1.2]);
    const expected = [0.3, -0.8, 1.2].map((value) => 3 * value ** 2 * (1 - Math.tanh(value ** 3) ** 2));
    for (let call = 0; call < 4; call++) tf.tidy(() => closeTo(valuesOf(slope(x)), expected, 1e-6));
    slope.dispose();
    x.dispose();
  });

  it('trains: variables and the optimizer’s own are read and written back, step for step as without', () => {
    const train = (wrap: (step: () => tf.Scalar) => () => tf.Scalar): number[] => {
      const result: number[] = [];
      tf.tidy(() => {
        const x = tf.tensor2d([
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ]);
        const y = tf.tensor2d([[0], [1], [1], [0]]);
        const random = [0.5, -0.3, 0.8, 0.1, -0.7, 0.4];
        const w1 = tf.variable(tf.tensor2d(random, [2, 3]));
        const w2 = tf.variable(tf.tensor2d([0.6, -0.5, 0.9], [3, 1]));
        const optimizer = tf.train.adam(0.05);
        const step = wrap(() => {
          const loss = optimizer.minimize(
            () => tf.losses.sigmoidCrossEntropy(y, x.matMul(w1).tanh().matMul(w2)).asScalar(),
            true,
          );
          if (!loss) throw new Error('expected the cost');
          return loss;
        });
        const losses = Array.from({ length: 30 }, () => step().dataSync()[0]);
        result.push(...losses, ...valuesOf(w1), ...valuesOf(w2));
        optimizer.dispose();
        w1.dispose();
        w2.dispose();
      });
      return result;
    };
    const eager = train((step) => step);
    let graph: { dispose(): void; traces: number } | undefined;
    const traced = train((step) => (graph = compile(step)));
    closeTo(traced, eager);
    expect(graph?.traces).toBe(1);
    graph?.dispose();
  });

  it('reads tensors from outside anew, and traces again when one of them was freed', () => {
    let offset = tf.scalar(1);
    const shift = compile((x: tf.Tensor) => x.add(offset));
    const x = tf.scalar(10);
    const call = (): number => tf.tidy(() => shift(x).dataSync()[0]);
    expect([call(), call(), call(), call()]).toEqual([11, 11, 11, 11]);
    offset.dispose();
    offset = tf.scalar(5);
    expect(call()).toBe(15);
    expect(shift.traces).toBe(2);
    shift.dispose();
    tf.dispose([x, offset]);
  });

  it('reads variables at each call', () => {
    const scale = tf.tidy(() => tf.variable(tf.scalar(2)));
    const times = compile((x: tf.Tensor) => x.mul(scale));
    const x = tf.scalar(3);
    const call = (): number => tf.tidy(() => times(x).dataSync()[0]);
    expect([call(), call(), call()]).toEqual([6, 6, 6]);
    tf.tidy(() => scale.assign(tf.scalar(7)));
    expect([call(), times.traces]).toEqual([21, 1]);
    times.dispose();
    tf.dispose([x, scale]);
  });

  it('handles int32 and bool, ops with several outputs, lists in attributes', () => {
    const mix = compile((x: tf.Tensor1D, labels: tf.Tensor1D) => {
      const { values, indices } = tf.topk(x, 2);
      const [left, right] = tf.split(x, 2);
      return {
        values,
        indices,
        mask: x.greater(0),
        hot: tf.oneHot(labels, 3),
        sum: left.add(right),
        padded: tf.pad(x, [[1, 2]]),
        cast: labels.toFloat(),
      };
    });
    const [x, labels] = [tf.tensor1d([4, -1, 7, 2]), tf.tensor1d([2, 0], 'int32')];
    tf.tidy(() => {
      const eager = Object.entries(mix(x, labels)).map(([name, tensor]) => [
        name,
        tensor.dtype,
        tensor.shape,
        valuesOf(tensor),
      ]);
      for (let call = 0; call < 3; call++)
        expect(
          Object.entries(mix(x, labels)).map(([name, tensor]) => [name, tensor.dtype, tensor.shape, valuesOf(tensor)]),
        ).toEqual(eager);
    });
    mix.dispose();
    tf.dispose([x, labels]);
  });

  it('handles texts and 64-bit whole numbers', () => {
    const shout = compile((words: tf.Tensor) => tf.string.staticRegexReplace(words, 'a', 'A'));
    const words = tf.tensor1d(['banana', 'Ü', '']);
    for (let call = 0; call < 4; call++) {
      const made = shout(words);
      expect(Array.from(made.dataSync<'string'>())).toEqual(['bAnAnA', 'Ü', '']);
      made.dispose();
    }
    expect(shout.traces).toBe(1);
    const backend = nativeBackend();
    const type = (name: string, value: number): TFEOpAttr => ({ name, type: backend.binding.TF_ATTR_TYPE, value });
    const plus = compile((x: tf.Tensor) => {
      const { binding } = backend;
      const five = binding.createTensor([], binding.TF_INT64, new Int32Array([5, 0]));
      const [cast] = binding.executeOp(
        'Cast',
        [type('SrcT', binding.TF_INT64), type('DstT', binding.TF_FLOAT)],
        [five],
        1,
      );
      binding.deleteTensor(five);
      return x.add(backend.createOutputTensor(cast));
    });
    for (let call = 0; call < 4; call++) expect(Array.from(tf.tidy(() => plus(tf.scalar(2)).dataSync()))).toEqual([7]);
    shout.dispose();
    plus.dispose();
    words.dispose();
  });

  it('leaves weights as they were where a run fails', () => {
    const table = tf.tidy(() => tf.variable(tf.ones([3, 2])));
    const optimizer = tf.train.adam(0.1);
    const step = compile((ids: tf.Tensor1D) => {
      const loss = optimizer.minimize(() => tf.gather(table, ids).square().sum(), true);
      if (!loss) throw new Error('expected a loss');
      return loss;
    });
    const [good, bad] = [tf.tensor1d([0, 2], 'int32'), tf.tensor1d([0, 99], 'int32')];
    for (let call = 0; call < 4; call++) step(good).dispose();
    const before = [tf.memory().numTensors, Array.from(table.dataSync())];
    expect(() => step(bad)).toThrow(/99/);
    expect([tf.memory().numTensors, Array.from(table.dataSync())]).toEqual(before);
    step(good).dispose();
    expect(Array.from(table.dataSync())).not.toEqual(before[1]);
    step.dispose();
    optimizer.dispose();
    tf.dispose([table, good, bad]);
  });

  it('traces each shape for itself, keeps the most recent ones and says when it traces again and again', () => {
    const notices: string[] = [];
    const total = compile((x: tf.Tensor) => x.sum(), { mostTraces: 2, onNotice: (text) => notices.push(text) });
    const call = (length: number): number => tf.tidy(() => total(tf.eye(length, 2 * length + 1)).dataSync()[0]);
    expect([call(1), call(1), call(2), call(1), call(2), call(3)]).toEqual([1, 1, 2, 1, 2, 3]);
    expect(total.traces).toBe(3);
    expect([call(2), total.traces, call(1), total.traces]).toEqual([2, 3, 1, 4]);
    for (let length = 10; length < 15; length++) call(length);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('was traced 8 times; pad its arguments to one shape');
    total.dispose();
  });

  it('is part of a trace around it', () => {
    const inner = compile((x: tf.Tensor) => x.square());
    const outer = compile((x: tf.Tensor) => inner(x).add(1));
    const x = tf.scalar(3);
    for (let call = 0; call < 4; call++) expect(tf.tidy(() => outer(x).dataSync()[0])).toBe(10);
    expect([inner.traces, outer.traces]).toEqual([0, 1]);
    outer.dispose();
    x.dispose();
  });

  it('tells its nodes, for a picture', () => {
    const twice = compile((x: tf.Tensor) => x.add(x));
    const x = tf.scalar(1);
    tf.tidy(() => void [twice(x), twice(x)]);
    expect(twice.nodes.map(({ op, shape }) => [op, shape])).toEqual([
      ['Placeholder', []],
      ['Add', []],
      ['Identity', []],
    ]);
    twice.dispose();
    x.dispose();
  });

  it('agrees with eager on random chains of operations', () => {
    const operations: ((x: tf.Tensor2D) => tf.Tensor2D)[] = [
      (x) => x.tanh(),
      (x) => x.relu(),
      (x) => x.sigmoid(),
      (x) => x.softmax<tf.Tensor2D>(),
      (x) => x.transpose<tf.Tensor2D>(),
      (x) => tf.matMul<tf.Tensor2D>(x, x.transpose<tf.Tensor2D>()),
      (x) => x.sub<tf.Tensor2D>(x.mean()),
      (x) => x.concat<tf.Tensor2D>(x, 0),
      (x) => x.square<tf.Tensor2D>(),
      (x) => x.reverse<tf.Tensor2D>(1),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: operations.length - 1 }), { minLength: 1, maxLength: 6 }),
        (chain) => {
          const run = (x: tf.Tensor2D): tf.Tensor2D => chain.reduce((value, index) => operations[index](value), x);
          const compiled = compile(run);
          tf.tidy(() => {
            const x = tf.tensor2d([
              [0.4, -0.2, 0.7],
              [-0.5, 0.1, 0.3],
            ]);
            const expected = valuesOf(run(x));
            for (let call = 0; call < 4; call++) closeTo(valuesOf(compiled(x)), expected);
          });
          compiled.dispose();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('random numbers in a graph', () => {
  it('are fresh at each call, and lie where they should', () => {
    const draws = compile((x: tf.Tensor) => ({ uniform: randomUniform([1000]).add(x), normal: randomNormal([1000]) }));
    tf.tidy(() => {
      const zero = tf.scalar(0);
      const [, , second, third] = [0, 1, 2, 3].map(() => draws(zero));
      const uniform = valuesOf(second.uniform);
      expect(valuesOf(third.uniform)).not.toEqual(uniform);
      expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
      const normal = valuesOf(third.normal);
      const mean = normal.reduce((a, b) => a + b, 0) / 1000;
      expect(Math.abs(mean)).toBeLessThan(0.2);
      expect(Math.sqrt(normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 999)).toBeGreaterThan(0.85);
    });
    draws.dispose();
  });

  it('dropout drops its part and keeps the mean', () => {
    const drop = compile((x: tf.Tensor) => dropout(x, 0.25));
    tf.tidy(() => {
      const ones = tf.ones([4000]);
      drop(ones);
      drop(ones);
      drop(ones);
      const values = valuesOf(drop(ones));
      const dropped = values.filter((value) => value === 0).length / 4000;
      expect(dropped).toBeGreaterThan(0.2);
      expect(dropped).toBeLessThan(0.3);
      expect(Math.max(...values)).toBeCloseTo(4 / 3, 5);
    });
    drop.dispose();
    expect(() => tf.tidy(() => dropout(tf.scalar(1), 1))).toThrow('expected a rate from 0 to below 1, got 1');
  });
});

describe('what a graph can not hold is named with its line', () => {
  const failure = (fn: (x: tf.Tensor) => Structure): unknown => {
    const compiled = compile(fn);
    const x = tf.scalar(2);
    try {
      tf.tidy(() => {
        compiled(x);
        compiled(x);
      });
      return undefined;
    } catch (error) {
      return error;
    } finally {
      compiled.dispose();
      x.dispose();
    }
  };

  it('reading a value', () => {
    const error = failure((x) => (x.square().dataSync()[0] > 1 ? x : x.neg()));
    expect(error).toBeInstanceOf(TraceError);
    expect(String(error)).toMatch(
      /a value was read while the function was traced \(Square_\d+, at graph\/compile\.test\.ts:\d+\).*tf\.where/,
    );
  });

  it('random numbers of JavaScript', () => {
    expect(String(failure((x) => x.add(tf.randomUniform([3]))))).toMatch(
      /would be the same at each call.*use randomUniform, randomNormal or dropout of layerwise\/graph/,
    );
  });

  it('a variable made inside', () => {
    const error = failure((x) => x.add(tf.variable(tf.scalar(1))));
    expect(String(error)).toContain('made a variable');
    tf.disposeVariables();
  });

  it('arguments and results that are no tensors', () => {
    expect(String(failure(() => Reflect.construct(Date, [])))).toContain(
      'expected tensors, or arrays and records of them, got object as the result; a graph would give the same one each',
    );
    const plus = compile((x: tf.Tensor) => x);
    expect(() => Reflect.apply(plus, undefined, [() => 3])).toThrow(
      'got function as argument 1; close over it instead of passing it',
    );
    expect(() => compile((x: tf.Tensor) => x, { mostTraces: 0 })).toThrow(
      'expected mostTraces to be a whole number of at least 1, got 0',
    );
  });

  it('and leaves recording off, Math.random and weights as they were', () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const random = Math.random;
    let calls = 0;
    const error = failure((x) => {
      weight.assign(weight.add(1));
      if (++calls === 2) x.dataSync();
      return x.mul(weight);
    });
    expect(error).toBeInstanceOf(TraceError);
    // The first call ran eagerly and counts; the second failed after its assignment.
    expect(weight.dataSync()[0]).toBe(2);
    expect(Math.random).toBe(random);
    expect(tf.tidy(() => tf.scalar(4).sqrt().dataSync()[0])).toBe(2);
    tf.dispose(weight);
  });
});

describe('memory', () => {
  it('stays flat over 1,000 calls and 200 rounds of compile and dispose', () => {
    const { binding } = tf.backend() as unknown as {
      binding: { getNumOfTensors(): number; getNumOfSavedModels(): number };
    };
    const x = tf.ones([8, 8]);
    const step = compile((t: tf.Tensor) => t.matMul(t).tanh());
    tf.tidy(() => void [step(x), step(x), step(x), step(x)]);
    const [tensors, native, models] = [
      tf.memory().numTensors,
      binding.getNumOfTensors(),
      binding.getNumOfSavedModels(),
    ];
    for (let call = 0; call < 1000; call++) step(x).dispose();
    for (let round = 0; round < 200; round++) {
      const once = compile((t: tf.Tensor) => t.add(1));
      for (let call = 0; call < 4; call++) once(x).dispose();
      once.dispose();
    }
    expect([tf.memory().numTensors, binding.getNumOfTensors(), binding.getNumOfSavedModels()]).toEqual([
      tensors,
      native,
      models,
    ]);
    step.dispose();
    x.dispose();
  });
});

describe('a trace that takes long', () => {
  const hooks = ['layerwise.output', 'layerwise.checkpoint'].map((name) => Symbol.for(name));
  const hook = (symbol: symbol, value: unknown): boolean =>
    Reflect.defineProperty(globalThis, symbol, { value, configurable: true });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const symbol of hooks) Reflect.deleteProperty(globalThis, symbol);
  });

  it('says after two seconds how far it is, in place', () => {
    const shown: unknown[][] = [];
    hook(hooks[0], (bundle: Record<string, string>, { update }: { update: boolean }) =>
      shown.push([bundle['text/plain'], update]),
    );
    const f = compile((x: tf.Tensor) => Array.from({ length: 10 }).reduce<tf.Tensor>((sum) => sum.add(1), x));
    tf.tidy(() => {
      const x = tf.scalar(0);
      f(x);
      let now = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => (now += 600));
      expect(f(x).dataSync()[0]).toBe(10);
    });
    f.dispose();
    expect(shown.length).toBeGreaterThanOrEqual(2);
    expect(shown[0]).toEqual([expect.stringMatching(/^graph: tracing, \d+ operations so far, \d\.\d s$/), false]);
    expect(shown.slice(1).every(([, update]) => update === true)).toBe(true);
    expect(shown[shown.length - 1][0]).toMatch(/^graph: traced, \d+ operations, \d\.\d s$/);
  });

  it('stops where it is asked to, and leaves all as it was', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = tf.train.momentum(0.1, 0.9);
    const step = compile((x: tf.Tensor) => optimizer.minimize(() => w.mul(x).square().asScalar(), true));
    const x = tf.scalar(1);
    const random = Math.random;
    step(x)?.dispose();
    const before = [optimizer.iterations, w.dataSync()[0]];
    let asked = 0;
    hook(hooks[1], () => {
      if (++asked === 9) throw new RangeError('stopped');
    });
    expect(() => step(x)).toThrow('stopped');
    expect([optimizer.iterations, w.dataSync()[0]]).toEqual(before);
    expect(Math.random).toBe(random);
    const loss = step(x);
    expect(loss?.dataSync()[0]).toBeCloseTo(0.64, 5);
    loss?.dispose();
    expect(step.traces).toBe(1);
    step.dispose();
    optimizer.dispose();
    tf.disposeVariables();
    x.dispose();
    // TensorFlow.js keeps what it had saved for the gradient that failed.
    alive = tf.memory().numTensors;
  });
});
