import type * as tf from '@tensorflow/tfjs-node';
import { learningRate, optimizerSlot } from '../tensorflow/private-members';
import type { Recorder } from './recorder';

/** A weight that moves in this step. */
export interface MovingWeight {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  /** Its place in the optimizer's lists. */
  readonly place: number;
}

/** One step of an optimizer in a graph. */
export interface GraphStep {
  readonly optimizer: tf.Optimizer;
  readonly weights: readonly MovingWeight[];
  readonly recorder: Recorder;
}

/** Answers false where the optimizer is in a state that only its own code knows. */
export type TakeStep = (step: GraphStep) => boolean;

/** The learning rate, read at each call of the graph. */
export function rateOf(optimizer: tf.Optimizer, recorder: Recorder): tf.Tensor {
  const members = learningRate.of(optimizer);
  return recorder.changingNumber(optimizer, () => members.learningRate);
}

/**
 * An optimizer's variables, one for each weight; undefined where it hasn't made them yet or they belong to other
 * weights.
 */
export function slots(list: readonly unknown[], weights: readonly MovingWeight[]): tf.Variable[] | undefined {
  const variables = weights.flatMap(({ variable, place }) => {
    const slot = list[place];
    const held = typeof slot === 'object' && slot !== null ? optimizerSlot.find(slot)?.variable : undefined;
    return held && String(held.shape) === String(variable.shape) ? [held] : [];
  });
  return variables.length === weights.length ? variables : undefined;
}

export function assignAll(variables: readonly tf.Variable[], values: readonly tf.Tensor[]): void {
  variables.forEach((variable, i) => variable.assign(values[i]));
}

export const multiplied = (variable: tf.Variable, factor: number): void => variable.assign(variable.mul(factor));
