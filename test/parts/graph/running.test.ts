import { execFileSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { accelerate, checkNumerics, compile, randomUniform, runEagerly } from '../../../src/parts/graph';
import { nativeMembers } from '../../../src/parts/tensorflow/private-members';
import { disposeAll } from '../../../src/parts/memory';
import { inRoot } from '../../../src/setup/paths.mjs';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

const first = (tensor: tf.Tensor): number => tensor.dataSync()[0];

describe('arguments that are no tensors', () => {
  it('have a graph for each of their values', () => {
    const scale = compile(
      (x: tf.Tensor, factor?: number, { isNegative = false, mode }: { isNegative?: boolean; mode?: string } = {}) => {
        const scaled = mode === 'square' ? x.square() : x.mul(factor ?? 2);
        return isNegative ? scaled.neg() : scaled;
      },
    );
    tf.tidy(() => {
      const x = tf.scalar(3);
      for (let call = 0; call < 4; call++) {
        expect(first(scale(x))).toBe(6);
        expect(first(scale(x, 5))).toBe(15);
        expect(first(scale(x, undefined, { isNegative: true }))).toBe(-6);
        expect(first(scale(x, 1, { isNegative: false, mode: 'square' }))).toBe(9);
      }
    });
    expect(scale.traces).toBe(4);
    scale.dispose();
  });

  it('have the types of a default: a number is no text', () => {
    const scale = compile((x: tf.Tensor, factor = 2) => x.mul(factor.valueOf()));
    expectTypeOf(scale).parameters.toEqualTypeOf<[x: tf.Tensor, factor?: number | undefined]>();
    expectTypeOf(scale).returns.toEqualTypeOf<tf.Tensor>();
    expectTypeOf(compile((x: tf.Tensor) => x.rank)).not.toBeFunction();
    tf.tidy(() => {
      const x = tf.scalar(3);
      for (let call = 0; call < 4; call++) expect([first(scale(x)), first(scale(x, 4))]).toEqual([6, 12]);
    });
    scale.dispose();
  });

  it('may lead to no result: a step that minimizes', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = tf.train.sgd(0.1);
    const cost = (): tf.Scalar => w.square().asScalar();
    const silent = compile(() => {
      optimizer.minimize(cost);
    });
    const told = compile(() => optimizer.minimize(cost, true));
    for (let call = 0; call < 4; call++) silent();
    expect(first(w)).toBeCloseTo(0.8 ** 4, 5);
    for (let call = 0; call < 4; call++) {
      const loss = told();
      expect(loss?.dataSync()[0]).toBeCloseTo(0.8 ** (2 * (4 + call)), 5);
      loss?.dispose();
    }
    for (const made of [silent, told]) made.dispose();
    disposeAll([optimizer]);
  });
});

describe('runEagerly', () => {
  it('lets values be read inside, also in accelerated models, until it is switched off', () => {
    const seen: number[] = [];
    const double = compile((x: tf.Tensor) => {
      if (seen.length < 3) seen.push(first(x));
      return x.mul(2);
    });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const graphs = accelerate(model);
    runEagerly();
    try {
      tf.tidy(() => {
        for (const value of [1, 2, 3]) expect(first(double(tf.scalar(value)))).toBe(2 * value);
        for (let call = 0; call < 4; call++) model.predict(tf.ones([1, 1]));
      });
      expect([seen, double.traces, graphs.traces, graphs.isEager]).toEqual([[1, 2, 3], 0, 0, true]);
    } finally {
      runEagerly(false);
    }
    tf.tidy(() => void [1, 2, 3, 4].map((value) => double(tf.scalar(value))));
    expect([double.traces, graphs.isEager]).toEqual([1, false]);
    double.dispose();
    graphs.dispose();
    disposeAll([model]);
  });
});

describe('checkNumerics', () => {
  it('names the operation that makes NaN, what it was given, and the line', () => {
    const loss = compile((x: tf.Tensor) => {
      const logarithm = x.log();
      return logarithm.mul(0).sum();
    });
    tf.tidy(() => {
      const [good, zero, negative] = [tf.scalar(1), tf.scalar(0), tf.scalar(-1)];
      for (let call = 0; call < 4; call++) loss(good);
      expect(first(loss(zero))).toBeNaN();
      checkNumerics();
      try {
        expect(first(loss(good))).toBeCloseTo(0, 6);
        expect(() => loss(zero)).toThrow(
          /^checkNumerics: Mul made NaN of infinite numbers: shape \[\], at graph\/running\.test\.ts:\d+$/,
        );
        expect(() => loss(negative)).toThrow(/Log made NaN of finite numbers/);
        expect(() => loss(tf.scalar(NaN))).toThrow(/Log made NaN of NaN that it was given/);
      } finally {
        checkNumerics(false);
      }
      expect(first(loss(zero))).toBeNaN();
    });
    loss.dispose();
  });
});

