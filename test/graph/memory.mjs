// Resident memory over steps of training and over rounds of compile and dispose, in a process of its own. One line each.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate, compile } = require('layerwise/graph');

if (globalThis.gc === undefined) throw new Error('memory.mjs: expected to run under node --expose-gc');
const MOST_GROWTH_MB = 1;
const settled = async () => {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { resident: process.memoryUsage.rss() / 1e6, tensors: tf.memory().numTensors };
};

/** Repeats work until it has made what it keeps, then measures; a growth that goes on shows in every window, a late arena in one. */
async function measure(name, windows, count, warmUp, work) {
  for (let i = 0; i < warmUp; i++) await work(i);
  const growths = [];
  let tensors = 0;
  for (let window = 0; window < windows; window++) {
    const before = await settled();
    for (let i = 0; i < count; i++) await work(i);
    const after = await settled();
    growths.push(after.resident - before.resident);
    tensors += Math.abs(after.tensors - before.tensors);
  }
  const median = [...growths].sort((a, b) => a - b)[Math.floor(windows / 2)];
  const good = median <= MOST_GROWTH_MB && tensors === 0;
  console.log(`[${good ? 'ok' : 'fail'}] ${name}: ${growths.map((mb) => mb.toFixed(2)).join(', ')} MB in ${windows} windows of ${count}, tensors ${tensors === 0 ? 'flat' : `changed by ${tensors}`}`);
  if (!good) process.exitCode = 1;
}

const { dense, lstm, conv2d, flatten, batchNormalization, dropout } = tf.layers;
const models = {
  'dense, Adam': [[20], () => [dense({ units: 32, activation: 'relu', inputShape: [20] }), dropout({ rate: 0.5 }), dense({ units: 3, activation: 'softmax' })]],
  'convnet with batch norm': [[8, 8, 2], () => [conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 2] }), batchNormalization(), flatten(), dense({ units: 3, activation: 'softmax' })]],
  LSTM: [[6, 4], () => [lstm({ units: 8, inputShape: [6, 4] }), dense({ units: 3, activation: 'softmax' })]],
};
for (const [name, [shape, layers]] of Object.entries(models)) {
  const model = tf.sequential({ layers: layers() });
  model.compile({ optimizer: tf.train.adam(), loss: 'categoricalCrossentropy' });
  const graphs = accelerate(model);
  const [x, y] = [tf.randomNormal([16, ...shape]), tf.oneHot(tf.randomUniform([16], 0, 3, 'int32'), 3).toFloat()];
  await measure(`1,000 steps of ${name}`, 3, 1000, 1500, () => model.trainOnBatch(x, y));
  graphs.dispose();
}

const x = tf.randomNormal([8, 8]);
await measure('200 rounds of compile and dispose', 3, 200, 400, () => {
  const fn = compile((a) => tf.grads((b) => b.matMul(b).sigmoid().sum())([a])[0]);
  for (let call = 0; call < 3; call++) fn(x).dispose();
  fn.dispose();
});
