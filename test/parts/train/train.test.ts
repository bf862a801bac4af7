import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { loadDigits, loadIris, selectImages } from '../../../src/parts/data';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';
import { evaluate, fit, imageTensors, predict, tableTensors, type FitOptions } from '../../../src/parts/train';

const tensors = (): number => tf.memory().numTensors;
const images = {
  name: 'two',
  images: Uint8Array.from([0, 51, 102, 255, 255, 0, 0, 0]),
  labels: Uint8Array.from([1, 0]),
  count: 2,
  height: 2,
  width: 2,
  channels: 1,
  classNames: ['a', 'b'],
};

describe('imageTensors', () => {
  it('gives pixels from 0 to 1 in the shape of the images, or flat', () => {
    const { x, y } = imageTensors(images);
    expect(x.shape).toEqual([2, 2, 2, 1]);
    const rows = imageTensors(images, { flat: true, largest: 51 });
    expect(rows.x.arraySync()).toEqual([
      [0, 1, 2, 5],
      [5, 0, 0, 0],
    ]);
    expect(x.dataSync()).toEqual(Float32Array.from([0, 0.2, 0.4, 1, 1, 0, 0, 0]));
    expect(y.arraySync()).toEqual([1, 0]);
    disposeAll([x, y, rows]);
  });

  it('rounds as a division of float32 tensors does, for every pixel value', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const { x, y } = imageTensors({ ...images, images: all, count: 64, labels: new Uint8Array(64) });
    const divided = tf.tidy(() => tf.tensor1d(Float32Array.from(all)).div(255).dataSync());
    expect(x.dataSync()).toEqual(divided);
    disposeAll([x, y]);
  });

  it.each([0, -1, NaN, Infinity])('refuses %s as the largest value', (largest) =>
    expect(() => imageTensors(images, { largest })).toThrow(/largest/),
  );
});

describe('tableTensors', () => {
  it('gives rows and targets', () => {
    const { x, y } = tableTensors(loadIris());
    expect([x.shape, y.shape]).toEqual([[150, 4], [150]]);
    expect(Array.from(x.slice([0, 0], [1, 4]).dataSync(), (value) => value.toFixed(1))).toEqual([
      '5.1',
      '3.5',
      '1.4',
      '0.2',
    ]);
    disposeAll([x, y]);
  });

  it.each<[string, number[][], number[], RegExp]>([
    ['no rows', [], [], /rows of numbers, got none/],
    ['rows of different lengths', [[1, 2], [3]], [0, 1], /2 in row 0 and 1 in row 1/],
    ['too few targets', [[1], [2]], [0], /2 rows and 1 targets/],
    ['a gap', [[1], [NaN]], [0, 1], /NaN in row 1, column 0/],
  ])('refuses %s', (_, x, y, message) => {
    const before = tensors();
    expect(() => tableTensors({ x, y })).toThrow(message);
    expect(tensors()).toBe(before);
  });
});

/** A small classifier of digits, always with the same weights. */
function classifier(): tf.Sequential {
  seed(7);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 12, activation: 'relu', inputShape: [64] }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: tf.train.momentum(0.1, 0.9),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}
const digits = (): { x: tf.Tensor2D; y: tf.Tensor1D } =>
  imageTensors(
    selectImages(
      loadDigits(),
      Array.from({ length: 200 }, (_, i) => i),
    ),
    { flat: true, largest: 16 },
  );

