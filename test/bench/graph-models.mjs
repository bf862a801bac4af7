// The models of the graph-mode benchmark, in TypeScript's TensorFlow. Their golden values come from the same models in
// Keras and PyTorch.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { attention, layerNorm, softmaxCrossEntropy } = require('layerwise/graph');
const {
  activation,
  add,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  embedding,
  flatten,
  globalAveragePooling2d,
  gru,
  lstm,
  maxPooling2d,
} = tf.layers;
const classes = (count) => dense({ units: count, activation: 'softmax' });

function residualConvnet() {
  const input = tf.input({ shape: [32, 32, 3] });
  const normalized = (x) => batchNormalization().apply(x);
  const convolved = (x, filters, strides, kernelSize = 3) =>
    normalized(conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(x));
  const relu = (x) => activation({ activation: 'relu' }).apply(x);
  let x = relu(convolved(input, 16, 1));
  for (const [filters, strides] of [
    [16, 1],
    [32, 2],
    [64, 2],
  ]) {
    const inner = convolved(relu(convolved(x, filters, strides)), filters, 1);
    const shortcut = strides === 1 ? x : convolved(x, filters, strides, 1);
    x = relu(add().apply([inner, shortcut]));
  }
  return tf.model({ inputs: input, outputs: classes(10).apply(globalAveragePooling2d({}).apply(x)) });
}

/** MobileNet of width 0.5 (Howard et al., 2017) up to its pooled features. */
function mobileNet() {
  const relu6 = () => tf.layers.reLU({ maxValue: 6 });
  const layers = [
    conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same', useBias: false, inputShape: [160, 160, 3] }),
    batchNormalization(),
    relu6(),
  ];
  for (const [filters, strides] of [
    [32, 1],
    [64, 2],
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [256, 1],
    [256, 1],
    [256, 1],
    [256, 1],
    [512, 2],
    [512, 1],
  ]) {
    layers.push(
      depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }),
      batchNormalization(),
      relu6(),
    );
    layers.push(conv2d({ filters, kernelSize: 1, useBias: false }), batchNormalization(), relu6());
  }
  return tf.sequential({ layers: [...layers, globalAveragePooling2d({})] });
}

/**
 * A causal transformer over 64 characters (Vaswani et al., 2017; layer norm first).
 * `weight(shape, isGain)` makes its weights, in a fixed order.
 */
export function transformer({ blocks, width, length, batch, vocabulary = 64, heads = 4 }, weight) {
  const linear = (from, to) => ({ w: weight([from, to]), b: weight([to]) });
  const norm = () => ({ gain: weight([width], true), shift: weight([width]) });
  const [tokens, positions, last, head] = [
    weight([vocabulary, width]),
    weight([length, width]),
    norm(),
    linear(width, vocabulary),
  ];
  const stack = Array.from({ length: blocks }, () => ({
    first: norm(),
    qkv: linear(width, 3 * width),
    out: linear(width, width),
    second: norm(),
    up: linear(width, 4 * width),
    down: linear(4 * width, width),
  }));
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
  return { loss: (ids, labels) => softmaxCrossEntropy(labels, forward(ids)).mean(), vocabulary };
}

const adam = () => tf.train.adam(0.001);
const sequential = (make) => () => tf.sequential({ layers: make() });

/**
 * Each row: batch and shape of the inputs (`tokens`: whole numbers below it), classes, optimizer and how to make the
 * model; or the sizes of a transformer.
 */
export const rows = {
  dense: {
    batch: 128,
    shape: [784],
    targets: 10,
    optimizer: adam,
    model: sequential(() => [dense({ units: 512, activation: 'relu', inputShape: [784] }), classes(10)]),
  },
  convnet: {
    batch: 64,
    shape: [28, 28, 1],
    targets: 10,
    optimizer: () => tf.train.rmsprop(0.001),
    model: sequential(() => [
      conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      flatten(),
      dense({ units: 64, activation: 'relu' }),
      classes(10),
    ]),
  },
  lstm: {
    batch: 64,
    shape: [64, 32],
    targets: 10,
    optimizer: adam,
    model: sequential(() => [
      lstm({ units: 64, recurrentInitializer: 'glorotUniform', recurrentActivation: 'sigmoid', inputShape: [64, 32] }),
      classes(10),
    ]),
  },
  gru: {
    batch: 64,
    shape: [64, 32],
    targets: 10,
    optimizer: adam,
    model: sequential(() => [
      gru({ units: 64, recurrentInitializer: 'glorotUniform', recurrentActivation: 'sigmoid', inputShape: [64, 32] }),
      classes(10),
    ]),
  },
  embedding: {
    batch: 32,
    shape: [200],
    tokens: 10_000,
    targets: 2,
    optimizer: adam,
    model: sequential(() => [
      embedding({ inputDim: 10_000, outputDim: 32, inputLength: 200 }),
      lstm({ units: 32, recurrentInitializer: 'glorotUniform', recurrentActivation: 'sigmoid' }),
      classes(2),
    ]),
  },
  residual: {
    batch: 64,
    shape: [32, 32, 3],
    targets: 10,
    optimizer: () => tf.train.momentum(0.01, 0.9),
    model: residualConvnet,
  },
  mobilenet: { batch: 64, shape: [160, 160, 3], model: mobileNet },
  'transformer-2': { transformer: { blocks: 2, width: 64, length: 64, batch: 32 } },
  'transformer-4': { transformer: { blocks: 4, width: 128, length: 128, batch: 16 } },
};
