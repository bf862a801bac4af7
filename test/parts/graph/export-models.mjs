// Writes models as SavedModels into a folder, each with what it predicts here for batches of one, three and forty rows:
// node export-models.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate, attention, compile, exportSavedModel, layerNorm } = require('layerwise/graph');
const { seed } = require('layerwise/random');
const { layers } = tf;
const [folder] = process.argv.slice(2);

const residualBlock = (x) => {
  const convolved = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }).apply(x);
  return layers
    .add()
    .apply([layers.activation({ activation: 'relu' }).apply(layers.batchNormalization().apply(convolved)), x]);
};
class SelfAttention extends tf.layers.Layer {
  static className = 'SelfAttention';
  call(inputs) {
    const [x] = [inputs].flat();
    return attention(x, x, x, { heads: 2, causal: true });
  }
}
const models = {
  'our attention': () =>
    tf.sequential({
      layers: [layers.dense({ units: 4, inputShape: [3, 4] }), new SelfAttention({}), layers.layerNormalization()],
    }),
  'LSTM with states': () => {
    const input = tf.input({ shape: [3, 2] });
    return tf.model({
      inputs: input,
      outputs: layers.lstm({ units: 4, returnState: true, returnSequences: true }).apply(input),
    });
  },
  dense: () =>
    tf.sequential({
      layers: [
        layers.dense({ units: 8, activation: 'relu', inputShape: [5] }),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    }),
  convnet: () =>
    tf.sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    }),
  'embedding and LSTM': () =>
    tf.sequential({
      layers: [
        layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 6 }),
        layers.lstm({ units: 5 }),
        layers.dense({ units: 2 }),
      ],
    }),
  'bidirectional GRU': () =>
    tf.sequential({
      layers: [
        layers.bidirectional({
          layer: layers.gru({ units: 5, returnSequences: true }),
          mergeMode: 'concat',
          inputShape: [4, 3],
        }),
        layers.layerNormalization(),
        layers.globalAveragePooling1d({}),
        layers.dense({ units: 2, activation: 'sigmoid' }),
      ],
    }),
  'two outputs, residual': () => {
    const input = tf.input({ shape: [6, 6, 4] });
    const x = residualBlock(residualBlock(input));
    return tf.model({
      inputs: input,
      outputs: [
        layers.dense({ units: 2 }).apply(layers.globalAveragePooling2d({}).apply(x)),
        layers.flatten().apply(x),
      ],
    });
  },
  'two inputs': () => {
    const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [2] })];
    return tf.model({
      inputs,
      outputs: layers.dense({ units: 2, activation: 'tanh' }).apply(layers.concatenate().apply(inputs)),
    });
  },
  'depthwise and transposed': () =>
    tf.sequential({
      layers: [
        layers.depthwiseConv2d({ kernelSize: 3, inputShape: [8, 8, 2] }),
        layers.reLU({ maxValue: 6 }),
        layers.separableConv2d({ filters: 3, kernelSize: 2 }),
        layers.upSampling2d({ size: [2, 2] }),
        layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
        layers.globalMaxPooling2d({}),
      ],
    }),
  'simple RNN': () =>
    tf.sequential({
      layers: [
        layers.simpleRNN({ units: 4, returnSequences: true, inputShape: [4, 3] }),
        layers.timeDistributed({ layer: layers.dense({ units: 2, activation: 'elu' }) }),
        layers.conv1d({ filters: 2, kernelSize: 2 }),
        layers.flatten(),
      ],
    }),
};

/** Several outputs of one layer are told apart by numbers. */
const distinct = (names) =>
  names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}_${before}`;
  });
const noted = (names, tensors) =>
  tensors.map((tensor, i) => ({ name: names[i], shape: tensor.shape, values: Array.from(tensor.dataSync()) }));

for (const [name, make] of Object.entries(models)) {
  seed(1);
  const model = make();
  // Trained a little, as graphs, so that no weight is what it was made with.
  const count = model.outputs.length;
  model.compile({ optimizer: 'adam', loss: Array(count).fill('meanSquaredError') });
  const graphs = accelerate(model);
  const tokens = name.startsWith('embedding');
  const draw = (rows) =>
    model.inputs.map(({ shape }) =>
      tokens
        ? tf.randomUniform([rows, ...shape.slice(1)], 0, 20, 'int32').toFloat()
        : tf.randomNormal([rows, ...shape.slice(1)]),
    );
  const one = (list) => (list.length === 1 ? list[0] : list);
  // TensorFlow.js can't add the losses of outputs of several ranks.
  for (let step = 0; step < 3 && name !== 'LSTM with states'; step++)
    await model.trainOnBatch(
      one(draw(7)),
      one(model.outputs.map(({ shape }) => tf.randomNormal([7, ...shape.slice(1)]))),
    );
  exportSavedModel(model, path.join(folder, name));
  graphs.dispose();
  const inner = model.model ?? model;
  const cases = [1, 3, 40].map((rows) => {
    const x = draw(rows);
    return {
      inputs: noted(inner.inputNames, x),
      outputs: noted(distinct(inner.outputNames), [model.predict(one(x), { batchSize: rows })].flat()),
    };
  });
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(cases));
}

const gain = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
const weights = tf.tidy(() => tf.variable(tf.tensor2d([1, 0, -1, 2, 0.5, 1], [3, 2])));
const functions = {
  'a compiled function': compile((x, offset) => ({
    scores: layerNorm(x, gain, tf.zerosLike(gain)).matMul(weights).add(offset),
    largest: x.max(1),
  })),
  'a model by hand': (x, offset) => [x.matMul(weights).relu().add(offset)],
};
for (const [name, fn] of Object.entries(functions)) {
  exportSavedModel(fn, path.join(folder, name), { inputs: { x: { shape: [null, 3] }, offset: { shape: [null, 2] } } });
  const cases = [1, 3, 40].map((rows) => {
    const given = [tf.randomNormal([rows, 3]), tf.randomNormal([rows, 2])];
    const made = fn(...given);
    const names = Array.isArray(made) ? ['output_0'] : Object.keys(made);
    return { inputs: noted(['x', 'offset'], given), outputs: noted(names, Object.values(made)) };
  });
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(cases));
}
