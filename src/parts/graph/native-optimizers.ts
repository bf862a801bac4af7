import * as tf from '@tensorflow/tfjs-node';
import { descentMembers, momentumTensor, optimizerSlot, stepCounter } from '../tensorflow/private-members';
import { onFailure } from './all-or-nothing';
import type { MovingWeight, TakeStep } from './optimizer-step';
import * as own from './optimizer-steps';
import { hasOwnOperations } from './own-operations';
import * as plain from './plain-optimizer-steps';
import { activeRecorder, type Recorder } from './recorder';
import { variablesOf } from './trace';
import { noteSettings } from './watched-layers';

type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** How each kind of optimizer steps in a graph: the first way that can. */
const STEPS: readonly (readonly [{ readonly prototype: tf.Optimizer }, readonly TakeStep[]])[] = [
  [tf.AdamOptimizer, [withOwnOperations(own.adam), plain.adam]],
  [tf.RMSPropOptimizer, [withOwnOperations(own.rmsProp), plain.rmsProp]],
  [tf.MomentumOptimizer, [withOwnOperations(own.momentum), plain.momentum]],
  [tf.SGDOptimizer, [plain.descent]],
  [tf.AdagradOptimizer, [plain.adagrad]],
  [tf.AdadeltaOptimizer, [plain.adadelta]],
  [tf.AdamaxOptimizer, [plain.adamax]],
];

let isDone = false;

/**
 * While a function is traced, optimizers step over all weights in one operation where we have one, and their learning
 * rate stays open: it is read at each call of the graph. Other settings of an optimizer are watched.
 */
export function useNativeOptimizers(): void {
  if (isDone) return;
  isDone = true;
  for (const [{ prototype }, steps] of STEPS) {
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const { applyGradients } = prototype;
    prototype.applyGradients = function (this: tf.Optimizer, given: Gradients): void {
      const recorder = activeRecorder();
      // Each class's own: a learner's subclass may compute in another way.
      const isOwn = Object.getPrototypeOf(this) === prototype;
      if (recorder && isOwn && stepInGraph(this, given, recorder, steps)) return;
      forgetNewSlots(this);
      if (isOwn) followMembers(this);
      noteSettings(this, isOwn ? readEachTime(this) : [COUNT]);
      const before = recorder && new Set(variablesOf());
      applyGradients.call(this, given);
      if (recorder) for (const variable of variablesOf()) if (!before?.has(variable)) recorder.slots.add(variable);
    };
  }
  // A class of one's own may count no steps.
  const { prototype: base } = tf.Optimizer;
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { minimize } = base;
  base.minimize = function (this: tf.Optimizer, ...given): ReturnType<typeof minimize> {
    if (!STEPS.some(([{ prototype }]) => Object.getPrototypeOf(this) === prototype)) {
      activeRecorder()?.settings.watch(this, [COUNT]);
      noteSettings(this, [COUNT]);
    }
    return minimize.apply(this, given);
  };
  const counter = stepCounter.of(tf.Optimizer.prototype);
  const countEager = counter.incrementIterations;
  counter.incrementIterations = function (this: unknown): void {
    const counted = stepCounter.of(Object(this) as object);
    const { iterations_ } = counted;
    onFailure(() => (counted.iterations_ = iterations_));
    const count = (): void => countEager.call(this);
    const recorder = activeRecorder();
    if (this instanceof tf.Optimizer) recorder?.settings.watch(this, [COUNT]);
    recorder?.afterRun.push(count);
    count();
  };
}

/** By what a gradient descent steps, and what that was made of. */
interface Followed {
  readonly tensor: tf.Tensor;
  readonly from: number;
}

const rates = new WeakMap<tf.Optimizer, Followed>();
const momenta = new WeakMap<tf.Optimizer, Followed>();

/**
 * TensorFlow.js's gradient descent, with momentum or without, steps by tensors that it made once of its rate and its
 * momentum. Set as members they count eagerly too, as they do in a graph and with the other optimizers.
 */
function followMembers(optimizer: tf.Optimizer): void {
  const descent = descentMembers.find(optimizer);
  if (descent) descent.c = followedTensor(rates, optimizer, descent.c, -descent.learningRate);
  const moving = momentumTensor.find(optimizer);
  if (moving) moving.m = followedTensor(momenta, optimizer, moving.m, moving.momentum);
}

function followedTensor(
  known: WeakMap<tf.Optimizer, Followed>,
  optimizer: tf.Optimizer,
  tensor: tf.Tensor,
  from: number,
): tf.Tensor {
  const before = known.get(optimizer);
  if (tensor.isDisposed || (before?.tensor === tensor && Object.is(before.from, from))) return tensor;
  // While a function is traced, nobody may look what is in it.
  const isRight = !activeRecorder() && tensor.dataSync()[0] === Math.fround(from);
  const now = isRight ? tensor : tf.keep(tf.scalar(from));
  if (now !== tensor) tensor.dispose();
  known.set(optimizer, { tensor: now, from });
  return now;
}

/** What a step makes for weights that the optimizer hasn't met is gone again where the call fails. */
function forgetNewSlots(optimizer: tf.Optimizer): void {
  for (const value of Object.values(optimizer)) {
    if (!Array.isArray(value)) continue;
    const list: unknown[] = value;
    const before = [...list];
    onFailure(() => {
      for (const [place, slot] of list.entries())
        if (slot !== before[place] && typeof slot === 'object' && slot !== null)
          optimizerSlot.find(slot)?.variable.dispose();
      list.splice(0, list.length, ...before);
    });
  }
}

const COUNT = 'iterations_';

/** Numbers that a graph reads at each call. */
const readEachTime = (optimizer: tf.Optimizer): string[] => [
  COUNT,
  'learningRate',
  ...(momentumTensor.find(optimizer) ? ['momentum'] : []),
];

function stepInGraph(
  optimizer: tf.Optimizer,
  given: Gradients,
  recorder: Recorder,
  steps: readonly TakeStep[],
): boolean {
  const named = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({ name, tensor }));
  // A frozen weight has no gradient and keeps its place in the optimizer's lists.
  const weights = named.flatMap(({ name, tensor }, place): MovingWeight[] =>
    tensor instanceof tf.Tensor ? [{ variable: tf.engine().registeredVariables[name], gradient: tensor, place }] : [],
  );
  return tf.tidy(() => {
    const moving = weights.map((weight) => ({ ...weight, gradient: stretched(weight) }));
    if (!steps.some((step) => step({ optimizer, weights: moving, recorder }))) return false;
    recorder.settings.watch(optimizer, readEachTime(optimizer));
    stepCounter.of(optimizer).incrementIterations();
    return true;
  });
}

function withOwnOperations(step: TakeStep): TakeStep {
  return (given) => hasOwnOperations() && step(given);
}

/** A gradient in the shape of its weight, as the optimizers' own sums would broadcast it. */
const stretched = ({ variable: { shape }, gradient }: MovingWeight): tf.Tensor =>
  String(gradient.shape) === String(shape) ? gradient.toFloat() : gradient.toFloat().broadcastTo(shape);
