import * as tf from '@tensorflow/tfjs-node';
import { batchNorm, layerNorm } from './fused';
import { hasOwnOperations } from './own-operations';
import { dropout, randomNormal } from './random-ops';
import { isTracing } from './recorder';
import { gruSequence, lstmSequence, type RecurrentWeights } from './recurrent';

type Layer = tf.layers.Layer;
type Call = Layer['call'];

/** Computes a layer in a graph. Answers undefined where it should compute as ever. */
type GraphCall = (
  layer: Layer,
  x: tf.Tensor,
  options: Readonly<Record<string, unknown>>,
) => tf.Tensor | tf.Tensor[] | undefined;

const GRAPH_CALLS: Readonly<Record<string, GraphCall>> = {
  Dropout: (layer, x, { training }) =>
    training === true ? dropout(x, numberIn(layer, 'rate'), { noiseShape: noiseShape(layer, x) }) : undefined,
  SpatialDropout1D: (layer, x, { training }) =>
    training === true
      ? dropout(x, numberIn(layer, 'rate'), { noiseShape: [x.shape[0] ?? 1, 1, x.shape[2] ?? 1] })
      : undefined,
  GaussianNoise: (layer, x, { training }) =>
    training === true ? x.add(randomNormal(x.shape).mul(numberIn(layer, 'stddev'))) : undefined,
  GaussianDropout: (layer, x, { training }) => {
    const rate = numberIn(layer, 'rate');
    return training === true && rate > 0 && rate < 1
      ? x.mul(
          randomNormal(x.shape)
            .mul(Math.sqrt(rate / (1 - rate)))
            .add(1),
        )
      : undefined;
  },
  AlphaDropout: alphaDropout,
  ReLU: (layer, x) => (Reflect.get(layer, 'maxValue') === 6 ? tf.relu6(x) : undefined),
  BatchNormalization: normalizeBatch,
  LayerNormalization: normalizeRows,
  LSTM: (layer, x, options) => sequence(layer, x, options, lstmSequence),
  GRU: (layer, x, options) => sequence(layer, x, options, gruSequence),
};

/** Lets layers compute natively while they are traced, also those inside of others. Returns how to undo it. */
export function withNativeLayers(layers: readonly Layer[]): () => void {
  const undo = layers.flatMap(innerLayers).map((layer) => {
    const graphCall = Object.hasOwn(GRAPH_CALLS, layer.getClassName()) ? GRAPH_CALLS[layer.getClassName()] : undefined;
    const cells = [Reflect.get(layer, 'cell')].filter((cell) => cell instanceof tf.layers.Layer);
    for (const cell of cells)
      Reflect.set(cell, 'dropoutFunc', (x: tf.Tensor, rate: number) =>
        isTracing() ? dropout(x, rate) : tf.dropout(x, rate),
      );
    const original: Call = layer.call.bind(layer);
    if (graphCall)
      layer.call = (inputs, kwargs) =>
        (isTracing() ? graphCall(layer, [inputs].flat()[0], kwargs ?? {}) : undefined) ?? original(inputs, kwargs);
    return (): void => {
      if (graphCall) Reflect.deleteProperty(layer, 'call');
      for (const cell of cells) Reflect.deleteProperty(cell, 'dropoutFunc');
    };
  });
  return () => {
    for (const step of undo) step();
  };
}

/** A layer, the layers of a model that is used as one, and what wrappers hold. */
export function innerLayers(layer: Layer): Layer[] {
  const held: unknown[] = ['layer', 'forwardLayer', 'backwardLayer', 'model'].map((name): unknown =>
    Reflect.get(layer, name),
  );
  const inside = [
    ...(layer instanceof tf.LayersModel ? layer.layers : []),
    ...held.filter((item) => item instanceof tf.layers.Layer),
  ];
  return [layer, ...inside.filter((item) => item !== layer).flatMap(innerLayers)].filter(
    (item, i, all) => all.indexOf(item) === i,
  );
}

function numberIn(layer: Layer, name: string): number {
  const value: unknown = Reflect.get(layer, name);
  if (typeof value !== 'number')
    throw new Error(
      `accelerate: expected the layer ${layer.name} to have a number ${name}; this version of TensorFlow.js keeps it elsewhere`,
    );
  return value;
}

/** A dropout layer's own noise shape; null stands for the length that the values have there. */
function noiseShape(layer: Layer, x: tf.Tensor): number[] {
  const given: unknown = Reflect.get(layer, 'noiseShape');
  return Array.isArray(given)
    ? x.shape.map((length, i) => (typeof given[i] === 'number' ? given[i] : length))
    : x.shape;
}

