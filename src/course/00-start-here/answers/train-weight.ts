import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { trainWeight } from '../exercises';

const { wrong, slow } = answersTo(trainWeight);

wrong('returns the slope between the ends', 0, async (xs, ys) => {
  return Promise.resolve((ys[ys.length - 1] - ys[0]) / (xs[xs.length - 1] - xs[0]));
});

wrong('knows the formula and trains nothing', 2, async (xs, ys) => {
  const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mx, my] = [mean(xs), mean(ys)];
  return Promise.resolve(mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2)));
});

wrong('gives the weight of the example', 0, async () => {
  return Promise.resolve(2);
});

wrong('takes another optimizer and frees nothing', 2, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.adam(0.1) });
  await model.fit(x, y, { epochs: 300, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  return weight;
});

wrong('forgets the optimizer when it frees', 2, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1) });
  await model.fit(x, y, { epochs: 300, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  tf.dispose([x, y]);
  model.dispose();
  return weight;
});

wrong('takes another rate', 2, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.2) });
  await model.fit(x, y, { epochs: 300, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  return weight;
});

wrong('keeps the weight small', 3, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        kernelInitializer: 'zeros',
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
    ],
  });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: 'meanSquaredError', optimizer });
  await model.fit(x, y, { epochs: 300, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return weight;
});

wrong('takes batches of 32', 3, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: 'meanSquaredError', optimizer });
  await model.fit(x, y, { epochs: 300, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return weight;
});

wrong('begins with the best weight', 2, async (xs, ys) => {
  const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const best = mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2));
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        kernelInitializer: tf.initializers.constant({ value: best }),
        biasInitializer: tf.initializers.constant({ value: my - best * mx }),
      }),
    ],
  });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: 'meanSquaredError', optimizer });
  await model.fit(x, y, { epochs: 1, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return weight;
});

wrong('takes 30 epochs', 1, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1) });
  await model.fit(x, y, { epochs: 30, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  return weight;
});

wrong('takes one epoch', 0, async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1) });
  await model.fit(x, y, { epochs: 1, batchSize: xs.length, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  return weight;
});

slow(0, async (xs) => {
  while (xs.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return 2;
});