describe('fit', () => {
  it.each<[string, Partial<FitOptions>]>([
    ['plainly', {}],
    ['with a part held out', { validationSplit: 0.25 }],
  ])('gives the measures of model.fit: %s', async (_, more) => {
    const { x, y } = digits();
    const [ours, own] = [classifier(), classifier()];
    seed(3);
    const history = await fit(ours, x, y, { epochs: 4, batchSize: 32, ...more });
    seed(3);
    const expected = await own.fit(x, y, { epochs: 4, batchSize: 32, verbose: 0, ...more });
    for (const [name, values] of Object.entries(expected.history)) {
      const got = history[name.replace(/acc$/, 'accuracy')];
      expect(got).toHaveLength(4);
      values.forEach((value, epoch) => expect(got[epoch]).toBeCloseTo(Number(value), 5));
    }
    expect(Object.keys(history)).toHaveLength(Object.keys(expected.history).length);
    disposeAll([x, y, ours, own]);
  });

  it('trains through graphs, and leaves neither tensors nor changed functions', async () => {
    const { x, y } = digits();
    const model = classifier();
    await fit(model, x, y, { epochs: 1 });
    const before = tensors();
    const told: [number, string[]][] = [];
    const notices: string[] = [];
    await fit(model, x, y, {
      epochs: 2,
      validation: { x, y },
      onEpoch: (epoch, measures) => told.push([epoch, Object.keys(measures).sort()]),
      onNotice: (text) => notices.push(text),
    });
    expect(tensors()).toBe(before);
    expect(notices).toEqual([]);
    expect(Object.hasOwn(model, 'makeTrainFunction')).toBe(false);
    expect(told).toEqual([1, 2].map((epoch) => [epoch, ['accuracy', 'loss', 'val_accuracy', 'val_loss']]));
    disposeAll([x, y, model]);
  });

  it('leaves the reason as it is where training fails before the curve has a point', async () => {
    const model = classifier();
    const [x, y] = [tf.ones([4, 3]), tf.zeros([4])];
    const curve = {
      title: 'A loss',
      alt: 'The loss on pictures of digits falls with every epoch.',
      yLabel: 'loss',
      series: { training: 'loss' },
    };
    await expect(fit(model, x, y, { epochs: 1, curve })).rejects.toThrow(/shape/);
    disposeAll([x, y, model]);
  });

  it('goes on without graphs where a model keeps its state, and says so', async () => {
    const model = tf.sequential({
      layers: [tf.layers.lstm({ units: 2, batchInputShape: [2, 3, 1], stateful: true }), tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const notices: string[] = [];
    const [x, y] = [tf.ones([2, 3, 1]), tf.ones([2, 1])];
    const { loss } = await fit(model, x, y, { epochs: 2, batchSize: 2, onNotice: (text) => notices.push(text) });
    expect(loss).toHaveLength(2);
    expect(notices).toEqual([expect.stringContaining('runs eagerly')]);
    disposeAll([x, y, model]);
  });

  it('hears callbacks of both kinds, and ends where one stops it', async () => {
    const { x, y } = digits();
    const model = classifier();
    let epochs = 0;
    await fit(model, x, y, { epochs: 3, callbacks: { onEpochBegin: () => void epochs++ } });
    expect(epochs).toBe(3);
    const stopped = await fit(model, x, y, {
      epochs: 50,
      callbacks: [tf.callbacks.earlyStopping({ monitor: 'loss', patience: 0, minDelta: 10 })],
    });
    expect(stopped.loss.length).toBeLessThan(4);
    disposeAll([x, y, model]);
  });

  it.each<[string, Partial<FitOptions>, RegExp]>([
    ['no epoch', { epochs: 0 }, /at least 1 as epochs, got 0/],
    ['half an example', { batchSize: 0.5 }, /as batchSize, got 0.5/],
    [
      'a curve of what is not measured',
      {
        curve: {
          title: 'A',
          alt: 'The loss on held-out pictures falls with every epoch.',
          yLabel: 'loss',
          series: { test: 'val_loss' },
        },
      },
      /the curve "test" shows val_loss, but this model measures loss, accuracy|accuracy, loss/,
    ],
  ])('refuses %s, and leaves the model as it was', async (_, more, message) => {
    const { x, y } = digits();
    const model = classifier();
    await expect(fit(model, x, y, { epochs: 1, ...more })).rejects.toThrow(message);
    expect(Object.hasOwn(model, 'makeTrainFunction')).toBe(false);
    disposeAll([x, y, model]);
  });

  it('refuses a model that is not compiled', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const x = tf.ones([2, 1]);
    await expect(fit(model, x, x, { epochs: 1 })).rejects.toThrow(/compiled/);
    disposeAll([x, model]);
  });
});

describe('evaluate and predict', () => {
  it('give plain numbers, those of the model, and leave no tensors', () => {
    const { x, y } = digits();
    const model = classifier();
    const before = tensors();
    const { loss, accuracy } = evaluate(model, x, y, { batchSize: 7 });
    const rows = predict(model, x, { batchSize: 7 });
    expect(tensors()).toBe(before);
    const labels = y.arraySync();
    const byHand = rows.map((row, i) => -Math.log(row[labels[i]])).reduce((a, b) => a + b, 0) / rows.length;
    expect(loss).toBeCloseTo(byHand, 4);
    const right = rows.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
    expect(accuracy).toBeCloseTo(right / rows.length, 5);
    expect([rows.length, rows[0].length]).toEqual([200, 10]);
    disposeAll([x, y, model]);
  });

  it('make one row of an answer of higher rank, and refuse several outputs', () => {
    const input = tf.input({ shape: [2, 3] });
    const [a, b] = [tf.layers.flatten().apply(input), tf.layers.flatten().apply(input)] as tf.SymbolicTensor[];
    const two = tf.model({ inputs: input, outputs: [a, b] });
    const x = tf.range(0, 12).reshape([2, 2, 3]);
    expect(() => predict(two, x)).toThrow(/has 2; use model\.predict/);
    const same = tf.sequential({ layers: [tf.layers.activation({ activation: 'linear', inputShape: [2, 3] })] });
    expect(predict(same, x)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10, 11],
    ]);
    disposeAll([x, two, same]);
  });

  it('refuse a model that is not compiled', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const x = tf.ones([2, 1]);
    expect(() => evaluate(model, x, x)).toThrow(/compile/);
    disposeAll([x, model]);
  });
});
