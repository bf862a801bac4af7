import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { disposeAll } from '../../../src/parts/memory';

describe('disposeAll', () => {
  it('frees tensors in arrays, maps, sets, objects and instances, and counts them', () => {
    class Holder {
      constructor(readonly inner: tf.Tensor) {}
    }
    const before = tf.memory().numTensors;
    const values = [
      tf.scalar(1),
      [tf.scalar(2)],
      new Map([['a', tf.scalar(3)]]),
      new Set([tf.scalar(4)]),
      { deep: { er: tf.scalar(5) } },
      new Holder(tf.scalar(6)),
      7,
      'text',
      null,
      undefined,
    ];
    expect(disposeAll(values)).toBe(6);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('frees a model, and the optimizer that was handed to it', async () => {
    const before = tf.memory().numTensors;
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.adam(0.1) });
    const x = tf.tensor2d([[1], [2]]);
    await model.fit(x, x, { epochs: 1, verbose: 0 });
    expect(tf.memory().numTensors).toBeGreaterThan(before + 4);
    disposeAll({ model, x });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('frees all that a momentum optimizer holds, its learning rate too', async () => {
    const before = tf.memory().numTensors;
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.momentum(0.1, 0.9) });
    const x = tf.tensor2d([[1], [2]]);
    await model.fit(x, x, { epochs: 1, verbose: 0 });
    disposeAll({ model, x });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('frees a functional model whose layers were freed through a symbolic tensor before', async () => {
    const before = tf.memory().numTensors;
    const input = tf.input({ shape: [1] });
    const hidden = tf.layers.dense({ units: 2 }).apply(input);
    if (!(hidden instanceof tf.SymbolicTensor)) throw new TypeError('expected a symbolic tensor');
    const output = tf.layers.dense({ units: 1 }).apply(hidden);
    if (!(output instanceof tf.SymbolicTensor)) throw new TypeError('expected a symbolic tensor');
    const model = tf.model({ inputs: input, outputs: output });
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.rmsprop(0.1) });
    const x = tf.tensor2d([[1], [2]]);
    await model.fit(x, x, { epochs: 1, verbose: 0 });
    disposeAll([input, hidden, model, x]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('survives what is disposed already, shared or circular', () => {
    const shared = tf.scalar(1);
    const circle: { self?: unknown; shared: tf.Scalar } = { shared };
    circle.self = circle;
    expect(disposeAll([circle, shared])).toBe(1);
    expect(disposeAll([circle, shared])).toBe(0);
  });
});
