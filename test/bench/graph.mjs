// Milliseconds a training step, eager and as a graph, interleaved: npm run bench:graph
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate } = require('layerwise/graph');
const { seed } = require('layerwise/random');

const [ROUNDS, STEPS, WARM_UP] = [5, 30, 4];
const { dense, conv2d, maxPooling2d, flatten, lstm } = tf.layers;
const rows = {
  'dense 784-512-10, batch 128, Adam': { batch: 128, shape: [784], optimizer: () => tf.train.adam(), layers: () => [dense({ units: 512, activation: 'relu', inputShape: [784] })] },
  'convnet 32-64-64, batch 64, RMSprop': {
    batch: 64,
    shape: [28, 28, 1],
    optimizer: () => tf.train.rmsprop(0.001),
    layers: () => [conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }), maxPooling2d({ poolSize: 2 }), conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), maxPooling2d({ poolSize: 2 }), conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), flatten(), dense({ units: 64, activation: 'relu' })],
  },
  'LSTM 64 steps × 32 → 64 units, batch 64, Adam': { batch: 64, shape: [64, 32], optimizer: () => tf.train.adam(), layers: () => [lstm({ units: 64, inputShape: [64, 32] })] },
};
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

for (const [name, { batch, shape, optimizer, layers }] of Object.entries(rows)) {
  const make = () => {
    seed(1);
    const model = tf.sequential({ layers: [...layers(), dense({ units: 10, activation: 'softmax' })] });
    model.compile({ optimizer: optimizer(), loss: 'categoricalCrossentropy' });
    return model;
  };
  const [x, y] = [tf.randomNormal([batch, ...shape]), tf.oneHot(tf.randomUniform([batch], 0, 10, 'int32'), 10).toFloat()];
  const eager = make();
  const traced = make();
  const graphs = accelerate(traced);
  const time = async (model, steps) => {
    const started = performance.now();
    for (let step = 0; step < steps; step++) await model.trainOnBatch(x, y);
    return (performance.now() - started) / steps;
  };
  await time(eager, WARM_UP);
  await traced.trainOnBatch(x, y);
  const trace = await time(traced, 1);
  await time(traced, WARM_UP);
  const [eagerMs, graphMs] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    eagerMs.push(await time(eager, STEPS));
    graphMs.push(await time(traced, STEPS));
  }
  const [e, g] = [median(eagerMs), median(graphMs)];
  console.log(`${name.padEnd(48)} eager ${e.toFixed(1).padStart(6)}   graph ${g.toFixed(2).padStart(6)}   ratio ${(e / g).toFixed(1)}   trace ${trace.toFixed(0)} ms, pays after ${Math.ceil(trace / (e - g))} steps`);
  graphs.dispose();
}
