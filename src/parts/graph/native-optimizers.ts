import * as tf from '@tensorflow/tfjs-node';
import { onFailure } from './all-or-nothing';
import { rmsPropMembers, stepCounter } from '../tensorflow/private-members';
import { adam, descent, momentum, rmsProp, type TakeStep } from './optimizer-steps';
import { hasOwnOperations } from './own-operations';
import { activeRecorder, type Recorder } from './recorder';

type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** How each kind of optimizer steps in a graph. */
const STEPS: readonly (readonly [{ readonly prototype: tf.Optimizer }, TakeStep])[] = [
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
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const { applyGradients } = prototype;
    prototype.applyGradients = function (this: tf.Optimizer, given: Gradients): void {
      const recorder = activeRecorder();
      if (!recorder || !stepInGraph(this, given, recorder, step)) applyGradients.call(this, given);
    };
  }
  const counter = stepCounter.of(tf.Optimizer.prototype);
  const countEager = counter.incrementIterations;
  counter.incrementIterations = function (this: unknown): void {
    const own = stepCounter.of(Object(this) as object);
    const { iterations_ } = own;
    onFailure(() => (own.iterations_ = iterations_));
    const count = (): void => countEager.call(this);
    activeRecorder()?.afterRun.push(count);
    count();
  };
}

/** Whether a graph reads this optimizer's learning rate at each call; otherwise it holds the rate as it was. */
export const readsRateEachTime = (optimizer: tf.Optimizer): boolean => {
  const prototype: unknown = Object.getPrototypeOf(optimizer);
  const own = STEPS.find(([known]) => known.prototype === prototype)?.[1];
  if (own === undefined || own === descent) return own === descent;
  return hasOwnOperations() && !(own === rmsProp && rmsPropMembers.of(optimizer).centered);
};

function stepInGraph(optimizer: tf.Optimizer, given: Gradients, recorder: Recorder, step: TakeStep): boolean {
  if (!readsRateEachTime(optimizer)) return false;
  const named = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({ name, tensor }));
  const weights = named.map(({ name }) => tf.engine().registeredVariables[name]);
  const gradients = named.map(({ tensor }) => tensor);
  // A weight without a gradient keeps its place in the optimizer's lists: that is for the original code.
  if (gradients.some((gradient) => !(gradient instanceof tf.Tensor))) return false;
  return tf.tidy(() => {
    if (!step({ optimizer, weights, gradients, recorder })) return false;
    stepCounter.of(optimizer).incrementIterations();
    return true;
  });
}
