import * as tf from '@tensorflow/tfjs-node';
import { nativeOp } from './native';
import { hasOwnOperations } from './own-operations';
import { activeRecorder, type Recorder } from './recorder';

type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];
type Step = (
  optimizer: tf.Optimizer,
  weights: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  recorder: Recorder,
) => boolean;

/** How each kind of optimizer steps in a graph. False: the optimizer is in a state that only its own code knows. */
const STEPS: readonly (readonly [{ readonly prototype: tf.Optimizer }, Step])[] = [
  [tf.AdamOptimizer, adam],
  [tf.RMSPropOptimizer, rmsProp],
  [tf.MomentumOptimizer, momentum],
  [tf.SGDOptimizer, descent],
];

let isDone = false;

/**
 * While a function is traced, optimizers step over all weights in one operation, and their learning rate stays open: it
 * is read at each call of the graph.
 */
export function useNativeOptimizers(): void {
  if (isDone) return;
  isDone = true;
  for (const [{ prototype }, step] of STEPS) {
    const original = methodOf(prototype, 'applyGradients');
    prototype.applyGradients = function (this: tf.Optimizer, given: Gradients): void {
      const recorder = activeRecorder();
      if (!recorder || !stepInGraph(this, given, recorder, step)) original.call(this, given);
    };
  }
  const countEager = methodOf(tf.Optimizer.prototype, 'incrementIterations');
  Reflect.set(tf.Optimizer.prototype, 'incrementIterations', function (this: tf.Optimizer): void {
    const count = (): unknown => countEager.call(this);
    activeRecorder()?.afterRun.push(count);
    count();
  });
}

type Method = (this: tf.Optimizer, ...args: unknown[]) => unknown;
const isMethod = (value: unknown): value is Method => typeof value === 'function';

function methodOf(optimizer: tf.Optimizer, name: string): Method {
  const method: unknown = Reflect.get(optimizer, name);
  if (!isMethod(method))
    throw new Error(`graph: expected optimizers with ${name}; this version of TensorFlow.js has none`);
  return method;
}

/** Whether a graph reads this optimizer's learning rate at each call; otherwise it holds the rate as it was. */
export const readsRateEachTime = (optimizer: tf.Optimizer): boolean => {
  const own = STEPS.find(([{ prototype }]) => Object.getPrototypeOf(optimizer) === prototype);
  return (
    own !== undefined && (own[1] === descent || (hasOwnOperations() && Reflect.get(optimizer, 'centered') !== true))
  );
};

function stepInGraph(optimizer: tf.Optimizer, given: Gradients, recorder: Recorder, step: Step): boolean {
  if (!readsRateEachTime(optimizer)) return false;
  const named = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({ name, tensor }));
  const weights = named.map(({ name }) => tf.engine().registeredVariables[name]);
  // A weight without a gradient keeps its place in the optimizer's lists: that is for the original code.
  if (named.some(({ tensor }) => !(tensor instanceof tf.Tensor))) return false;
  return tf.tidy(() => {
    if (
      !step(
        optimizer,
        weights,
        named.map(({ tensor }) => tensor),
        recorder,
      )
    )
      return false;
    methodOf(optimizer, 'incrementIterations').call(optimizer);
    return true;
  });
}

function adam(
  optimizer: tf.Optimizer,
  weights: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  recorder: Recorder,
): boolean {
  const [first, second] = [
    slots(optimizer, 'accumulatedFirstMoment', weights),
    slots(optimizer, 'accumulatedSecondMoment', weights),
  ];
  const power1: unknown = Reflect.get(optimizer, 'accBeta1');
  const power2: unknown = Reflect.get(optimizer, 'accBeta2');
  if (!first || !second || !(power1 instanceof tf.Variable) || !(power2 instanceof tf.Variable)) return false;
  const [beta1, beta2] = [numberOf(optimizer, 'beta1'), numberOf(optimizer, 'beta2')];
  const inputs = [...weights, ...first, ...second, ...gradients, rateOf(optimizer, recorder), power1, power2];
  const attributes = {
    n: { int: weights.length },
    beta1: { float: beta1 },
    beta2: { float: beta2 },
    epsilon: { float: numberOf(optimizer, 'epsilon') },
  };
  assignAll([...weights, ...first, ...second], nativeOp('LayerwiseAdam', inputs, attributes, 3 * weights.length));
  power1.assign(power1.mul(beta1));
  power2.assign(power2.mul(beta2));
  return true;
}

