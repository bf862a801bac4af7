import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { firstExplosion } from '../exercises';

const { wrong, slow } = answersTo(firstExplosion);

wrong('returns the largest', 0, async (xs, ys, learningRates) => {
  return Promise.resolve(Math.max(...learningRates));
});

wrong('takes one half for the border', 1, async (xs, ys, learningRates) => {
  return Promise.resolve(learningRates.find((rate) => rate > 0.5));
});

wrong('never finds one', 1, async (xs, ys, learningRates) => {
  return Promise.resolve(learningRates.find((rate) => rate > 1e9));
});

wrong('takes the smallest that explodes', 3, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of [...learningRates].sort((a, b) => a - b)) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (!(last <= losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('takes what is not a number for small', 3, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (last > losses[0]) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('takes an equal loss for a larger one', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (!(last < losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('waits for twice the loss', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (!(last <= 2 * losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('compares neighboring epochs', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    model.dispose();
    optimizer.dispose();
    if (losses.some((loss, i) => !(loss <= (losses[i - 1] ?? Infinity) + 1e-3))) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('trains an epoch too few', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 19, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (!(last <= losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('trains an epoch too many', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 21, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (!(last <= losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('frees no model that explodes', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    if (last <= losses[0]) {
      model.dispose();
      optimizer.dispose();
    }
    if (!(last <= losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('frees nothing where no rate is given', 4, async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  if (learningRates.length === 0) return undefined;
  let found: number | undefined;
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const optimizer = tf.train.sgd(rate);
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    const last = losses[losses.length - 1];
    model.dispose();
    optimizer.dispose();
    if (!(last <= losses[0])) found ??= rate;
  }
  tf.dispose([x, y]);
  return found;
});

wrong('knows the limit of the rate and trains nothing', 4, async (xs, ys, learningRates) => {
  const [square, mean] = [
    xs.reduce((sum, x) => sum + x * x, 0) / xs.length,
    xs.reduce((sum, x) => sum + x, 0) / xs.length,
  ];
  const largest = (square + 1) / 2 + Math.sqrt(((square + 1) / 2) ** 2 - square + mean * mean);
  return Promise.resolve(learningRates.find((rate) => rate > 1 / largest));
});

slow(0, async (xs, ys, learningRates) => {
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return learningRates.find((rate) => rate > 1);
});
