// Writes models as SavedModels into a folder, each with what it predicts here for batches of one, three and forty rows:
// node export-models.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-node');
const { accelerate, exportSavedModel } = require('layerwise/graph');
const { seed } = require('layerwise/random');
const { layers } = tf;
const [folder] = process.argv.slice(2);

const residualBlock = (x) => {
  const convolved = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }).apply(x);
  return layers
    .add()
    .apply([layers.activation({ activation: 'relu' }).apply(layers.batchNormalization().apply(convolved)), x]);
};
const models = {
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

const noted = (names, tensors) =>
  tensors.map((tensor, i) => ({ name: names[i], shape: tensor.shape, values: Array.from(tensor.dataSync()) }));

for (const [name, make] of Object.entries(models)) {
  seed(1);
  const model = make();
  // Trained a little, as graphs, so that no weight is what it was made with.
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const graphs = accelerate(model);
  const tokens = name.startsWith('embedding');
  const draw = (rows) =>
    model.inputs.map(({ shape }) =>
      tokens
        ? tf.randomUniform([rows, ...shape.slice(1)], 0, 20, 'int32').toFloat()
        : tf.randomNormal([rows, ...shape.slice(1)]),
    );
  const one = (list) => (list.length === 1 ? list[0] : list);
  for (let step = 0; step < 3; step++)
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
      outputs: noted(inner.outputNames, [model.predict(one(x), { batchSize: rows })].flat()),
    };
  });
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(cases));
}
