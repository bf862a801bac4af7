import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { it } from 'vitest';
import { generator } from '../../../src/parts/random';
import { expectSame } from './compare';

const { layers } = tf;
type Layer = tf.layers.Layer;
type Shape = readonly number[];

/** A layer for values of a shape without their batch; null where it doesn't fit. */
interface Kind {
  readonly fits: (shape: Shape) => boolean;
  readonly make: (size: number, shape: Shape, flag: boolean) => Layer;
}

const ACTIVATIONS = [
  'relu',
  'tanh',
  'sigmoid',
  'elu',
  'selu',
  'softplus',
  'relu6',
  'softmax',
  'linear',
  'swish',
] as const;
const isImage = (shape: Shape): boolean => shape.length === 3 && shape[0] >= 3 && shape[1] >= 3;
const isSequence = (shape: Shape): boolean => shape.length === 2 && shape[0] >= 2;
const always = (): boolean => true;

const KINDS: Readonly<Record<string, Kind>> = {
  dense: {
    fits: always,
    make: (size) => layers.dense({ units: size, activation: ACTIVATIONS[size % ACTIVATIONS.length] }),
  },
  'regularized dense': {
    fits: always,
    make: (size, _, flag) =>
      layers.dense({ units: size, useBias: flag, kernelRegularizer: 'l1l2', activation: 'relu' }),
  },
  batchNormalization: { fits: (shape) => shape.length < 4, make: () => layers.batchNormalization({}) },
  layerNormalization: { fits: always, make: () => layers.layerNormalization({}) },
  prelu: { fits: always, make: () => layers.prelu({ alphaInitializer: 'ones' }) },
  leakyReLU: { fits: always, make: () => layers.leakyReLU({ alpha: 0.1 }) },
  reLU6: { fits: always, make: () => layers.reLU({ maxValue: 6 }) },
  lstm: {
    fits: isSequence,
    make: (size, _, flag) =>
      layers.lstm({ units: size, returnSequences: flag, recurrentActivation: size % 2 ? 'sigmoid' : 'hardSigmoid' }),
  },
  gru: {
    fits: isSequence,
    make: (size, _, flag) =>
      layers.gru({ units: size, returnSequences: flag, recurrentActivation: size % 2 ? 'sigmoid' : 'hardSigmoid' }),
  },
  simpleRNN: { fits: isSequence, make: (size, _, flag) => layers.simpleRNN({ units: size, returnSequences: flag }) },
  bidirectional: {
    fits: isSequence,
    make: (size, _, flag) =>
      layers.bidirectional({ layer: layers.gru({ units: size, returnSequences: flag }), mergeMode: 'concat' }),
  },
  conv1d: {
    fits: isSequence,
    make: (size) => layers.conv1d({ filters: size, kernelSize: 2, padding: 'same', activation: 'relu' }),
  },
  pooling1d: {
    fits: isSequence,
    make: (_, __, flag) =>
      flag ? layers.maxPooling1d({ poolSize: 2, padding: 'same' }) : layers.globalAveragePooling1d({}),
  },
  conv2d: {
    fits: isImage,
    make: (size, _, flag) =>
      layers.conv2d({
        filters: size,
        kernelSize: 3,
        padding: 'same',
        strides: flag ? 1 : 2,
        activation: 'relu',
        useBias: flag,
      }),
  },
  depthwiseConv2d: {
    fits: isImage,
    make: (_, __, flag) => layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: flag }),
  },
  separableConv2d: {
    fits: isImage,
    make: (size) => layers.separableConv2d({ filters: size, kernelSize: 2, padding: 'same' }),
  },
  pooling2d: {
    fits: isImage,
    make: (_, __, flag) =>
      flag ? layers.maxPooling2d({ poolSize: 2, padding: 'same' }) : layers.averagePooling2d({ poolSize: 2 }),
  },
  globalPooling2d: {
    fits: isImage,
    make: (_, __, flag) => (flag ? layers.globalMaxPooling2d({}) : layers.globalAveragePooling2d({})),
  },
  flatten: { fits: (shape) => shape.length > 1, make: () => layers.flatten() },
  repeatVector: { fits: (shape) => shape.length === 1, make: () => layers.repeatVector({ n: 3 }) },
};

const specs = fc.record({
  shape: fc.constantFrom([4], [3, 2], [4, 4, 2], [5, 3], [6, 5, 3], [7]),
  rows: fc.integer({ min: 1, max: 5 }),
  layers: fc.array(
    fc.record({
      kind: fc.constantFrom(...Object.keys(KINDS)),
      size: fc.integer({ min: 1, max: 9 }),
      flag: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** The layers of a specification, one after another; those that don't fit the shape so far are left out. */
function sequential({
  shape,
  layers: given,
}: {
  shape: Shape;
  layers: { kind: string; size: number; flag: boolean }[];
}): tf.LayersModel {
  const model = tf.sequential();
  model.add(layers.inputLayer({ inputShape: [...shape] }));
  let now: Shape = shape;
  for (const { kind, size, flag } of given) {
    if (!KINDS[kind].fits(now)) continue;
    model.add(KINDS[kind].make(size, now, flag));
    now = model.outputs[0].shape.slice(1).map(Number);
  }
  model.add(layers.dense({ units: 2 }));
  return model;
}

// How many; 1,000 take a quarter of an hour.
const runs = Number(process.env.FAST_CHECK_RUNS ?? 60);

// The seed of a failure is printed with it; run it again with FAST_CHECK_SEED.
it(
  `${runs} generated models of one to six layers do with graphs what they do without`,
  { timeout: 120_000 + 1000 * runs },
  async () => {
    await fc.assert(
      fc.asyncProperty(specs, async (spec) => {
        const build = (): tf.LayersModel => sequential(spec);
        const probe = build();
        const shape = probe.outputs[0].shape.slice(1).map(Number);
        probe.dispose();
        const random = generator(spec.rows);
        const draw = (sizes: number[]): tf.Tensor =>
          tf.tensor(
            Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, () => random.normal()),
            sizes,
          );
        const [x, target] = [draw([spec.rows, ...spec.shape]), draw([spec.rows, ...shape])];
        try {
          await expectSame(build, [x], target, () => tf.train.sgd(0.01));
        } finally {
          tf.dispose([x, target]);
        }
      }),
      { numRuns: runs, seed: Number(process.env.FAST_CHECK_SEED ?? 20261121), verbose: 1 },
    );
  },
);
