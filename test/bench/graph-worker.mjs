// Times the rows of the graph-mode benchmark in TypeScript's TensorFlow, eager or as graphs, as it is told line by line.
import { createRequire } from 'node:module';
import readline from 'node:readline';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate, attention, compile, layerNorm, softmaxCrossEntropy } = require('layerwise/graph');
const { seed } = require('layerwise/random');

const isEager = process.argv[2] === 'eager';
const { activation, add, batchNormalization, conv2d, dense, depthwiseConv2d, embedding, flatten, globalAveragePooling2d, gru, lstm, maxPooling2d } = tf.layers;
const classes = (count) => dense({ units: count, activation: 'softmax' });

/** A step of a tf.LayersModel: a batch of training, or of prediction. */
function layersStep({ batch, shape, optimizer, model: make, tokens, targets = 10, isInference = false }) {
  seed(1);
  const model = make();
  const x = tokens ? tf.randomUniform([batch, ...shape], 0, tokens, 'int32') : tf.randomNormal([batch, ...shape]);
  const y = tf.oneHot(tf.randomUniform([batch], 0, targets, 'int32'), targets).toFloat();
  model.compile({ optimizer: optimizer?.() ?? 'sgd', loss: 'categoricalCrossentropy' });
  const graphs = isEager ? undefined : accelerate(model);
  const step = isInference
    ? () => {
        const made = model.predictOnBatch(x);
        made.dataSync();
        made.dispose();
      }
    : () => model.trainOnBatch(x, y);
  return { step, dispose: () => graphs?.dispose() };
}

function residualConvnet() {
  const input = tf.input({ shape: [32, 32, 3] });
  const normalized = (x) => batchNormalization().apply(x);
  const convolved = (x, filters, strides, kernelSize = 3) => normalized(conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(x));
  const relu = (x) => activation({ activation: 'relu' }).apply(x);
  let x = relu(convolved(input, 16, 1));
  for (const [filters, strides] of [[16, 1], [32, 2], [64, 2]]) {
    const inner = convolved(relu(convolved(x, filters, strides)), filters, 1);
    const shortcut = strides === 1 ? x : convolved(x, filters, strides, 1);
    x = relu(add().apply([inner, shortcut]));
  }
  return tf.model({ inputs: input, outputs: classes(10).apply(globalAveragePooling2d({}).apply(x)) });
}

/** MobileNet of width 0.5 (Howard et al., 2017) up to its pooled features. */
function mobileNet() {
  const relu6 = () => tf.layers.reLU({ maxValue: 6 });
  const layers = [conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same', useBias: false, inputShape: [160, 160, 3] }), batchNormalization(), relu6()];
  for (const [filters, strides] of [[32, 1], [64, 2], [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [256, 1], [256, 1], [256, 1], [256, 1], [512, 2], [512, 1]]) {
    layers.push(depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }), batchNormalization(), relu6());
    layers.push(conv2d({ filters, kernelSize: 1, useBias: false }), batchNormalization(), relu6());
  }
  return tf.sequential({ layers: [...layers, globalAveragePooling2d({})] });
}