/** Self-normalizing dropout (Klambauer et al., 2017), with the constants of TensorFlow.js. */
function alphaDropout(
  layer: Layer,
  x: tf.Tensor,
  { training }: Readonly<Record<string, unknown>>,
): tf.Tensor | undefined {
  const rate = numberIn(layer, 'rate');
  if (training !== true || rate <= 0 || rate >= 1) return undefined;
  const dropped = -1.6732632423543772 * 1.0507009873554805;
  const scale = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
  const kept = dropout(tf.onesLike(x), rate).mul(1 - rate);
  return x
    .mul(kept)
    .add(kept.mul(-1).add(1).mul(dropped))
    .mul(scale)
    .add(-scale * dropped * rate);
}

/** The present value of a layer's weight; undefined where the layer has none of that name. */
function weightOf(layer: object, name: string): tf.Tensor | undefined {
  const weight: unknown = Reflect.get(layer, name);
  const value: unknown =
    typeof weight === 'object' && weight !== null && 'read' in weight && typeof weight.read === 'function'
      ? Reflect.apply(weight.read, weight, [])
      : undefined;
  return value instanceof tf.Tensor ? value : undefined;
}

function normalizeBatch(
  layer: Layer,
  x: tf.Tensor,
  { training }: Readonly<Record<string, unknown>>,
): tf.Tensor | undefined {
  const axis = numberIn(layer, 'axis');
  if (training !== true || (axis !== -1 && axis !== x.rank - 1)) return undefined;
  const channels = x.shape[x.rank - 1];
  const [gain, shift] = [
    weightOf(layer, 'gamma') ?? tf.ones([channels]),
    weightOf(layer, 'beta') ?? tf.zeros([channels]),
  ];
  const { y, mean, variance } = batchNorm(x, gain, shift, numberIn(layer, 'epsilon'));
  for (const [name, value] of [
    ['movingMean', mean],
    ['movingVariance', variance],
  ] as const) {
    const weight: unknown = Reflect.get(layer, name);
    const average = weightOf(layer, name);
    if (
      !average ||
      typeof weight !== 'object' ||
      weight === null ||
      !('write' in weight) ||
      typeof weight.write !== 'function'
    )
      throw new Error(
        `accelerate: expected the layer ${layer.name} to have a ${name}; this version of TensorFlow.js keeps it elsewhere`,
      );
    Reflect.apply(weight.write, weight, [average.sub(average.sub(value).mul(1 - numberIn(layer, 'momentum')))]);
  }
  return y;
}

function normalizeRows(layer: Layer, x: tf.Tensor): tf.Tensor | undefined {
  const axes: unknown = Reflect.get(layer, 'axis');
  if (!hasOwnOperations() || ![axes].flat().every((axis, i) => i === 0 && (axis === -1 || axis === x.rank - 1)))
    return undefined;
  const width = x.shape[x.rank - 1];
  return layerNorm(
    x,
    (weightOf(layer, 'gamma') ?? tf.ones([width])).as1D(),
    (weightOf(layer, 'beta') ?? tf.zeros([width])).as1D(),
    numberIn(layer, 'epsilon'),
  );
}

function sequence(
  layer: Layer,
  x: tf.Tensor,
  { mask, initialState }: Readonly<Record<string, unknown>>,
  run: typeof lstmSequence,
): tf.Tensor | tf.Tensor[] | undefined {
  const cell: unknown = Reflect.get(layer, 'cell');
  if (!hasOwnOperations() || (mask !== undefined && mask !== null) || !(cell instanceof tf.layers.Layer))
    return undefined;
  const weights = weightsOf(cell);
  if (!weights || numberIn(cell, 'dropout') > 0 || numberIn(cell, 'recurrentDropout') > 0) return undefined;
  const units = weights.recurrent.shape[0];
  const zero = tf.zeros([x.shape[0] ?? 1, units]);
  const given: unknown[] = Array.isArray(initialState) ? initialState : [zero, zero];
  const { outputs, states } = run(
    Reflect.get(layer, 'goBackwards') === true ? x.reverse(1) : x,
    weights,
    given.filter((state) => state instanceof tf.Tensor),
  );
  const output = Reflect.get(layer, 'returnSequences') === true ? outputs : states[0];
  return Reflect.get(layer, 'returnState') === true ? [output, ...states] : output;
}

/** A cell's weights, where its functions are those that our operations know. */
function weightsOf(cell: Layer): RecurrentWeights | undefined {
  const nameOf = (name: string): string => {
    const fn: unknown = Reflect.get(cell, name);
    return typeof fn === 'object' && fn !== null && 'getClassName' in fn && typeof fn.getClassName === 'function'
      ? String(Reflect.apply(fn.getClassName, fn, []))
      : '';
  };
  const [kernel, recurrent] = [weightOf(cell, 'kernel'), weightOf(cell, 'recurrentKernel')];
  const gate = nameOf('recurrentActivation');
  if (!kernel || !recurrent || nameOf('activation') !== 'tanh' || !['sigmoid', 'hardSigmoid'].includes(gate))
    return undefined;
  return { kernel, recurrent, bias: weightOf(cell, 'bias'), isHard: gate === 'hardSigmoid' };
}
