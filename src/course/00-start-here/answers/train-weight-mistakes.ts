import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { trainWeight } from '../exercises';

const { mistake, unusual } = answersTo(trainWeight);

unusual('with one tensor a column, warning as it goes', async (xs, ys) => {
  console.warn('as it goes');
  console.error('on stderr');
  process.stderr.write('and more\n');
  const columns = [xs, ys].map((list) => tf.tensor(list, [list.length, 1]));
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [1] }));
  model.add(tf.layers.dense({ units: 1 }));
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: tf.losses.meanSquaredError, optimizer });
  for (let round = 0; round < 4; round++)
    await model.fit(columns[0], columns[1], { epochs: 100, batchSize: 1000, verbose: 0, shuffle: false });
  const [weight] = await model.getWeights()[0].data();
  tf.dispose(columns);
  model.dispose();
  optimizer.dispose();
  return weight;
});

unusual('by single steps, and the weight from two predictions', async (xs, ys) => {
  const optimizer = tf.train.sgd(0.1);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
  model.compile({ loss: 'meanSquaredError', optimizer });
  const [x, y] = [xs, ys].map((list) => tf.tidy(() => tf.tensor1d(list).expandDims(1)));
  try {
    for (let epoch = 0; epoch < 400; epoch++) await model.trainOnBatch(x, y);
    return tf.tidy(() =>
      Array.from((model.predict(tf.tensor2d([[1], [0]])) as tf.Tensor).dataSync()).reduce((a, b) => a - b),
    );
  } finally {
    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
  }
});

unusual('from a data set', async (xs, ys) => {
  const points = tf.data.array(xs.map((x, i) => ({ xs: [x], ys: [ys[i]] }))).batch(xs.length);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: 'meanSquaredError', optimizer });
  await model.fitDataset(points, { epochs: 300, verbose: 0 });
  const [weight] = model.getWeights()[0].dataSync();
  model.dispose();
  optimizer.dispose();
  return weight;
});

mistake('returns the bias', async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: 'meanSquaredError', optimizer });
  await model.fit(x, y, { epochs: 300, verbose: 0 });
  const weight = model.getWeights()[1].dataSync()[0];
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return weight;
});

mistake('leaves out the bias', async (xs, ys) => {
  const [x, y] = [tf.tensor2d(xs.map((value) => [value])), tf.tensor2d(ys.map((value) => [value]))];
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ loss: 'meanSquaredError', optimizer });
  await model.fit(x, y, { epochs: 300, verbose: 0 });
  const weight = model.getWeights()[0].dataSync()[0];
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return weight;
});
