import type * as tf from '@tensorflow/tfjs-node';
import type { TFJSBinding, TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding';

import {
  hasMethods,
  isBoolean,
  isList,
  isMethod,
  isNumber,
  isObject,
  members,
  missingMember,
  orNothing,
} from './members';

// All that the course uses of TensorFlow.js beside its public interface. `checkPrivateMembers` looks for each of them.

const isVariable = (value: unknown): value is tf.Variable => hasMethods(value, 'assign', 'dataSync');
const isTensor = (value: unknown): value is tf.Tensor => hasMethods(value, 'dispose', 'dataSync', 'reshape');
const isWeight = (value: unknown): value is tf.LayerVariable => hasMethods(value, 'read', 'write');
const isLayer = (value: unknown): value is tf.layers.Layer => hasMethods(value, 'call', 'countParams', 'getClassName');
const isActivation = (value: unknown): value is { getClassName(): string } => hasMethods(value, 'getClassName');
type Batch = readonly (tf.Tensor | null | undefined)[];
/** Computes losses and metrics of one batch. */
type BatchFunction = (this: unknown, data: Batch) => unknown;

/** How a compiled model steps. */
export const modelSteps = members('LayersModel', {
  makeTrainFunction: isMethod<(this: unknown) => BatchFunction>,
  makeTestFunction: isMethod<(this: unknown) => void>,
  predictLoop: isMethod<(this: unknown, inputs: tf.Tensor | tf.Tensor[], batchSize?: number) => unknown>,
});
/** What `makeTestFunction` makes. */
export const modelTest = members('LayersModel', { testFunction: orNothing(isMethod<BatchFunction>) });
/** The model inside of a sequential one, to which it hands its work once it is built. */
export const sequentialModel = members('Sequential', { model: orNothing(isLayer) });

/** Counts the steps of an optimizer. */
export const stepCounter = members('Optimizer', {
  incrementIterations: isMethod<(this: unknown) => void>,
  iterations_: orNothing(isNumber),
});
const rate = { learningRate: isNumber };
export const learningRate = members('Optimizer', rate);
export const adamMembers = members('AdamOptimizer', {
  ...rate,
  beta1: isNumber,
  beta2: isNumber,
  epsilon: isNumber,
  accBeta1: isVariable,
  accBeta2: isVariable,
  accumulatedFirstMoment: isList,
  accumulatedSecondMoment: isList,
});
export const rmsPropMembers = members('RMSPropOptimizer', {
  ...rate,
  decay: isNumber,
  momentum: isNumber,
  epsilon: isNumber,
  centered: isBoolean,
  accumulatedMeanSquares: isList,
  accumulatedMoments: isList,
  accumulatedMeanGrads: isList,
});
export const adagradMembers = members('AdagradOptimizer', { ...rate, accumulatedGrads: isList });
export const adadeltaMembers = members('AdadeltaOptimizer', {
  ...rate,
  rho: isNumber,
  epsilon: isNumber,
  accumulatedGrads: isList,
  accumulatedUpdates: isList,
});
export const adamaxMembers = members('AdamaxOptimizer', {
  ...rate,
  beta1: isNumber,
  beta2: isNumber,
  epsilon: isNumber,
  decay: isNumber,
  iteration: isVariable,
  accBeta1: isVariable,
  accumulatedFirstMoment: isList,
  accumulatedWeightedInfNorm: isList,
});
export const momentumMembers = members('MomentumOptimizer', {
  ...rate,
  momentum: isNumber,
  useNesterov: isBoolean,
  accumulations: isList,
});
/** What gradient descent steps by. */
export const descentMembers = members('SGDOptimizer', { ...rate, c: isTensor });
export const momentumTensor = members('MomentumOptimizer', { momentum: isNumber, m: isTensor });
/** What an optimizer remembers of one weight. */
export const optimizerSlot = members('optimizer slot', { variable: isVariable });

/** A layer tells whoever asked by `setCallHook` that it is called. */
export const callHook = members('Layer', {
  invokeCallHook: isMethod<(this: unknown, inputs: tf.Tensor | tf.Tensor[], kwargs: unknown) => void>,
});
export const dropoutMembers = members('Dropout', {
  rate: isNumber,
  seed: orNothing(isNumber),
  getNoiseShape: isMethod<(this: unknown, x: tf.Tensor) => readonly unknown[] | null | undefined>,
});
export const alphaDropoutMembers = members('AlphaDropout', { rate: isNumber, noiseShape: orNothing(isList) });
export const dropoutRate = members('dropout layers', { rate: isNumber });
export const gaussianNoise = members('GaussianNoise', { stddev: isNumber });
export const reluMembers = members('ReLU', { maxValue: orNothing(isNumber) });
const scaling = { epsilon: isNumber, gamma: orNothing(isWeight), beta: orNothing(isWeight) };
export const batchNormalization = members('BatchNormalization', {
  ...scaling,
  axis: isNumber,
  momentum: isNumber,
  movingMean: isWeight,
  movingVariance: isWeight,
});
export const layerNormalization = members('LayerNormalization', { ...scaling, axis: isList });
export const recurrentLayer = members('RNN', {
  cell: isLayer,
  goBackwards: isBoolean,
  returnSequences: isBoolean,
  returnState: isBoolean,
});
export const recurrentCell = members('LSTMCell and GRUCell', {
  kernel: isWeight,
  recurrentKernel: isWeight,
  bias: orNothing(isWeight),
  activation: isActivation,
  recurrentActivation: isActivation,
  dropout: isNumber,
  recurrentDropout: isNumber,
});
/** How the cell of a recurrent layer drops values. */
export const cellDropout = members('recurrent cells', {
  dropoutFunc: orNothing(isMethod<(this: unknown, x: tf.Tensor, rate: number) => tf.Tensor>),
});
/** The layer in `TimeDistributed`, the two in `Bidirectional`, the cell in a recurrent layer. */
export const wrappedLayer = members('TimeDistributed', { layer: isLayer });
export const wrappedLayers = members('Bidirectional', { forwardLayer: isLayer, backwardLayer: isLayer });

const isBinding = (value: unknown): value is TFJSBinding =>
  hasMethods(value, 'createTensor', 'deleteTensor', 'executeOp', 'tensorDataSync', 'loadSavedModel', 'runSavedModel') &&
  'TF_Version' in value &&
  typeof value.TF_Version === 'string';
/** The back end of tfjs-node, and the door to its native library. */
export const nativeMembers = members('NodeJSKernelBackend', {
  binding: isBinding,
  getDTypeInteger: isMethod<(dtype: tf.DataType) => number>,
  getInputTensorIds: isMethod<(tensors: readonly tf.TensorInfo[]) => number[]>,
  createOutputTensor: isMethod<(metadata: TensorMetadata) => tf.Tensor>,
  refCount: isMethod<(data: object) => number>,
  write: isMethod<(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType) => object>,
});
export type NativeBackend = ReturnType<(typeof nativeMembers)['of']>;

/** The version of the native library behind a back end, for example `2.9.1`; undefined where it has none. */
export const nativeVersion = (backend: object): string | undefined => nativeMembers.find(backend)?.binding.TF_Version;

/** A native library with some of its functions replaced: its own properties can't be, so ours come before them. */
export function bindingWith(native: TFJSBinding, functions: Partial<TFJSBinding>): TFJSBinding {
  const made: unknown = Object.create(
    native,
    Object.fromEntries(Object.entries(functions).map(([name, value]) => [name, { value }])),
  );
  if (!isBinding(made)) throw missingMember('NodeJSKernelBackend', 'binding', made);
  return made;
}

/** Gives an object the methods of its class back. */
export function restoreMethods(holder: object, ...names: readonly string[]): void {
  for (const name of names) Reflect.deleteProperty(holder, name);
}

/** The number that the engine gives to the next tensor. Uses nothing that a submission could have replaced. */
export function nextTensorId(engine: object): number {
  const next: unknown =
    'constructor' in engine && typeof engine.constructor === 'function' && 'nextTensorId' in engine.constructor
      ? engine.constructor.nextTensorId
      : 0;
  return typeof next === 'number' ? next : 0;
}

/** Lets `fit` end after its batch. */
export const stopTraining = (model: object): boolean => Reflect.set(model, 'stopTraining', true);
/** Lets a model be trained again whose `fit` was ended from outside. */
export const forgetTraining = (model: object): boolean => Reflect.set(model, 'isTraining', false);

/** One operation on the tape of a gradient: what it was given, and what it made. */
export interface TapeNode {
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  readonly outputs: readonly tf.Tensor[];
  /** What its gradient needs: freed with the tape. */
  readonly saved?: readonly tf.Tensor[] | null;
}
/** Not a check: it is asked for each operation while a gradient is recorded. */
const isTape = (value: unknown): value is TapeNode[] => Array.isArray(value);

const engineState = members('EngineState', {
  scopeStack: isList,
  gradientDepth: isNumber,
  kernelDepth: isNumber,
  activeTape: orNothing(isTape),
  nextTapeNodeId: isNumber,
});
const hasState = (value: unknown): value is ReturnType<typeof engineState.of> =>
  isObject(value) && engineState.find(value) !== undefined;
export const engineMembers = members('Engine', { state: hasState, endScope: isMethod<(this: unknown) => void> });
/** Writes an operation on the tape, at its end. */
export const tapeWriter = members('Engine', {
  state: hasState,
  addTapeNode: isMethod<(this: unknown, ...operation: unknown[]) => void>,
});

/** TensorFlow.js's engine, found without loading it; undefined where nothing has. */
export function runningEngine(): ReturnType<typeof engineMembers.of> | undefined {
  const found: unknown = Reflect.get(globalThis, '_tfengine');
  return isObject(found) ? engineMembers.find(found) : undefined;
}

/** How many gradients are recorded around each other; 0 outside of gradients, and in the backward part of one alone. */
export const gradientDepth = (engine: object): number => engineMembers.of(engine).state.gradientDepth;