describe('a function that computes nothing', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor[] | undefined, unknown]>([
    ['returns nothing', () => undefined, undefined],
    ['returns an empty list', () => [], []],
    ['computes what nobody gets', (x) => void x.add(1), undefined],
  ])('runs without a notice: it %s', (_, fn, expected) => {
    const notices: string[] = [];
    const compiled = compile((x: tf.Tensor) => fn(x), { onNotice: (text) => notices.push(text) });
    const results = tf.tidy(() => [0, 1, 2, 3, 4].map(() => compiled(tf.scalar(1))));
    expect(results).toEqual(Array(5).fill(expected));
    expect(notices).toEqual([]);
    compiled.dispose();
  });
});

describe('what goes wrong in a graph', () => {
  it('names the line, and weights stay as they were', () => {
    const table = tf.tidy(() => tf.variable(tf.ones([3, 2])));
    const step = compile((ids: tf.Tensor1D) => {
      table.assign(table.add(1));
      return tf.gather(table, ids).sum();
    });
    const [good, bad] = [tf.tensor1d([0, 2], 'int32'), tf.tensor1d([0, 99], 'int32')];
    for (let call = 0; call < 4; call++) step(good).dispose();
    expect(() => step(bad)).toThrow(/99[^]*\(at graph\/running\.test\.ts:\d+\)$/);
    expect(first(table)).toBe(5);
    step.dispose();
    tf.dispose([good, bad]);
  });
});

