// Small steps of accelerated models: what is told of them, when another graph is made, and how it ends.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accelerate, type Accelerated } from '../../../src/parts/graph';
import { innermost } from '../../../src/parts/graph/innermost';
import { expectNoTensorsLeft } from '../../support/tensors';

const countAnew = expectNoTensorsLeft();

let model: tf.LayersModel;
let graphs: Accelerated;
let notices: string[];
let [x, y, longX, longY]: tf.Tensor[] = [];

function functional(): tf.LayersModel {
  const input = tf.input({ shape: [1] });
  const settings = { units: 1, kernelInitializer: 'ones' } as const;
  const [first] = [tf.layers.dense({ ...settings, name: 'first' }).apply(input)].flat() as tf.SymbolicTensor[];
  const [second] = [tf.layers.dense({ ...settings, name: 'second' }).apply(first)].flat() as tf.SymbolicTensor[];
  return tf.model({ inputs: input, outputs: second, name: 'small' });
}

beforeEach(() => {
  countAnew();
  notices = [];
  model = functional();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  graphs = accelerate(model, { onNotice: (text) => notices.push(text) });
  [x, y, longX, longY] = [tf.ones([2, 1]), tf.zeros([2, 1]), tf.ones([3, 1]), tf.zeros([3, 1])];
});
afterEach(() => {
  graphs.dispose();
  model.dispose();
  tf.dispose([x, y, longX, longY]);
});

/** Compiles it with another loss, and accelerates it again. */
function anew(loss: (truth: tf.Tensor, given: tf.Tensor) => tf.Tensor): void {
  graphs.dispose();
  model.optimizer.dispose();
  model.compile({ optimizer: 'sgd', loss });
  graphs = accelerate(model, { onNotice: (text) => notices.push(text) });
}

const step = async (): Promise<number> => Number([await model.trainOnBatch(x, y)].flat()[0]);
const steps = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await step();
};
const predicted = (input = x, batchSize?: number): number[] =>
  tf.tidy(() => Array.from([model.predict(input, { batchSize })].flat()[0].dataSync()));

describe('what is told', () => {
  it('nothing before the first graph', () => {
    expect([graphs.isEager, graphs.traces, graphs.history]).toEqual([false, 0, []]);
  });

  it('why each graph was made, by what it does', async () => {
    await steps(3);
    for (let call = 0; call < 3; call++) predicted();
    for (let call = 0; call < 3; call++) tf.dispose(model.evaluate(x, y));
    expect(graphs.history).toEqual(['train: the first call', 'predict: the first call', 'test: the first call']);
    expect(graphs.traces).toBe(3);
  });

  it('that other shapes were given', () => {
    for (const given of [x, x, x, longX, longX]) predicted(given);
    expect(graphs.history).toEqual([
      'predict: the first call',
      'predict: argument 1 has another shape: [3,1] instead of [2,1]',
    ]);
  });

  it('that other weights move, and that the model was compiled anew', async () => {
    await steps(3);
    model.layers[1].trainable = false;
    model.optimizer.dispose();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await steps(3);
    expect(graphs.history).toEqual(['train: the first call', 'train: the model was compiled anew']);
    expect(graphs.traces).toBe(1);
  });

  it('by the model’s name, where it changes in its graph', async () => {
    let calls = 0;
    const loss = (truth: tf.Tensor, given: tf.Tensor): tf.Tensor => truth.sub(given).square().mean().mul(++calls);
    anew(loss);
    await steps(4);
    expect(notices).toEqual([expect.stringMatching(/^compile: "train of small" is kept as it was when it was traced/)]);
  });

  it('why it runs eagerly', () => {
    const reads = (truth: tf.Tensor, given: tf.Tensor): tf.Tensor => given.sub(truth.dataSync()[0]).square().mean();
    anew(reads);
    for (let call = 0; call < 4; call++) tf.dispose(model.evaluate(x, y));
    expect(graphs.isEager).toBe(true);
    expect(notices).toEqual([expect.stringMatching(/^accelerate: "small" runs eagerly: /)]);
  });

  it('what fails is thrown, and is no reason to run eagerly', () => {
    const fails = (): tf.Tensor => {
      throw new RangeError('no such loss');
    };
    anew(fails);
    for (let call = 0; call < 2; call++) expect(() => model.evaluate(x, y)).toThrow('no such loss');
    expect([graphs.isEager, notices]).toEqual([false, []]);
  });
});

