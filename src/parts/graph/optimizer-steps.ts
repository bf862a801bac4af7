import * as tf from '@tensorflow/tfjs-node';
import {
  adamMembers,
  learningRate,
  momentumMembers,
  optimizerSlot,
  rmsPropMembers,
} from '../tensorflow/private-members';
import { nativeOp } from './native';
import type { Recorder } from './recorder';

/** One step of an optimizer in a graph: weights with their gradients. */
export interface GraphStep {
  readonly optimizer: tf.Optimizer;
  readonly weights: readonly tf.Variable[];
  readonly gradients: readonly tf.Tensor[];
  readonly recorder: Recorder;
}

/** Answers false where the optimizer is in a state that only its own code knows. */
export type TakeStep = (step: GraphStep) => boolean;

export const adam: TakeStep = ({ optimizer, weights, gradients, recorder }) => {
  const members = adamMembers.of(optimizer);
  const { beta1, beta2, epsilon, accBeta1, accBeta2 } = members;
  const first = slots(members.accumulatedFirstMoment, weights);
  const second = slots(members.accumulatedSecondMoment, weights);
  if (!first || !second) return false;
  const inputs = [...weights, ...first, ...second, ...gradients, rateOf(optimizer, recorder), accBeta1, accBeta2];
  const attributes = {
    n: { int: weights.length },
    beta1: { float: beta1 },
    beta2: { float: beta2 },
    epsilon: { float: epsilon },
  };
  assignAll([...weights, ...first, ...second], nativeOp('LayerwiseAdam', inputs, attributes, 3 * weights.length));
  accBeta1.assign(accBeta1.mul(beta1));
  accBeta2.assign(accBeta2.mul(beta2));
  return true;
};

export const rmsProp: TakeStep = ({ optimizer, weights, gradients, recorder }) => {
  const { decay, momentum, epsilon, ...held } = rmsPropMembers.of(optimizer);
  const squares = slots(held.accumulatedMeanSquares, weights);
  const momenta = slots(held.accumulatedMoments, weights);
  if (!squares || !momenta) return false;
  const inputs = [...weights, ...squares, ...momenta, ...gradients, rateOf(optimizer, recorder)];
  const attributes = {
    n: { int: weights.length },
    decay: { float: decay },
    momentum: { float: momentum },
    epsilon: { float: epsilon },
  };
  assignAll([...weights, ...squares, ...momenta], nativeOp('LayerwiseRmsProp', inputs, attributes, 3 * weights.length));
  return true;
};

export const momentum: TakeStep = ({ optimizer, weights, gradients, recorder }) => {
  const members = momentumMembers.of(optimizer);
  const momenta = slots(members.accumulations, weights);
  if (!momenta) return false;
  const numbers = [rateOf(optimizer, recorder), recorder.changingNumber(() => members.momentum)];
  const attributes = { n: { int: weights.length }, nesterov: { bool: members.useNesterov } };
  assignAll(
    [...weights, ...momenta],
    nativeOp('LayerwiseMomentum', [...weights, ...momenta, ...gradients, ...numbers], attributes, 2 * weights.length),
  );
  return true;
};

export const descent: TakeStep = ({ optimizer, weights, gradients, recorder }) => {
  const rate = rateOf(optimizer, recorder);
  assignAll(
    weights,
    weights.map((weight, i) => weight.sub(rate.mul(gradients[i]))),
  );
  return true;
};

function rateOf(optimizer: tf.Optimizer, recorder: Recorder): tf.Tensor {
  const members = learningRate.of(optimizer);
  return recorder.changingNumber(() => members.learningRate);
}

/**
 * An optimizer's variables, one for each weight; undefined where it hasn't made them yet or they belong to other
 * weights.
 */
function slots(list: readonly unknown[], weights: readonly tf.Variable[]): tf.Variable[] | undefined {
  if (list.length !== weights.length) return undefined;
  const held = list.map((slot) => (typeof slot === 'object' && slot !== null ? optimizerSlot.find(slot) : undefined));
  const variables = held.flatMap((slot) => (slot ? [slot.variable] : []));
  return variables.length === weights.length &&
    variables.every((variable, i) => String(variable.shape) === String(weights[i].shape))
    ? variables
    : undefined;
}

function assignAll(variables: readonly tf.Variable[], values: readonly tf.Tensor[]): void {
  variables.forEach((variable, i) => variable.assign(values[i]));
}
