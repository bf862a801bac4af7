import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  adam,
  asWeights,
  drawWeights,
  gradients,
  logLoss,
  probabilities,
  shapesOf,
  type Sizes,
} from '../../../src/parts/grading/two-layers';
import { generator } from '../../../src/parts/random';

const sizes: Sizes = [3, 5, 4];
const draw = generator(1);
const weights = drawWeights(draw, sizes);
const x = Array.from({ length: 6 }, () => [draw.normal(), draw.normal(), draw.normal()]);
const labels = [0, 1, 2, 3, 0, 1];

describe('two layers, computed by the judge', () => {
  it('agree with TensorFlow: predictions, loss, accuracy, and two steps of Adam', async () => {
    const [inputs, units, classes] = sizes;
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
        tf.layers.dense({ units: classes, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    tf.tidy(() => model.setWeights(weights.map((list, i) => tf.tensor(list, shapesOf(sizes)[i]))));
    const [rows, truth] = [tf.tensor2d(x), tf.tensor1d(labels)];
    const p = probabilities(weights, sizes, x);
    const [loss, share] = tf.tidy(() => [model.evaluate(rows, truth)].flat().map((item) => item.dataSync()[0]));
    expect(logLoss(p, labels)).toBeCloseTo(loss, 5);
    expect(accuracy(p, labels)).toBeCloseTo(share, 5);
    tf.tidy(() =>
      [model.predict(rows)]
        .flat()[0]
        .dataSync()
        .forEach((value, i) => expect(value).toBeCloseTo(p.flat()[i], 5)),
    );
    for (const step of adam(weights, sizes, x, labels, { rate: 0.02, steps: 2 })) {
      await model.fit(rows, truth, { epochs: 1, batchSize: 6, shuffle: false, verbose: 0 });
      const found = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
      step.flat().forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4));
    }
    tf.dispose([rows, truth]);
    model.optimizer.dispose();
    model.dispose();
  });

  it('have the gradients that differences give', () => {
    const lossAt = (l: number, i: number, shift: number): number =>
      logLoss(
        probabilities(
          weights.map((list, k) => list.map((value, j) => value + (k === l && j === i ? shift : 0))),
          sizes,
          x,
        ),
        labels,
      );
    gradients(weights, sizes, x, labels).forEach((list, l) =>
      list.forEach((value, i) => expect(value).toBeCloseTo((lossAt(l, i, 1e-5) - lossAt(l, i, -1e-5)) / 2e-5, 5)),
    );
  });

  it('take nothing for weights that has other sizes, or is no number', () => {
    expect(asWeights(weights, sizes)).toEqual(weights);
    expect(asWeights(weights.slice(1), sizes)).toBeUndefined();
    expect(asWeights(weights, [5, 3, 4])).toBeUndefined();
    expect(
      asWeights(
        weights.map((list, i) => (i === 0 ? list.map(() => Number.NaN) : list)),
        sizes,
      ),
    ).toBeUndefined();
    expect(asWeights(undefined, sizes)).toBeUndefined();
  });
});
