import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it, vi } from 'vitest';
import { accelerate, compile, dropout, randomNormal, randomUniform, runEagerly } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { generator, seed, statelessNormal, statelessUniform } from '../../../src/parts/random';
import { streamOf } from '../../../src/parts/random/streams';
import { expectClose } from './compare';

const ROWS = 20_000;

/** What a layer makes of values at each of five calls: the first is eager, two are written down, two are of a graph. */
function calls(layer: tf.layers.Layer, x: tf.Tensor, training = true): number[][] {
  const graph = compile((given: tf.Tensor) => [layer.call(given, { training })].flat()[0]);
  const values = tf.tidy(() => [1, 2, 3, 4, 5].map(() => Array.from(graph(x).dataSync())));
  if (training) expect(graph.nodes.some(({ op }) => op.startsWith('StatelessRandom'))).toBe(true);
  graph.dispose();
  return values;
}

/** What a layer makes of values as a graph. */
const trained = (layer: tf.layers.Layer, x: tf.Tensor, training = true): number[] => calls(layer, x, training)[3];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** `make` runs on a tensor of ROWS equal values. */
function onEqual<T>(value: number, make: (x: tf.Tensor) => T): T {
  const x = tf.fill([ROWS, 1], value);
  try {
    return make(x);
  } finally {
    x.dispose();
  }
}

describe('layers that draw random numbers, as graphs', () => {
  it('Gaussian noise has mean 0 and the standard deviation that was asked for', () => {
    const values = onEqual(3, (x) => trained(tf.layers.gaussianNoise({ stddev: 0.5 }), x));
    expect(Math.abs(mean(values) - 3)).toBeLessThan(0.025);
    expect(Math.abs(deviation(values) - 0.5)).toBeLessThan(0.02);
  });

  it('Gaussian dropout multiplies by noise around 1 whose variance is rate / (1 − rate)', () => {
    // Srivastava et al., 2014, section 10: for a rate of 0.2 the standard deviation is 0.5.
    const values = onEqual(4, (x) => trained(tf.layers.gaussianDropout({ rate: 0.2 }), x));
    expect(Math.abs(mean(values) / 4 - 1)).toBeLessThan(0.025);
    expect(Math.abs(deviation(values) / 4 - 0.5)).toBeLessThan(0.02);
  });

  it('alpha dropout puts −λα in the place of what it drops, and then scales and shifts', () => {
    // Klambauer et al., 2017: a = (q + α′² q (1 − q))^−½ and b = −a (1 − q) α′, with q kept and α′ = −1.7580993408473766.
    const [kept, rate, alpha] = [0.7, 0.3, -1.7580993408473766];
    const a = 1 / Math.sqrt(kept + alpha ** 2 * kept * rate);
    const b = -a * rate * alpha;
    const values = onEqual(2, (x) => trained(tf.layers.alphaDropout({ rate }), x));
    const dropped = values.filter((value) => Math.abs(value - (a * alpha + b)) < 1e-5);
    const others = values.filter((value) => Math.abs(value - (2 * a + b)) < 1e-5);
    expect(dropped.length + others.length).toBe(ROWS);
    expect(Math.abs(dropped.length / ROWS - rate)).toBeLessThan(0.02);
  });

  it('alpha dropout keeps mean 0 and standard deviation 1', () => {
    const x = tf.randomNormal([ROWS, 1], 0, 1, 'float32', 5);
    const values = trained(tf.layers.alphaDropout({ rate: 0.4 }), x);
    x.dispose();
    expect(Math.abs(mean(values))).toBeLessThan(0.05);
    expect(Math.abs(deviation(values) - 1)).toBeLessThan(0.05);
  });

  it('spatial dropout drops whole channels', () => {
    const x = tf.ones([50, 4, 8]);
    const values = trained(tf.layers.spatialDropout1d({ rate: 0.5 }), x);
    x.dispose();
    const at = (row: number, step: number, channel: number): number => values[(row * 4 + step) * 8 + channel];
    const channels = Array.from({ length: 50 * 8 }, (_, i) =>
      [0, 1, 2, 3].map((step) => at(Math.floor(i / 8), step, i % 8)),
    );
    for (const channel of channels) expect([0, 2]).toContain(channel[0]);
    for (const channel of channels) expect(new Set(channel).size).toBe(1);
    const dropped = channels.filter(([first]) => first === 0).length;
    expect(dropped).toBeGreaterThan(130);
    expect(dropped).toBeLessThan(270);
  });

  it('dropout drops together what its noise shape holds once', () => {
    const x = tf.ones([40, 3, 5]);
    const values = trained(tf.layers.dropout({ rate: 0.5, noiseShape: [40, 1, 5] }), x);
    x.dispose();
    for (let row = 0; row < 40; row++)
      for (let channel = 0; channel < 5; channel++)
        expect(new Set([0, 1, 2].map((step) => values[(row * 3 + step) * 5 + channel])).size).toBe(1);
    expect(new Set(values)).toEqual(new Set([0, 2]));
    expect(new Set(values.slice(0, 5)).size + new Set(values.slice(15, 20)).size).toBeGreaterThan(2);
  });

  it.each([
    ['dropout', (): tf.layers.Layer => tf.layers.dropout({ rate: 0.5 })],
    ['Gaussian noise', (): tf.layers.Layer => tf.layers.gaussianNoise({ stddev: 1 })],
    ['Gaussian dropout', (): tf.layers.Layer => tf.layers.gaussianDropout({ rate: 0.5 })],
    ['alpha dropout', (): tf.layers.Layer => tf.layers.alphaDropout({ rate: 0.5 })],
  ])('%s changes nothing outside of training', (_, make) => {
    const values = onEqual(1.5, (x) => trained(make(), x, false));
    expect(new Set(values)).toEqual(new Set([1.5]));
  });

  it.each([
    ['dropout', (): tf.layers.Layer => tf.layers.dropout({ rate: 0.5 })],
    ['Gaussian noise', (): tf.layers.Layer => tf.layers.gaussianNoise({ stddev: 1 })],
    ['Gaussian dropout', (): tf.layers.Layer => tf.layers.gaussianDropout({ rate: 0.5 })],
    ['alpha dropout', (): tf.layers.Layer => tf.layers.alphaDropout({ rate: 0.5 })],
  ])('%s draws anew at each call of the graph', (_, make) => {
    const drawn = onEqual(1, (x) => calls(make(), x));
    expect(new Set(drawn.map(String)).size).toBe(5);
  });
});

