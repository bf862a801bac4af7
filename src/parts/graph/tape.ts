import * as tf from '@tensorflow/tfjs-node';
import { freeTape, gradientDepth, gradientTaker, restoreMethods } from '../tensorflow/private-members';
import { hasOwnOperations } from './own-operations';

/**
 * Whether a gradient is being recorded: what is computed now is differentiated later. In the backward part of a
 * gradient, whether another one around it is.
 */
export const isRecordingGradient = (): boolean => gradientDepth(tf.engine()) > 0;

/** Whether what is computed now may be differentiated twice: operations with gradients of our own can't be. */
export const isDifferentiatedTwice = (): boolean => gradientDepth(tf.engine()) > 1;

/** Whether to use our own operations here: other back ends don't know them. */
export const canFuse = (): boolean =>
  tf.getBackend() === 'tensorflow' && hasOwnOperations() && !isDifferentiatedTwice();

let targets: readonly tf.Tensor[] = [];
let taken = 0;

/** The tensors by which the innermost gradient is taken. */
export const gradientTargets = (): readonly tf.Tensor[] => targets;

/** How many gradients have been taken so far in this trace. */
export const gradientsTaken = (): number => taken;

/** From now on gradients tell their targets. Returns how to end it. */
export function watchGradients(): () => void {
  const engine = gradientTaker.of(tf.engine());
  const { gradients } = engine;
  engine.gradients = (f, xs, ...rest) => {
    const outer = targets;
    targets = xs;
    taken++;
    try {
      return gradients.call(engine, f, xs, ...rest);
    } catch (error) {
      if (!isRecordingGradient()) freeTape(tf.engine());
      throw error;
    } finally {
      targets = outer;
    }
  };
  return () => restoreMethods(engine, 'gradients');
}