function rmsProp(
  optimizer: tf.Optimizer,
  weights: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  recorder: Recorder,
): boolean {
  const [squares, momenta] = [
    slots(optimizer, 'accumulatedMeanSquares', weights),
    slots(optimizer, 'accumulatedMoments', weights),
  ];
  if (!squares || !momenta) return false;
  const attributes = {
    n: { int: weights.length },
    decay: { float: numberOf(optimizer, 'decay') },
    momentum: { float: numberOf(optimizer, 'momentum') },
    epsilon: { float: numberOf(optimizer, 'epsilon') },
  };
  assignAll(
    [...weights, ...squares, ...momenta],
    nativeOp(
      'LayerwiseRmsProp',
      [...weights, ...squares, ...momenta, ...gradients, rateOf(optimizer, recorder)],
      attributes,
      3 * weights.length,
    ),
  );
  return true;
}

function momentum(
  optimizer: tf.Optimizer,
  weights: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  recorder: Recorder,
): boolean {
  const momenta = slots(optimizer, 'accumulations', weights);
  if (!momenta) return false;
  const inputs = [
    ...weights,
    ...momenta,
    ...gradients,
    rateOf(optimizer, recorder),
    recorder.changingNumber(() => numberOf(optimizer, 'momentum')),
  ];
  assignAll(
    [...weights, ...momenta],
    nativeOp(
      'LayerwiseMomentum',
      inputs,
      { n: { int: weights.length }, nesterov: { bool: Reflect.get(optimizer, 'useNesterov') === true } },
      2 * weights.length,
    ),
  );
  return true;
}

function descent(
  optimizer: tf.Optimizer,
  weights: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  recorder: Recorder,
): boolean {
  const rate = rateOf(optimizer, recorder);
  assignAll(
    weights,
    weights.map((weight, i) => weight.sub(rate.mul(gradients[i]))),
  );
  return true;
}

const rateOf = (optimizer: tf.Optimizer, recorder: Recorder): tf.Tensor =>
  recorder.changingNumber(() => numberOf(optimizer, 'learningRate'));

function numberOf(optimizer: tf.Optimizer, name: string): number {
  const value: unknown = Reflect.get(optimizer, name);
  if (typeof value !== 'number')
    throw new Error(
      `graph: expected the optimizer's ${name} to be a number, got ${typeof value}; this version of TensorFlow.js keeps it elsewhere`,
    );
  return value;
}

/**
 * An optimizer's variables, one for each weight; undefined where it hasn't made them yet or they belong to other
 * weights.
 */
function slots(optimizer: tf.Optimizer, name: string, weights: readonly tf.Variable[]): tf.Variable[] | undefined {
  const list: unknown = Reflect.get(optimizer, name);
  if (!Array.isArray(list) || list.length !== weights.length) return undefined;
  const held = list.map((slot: unknown): unknown =>
    typeof slot === 'object' && slot !== null ? Reflect.get(slot, 'variable') : undefined,
  );
  const variables = held.filter((item): item is tf.Variable => item instanceof tf.Variable);
  return variables.length === weights.length &&
    variables.every((variable, i) => String(variable.shape) === String(weights[i].shape))
    ? variables
    : undefined;
}

function assignAll(variables: readonly tf.Variable[], values: readonly tf.Tensor[]): void {
  variables.forEach((variable, i) => variable.assign(values[i]));
}