const NOISY: Readonly<Record<string, () => tf.layers.Layer>> = {
  dropout: () => tf.layers.dropout({ rate: 0.5 }),
  'dropout with a seed': () => tf.layers.dropout({ rate: 0.5, seed: 3 }),
  'dropout of whole rows': () => tf.layers.dropout({ rate: 0.5, noiseShape: [6, 1] }),
  'Gaussian noise': () => tf.layers.gaussianNoise({ stddev: 1 }),
  'Gaussian dropout': () => tf.layers.gaussianDropout({ rate: 0.5 }),
  'alpha dropout': () => tf.layers.alphaDropout({ rate: 0.5 }),
};

describe('dropout and noise are a function of seed, layer and step', () => {
  const x = (): tf.Tensor =>
    tf.tensor2d(
      Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      [6, 4],
    );

  it.each(Object.entries(NOISY))('%s: eagerly, traced and as a graph', (_, make) => {
    const values = (wrap: (fn: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => tf.Tensor): number[][] => {
      seed(11);
      const layer = make();
      return tf.tidy(() => {
        const run = wrap((given) => [layer.apply(given, { training: true })].flat()[0] as tf.Tensor);
        return [1, 2, 3, 4, 5].map(() => Array.from(run(x()).dataSync()));
      });
    };
    const eager = values((fn) => fn);
    const graph = values((fn) => compile(fn));
    expectClose(graph.flat(), eager.flat(), 1e-6, 'graph and eager');
    expect(new Set(eager.map(String)).size).toBe(5);
  });

  it.each(['lstm', 'gru', 'simpleRNN'] as const)('the dropout of %s', (kind) => {
    const values = (wrap: <F>(fn: F) => F): number[] => {
      seed(5);
      const layer = tf.layers[kind]({ units: 3, dropout: 0.4, recurrentDropout: 0.3 });
      return tf.tidy(() => {
        const run = wrap((given: tf.Tensor) => [layer.apply(given, { training: true })].flat()[0] as tf.Tensor);
        const made = [1, 2, 3, 4].flatMap(() => Array.from(run(x().reshape([6, 2, 2])).dataSync()));
        tf.disposeVariables();
        return made;
      });
    };
    const graph = values(<F>(fn: F): F => compile(fn as never));
    expectClose(
      graph,
      values((fn) => fn),
      1e-5,
      'graph and eager',
    );
    expect(new Set(graph.slice(0, 18)).size).toBeGreaterThan(6);
  });

  const losses = async (wrap?: (model: tf.LayersModel) => { dispose(): void }): Promise<number[]> => {
    seed(1);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 20, activation: 'relu', inputShape: [4] }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 10, activation: 'selu' }),
        tf.layers.alphaDropout({ rate: 0.2 }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    const graphs = wrap?.(model);
    const [given, wanted] = [tf.randomNormal([50, 4]), tf.randomNormal([50, 1])];
    // The last batch of an epoch is smaller: a graph of its own.
    const { history } = await model.fit(given, wanted, { epochs: 5, batchSize: 16, verbose: 0 });
    graphs?.dispose();
    disposeAll([model, model.optimizer, given, wanted]);
    return history.loss.map(Number);
  };

  it('whole trainings: eager, accelerated, and accelerated again', async () => {
    const eager = await losses();
    const graph = await losses((model) => accelerate(model));
    expectClose(graph, eager, 1e-5, 'accelerated');
    expect(await losses((model) => accelerate(model))).toEqual(graph);
    runEagerly();
    try {
      expectClose(await losses((model) => accelerate(model)), eager, 1e-5, 'run eagerly');
    } finally {
      runEagerly(false);
    }
  });

  it('a layer draws anew for each use in one step', () => {
    const layer = tf.layers.dropout({ rate: 0.5 });
    const twice = compile((given: tf.Tensor) => {
      const use = (): tf.Tensor => [layer.apply(given, { training: true })].flat()[0] as tf.Tensor;
      return [use(), use()];
    });
    tf.tidy(() => {
      const ones = tf.ones([200]);
      for (let call = 0; call < 4; call++) {
        const [a, b] = twice(ones).map((made) => Array.from(made.dataSync()));
        expect(a).not.toEqual(b);
      }
    });
    twice.dispose();
  });

  it('alpha dropout chooses together what its noise shape holds once', () => {
    const layer = tf.layers.alphaDropout({ rate: 0.5, noiseShape: [40, 1] });
    const rows = tf.tidy(() =>
      ([layer.apply(tf.ones([40, 6]), { training: true })].flat()[0] as tf.Tensor2D).arraySync(),
    );
    for (const row of rows) expect(new Set(row).size).toBe(1);
    expect(new Set(rows.map(([value]) => value)).size).toBe(2);
  });

  it('tells whoever listens to a layer', () => {
    const layer = tf.layers.dropout({ rate: 0.5 });
    let calls = 0;
    layer.setCallHook(() => void calls++);
    tf.tidy(() => void layer.apply(tf.ones([3]), { training: true }));
    expect(calls).toBe(1);
  });
});

