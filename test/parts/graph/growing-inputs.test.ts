import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accelerate, compile, randomUniform } from '../../../src/parts/graph';
import { nativeOp } from '../../../src/parts/graph/native';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose } from './compare';

expectNoTensorsLeft();

const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const lengths = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const values = (...shape: number[]): tf.Tensor => {
  const count = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Array.from({ length: count }, (_, i) => Math.sin(3 * i + 1)),
    shape,
  );
};

/** Calls a function with inputs of all these lengths, eagerly and compiled, twice each; returns the compiled one. */
function expectSameAt(
  all: readonly number[],
  fn: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputsOf: (length: number) => tf.Tensor[],
): { traces: number; history: readonly string[] } {
  const compiled = compile(fn, { onNotice: () => undefined });
  for (const length of [...all, ...all])
    tf.tidy(() => {
      const inputs = inputsOf(length);
      const [expected, made] = [fn(...inputs), compiled(...inputs)];
      expect([length, made.shape, made.dtype]).toEqual([length, expected.shape, expected.dtype]);
      expectClose(numbers(made), numbers(expected), 1e-5, `length ${length}`);
    });
  const { traces, history } = compiled;
  compiled.dispose();
  return { traces, history };
}

/** One block of a language model that looks back, with a table of positions, over a text of any length. */
function textModel(): (ids: tf.Tensor) => tf.Tensor {
  const [table, positions, query, key] = [
    [11, 4],
    [64, 4],
    [4, 4],
    [4, 4],
  ].map((shape) => tf.variable(values(...shape)));
  return (ids) => {
    const length = ids.shape[1] ?? 0;
    const x = tf.gather(table, ids).add(tf.gather(positions, tf.range(0, length, 1, 'int32')));
    const flat = x.reshape([length, 4]);
    const past = tf.linalg.bandPart(tf.ones([length, length]), -1, 0);
    const scores = tf.matMul(flat.matMul(query), flat.matMul(key), false, true).div(2).add(past.sub(1).mul(1e9));
    const mixed = scores.softmax().matMul(flat);
    return mixed.slice([length - 1, 0], [1, 4]).matMul(table, false, true);
  };
}