/** A causal transformer over 64 characters (Vaswani et al., 2017; layer norm first), trained with Adam. */
function transformerStep({ blocks, width, length, batch, vocabulary = 64, heads = 4 }) {
  seed(1);
  const weight = (shape, deviation = 0.02) => tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, deviation)));
  const constant = (shape, value) => tf.tidy(() => tf.variable(tf.fill(shape, value)));
  const linear = (from, to) => ({ w: weight([from, to]), b: constant([to], 0) });
  const norm = () => ({ gain: constant([width], 1), shift: constant([width], 0) });
  const [tokens, positions, last, head] = [weight([vocabulary, width]), weight([length, width]), norm(), linear(width, vocabulary)];
  const stack = Array.from({ length: blocks }, () => ({ first: norm(), qkv: linear(width, 3 * width), out: linear(width, width), second: norm(), up: linear(width, 4 * width), down: linear(4 * width, width) }));
  const normalized = (x, { gain, shift }) => layerNorm(x, gain, shift);
  const applied = (x, { w, b }) => tf.matMul(x, w).add(b);
  const forward = (ids) => {
    let x = tf.gather(tokens, ids).add(positions).reshape([-1, width]);
    for (const { first, qkv, out, second, up, down } of stack) {
      const [q, k, v] = tf.split(applied(normalized(x, first), qkv).reshape([batch, length, 3 * width]), 3, 2);
      x = x.add(applied(attention(q, k, v, { heads, causal: true }).reshape([-1, width]), out));
      x = x.add(applied(tf.relu(applied(normalized(x, second), up)), down));
    }
    return applied(normalized(x, last), head);
  };
  const ids = tf.randomUniform([batch, length + 1], 0, vocabulary, 'int32');
  const [input, target] = [ids.slice([0, 0], [batch, length]), ids.slice([0, 1], [batch, length])];
  const labels = tf.oneHot(target.reshape([-1]), vocabulary).toFloat();
  const optimizer = tf.train.adam(0.001);
  const train = (x, y) => optimizer.minimize(() => softmaxCrossEntropy(y, forward(x)).mean(), true);
  const graph = isEager ? undefined : compile(train);
  const step = () => {
    const loss = isEager ? tf.tidy(() => train(input, labels)) : graph(input, labels);
    loss.dataSync();
    loss.dispose();
  };
  return { step, dispose: () => graph?.dispose() };
}

const adam = () => tf.train.adam(0.001);
const sequential = (...layers) => () => tf.sequential({ layers });
const rows = {
  dense: () => layersStep({ batch: 128, shape: [784], optimizer: adam, model: sequential(dense({ units: 512, activation: 'relu', inputShape: [784] }), classes(10)) }),
  convnet: () =>
    layersStep({
      batch: 64,
      shape: [28, 28, 1],
      optimizer: () => tf.train.rmsprop(0.001),
      model: sequential(
        conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
        maxPooling2d({ poolSize: 2 }),
        conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        maxPooling2d({ poolSize: 2 }),
        conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        flatten(),
        dense({ units: 64, activation: 'relu' }),
        classes(10),
      ),
    }),
  lstm: () => layersStep({ batch: 64, shape: [64, 32], optimizer: adam, model: sequential(lstm({ units: 64, recurrentActivation: 'sigmoid', inputShape: [64, 32] }), classes(10)) }),
  gru: () => layersStep({ batch: 64, shape: [64, 32], optimizer: adam, model: sequential(gru({ units: 64, recurrentActivation: 'sigmoid', inputShape: [64, 32] }), classes(10)) }),
  embedding: () => layersStep({ batch: 32, shape: [200], tokens: 10_000, targets: 2, optimizer: adam, model: sequential(embedding({ inputDim: 10_000, outputDim: 32, inputLength: 200 }), lstm({ units: 32, recurrentActivation: 'sigmoid' }), classes(2)) }),
  residual: () => layersStep({ batch: 64, shape: [32, 32, 3], optimizer: () => tf.train.momentum(0.01, 0.9), model: residualConvnet }),
  mobilenet: () => layersStep({ batch: 64, shape: [160, 160, 3], targets: 512, model: mobileNet, isInference: true }),
  'transformer-2': () => transformerStep({ blocks: 2, width: 64, length: 64, batch: 32 }),
  'transformer-4': () => transformerStep({ blocks: 4, width: 128, length: 128, batch: 16 }),
};

const made = new Map();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { row, steps, close } = JSON.parse(line);
  let first = 0;
  let trace = 0;
  if (close) {
    made.get(row)?.dispose();
    made.delete(row);
    tf.disposeVariables();
    console.log('{}');
    continue;
  }
  const timed = async (count) => {
    const started = performance.now();
    for (let i = 0; i < count; i++) await made.get(row).step();
    return performance.now() - started;
  };
  if (!made.has(row)) {
    made.set(row, rows[row]());
    first = await timed(1);
    trace = await timed(1);
    await timed(3);
  }
  console.log(JSON.stringify({ ms: (await timed(steps)) / steps, first, trace }));
}
