import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { firstExplosion } from '../exercises';

const { mistake, unusual } = answersTo(firstExplosion);

unusual('with losses from a callback, freed at last', async (xs, ys, learningRates) => {
  const [x, y] = [xs, ys].map((list) => tf.tensor2d(list, [list.length, 1]));
  try {
    for (const rate of learningRates) {
      const optimizer = tf.train.sgd(rate);
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'heNormal' })],
      });
      model.compile({ loss: 'meanSquaredError', optimizer });
      const seen: number[] = [];
      await model.fit(x, y, {
        epochs: 20,
        verbose: 0,
        callbacks: { onEpochEnd: (_, logs) => void seen.push(logs?.loss ?? NaN) },
      });
      model.dispose();
      optimizer.dispose();
      if (!(seen[19] <= seen[0])) return rate;
    }
  } finally {
    tf.dispose([x, y]);
  }
});

unusual('by single steps, backward through the rates', async (xs, ys, learningRates) => {
  const [x, y] = [xs, ys].map((list) => tf.tensor2d(list, [list.length, 1]));
  let found: number | undefined;
  for (const rate of [...learningRates].reverse()) {
    const optimizer = tf.train.sgd(rate);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
    });
    model.compile({ loss: 'meanSquaredError', optimizer });
    const losses: number[] = [];
    while (losses.length < 20) losses.push(Number(await model.trainOnBatch(x, y)));
    if (!(losses[19] <= losses[0])) found = rate;
    model.dispose();
    optimizer.dispose();
  }
  tf.dispose([x, y]);
  return found;
});

mistake('waits for NaN', async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(rate) });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    if (Number.isNaN(losses[19])) return rate;
  }
  return undefined;
});

mistake('returns the place of the rate', async (xs, ys, learningRates) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  for (const rate of learningRates) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(rate) });
    const losses = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history.loss.map(Number);
    if (!(losses[19] <= losses[0])) return learningRates.indexOf(rate);
  }
  return undefined;
});