describe('what a graph keeps is said once', () => {
  const optimizers = [tf.train.sgd(0.1), tf.train.sgd(0.01)];

  const noticesOf = (fn: (call: number) => (x: tf.Tensor) => tf.Tensor): string[] => {
    const notices: string[] = [];
    let call = 0;
    const compiled = compile((x: tf.Tensor) => fn(call)(x), { onNotice: (text) => notices.push(text) });
    tf.tidy(() => {
      for (; call < 4; call++) compiled(tf.scalar(2));
    });
    compiled.dispose();
    return notices;
  };

  it('where a number had changed by the time that it was traced', () => {
    const notices = noticesOf((call) => (x) => x.mul(0.5 ** call));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /kept as it was when it was traced: the number 1 had become 0\.5 \(at graph\/running\.test\.ts:\d+\)\. Pass what changes/,
    );
    expect(noticesOf(() => (x) => x.mul(0.5).add(3))).toEqual([]);
  });

  /** Calls with inputs of these lengths; counts the calls that gave another number than eagerly, before the notice. */
  const callsOf = (
    lengths: readonly number[],
    fn: (call: number) => (x: tf.Tensor) => tf.Tensor,
  ): { notices: string[]; wrongBefore: number } => {
    const notices: string[] = [];
    let call = 0;
    let wrongBefore = 0;
    const compiled = compile((x: tf.Tensor) => fn(call)(x), { onNotice: (text) => notices.push(text) });
    tf.tidy(() => {
      for (const length of lengths) {
        const x = tf.range(1, length + 1);
        const isWrong = Math.abs(first(compiled(x)) - first(fn(call)(x))) > 1e-5;
        if (isWrong && notices.length === 0) wrongBefore++;
        call++;
      }
    });
    compiled.dispose();
    return { notices, wrongBefore };
  };

  it.each<[string, readonly number[], (call: number) => (x: tf.Tensor) => tf.Tensor, RegExp]>([
    [
      'a factor that sinks at each call',
      [3, 4, 5, 6, 4, 5, 6, 4, 5, 6],
      (call) => (x) => x.sum().mul(0.5 ** call),
      /the number 0\.5 had become 0\.0625 \(at graph\/running/,
    ],
    [
      'a factor that sinks after a while',
      [3, 4, 5, 3, 4, 5, 6, 6, 3, 4, 5],
      (call) => (x) => x.sum().mul(call < 6 ? 1 : 0.5),
      /the number 1 had become 0\.5 \(at graph\/running/,
    ],
    [
      'one input of another length',
      [3, 3, 3, 4, 4, 4],
      (call) => (x) => x.sum().mul(call < 4 ? 1 : 0.5),
      /the number 1 had become 0\.5 \(at graph\/running/,
    ],
    [
      'where a slice begins',
      [3, 3, 3],
      (call) => (x) => x.slice([call % 2], [1]).sum(),
      /the number 0 had become 1 \(at graph\/running/,
    ],
    [
      'a row of numbers',
      [3, 3, 3],
      (call) => (x) => x.add(tf.tensor1d([call, 1, 2])).sum(),
      /3 numbers had become others \(at graph\/running/,
    ],
    [
      'the list of a gather',
      [3, 3, 3, 3],
      (call) => (x) => x.gather([call % 2, 2]).sum(),
      /numbers that it makes a tensor of had become others \(at graph\/running/,
    ],
    [
      'the slope of a leaky ReLU',
      [3, 3, 3, 3],
      (call) => (x) =>
        x
          .neg()
          .leakyRelu(0.25 * call)
          .sum(),
      /had come to compute in other steps/,
    ],
    [
      'an option of a running sum',
      [3, 3, 3, 3],
      (call) => (x) =>
        x
          .cumsum(0, call % 2 === 0)
          .square()
          .sum(),
      /had come to compute in other steps/,
    ],
    [
      'the type of a cast',
      [3, 3, 3, 3],
      (call) => (x) =>
        x
          .div(2)
          .cast(call % 2 === 0 ? 'float32' : 'int32')
          .toFloat()
          .sum(),
      /had come to compute in other steps/,
    ],
    [
      'the way an if goes from the start',
      [3, 3, 3, 3],
      (call) => (x) => (call % 2 === 0 ? x.sum() : x.square().sum()),
      /had come to compute in other steps/,
    ],
    [
      'a row of numbers, at a second length',
      [3, 3, 4, 4, 4],
      (call) => (x) =>
        x
          .sum()
          .add(tf.tensor1d([Math.max(call, 2), 1]))
          .sum(),
      /numbers that it makes a tensor of had become others/,
    ],
    [
      'which way an if goes',
      [3, 3, 4, 4, 4],
      (call) => (x) => (call < 3 ? x.sum() : x.square().sum()),
      /had come to compute in other steps/,
    ],
  ])('where %s changes between calls, before a number is wrong', (_, lengths, fn, words) => {
    const { notices, wrongBefore } = callsOf(lengths, fn);
    expect(notices).toEqual([expect.stringMatching(words)]);
    expect(wrongBefore).toBe(0);
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['1 over the length', (x) => x.sum().mul(1 / x.size)],
    ['a bound on the length', (x) => x.sum().mul(x.size > 5 ? 0.5 : 0.1)],
    ['a row as long as the input', (x) => x.add(tf.linspace(0, 1, x.size)).sum()],
  ])('but not where %s decides', (_, fn) => {
    const lengths = [3, 4, 5, 6, 7, 3, 4, 5, 6, 7, 6, 5, 4, 3, 8];
    const { notices, wrongBefore } = callsOf(lengths, () => fn);
    expect(notices).toEqual([]);
    expect(wrongBefore).toBe(0);
  });

  it.each<[string, (call: number, a: tf.Variable, b: tf.Variable) => (x: tf.Tensor) => tf.Tensor, RegExp]>([
    ['which variable it reads', (call, a, b) => (x) => x.mul(call % 2 === 0 ? a : b).sum(), /other tensors, variables/],
    [
      'which variable it writes',
      (call, a, b) => (x) => {
        (call % 2 === 0 ? a : b).assign(x.sum());
        return x.mul(2).sum();
      },
      /come to (change|leave) the variable/,
    ],
    [
      'which optimizer steps',
      (call, a) => {
        const optimizer = optimizers[call % 2];
        return () => {
          const loss = optimizer.minimize(() => a.square().asScalar(), true, [a]);
          if (!loss) throw new Error('expected a loss');
          return loss;
        };
      },
      /other tensors, variables/,
    ],
    [
      'the seed of what it draws',
      (call) => (x) =>
        randomUniform([3], { seed: 1 + (call % 2) })
          .add(x.mul(0))
          .sum(),
      /other tensors, variables/,
    ],
    [
      'in turn a tensor and a number',
      (call, a) => (x) => (call % 2 === 0 ? x.mul(a.add(1)) : x.mul(3)).sum(),
      /other steps/,
    ],
  ])('where %s changes between calls', (_, fn, words) => {
    const [a, b] = tf.tidy(() => [1, 2].map((value) => tf.variable(tf.scalar(value))));
    const { notices } = callsOf([3, 3, 3, 3], (call) => fn(call, a, b));
    expect(notices).toEqual([expect.stringMatching(words)]);
    tf.dispose([a, b]);
  });

  it.each<[string, number, (at: number) => boolean, RegExp | undefined]>([
    ['at every third call', 5, (call) => call % 3 === 0, /leave the variable target as it is/],
    ['at the first call alone', 5, (call) => call === 0, /leave the variable target as it is/],
    ['at all calls but the first', 5, (call) => call > 0, /change the variable target/],
    ['at each call', 5, () => true, undefined],
    ['never', 5, () => false, undefined],
  ])('where a target network is set %s', (_, calls, isSet, words) => {
    const notices: string[] = [];
    const [weight, target] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(0), false, `target`)]);
    const optimizer = tf.train.adam(0.1);
    let call = 0;
    const step = compile(
      (x: tf.Tensor) => {
        optimizer.minimize(() => x.mul(weight).sub(target).square().asScalar(), false, [weight]);
        if (isSet(call++)) target.assign(weight);
      },
      { onNotice: (text) => notices.push(text) },
    );
    tf.tidy(() => {
      for (let i = 0; i < calls; i++) step(tf.scalar(2));
    });
    expect(notices).toEqual(words ? [expect.stringMatching(words)] : []);
    step.dispose();
    optimizer.dispose();
    tf.dispose([weight, target]);
  });

  it('but not where a trained optimizer goes on, nor where a first call makes and frees a variable', () => {
    const notices: string[] = [];
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizers = [tf.train.adagrad(0.1), tf.train.adam(0.1), tf.train.rmsprop(0.1, 0.9, 0.9)];
    const lossOf = (x: tf.Tensor): tf.Scalar => x.mul(weight).square().asScalar();
    for (const optimizer of optimizers) {
      tf.tidy(() => void optimizer.minimize(() => lossOf(tf.scalar(2)), false, [weight]));
      let isFirst = true;
      const step = compile(
        (x: tf.Tensor) => {
          if (isFirst) tf.variable(x).dispose();
          isFirst = false;
          optimizer.minimize(() => lossOf(x), false, [weight]);
        },
        { onNotice: (text) => notices.push(text) },
      );
      tf.tidy(() => {
        for (let call = 0; call < 4; call++) step(tf.scalar(2));
      });
      step.dispose();
      optimizer.dispose();
    }
    expect(notices).toEqual([]);
    weight.dispose();
  });

  it('where the results come in another form', () => {
    const notices: string[] = [];
    let call = 0;
    const fn = compile(
      (x: tf.Tensor): { readonly [name: string]: tf.Tensor } =>
        call++ % 2 === 0 ? { even: x.mul(2) } : { odd: x.mul(2) },
      { onNotice: (text) => notices.push(text) },
    );
    tf.tidy(() => void [1, 2, 3, 4].map((value) => fn(tf.scalar(value))));
    expect(notices).toEqual([expect.stringMatching('return its results in another form')]);
    fn.dispose();
  });

  it('where the function itself changes a learning rate', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = tf.train.sgd(0.1);
    const notices: string[] = [];
    const step = compile(
      () => {
        optimizer.setLearningRate(Number(Reflect.get(optimizer, 'learningRate')) / 2);
        return optimizer.minimize(() => w.square().asScalar(), true);
      },
      { onNotice: (text) => notices.push(text) },
    );
    for (let call = 0; call < 5; call++) step()?.dispose();
    expect(notices).toEqual([expect.stringMatching('SGDOptimizer.learningRate changes while the function runs')]);
    step.dispose();
    optimizer.dispose();
    w.dispose();
  });

  it('but not where a table is cut once for each of two lengths, nor where masks are made for many', () => {
    const table = tf.tidy(() => tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8]));
    const kept = new Map<string, tf.Tensor>();
    const keptOnce = (name: string, make: () => tf.Tensor): tf.Tensor => {
      const made = kept.get(name) ?? tf.keep(make());
      kept.set(name, made);
      return made;
    };
    const cut = callsOf(
      [3, 4, 3, 4, 3, 4, 3, 4],
      () => (x) => x.mul(keptOnce(`cut ${x.size}`, () => table.slice([0], [x.size]))).sum(),
    );
    expect(cut).toEqual({ notices: [], wrongBefore: 0 });
    const masked = callsOf(
      [3, 4, 5, 6, 3, 4, 5, 6, 3, 4, 5, 6, 3, 4, 5, 6],
      () => (x) =>
        keptOnce(`mask ${x.size}`, () => tf.linalg.bandPart(tf.ones([x.size, x.size]), -1, 0))
          .matMul(x.as2D(-1, 1))
          .sum(),
    );
    expect(masked).toEqual({ notices: [expect.stringContaining('was traced 8 times')], wrongBefore: 0 });
    tf.dispose([table, ...kept.values()]);
  });

  it('nor where a watched setting changed before it was traced, nor after dispose', () => {
    const layer = tf.layers.dropout({ rate: 0.5 });
    let factor = 2;
    const notices: string[] = [];
    const fn = compile((x: tf.Tensor) => [layer.apply(x, { training: true })].flat()[0] as tf.Tensor, {
      onNotice: (text) => notices.push(text),
    });
    const scaled = compile((x: tf.Tensor) => x.mul(factor), { onNotice: (text) => notices.push(text) });
    const one = tf.tidy(() => tf.scalar(1));
    const call = (): number => tf.tidy(() => first(scaled(one)));
    tf.tidy(() => void fn(one));
    Reflect.set(layer, 'rate', 0.1);
    tf.tidy(() => void [fn(one), fn(one), fn(one)]);
    expect([call(), call(), call(), call()]).toEqual([2, 2, 2, 2]);
    scaled.dispose();
    factor = 5;
    expect([call(), call(), call()]).toEqual([5, 5, 5]);
    expect(notices).toEqual([]);
    fn.dispose();
    scaled.dispose();
    one.dispose();
  });

  it('but not where a tensor is made at a length’s first call, and kept for later ones', () => {
    const masks = new Map<number, tf.Tensor>();
    const maskOf = (length: number): tf.Tensor => {
      const mask = masks.get(length) ?? tf.keep(tf.ones([length]).mul(2));
      masks.set(length, mask);
      return mask;
    };
    const { notices, wrongBefore } = callsOf([3, 3, 3, 4, 4, 4, 4], () => (x) => x.mul(maskOf(x.size)).sum());
    expect({ notices, wrongBefore }).toEqual({ notices: [], wrongBefore: 0 });
    tf.dispose([...masks.values()]);
  });

  it('where a layer changes a setting of its own', () => {
    class Counting extends tf.layers.Layer {
      static readonly className = 'Counting';
      count = 1;
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return [inputs].flat()[0].mul(this.count++);
      }
    }
    const layer = new Counting({});
    const notices = noticesOf(() => (x) => {
      const made = layer.apply(x);
      if (!(made instanceof tf.Tensor)) throw new TypeError('expected a tensor');
      return made;
    });
    expect(notices).toEqual([expect.stringContaining('Counting.count changes while the function runs')]);
  });
});

