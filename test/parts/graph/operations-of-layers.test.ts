// Which layers are one operation in a graph, and which are composed; either way they give what is computed eagerly.
import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';

const countAnew = expectNoTensorsLeft();

const X = [0.5, -1, 2, 0.25, -0.75, 1.5, 1, -2, 0.1, 0.9, -0.4, 0.3];

interface Call {
  readonly layer: tf.layers.Layer;
  readonly shape: readonly number[];
  readonly options?: () => Parameters<tf.layers.Layer['apply']>[1];
  /** Whether its slope is asked for, too (default true). */
  readonly hasSlope?: boolean;
}

/** The operations of a layer's graph; its values, and slopes, must be those of the layer itself. */
function operationsOf({ layer, shape, options = () => ({}), hasSlope = true }: Call): string[] {
  const ops = tf.tidy(() => {
    const x = tf.tensor(
      X.slice(
        0,
        shape.reduce((a, b) => a * b),
      ),
      [...shape],
    );
    const apply = (given: tf.Tensor): tf.Tensor[] => [layer.apply(given, options())].flat() as tf.Tensor[];
    const sum = (given: tf.Tensor): tf.Tensor => tf.addN(apply(given).map((made) => made.sum()));
    const step = (given: tf.Tensor): tf.Tensor[] => [...apply(given), ...(hasSlope ? [tf.grad(sum)(given)] : [])];
    const run = compile(step);
    let made = run(x);
    for (let call = 0; call < 3; call++) made = run(x);
    const expected = step(x);
    expect(made.map(({ shape: lengths }) => lengths)).toEqual(expected.map(({ shape: lengths }) => lengths));
    for (const [i, tensor] of expected.entries()) {
      const values = made[i].dataSync();
      tensor.dataSync().forEach((value, j) => expect(values[j]).toBeCloseTo(value, 4));
    }
    const names = run.nodes.map(({ op }) => op);
    run.dispose();
    return names;
  });
  layer.dispose();
  countAnew();
  return ops;
}

const { batchNormalization, layerNormalization, lstm, gru } = tf.layers;
const training = (): { training: boolean } => ({ training: true });

describe('normalizations', () => {
  it.each<[string, Call, boolean]>([
    ['the last axis, while training', { layer: batchNormalization(), shape: [4, 3], options: training }, true],
    ['the last axis by its number', { layer: batchNormalization({ axis: 1 }), shape: [4, 3], options: training }, true],
    ['of pictures', { layer: batchNormalization(), shape: [2, 2, 1, 3], options: training }, true],
    [
      'another axis',
      { layer: batchNormalization({ axis: 1 }), shape: [2, 3, 2], options: training, hasSlope: false },
      false,
    ],
    ['by the averages, not while training', { layer: batchNormalization(), shape: [4, 3] }, false],
  ])('by batch: %s', (_, call, isOne) => {
    const ops = operationsOf(call);
    expect(ops.includes('FusedBatchNormV3')).toBe(isOne);
    if (call.hasSlope !== false) expect(ops.includes('FusedBatchNormGradV3')).toBe(isOne);
  });

  it('by batch move the averages as they do eagerly', () => {
    tf.tidy(() => {
      const [compiled, eager] = [0, 1].map(() => batchNormalization({ momentum: 0.5, epsilon: 0 }));
      const run = compile((given: tf.Tensor) => [compiled.apply(given, { training: true })].flat()[0] as tf.Tensor);
      const x = tf.tensor2d([[0], [4]]);
      const averages = (layer: tf.layers.Layer): number[] =>
        layer.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
      for (let call = 1; call <= 5; call++) {
        run(x);
        eager.apply(x, { training: true });
        // Mean 2 and variance 4: the averages begin at 0 and 1, and go half of the way each time.
        const rest = 0.5 ** call;
        const expected = [1, 0, 2 * (1 - rest), 4 - 3 * rest];
        averages(compiled).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
        averages(eager).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
      }
      run.dispose();
      for (const layer of [compiled, eager]) layer.dispose();
    });
    countAnew();
  });

  it.each<[string, Call, boolean]>([
    ['the last axis', { layer: layerNormalization(), shape: [4, 3] }, true],
    ['the last axis by its number', { layer: layerNormalization({ axis: 1 }), shape: [4, 3] }, true],
    ['the last axis in a list', { layer: layerNormalization({ axis: [-1] }), shape: [2, 2, 3] }, true],
    ['another axis', { layer: layerNormalization({ axis: 1 }), shape: [2, 3, 2] }, false],
    ['two axes', { layer: layerNormalization({ axis: [1, 2] }), shape: [2, 3, 2], hasSlope: false }, false],
  ])('by layer: %s', (_, call, isOne) => {
    const ops = operationsOf(call);
    expect(ops.includes('LayerwiseLayerNorm')).toBe(isOne);
    if (call.hasSlope !== false) expect(ops.includes('LayerwiseLayerNormGrad')).toBe(isOne);
  });
});

describe.each([
  ['LSTM', lstm, 'LayerwiseLstm', 2],
  ['GRU', gru, 'LayerwiseGru', 1],
] as const)('%s', (_, make, operation, states) => {
  const settings = { units: 2, recurrentInitializer: 'glorotUniform' } as const;
  const shape = [2, 3, 2];
  const isOne = (call: Omit<Call, 'shape'>): boolean => operationsOf({ ...call, shape }).includes(operation);
  const state = (...lengths: number[]): tf.Tensor[] => Array.from({ length: states }, () => tf.ones(lengths).mul(0.5));
  const mask = (...lengths: number[]): tf.Tensor => tf.tensor([1, 1, 0, 1, 1, 1], lengths, 'bool');

  it.each<[string, Parameters<typeof make>[0]]>([
    ['by its last state', settings],
    ['by all', { ...settings, returnSequences: true, returnState: true }],
    ['backwards', { ...settings, goBackwards: true, returnSequences: true }],
    ['without bias', { ...settings, useBias: false }],
    ['with gates of straight lines', { ...settings, recurrentActivation: 'hardSigmoid' }],
    ['with gates of sigmoids', { ...settings, recurrentActivation: 'sigmoid' }],
    ['with dropout, while it doesn’t train', { ...settings, dropout: 0 }],
  ])('is one operation: %s', (_name, given) => {
    expect(isOne({ layer: make(given) })).toBe(true);
  });

  it.each<[string, Parameters<typeof make>[0]]>([
    ['another activation', { ...settings, activation: 'relu' }],
    ['other gates', { ...settings, recurrentActivation: 'tanh' }],
  ])('is composed: %s', (_name, given) => {
    expect(isOne({ layer: make(given) })).toBe(false);
  });

  it('is one operation with a mask of all steps, and composed with one of another form', () => {
    expect(isOne({ layer: make(settings), options: () => ({ mask: mask(2, 3) }) })).toBe(true);
    expect(isOne({ layer: make(settings), options: () => ({ mask: mask(2, 3, 1) }) })).toBe(true);
  });

  it('is one operation from states of the batch, and composed from one row for all', () => {
    expect(isOne({ layer: make(settings), options: () => ({ initialState: state(2, 2) }) })).toBe(true);
    expect(isOne({ layer: make(settings), options: () => ({ initialState: state(1, 2) }) })).toBe(false);
  });
});
