import * as tf from '@tensorflow/tfjs-node';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accelerate, compile } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { rows, transformer } from '../../bench/graph-models.mjs';
import { expectClose } from './compare';

interface Golden {
  readonly keras: Readonly<Record<string, number[]>>;
  readonly torch: Readonly<Record<string, number[]>>;
}

// Written by test/golden/graph.py, with the formulas below.
const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/graph.json', import.meta.url), 'utf8'));
const KINDS = ['Conv2D', 'DepthwiseConv2D', 'BatchNormalization', 'Dense', 'LSTM', 'GRU', 'Embedding'];

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const number = (k: number, i: number): number => {
  const scattered = Math.sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453;
  return 2 * (scattered - Math.floor(scattered)) - 1;
};
const numbers = (k: number, shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => number(k, i)),
    shape,
  );
const whole = (k: number, below: number, shape: number[]): tf.Tensor =>
  tf.tensor(
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(Math.abs(number(k, i)) * below)),
    shape,
    'int32',
  );

function weight(k: number, shape: readonly number[], isGain = false): tf.Tensor {
  const given = sizeOf(shape[shape.length - 1] === 1 ? shape.slice(0, 2) : shape.slice(0, -1));
  const scale = isGain || shape.length < 2 ? 0.1 : 1.5 / Math.sqrt(given);
  return tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => (isGain ? 1 : 0) + scale * number(k, i)),
    [...shape],
  );
}

/** Sets all trainable weights by the formula: layers by kind, then as they were made. */
function setWeights(model: tf.LayersModel): void {
  const made = (layer: tf.layers.Layer): number => Number(/\d+$/.exec(layer.name)?.[0] ?? 0);
  const layers = model.layers
    .filter((layer) => KINDS.includes(layer.getClassName()))
    .sort((a, b) => KINDS.indexOf(a.getClassName()) - KINDS.indexOf(b.getClassName()) || made(a) - made(b));
  let k = 0;
  for (const layer of layers)
    for (const variable of layer.trainableWeights) {
      const value = weight(k++, variable.shape.map(Number), variable.originalName.endsWith('gamma'));
      variable.write(value);
      value.dispose();
    }
}

describe('the models of the benchmark, as graphs, beside Keras', () => {
  it.each(Object.keys(golden.keras))('%s', { timeout: 60_000 }, async (row) => {
    const { batch, shape, optimizer, model: make, tokens, targets } = rows[row];
    const model = make();
    setWeights(model);
    // Keras adds Adam's epsilon elsewhere: rows with Adam are compared under momentum.
    const rule = row === 'convnet' ? optimizer?.() : tf.train.momentum(0.01, 0.9);
    model.compile({ optimizer: rule ?? 'sgd', loss: 'categoricalCrossentropy' });
    const graphs = accelerate(model);
    if (targets === undefined) {
      const x = numbers(1000, [2, ...shape]);
      for (let call = 0; call < 4; call++) {
        const features = tf.tidy(() =>
          Array.from([model.predictOnBatch(x)].flat()[0].slice([0, 0], [2, 8]).dataSync()),
        );
        expectClose(features, golden.keras[row], 1e-5, `features, call ${call}`);
      }
      x.dispose();
    } else {
      const x = tokens === undefined ? numbers(1000, [batch, ...shape]) : whole(1000, tokens, [batch, ...shape]);
      const y = tf.tidy(() => tf.oneHot(whole(1001, targets, [batch]).as1D(), targets).toFloat());
      const losses: number[] = [];
      for (let step = 0; step < golden.keras[row].length; step++)
        losses.push(...[await model.trainOnBatch(x, y)].flat());
      expectClose(losses, golden.keras[row], 1e-4, 'losses');
      tf.dispose([x, y]);
    }
    expect(graphs.isEager).toBe(false);
    graphs.dispose();
    rule?.dispose();
    disposeAll([model]);
  });
});

describe('the models of the benchmark, as graphs, beside PyTorch', () => {
  it('dense, with Adam', async () => {
    const model = rows.dense.model();
    setWeights(model);
    const rule = tf.train.adam(0.001, 0.9, 0.999, 1e-7);
    model.compile({ optimizer: rule, loss: 'categoricalCrossentropy' });
    const graphs = accelerate(model);
    const [x, y] = [numbers(1000, [128, 784]), tf.tidy(() => tf.oneHot(whole(1001, 10, [128]).as1D(), 10).toFloat())];
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) losses.push(...[await model.trainOnBatch(x, y)].flat());
    expectClose(losses, golden.torch.dense, 1e-4, 'losses');
    graphs.dispose();
    rule.dispose();
    disposeAll([model, x, y]);
  });

  it.each(['transformer-2', 'transformer-4'])('%s', { timeout: 60_000 }, (row) => {
    const sizes = rows[row].transformer;
    const variables: tf.Variable[] = [];
    const { loss } = transformer(sizes, (shape, isGain) => {
      const variable = tf.tidy(() => tf.variable(weight(variables.length, shape, isGain)));
      variables.push(variable);
      return variable;
    });
    const { batch, length } = sizes;
    const [ids, labels] = [
      whole(1000, 64, [batch, length + 1]),
      tf.tidy(() =>
        tf
          .oneHot(
            whole(1000, 64, [batch, length + 1])
              .slice([0, 1], [batch, length])
              .reshape([-1])
              .as1D(),
            64,
          )
          .toFloat(),
      ),
    ];
    const input = ids.slice([0, 0], [batch, length]);
    // The gradient of the keys' bias is 0 but for rounding, which Adam would blow up to whole steps.
    const rule = tf.train.momentum(0.1, 0.9);
    const step = compile((x: tf.Tensor, y: tf.Tensor) => {
      const made = rule.minimize(() => loss(x, y), true);
      if (!made) throw new Error('expected a loss');
      return made;
    });
    const losses = golden.torch[row].map(() => {
      const made = step(input, labels);
      const [value] = made.dataSync();
      made.dispose();
      return value;
    });
    expectClose(losses, golden.torch[row], 1e-4, 'losses');
    step.dispose();
    rule.dispose();
    tf.dispose([...variables, ids, input, labels]);
  });
});