describe('graphs', () => {
  const models = (): number => {
    const { binding } = nativeMembers.of(tf.backend());
    const count: unknown = Reflect.get(binding, 'getNumOfSavedModels');
    return typeof count === 'function' ? Number(Reflect.apply(count, binding, [])) : NaN;
  };

  it('are freed by disposeAll', () => {
    const before = models();
    const steps = [1, 2, 3].map((factor) => compile((x: tf.Tensor) => x.mul(factor ?? 2)));
    tf.tidy(() => {
      for (const step of steps) for (let call = 0; call < 4; call++) step(tf.scalar(1));
    });
    expect(models()).toBe(before + 3);
    expect(disposeAll({ steps })).toBe(3);
    expect(models()).toBe(before);
    expect(disposeAll({ steps })).toBe(0);
  });

  it('of functions that nobody can call any more are freed by the garbage collector', () => {
    const script = `
      const tf = require('@tensorflow/tfjs-node');
      const { accelerate, compile, dropout } = require('layerwise/graph');
      const models = () => tf.backend().binding.getNumOfSavedModels();
      const weight = tf.variable(tf.scalar(1));
      const optimizer = tf.train.adam(0.1);
      const round = (k) => {
        const step = compile((x) => optimizer.minimize(() => dropout(x.mul(weight), 0.5).sum().mul(k), true, [weight]));
        for (const length of [1, 1, 2, 3, 4, 4]) tf.tidy(() => void step(tf.ones([length])));
      };
      (async () => {
        const [most, kept] = [[], []];
        for (let k = 1; k <= 50; k++) {
          round(k);
          most.push(models());
          for (let i = 0; i < 5; i++) { global.gc(); await new Promise(setImmediate); }
          kept.push(models());
        }
        console.log(JSON.stringify({ most: Math.max(...most), kept: Math.max(...kept) }));
      })();
    `;
    const told = execFileSync(
      process.execPath,
      ['--expose-gc', '--require', inRoot('src', 'setup', 'node-shim.cjs'), '-e', script],
      { cwd: inRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const { most, kept }: { most: number; kept: number } = JSON.parse(told);
    expect(most).toBeGreaterThan(0);
    // The last one may still be held by what ran it.
    expect(kept).toBeLessThanOrEqual(2);
  });
});
