import * as tf from '@tensorflow/tfjs-node';
import {
  adadeltaMembers,
  adagradMembers,
  adamMembers,
  adamaxMembers,
  momentumMembers,
  rmsPropMembers,
} from '../tensorflow/private-members';
import { multiplied, rateOf, slots, type MovingWeight, type TakeStep } from './optimizer-step';

// The formulas of TensorFlow.js, operation by operation, but for a learning rate that is a tensor.

export const descent: TakeStep = ({ optimizer, weights, recorder }) => {
  const rate = rateOf(optimizer, recorder);
  for (const { variable, gradient } of weights) variable.assign(variable.sub(rate.mul(gradient)));
  return true;
};

export const momentum: TakeStep = ({ optimizer, weights, recorder }) => {
  const members = momentumMembers.of(optimizer);
  const rate = rateOf(optimizer, recorder);
  const share = recorder.changingNumber(optimizer, () => members.momentum);
  return eachWeight(weights, [members.accumulations], ({ variable, gradient }, [accumulation]) => {
    const next = share.mul(accumulation).add(gradient);
    accumulation.assign(next);
    variable.assign(variable.sub(rate.mul(members.useNesterov ? gradient.add(next.mul(share)) : next)));
  });
};

export const adagrad: TakeStep = ({ optimizer, weights, recorder }) => {
  const rate = rateOf(optimizer, recorder);
  const epsilon = tf.backend().epsilon();
  return eachWeight(weights, [adagradMembers.of(optimizer).accumulatedGrads], ({ variable, gradient }, [squares]) => {
    const next = squares.add(gradient.square());
    squares.assign(next);
    variable.assign(variable.sub(gradient.div(next.add(epsilon).sqrt()).mul(rate)));
  });
};

export const adadelta: TakeStep = ({ optimizer, weights, recorder }) => {
  const { rho, epsilon, accumulatedGrads, accumulatedUpdates } = adadeltaMembers.of(optimizer);
  const rate = rateOf(optimizer, recorder);
  return eachWeight(weights, [accumulatedGrads, accumulatedUpdates], ({ variable, gradient }, [squares, moves]) => {
    const step = moves.add(epsilon).sqrt().div(squares.add(epsilon).sqrt()).mul(gradient);
    squares.assign(averaged(squares, gradient.square(), rho));
    moves.assign(averaged(moves, step.square(), rho));
    variable.assign(variable.sub(step.mul(rate)));
  });
};

export const adamax: TakeStep = ({ optimizer, weights, recorder }) => {
  const { beta1, beta2, epsilon, decay, ...held } = adamaxMembers.of(optimizer);
  const rate = rateOf(optimizer, recorder).div(held.iteration.mul(decay).add(1)).div(tf.sub(1, held.accBeta1));
  const lists = [held.accumulatedFirstMoment, held.accumulatedWeightedInfNorm];
  const isDone = eachWeight(weights, lists, ({ variable, gradient }, [first, largest]) => {
    first.assign(averaged(first, gradient, beta1));
    largest.assign(tf.maximum(largest.mul(beta2), gradient.abs()));
    variable.assign(variable.sub(rate.mul(first.div(largest.add(epsilon)))));
  });
  if (!isDone) return false;
  held.iteration.assign(held.iteration.add(1));
  multiplied(held.accBeta1, beta1);
  return true;
};

export const adam: TakeStep = ({ optimizer, weights, recorder }) => {
  const { beta1, beta2, epsilon, accBeta1, accBeta2, ...held } = adamMembers.of(optimizer);
  const rate = rateOf(optimizer, recorder);
  const lists = [held.accumulatedFirstMoment, held.accumulatedSecondMoment];
  const isDone = eachWeight(weights, lists, ({ variable, gradient }, [first, second]) => {
    first.assign(averaged(first, gradient, beta1));
    second.assign(averaged(second, gradient.square(), beta2));
    const size = second.div(tf.sub(1, accBeta2)).sqrt().add(epsilon);
    variable.assign(variable.sub(first.div(tf.sub(1, accBeta1)).div(size).mul(rate)));
  });
  if (!isDone) return false;
  multiplied(accBeta1, beta1);
  multiplied(accBeta2, beta2);
  return true;
};

export const rmsProp: TakeStep = ({ optimizer, weights, recorder }) => {
  const { decay, momentum: share, epsilon, centered, ...held } = rmsPropMembers.of(optimizer);
  const rate = rateOf(optimizer, recorder);
  const lists = [
    held.accumulatedMeanSquares,
    held.accumulatedMoments,
    ...(centered ? [held.accumulatedMeanGrads] : []),
  ];
  return eachWeight(weights, lists, ({ variable, gradient }, [squares, momenta, means]) => {
    squares.assign(averaged(squares, gradient.square(), decay));
    if (centered) means.assign(averaged(means, gradient, decay));
    const variance = centered ? squares.sub(means.square().add(epsilon)) : squares.add(epsilon);
    momenta.assign(momenta.mul(share).add(gradient.mul(rate).div(variance.sqrt())));
    variable.assign(variable.sub(momenta));
  });
};

/** Moves each weight with its variables of the optimizer; false, and nothing done, where some are not there. */
function eachWeight(
  weights: readonly MovingWeight[],
  lists: readonly (readonly unknown[])[],
  move: (weight: MovingWeight, held: readonly tf.Variable[]) => void,
): boolean {
  const found = lists.flatMap((list) => slots(list, weights) ?? []);
  if (found.length < lists.length * weights.length) return false;
  weights.forEach((weight, i) =>
    move(
      weight,
      lists.map((_, l) => found[l * weights.length + i]),
    ),
  );
  return true;
}

/** A moving average, a step nearer to the value. */
const averaged = (average: tf.Tensor, value: tf.Tensor, keep: number): tf.Tensor =>
  average.mul(keep).add(value.mul(1 - keep));