describe('random tensors of a function', () => {
  it('are those of the stateless generator', () => {
    seed(21);
    const draws = compile((zero: tf.Tensor) => [randomUniform([5]).add(zero), randomNormal([5]).add(zero)]);
    const owner = {};
    tf.tidy(() => {
      const zero = tf.scalar(0);
      const made = [1, 2, 3, 4].map(() => draws(zero).map((tensor) => Array.from(tensor.dataSync())));
      // The function is the first that drew since seed: its sequence is the first one.
      seed(21);
      for (const [uniform, normal] of made) {
        expect(uniform).toEqual(Array.from(statelessUniform(5, streamOf(owner).next())));
        expectClose(normal, Array.from(statelessNormal(5, streamOf(owner).next())), 1e-6, 'normal');
      }
    });
    draws.dispose();
  });

  it.each([false, true])('begin another sequence where a layer gets another seed (as a graph: %s)', (asGraph) => {
    const drawn = (layer: tf.layers.Layer, seeds: readonly (number | undefined)[]): number[][] => {
      const drop = (x: tf.Tensor): tf.Tensor => [layer.apply(x, { training: true })].flat()[0] as tf.Tensor;
      const compiled = asGraph ? compile(drop, { onNotice: () => undefined }) : undefined;
      const noted = seeds.map((own) => {
        Reflect.set(layer, 'seed', own);
        return tf.tidy(() => Array.from((compiled ?? drop)(tf.ones([40])).dataSync()));
      });
      compiled?.dispose();
      return noted;
    };
    seed(1);
    const changed = drawn(tf.layers.dropout({ rate: 0.5, seed: 3 }), [3, 3, 3, 3, 4, 4, 4, 4]);
    const [three, four] = [3, 4].map((own) => drawn(tf.layers.dropout({ rate: 0.5, seed: own }), [own, own, own, own]));
    expect(changed).toEqual([...three, ...four]);
    expect(new Set(changed.map(String)).size).toBe(8);
  });

  it('with a seed are the same sequence in each function and after each call of seed', () => {
    const run = (other: number): number[] => {
      seed(other);
      const drop = compile((given: tf.Tensor) => dropout(given, 0.5, { seed: 4 }));
      const made = tf.tidy(() => [1, 2, 3, 4].flatMap(() => Array.from(drop(tf.ones([40])).dataSync())));
      drop.dispose();
      return made;
    };
    const first = run(1);
    expect(run(2)).toEqual(first);
    expect(first.slice(0, 40)).not.toEqual(first.slice(40, 80));
  });

  it('on another back end are the same numbers', async () => {
    const values = (): number[] => {
      seed(2);
      return tf.tidy(() => Array.from(randomNormal([2, 3]).dataSync()));
    };
    const native = values();
    await tf.setBackend('cpu');
    try {
      expectClose(values(), native, 1e-6, 'cpu');
    } finally {
      await tf.setBackend('tensorflow');
      // TensorFlow.js greets whoever uses its other back end in Node.
      vi.mocked(console.warn).mockClear();
    }
  });

  it('count a call that fails as none', () => {
    seed(8);
    const gathered = compile((x: tf.Tensor, index: tf.Tensor) => tf.gather(x.add(randomUniform([3])), index.flatten()));
    tf.tidy(() => {
      const [x, good, bad] = [tf.zeros([3]), tf.tensor1d([0, 1, 2], 'int32'), tf.tensor1d([0, 1, 9], 'int32')];
      const made = [good, good, good, good, good].map((index) => Array.from(gathered(x, index).dataSync()));
      seed(8);
      const again = [good, good, good, good].map((index) => Array.from(gathered(x, index).dataSync()));
      expect(() => gathered(x, bad)).toThrow();
      expect([...again, Array.from(gathered(x, good).dataSync())]).toEqual(made);
    });
    gathered.dispose();
  });
});

