import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { accelerate, compile } from '../../../src/parts/graph';
import { disposeAll } from '../../../src/parts/memory';
import { generator, seed } from '../../../src/parts/random';
import { expectClose, expectSame } from './compare';

const { layers } = tf;
type Layer = tf.layers.Layer;
interface Data {
  readonly shape: readonly number[];
  readonly tokens?: number;
}
interface Case extends Data {
  readonly layers: (inputShape: number[]) => Layer[];
}

/** Every layer type with weights that TensorFlow.js has, with the options that take other ways through a graph. */
const CASES: Readonly<Record<string, Case>> = {
  dense: {
    shape: [5],
    layers: (inputShape) => [
      layers.dense({ units: 3, activation: 'relu', inputShape }),
      layers.dense({ units: 2, activation: 'relu6' }),
    ],
  },
  'dense on sequences': {
    shape: [4, 5],
    layers: (inputShape) => [layers.dense({ units: 3, activation: 'sigmoid', inputShape })],
  },
  'dense without bias': {
    shape: [5],
    layers: (inputShape) => [layers.dense({ units: 3, useBias: false, activation: 'tanh', inputShape })],
  },
  conv1d: {
    shape: [8, 3],
    layers: (inputShape) => [
      layers.conv1d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape }),
      layers.maxPooling1d({ poolSize: 2 }),
    ],
  },
  conv2d: {
    shape: [6, 6, 2],
    layers: (inputShape) => [
      layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', strides: 2, activation: 'relu', inputShape }),
      layers.averagePooling2d({ poolSize: 2 }),
    ],
  },
  'conv2d, same maximum pooling': {
    shape: [5, 5, 2],
    layers: (inputShape) => [
      layers.conv2d({ filters: 3, kernelSize: 2, inputShape }),
      layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same' }),
    ],
  },
  conv3d: {
    shape: [4, 4, 4, 2],
    layers: (inputShape) => [layers.conv3d({ filters: 2, kernelSize: 2, activation: 'relu', inputShape })],
  },
  conv2dTranspose: {
    shape: [4, 4, 2],
    layers: (inputShape) => [
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', inputShape }),
    ],
  },
  depthwiseConv2d: {
    shape: [5, 5, 3],
    layers: (inputShape) => [layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, inputShape })],
  },
  separableConv2d: {
    shape: [5, 5, 3],
    layers: (inputShape) => [layers.separableConv2d({ filters: 4, kernelSize: 3, inputShape })],
  },
  embedding: { shape: [6], tokens: 9, layers: () => [layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 })] },
  'embedding with a mask, LSTM': {
    shape: [6],
    tokens: 9,
    layers: () => [
      layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6, maskZero: true }),
      layers.lstm({ units: 3 }),
    ],
  },
  batchNormalization: { shape: [4, 4, 3], layers: (inputShape) => [layers.batchNormalization({ inputShape })] },
  'batchNormalization of rows': {
    shape: [4],
    layers: (inputShape) => [layers.batchNormalization({ epsilon: 0.01, momentum: 0.5, inputShape })],
  },
  layerNormalization: { shape: [4, 7], layers: (inputShape) => [layers.layerNormalization({ inputShape })] },
  'layerNormalization of two axes': {
    shape: [4, 3],
    layers: (inputShape) => [layers.layerNormalization({ axis: [1, 2], inputShape })],
  },
  prelu: { shape: [5], layers: (inputShape) => [layers.prelu({ inputShape })] },
  simpleRNN: { shape: [4, 3], layers: (inputShape) => [layers.simpleRNN({ units: 5, inputShape })] },
  LSTM: { shape: [4, 3], layers: (inputShape) => [layers.lstm({ units: 5, inputShape })] },
  'LSTM, sigmoid, backwards, all outputs': {
    shape: [5, 3],
    layers: (inputShape) => [
      layers.lstm({ units: 17, recurrentActivation: 'sigmoid', goBackwards: true, returnSequences: true, inputShape }),
    ],
  },
  'LSTM without bias': {
    shape: [4, 3],
    layers: (inputShape) => [layers.lstm({ units: 5, useBias: false, inputShape })],
  },
  'LSTM with another activation': {
    shape: [4, 3],
    layers: (inputShape) => [layers.lstm({ units: 5, activation: 'relu', inputShape })],
  },
  'LSTMs on top of each other': {
    shape: [4, 3],
    layers: (inputShape) => [
      layers.lstm({ units: 4, returnSequences: true, recurrentActivation: 'sigmoid', inputShape }),
      layers.lstm({ units: 3, recurrentActivation: 'sigmoid' }),
    ],
  },
  GRU: { shape: [4, 3], layers: (inputShape) => [layers.gru({ units: 5, inputShape })] },
  'GRU, sigmoid, backwards, all outputs': {
    shape: [5, 3],
    layers: (inputShape) => [
      layers.gru({ units: 17, recurrentActivation: 'sigmoid', goBackwards: true, returnSequences: true, inputShape }),
    ],
  },
  convLstm2d: {
    shape: [3, 4, 4, 2],
    layers: (inputShape) => [layers.convLstm2d({ filters: 2, kernelSize: 2, inputShape })],
  },
  'rnn of stacked cells': {
    shape: [4, 3],
    layers: (inputShape) => [
      layers.rnn({
        cell: layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 4 }), layers.gruCell({ units: 3 })] }),
        inputShape,
      }),
    ],
  },
  bidirectional: {
    shape: [4, 3],
    layers: (inputShape) => [
      layers.bidirectional({
        layer: layers.lstm({ units: 4, returnSequences: true }),
        mergeMode: 'concat',
        inputShape,
      }),
    ],
  },
  timeDistributed: {
    shape: [4, 3],
    layers: (inputShape) => [
      layers.timeDistributed({ layer: layers.dense({ units: 2, activation: 'relu' }), inputShape }),
    ],
  },
  'a model as a layer': {
    shape: [5],
    layers: (inputShape) => [
      tf.sequential({
        layers: [layers.dense({ units: 4, activation: 'elu', inputShape }), layers.dense({ units: 3 })],
      }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  },
};

/** Batch, and data that are the same each time. */
function dataFor({ shape, tokens }: Data, rows: number, start: number): tf.Tensor {
  const random = generator(start);
  const size = [rows, ...shape].reduce((product, length) => product * length, 1);
  return tf.tensor(
    Array.from({ length: size }, () => (tokens === undefined ? random.normal() : random.integer(tokens))),
    [rows, ...shape],
  );
}

describe('each layer with weights: outputs, losses and gradients as without graphs', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const given = CASES[name];
    const build = (): tf.LayersModel => tf.sequential({ layers: given.layers([...given.shape]) });
    const probe = build();
    const [outputShape] = [probe.outputShape].flat(0);
    probe.dispose();
    const shape = Array.isArray(outputShape) ? outputShape : probe.outputShape;
    const x = dataFor(given, 6, 3);
    const target = dataFor({ shape: shape.slice(1).map(Number) }, 6, 4);
    await expectSame(build, [x], target);
    tf.dispose([x, target]);
  });

  it('conv3dTranspose, which TensorFlow.js can only run forward', () => {
    const model = tf.sequential({
      layers: [layers.conv3dTranspose({ filters: 2, kernelSize: 2, inputShape: [3, 3, 3, 2] })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const x = dataFor({ shape: [3, 3, 3, 2] }, 4, 1);
    const predict = (): Float32Array =>
      tf.tidy(() => Float32Array.from([model.predictOnBatch(x)].flat()[0].dataSync()));
    const eager = predict();
    const graphs = accelerate(model);
    for (let call = 0; call < 4; call++) expectClose(Array.from(predict()), Array.from(eager), 1e-5, `call ${call}`);
    expect(graphs.isEager).toBe(false);
    graphs.dispose();
    disposeAll([model, x]);
  });

  it('covers all layer types of TensorFlow.js that have weights', () => {
    const covered = Object.keys(CASES).join(' ').toLowerCase();
    const types = [
      'dense',
      'conv1d',
      'conv2d',
      'conv3d',
      'conv2dTranspose',
      'depthwiseConv2d',
      'separableConv2d',
      'embedding',
      'batchNormalization',
      'layerNormalization',
      'prelu',
      'simpleRNN',
      'lstm',
      'gru',
      'convLstm2d',
      'rnn',
      'bidirectional',
      'timeDistributed',
    ];
    for (const type of types) expect(covered, type).toContain(type.toLowerCase());
  });
});

describe('initial and returned states, with their gradients', () => {
  it.each([
    ['LSTM', (): Layer => layers.lstm({ units: 5, returnState: true, returnSequences: true }), 2],
    [
      'GRU',
      (): Layer => layers.gru({ units: 5, returnState: true, returnSequences: true, recurrentActivation: 'sigmoid' }),
      1,
    ],
  ] as const)('%s', (_, make, states) => {
    seed(5);
    const layer = make();
    layer.build([6, 4, 3]);
    const given = [
      dataFor({ shape: [4, 3] }, 6, 1),
      ...Array.from({ length: states }, (_state, i) => dataFor({ shape: [5] }, 6, 2 + i)),
    ];
    const step = (...tensors: tf.Tensor[]): tf.Tensor[] => {
      const loss = (...[x, ...initialState]: tf.Tensor[]): tf.Scalar =>
        tf
          .addN(
            [layer.call(x, { initialState })].flat().map((made, i) =>
              made
                .square()
                .sum()
                .mul(i + 1),
            ),
          )
          .asScalar();
      return [loss(...tensors), ...tf.grads(loss)(tensors)];
    };
    const graph = compile(step);
    const eager = graph(...given);
    for (let call = 0; call < 2; call++) {
      const made = graph(...given);
      made.forEach((tensor, i) =>
        expectClose(Array.from(tensor.dataSync()), Array.from(eager[i].dataSync()), 1e-5, `result ${i}`),
      );
      tf.dispose(made);
    }
    expect(graph.nodes.map(({ op }) => op)).toContain(states === 2 ? 'LayerwiseLstmGrad' : 'LayerwiseGruGrad');
    graph.dispose();
    tf.dispose([...layer.getWeights(), ...given, ...eager]);
  });
});