describe('numbers', () => {
  it('are those of a gradient descent by hand', async () => {
    // y = b + c (a + d x) with all weights 1 and x = 1: the loss is (2 c a …)², here of one step after the other.
    const [first, second, third] = [await step(), await step(), await step()];
    expect(first).toBe(1);
    // Slopes of (v u x + v a + b)² at v = u = x = 1, a = b = 0: 2 for each of v, u, a and b; each falls by 0.02.
    expect(second).toBeCloseTo((0.98 * 0.98 + 0.98 * -0.02 - 0.02) ** 2, 5);
    expect(third).toBeLessThan(second);
  });

  it('are predicted in batches, the last one smaller', () => {
    const many = tf.tensor2d([0, 1, 2, 3, 4], [5, 1]);
    for (let call = 0; call < 4; call++) {
      expect(predicted(many, 2)).toEqual([0, 1, 2, 3, 4]);
      expect(predicted(many, 5)).toEqual([0, 1, 2, 3, 4]);
      expect(predicted(many)).toEqual([0, 1, 2, 3, 4]);
    }
    many.dispose();
  });

  it('are one result of one output, and a list of several', () => {
    const several = tf.model({
      inputs: model.inputs,
      outputs: [model.layers[1].output, model.layers[2].output].flat(),
    });
    several.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const both = accelerate(several);
    for (let call = 0; call < 4; call++) expect(tf.tidy(() => [several.predict(x)].flat().length)).toBe(2);
    expect(tf.tidy(() => Array.isArray(model.predict(x)))).toBe(false);
    both.dispose();
    several.optimizer.dispose();
  });

  it.each([[-1], [1.5]])('are not predicted in batches of %s', (batchSize) => {
    expect(() => predicted(x, batchSize)).toThrow(/batch/i);
  });
});

describe('its end', () => {
  const methods = ['makeTrainFunction', 'makeTestFunction', 'predictLoop'];
  const own = (holder: object, names: readonly string[]): string[] =>
    names.filter((name) => Object.hasOwn(holder, name));

  it('gives the model its functions back, and frees the graphs', async () => {
    const target = innermost(model);
    expect(own(target, methods)).toEqual(methods);
    expect(own(model, ['compile'])).toEqual(['compile']);
    await steps(4);
    for (let call = 0; call < 4; call++) predicted();
    expect(graphs.traces).toBe(2);
    graphs.dispose();
    expect(own(target, methods)).toEqual([]);
    expect(own(model, ['compile'])).toEqual([]);
    expect(graphs.traces).toBe(0);
    expect(graphs.history.length).toBe(2);
    await steps(2);
    expect(graphs.traces).toBe(0);
  });

  it('comes with another acceleration, which the first one doesn’t end', () => {
    const second = accelerate(model);
    graphs.dispose();
    graphs.dispose();
    for (let call = 0; call < 3; call++) predicted();
    expect([second.traces, graphs.traces]).toEqual([1, 0]);
    second.dispose();
    expect(own(innermost(model), methods)).toEqual([]);
  });

  it('does not come with a model that can’t be compiled so', () => {
    expect(() => model.compile({ optimizer: model.optimizer, loss: 'noSuchLoss' })).toThrow(/noSuchLoss/);
    expect(own(innermost(model), methods)).toEqual(methods);
    // It is no longer the model's own.
    model.optimizer.dispose();
  });

  it('is no end where the same layers are frozen and let free again: each has its graph', async () => {
    const [, first] = model.layers;
    const train = async (isFree: boolean): Promise<void> => {
      first.trainable = isFree;
      await steps(4);
    };
    await train(true);
    await train(false);
    const before = Array.from(first.getWeights()[0].dataSync());
    await train(false);
    expect(Array.from(first.getWeights()[0].dataSync())).toEqual(before);
    await train(true);
    expect(Array.from(first.getWeights()[0].dataSync())).not.toEqual(before);
    expect([...graphs.history].sort()).toEqual([
      'train: other weights move, or other data are given',
      'train: the first call',
    ]);
  });
});