describe('a generator of the course in a traced function', () => {
  const fail = (fn: (x: tf.Tensor) => tf.Tensor): unknown => {
    const graph = compile(fn);
    try {
      tf.tidy(() => [1, 2].map(() => graph(tf.scalar(1))));
      return undefined;
    } catch (error) {
      return error;
    } finally {
      graph.dispose();
    }
  };

  it('made outside: fails at the trace, with the line', () => {
    const random = generator(7);
    for (const draw of [random.normal, random.uniform, () => random.integer(6), () => random.choice([1, 2])])
      expect(String(fail((x) => x.add(draw())))).toMatch(
        /TraceError: compile: random numbers that JavaScript draws would be the same at each call of the graph \(.*noise-layers\.test\.ts:\d+.*pass them as an argument/,
      );
  });

  it('made inside: the same numbers at each call, as without a graph', () => {
    const fn = (x: tf.Tensor): tf.Tensor => x.add(generator(7).normal());
    const graph = compile(fn);
    tf.tidy(() => {
      const [expected] = fn(tf.scalar(1)).dataSync();
      for (let call = 0; call < 4; call++) expect(graph(tf.scalar(1)).dataSync()[0]).toBe(expected);
    });
    graph.dispose();
  });

  it('draws again afterwards', () => {
    const random = generator(7);
    fail((x) => x.add(random.normal()));
    expect(Number.isFinite(random.normal())).toBe(true);
  });
});
