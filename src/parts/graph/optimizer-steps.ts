import type * as tf from '@tensorflow/tfjs-node';
import { adamMembers, momentumMembers, rmsPropMembers } from '../tensorflow/private-members';
import { nativeOp } from './native';
import { assignAll, multiplied, rateOf, slots, type TakeStep } from './optimizer-step';

// Steps over all weights by one operation of our own.

export const adam: TakeStep = ({ optimizer, weights, recorder }) => {
  const members = adamMembers.of(optimizer);
  const { beta1, beta2, epsilon, accBeta1, accBeta2 } = members;
  const first = slots(members.accumulatedFirstMoment, weights);
  const second = slots(members.accumulatedSecondMoment, weights);
  if (!first || !second) return false;
  const [variables, gradients] = split(weights);
  const inputs = [...variables, ...first, ...second, ...gradients, rateOf(optimizer, recorder), accBeta1, accBeta2];
  const attributes = {
    n: { int: weights.length },
    beta1: { float: beta1 },
    beta2: { float: beta2 },
    epsilon: { float: epsilon },
  };
  assignAll([...variables, ...first, ...second], nativeOp('LayerwiseAdam', inputs, attributes, 3 * weights.length));
  multiplied(accBeta1, beta1);
  multiplied(accBeta2, beta2);
  return true;
};

export const rmsProp: TakeStep = ({ optimizer, weights, recorder }) => {
  const { decay, momentum, epsilon, ...held } = rmsPropMembers.of(optimizer);
  const squares = slots(held.accumulatedMeanSquares, weights);
  const momenta = slots(held.accumulatedMoments, weights);
  if (held.centered || !squares || !momenta) return false;
  const [variables, gradients] = split(weights);
  const inputs = [...variables, ...squares, ...momenta, ...gradients, rateOf(optimizer, recorder)];
  const attributes = {
    n: { int: weights.length },
    decay: { float: decay },
    momentum: { float: momentum },
    epsilon: { float: epsilon },
  };
  assignAll(
    [...variables, ...squares, ...momenta],
    nativeOp('LayerwiseRmsProp', inputs, attributes, 3 * weights.length),
  );
  return true;
};

export const momentum: TakeStep = ({ optimizer, weights, recorder }) => {
  const members = momentumMembers.of(optimizer);
  const momenta = slots(members.accumulations, weights);
  if (!momenta) return false;
  const [variables, gradients] = split(weights);
  const numbers = [rateOf(optimizer, recorder), recorder.changingNumber(optimizer, () => members.momentum)];
  const attributes = { n: { int: weights.length }, nesterov: { bool: members.useNesterov } };
  assignAll(
    [...variables, ...momenta],
    nativeOp('LayerwiseMomentum', [...variables, ...momenta, ...gradients, ...numbers], attributes, 2 * weights.length),
  );
  return true;
};

const split = (weights: Parameters<TakeStep>[0]['weights']): [tf.Variable[], tf.Tensor[]] => [
  weights.map(({ variable }) => variable),
  weights.map(({ gradient }) => gradient),
];