describe('inputs that grow', () => {
  it('are one graph after three lengths, with eager’s numbers at each length', () => {
    tf.tidy(() => {
      const model = textModel();
      const ids = (length: number): tf.Tensor[] => [values(1, length).mul(10).abs().toInt()];
      const { traces, history } = expectSameAt(lengths(1, 40), model, ids);
      expect(traces).toBeLessThanOrEqual(5);
      expect(history.some((why) => why.endsWith('that length is open from now on'))).toBe(true);
    });
  });

  it('may shrink, jump, and come again', () => {
    tf.tidy(() => {
      const model = textModel();
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 12 }), (all) => {
          const { traces } = expectSameAt(all, model, (length) => [tf.ones([1, length], 'int32')]);
          expect(traces).toBeLessThanOrEqual(3);
        }),
        { numRuns: 15 },
      );
    });
  });

  it('go another way at another length where JavaScript decides so', () => {
    const window = (x: tf.Tensor): tf.Tensor => {
      const [length] = x.shape;
      return x.slice([Math.max(0, length - 8)]).sum();
    };
    expectSameAt(lengths(1, 30), window, (length) => [values(length)]);
    const parity = (x: tf.Tensor): tf.Tensor => (x.shape[0] % 5 === 0 ? x.neg() : x.square());
    expectSameAt(lengths(1, 30), parity, (length) => [values(length)]);
    const flag = (x: tf.Tensor): tf.Tensor => x.mul(x.shape[0] > 9 ? 2 : 3);
    expectSameAt(lengths(1, 30), flag, (length) => [values(length)]);
  });

  it('are open in means, fills, ranges and squares, or traced each', () => {
    const programs: ((x: tf.Tensor) => tf.Tensor)[] = [
      (x) => tf.grad((t: tf.Tensor) => t.square().mean())(x),
      (x) => x.sub(x.mean()).square().sum().sqrt(),
      (x) => x.mul(tf.range(0, x.shape[0])).concat(tf.fill([x.shape[0]], 0.5)),
      (x) => x.reshape([x.shape[0], 1]).matMul(x.reshape([1, x.shape[0]])).reshape([x.shape[0] ** 2]), // prettier-ignore
      (x) => x.reverse().cumsum(),
      (x) => tf.oneHot(tf.range(0, x.shape[0], 1, 'int32'), x.shape[0]).matMul(x.reshape([-1, 1])),
      (x) => tf.pad(x, [[1, x.shape[0]]]),
      (x) => tf.tensor1d(Array.from({ length: x.shape[0] }, (_, i) => 1 / (i + 1))).mul(x),
    ];
    for (const program of programs) expectSameAt(lengths(2, 24), program, (length) => [values(length)]);
  });

  it('are one graph where results are not finite, are 0, or are texts', () => {
    const programs: ((x: tf.Tensor) => tf.Tensor)[] = [
      (x) => x.div(0),
      (x) => x.sub(x).div(0).sum(),
      (x) => x.mul(0),
      (x) => x.abs().neg().log(),
    ];
    for (const program of programs) {
      const run = compile(program, { onNotice: () => undefined });
      for (const length of [...lengths(2, 9), ...lengths(2, 9)])
        tf.tidy(() => {
          expect(numbers(run(values(length)))).toEqual(numbers(program(values(length))));
        });
      expect(run.traces).toBe(3);
      run.dispose();
    }
    const column = compile((x: tf.Tensor) => x.reshape([x.size, 1]), { onNotice: () => undefined });
    for (const length of [...lengths(2, 9), ...lengths(2, 9)])
      tf.tidy(() => {
        const words = lengths(1, length).map((n) => `word ${n}`);
        const made = column(tf.tensor1d(words, 'string'));
        expect([made.shape, Array.from<unknown>(made.dataSync())]).toEqual([[length, 1], words]);
      });
    expect(column.traces).toBeLessThanOrEqual(3);
    column.dispose();
  });

  it('are one graph for each other thing that they differ in', () => {
    const scaled = compile((x: tf.Tensor, factor: number) => x.mul(factor).sum().add(x.shape[0]), { onNotice: () => undefined }); // prettier-ignore
    tf.tidy(() => {
      for (const factor of [2, 3])
        for (const length of [...lengths(2, 7), ...lengths(2, 7)])
          expect(numbers(scaled(tf.ones([length]), factor))).toEqual([(factor + 1) * length]);
    });
    expect(scaled.traces).toBeLessThanOrEqual(14);
    expect(scaled.history.filter((why) => why.endsWith('that length is open from now on')).length).toBeGreaterThan(0);
    scaled.dispose();
  });

  it('are counted by whole numbers and by floats, from any start', () => {
    const programs: ((x: tf.Tensor) => tf.Tensor)[] = [
      (x) => x.mul(tf.tensor1d(lengths(3, x.size + 2))),
      (x) => x.mul(tf.tensor1d(lengths(0, x.size - 1).map((i) => 5 - 2 * i), 'int32')), // prettier-ignore
      (x) => tf.gather(x, tf.tensor1d(lengths(0, x.size - 1).reverse(), 'int32')),
    ];
    for (const program of programs) expectSameAt(lengths(2, 24), program, (length) => [values(length)]);
    const { traces } = expectSameAt(lengths(2, 24), programs[0], (length) => [values(length)]);
    expect(traces).toBe(3);
  });

  it('may grow in several places by the same length; in two by lengths of their own, each is traced', () => {
    const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => a.matMul(b);
    const both = expectSameAt(lengths(2, 12), product, (length) => [values(2, length), values(length, 3)]);
    expect(both.traces).toBe(3);
    const apart = expectSameAt(lengths(2, 9), product, (length) => [values(length, 2), values(2, 2 * length + 1)]);
    expect(apart.traces).toBeGreaterThanOrEqual(7);
  });

  it('train: episodes of other lengths move weights as eagerly, optimizer included', () => {
    const train = (wrap: (step: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => tf.Tensor): number[] =>
      tf.tidy(() => {
        const w = tf.variable(values(3, 1));
        const optimizer = tf.train.adam(0.05);
        const step = wrap((x) => {
          const cost = (): tf.Scalar => x.matMul(w).tanh().sub(1).square().sum().asScalar();
          const loss = optimizer.minimize(cost, true, [w]);
          if (!loss) throw new Error('expected a loss');
          return loss;
        });
        const noted = [...lengths(2, 16), 5, 30, 7].flatMap((length) => [
          ...numbers(step(values(length, 3))),
          ...numbers(w),
        ]);
        const iterations = optimizer.iterations;
        disposeAll([optimizer]);
        return [...noted, iterations];
      });
    const compiled: { traces: number; dispose(): void }[] = [];
    const graph = train((step) => {
      const made = compile(step);
      compiled.push(made);
      return made;
    });
    expectClose(graph, train((step) => step), 1e-5, 'losses and weights'); // prettier-ignore
    expect(compiled[0].traces).toBe(3);
    disposeAll(compiled);
  });

  it('are read with what holds now: variables, tensors from outside, settings', () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    let offset = tf.scalar(0);
    const scaled = compile((x: tf.Tensor) => x.mul(weight).add(offset).sum(), { onNotice: () => undefined });
    const call = (length: number): number => tf.tidy(() => scaled(tf.ones([length])).dataSync()[0]);
    for (const length of [2, 3, 4, 5, 6]) expect(call(length)).toBe(length);
    expect(scaled.traces).toBe(3);
    tf.tidy(() => weight.assign(tf.scalar(2)));
    for (const length of [3, 6, 9]) expect(call(length)).toBe(2 * length);
    offset.dispose();
    offset = tf.scalar(1);
    for (const length of [3, 6, 9, 10, 3]) expect(call(length)).toBe(3 * length);
    scaled.dispose();
    for (const length of [3, 6, 9, 10, 3]) expect(call(length)).toBe(3 * length);
    scaled.dispose();
    offset.dispose();
  });

  it('draw fresh numbers at each call', () => {
    const noisy = compile((x: tf.Tensor) => x.add(randomUniform([2])).sum(), { onNotice: () => undefined });
    tf.tidy(() => {
      const drawn = [2, 3, 4, 5, 6, 4, 5, 6].map((length) => noisy(tf.zeros([length, 2])).dataSync()[0] / length);
      expect(new Set(drawn).size).toBe(drawn.length);
    });
    noisy.dispose();
  });

  it('of a model: any number of rows is one graph', () => {
    seed(1);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 3, activation: 'tanh', inputShape: [2] }), tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const predict = (rows: number): number[] => {
      const made = model.predictOnBatch(values(rows, 2));
      return tf.tidy(() => [made].flat().flatMap(numbers));
    };
    tf.tidy(() => {
      const expected = lengths(1, 12).map(predict);
      const graphs = accelerate(model);
      for (let round = 0; round < 2; round++)
        lengths(1, 12).forEach((rows, i) => expectClose(predict(rows), expected[i], 1e-6, `${rows} rows`));
      expect(graphs.traces).toBeLessThanOrEqual(4);
      graphs.dispose();
    });
    disposeAll([model]);
  });

  it('keep a number of the length that is reshaped, also in a step that changes weights', () => {
    const run = (
      wrap: <A extends tf.Tensor[]>(fn: (...given: A) => tf.Tensor) => (...given: A) => tf.Tensor,
    ): number[] =>
      tf.tidy(() => {
        const weight = tf.variable(tf.scalar(1));
        const optimizer = tf.train.sgd(0.001);
        const step = wrap((x: tf.Tensor) => {
          const mean = (): tf.Scalar =>
            x
              .mul(weight)
              .sum()
              .div(tf.scalar(x.shape[0], 'int32').reshape([1]))
              .sum<tf.Scalar>();
          return optimizer.minimize(mean, true, [weight]) ?? tf.scalar(NaN);
        });
        const losses = [2, 3, 4, 5, 6, 6].map((length) => step(tf.ones([length])).dataSync()[0]);
        disposeAll([optimizer]);
        return losses;
      });
    expectClose(
      run((fn) => compile(fn)),
      run((fn) => fn),
      1e-5,
      'losses',
    );
  });

  it('load no graph until a length comes again', () => {
    const { binding } = tf.backend() as unknown as { binding: { getNumOfSavedModels(): number } };
    const [open, loop] = [
      compile((x: tf.Tensor) => x.sub(x.mean()).square().sum(), { onNotice: () => undefined }),
      compile((x: tf.Tensor) => tf.unstack(x).reduce((sum, item) => sum.mul(0.5).add(item)), { onNotice: () => undefined }), // prettier-ignore
    ];
    const loaded = (...all: number[]): number => {
      const before = binding.getNumOfSavedModels();
      tf.tidy(() => void all.map((length) => [open(values(length)), loop(values(length))]));
      return binding.getNumOfSavedModels() - before;
    };
    expect(loaded(...lengths(1, 12))).toBe(0);
    // One for any length.
    expect(loaded(8, 9, 10)).toBe(1);
    // One of the loop's for each, which were written down twice before.
    expect(loaded(8, 9)).toBe(2);
    expect(loaded(10, 8)).toBe(1);
    open.dispose();
    loop.dispose();
  });

  it('have a graph each where the one for any length can’t be loaded', () => {
    // Eagerly TensorFlow finds the type, which a graph must name.
    const doubled = compile((x: tf.Tensor) => nativeOp('AddV2', [x, x])[0].sum(), { onNotice: () => undefined });
    tf.tidy(() => {
      for (const length of [1, 2, 3, 4, 5, 5]) expect(doubled(tf.ones([length])).dataSync()[0]).toBe(2 * length);
    });
    expect(doubled.history.at(-1)).toBe('its graph for any length gave something else');
    doubled.dispose();
  });

  it('are compared by their own size before one graph takes over', () => {
    // With zeros all graphs agree; a number of the length shows only with ones.
    const scaled = compile((x: tf.Tensor) => x.sum().mul(tf.scalar(x.shape[0], 'int32').reshape([1])));
    tf.tidy(() => {
      for (const length of [2, 3, 4, 5]) scaled(tf.zeros([length]));
      expect(scaled(tf.ones([5])).dataSync()[0]).toBe(25);
    });
    scaled.dispose();
  });

  it('go on when a setting goes there and back', () => {
    const drop = tf.layers.dropout({ rate: 0.5 });
    const mean = compile((x: tf.Tensor) => [drop.apply(x, { training: true })].flat()[0] as tf.Tensor, {
      onNotice: () => undefined,
    });
    const call = (length: number): number => tf.tidy(() => Math.max(...mean(tf.ones([length, 20])).dataSync()));
    const at = (rate: number, ...all: number[]): void => {
      Reflect.set(drop, 'rate', rate);
      for (const length of all) expect([length, call(length)]).toEqual([length, rate > 0 ? 2 : 1]);
    };
    at(0.5, 2, 2, 3, 4);
    at(0, 5, 6);
    at(0.5, 5, 5);
    at(0, 7);
    at(0.5, 2, 3, 4, 8, 8);
    at(0, 2, 3, 9, 9);
    mean.dispose();
    mean.dispose();
  });

  it('let an optimizer take its first step at a new length', () => {
    const [first, second] = [tf.train.adam(0.1), tf.train.adam(0.1)];
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const step = compile((x: tf.Tensor) => {
      const loss = (): tf.Scalar => x.mul(weight).square().mean();
      return ((x.shape[0] > 3 ? second : first).minimize(loss, true, [weight]) ?? tf.scalar(NaN)).asScalar();
    });
    const losses = tf.tidy(() => [2, 2, 3, 5, 5, 5, 6].map((length) => step(tf.ones([length])).dataSync()[0]));
    expect(losses.every((loss, i) => i === 0 || loss < losses[i - 1])).toBe(true);
    step.dispose();
    disposeAll([first, second]);
  });
});
