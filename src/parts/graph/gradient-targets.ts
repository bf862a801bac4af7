import * as tf from '@tensorflow/tfjs-node';
import { freeTape, gradientTaker, putOnTape } from '../tensorflow/engine-members';
import { gradientDepth, restoreMethods } from '../tensorflow/private-members';

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
      if (gradientDepth(tf.engine()) === 0) freeTape(tf.engine());
      throw error;
    } finally {
      targets = outer;
    }
  };
  return () => restoreMethods(engine, 'gradients');
}

/** Tells the tape that a tensor is used, though nothing flows back to it: a scan must know what its step uses. */
export const noteUse = (x: tf.Tensor): void =>
  putOnTape(tf.engine(), { kernelName: 'stopGradient', inputs: { x }, outputs: [], gradient: () => ({}) });
