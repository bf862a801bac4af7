import * as tf from '@tensorflow/tfjs-node';
import { runFused } from './fused';
import { nativeOp } from './native';

type Operation = Parameters<typeof runFused>[1];

/** What a recurrent layer of TensorFlow.js consists of. */
export interface RecurrentWeights {
  /** [inputs, gates · units]. */
  readonly kernel: tf.Tensor;
  /** [units, gates · units]. */
  readonly recurrent: tf.Tensor;
  /** [gates · units]; undefined: none. */
  readonly bias: tf.Tensor | undefined;
  /** Whether the gates use the hard sigmoid, TensorFlow.js's default, instead of the sigmoid. */
  readonly isHard: boolean;
}

/** Outputs of all steps [batch, length, units], and the states after the last [batch, units]. */
export interface Sequence {
  readonly outputs: tf.Tensor;
  readonly states: readonly tf.Tensor[];
}

const lstmOperation: Operation = {
  forward: ({ projected, recurrent, h, c, mask }, { hard }) =>
    nativeOp('LayerwiseLstm', [projected, recurrent, h, c, mask], { hard: { bool: hard === true } }, 6),
  saves: { inputs: ['recurrent', 'c', 'mask'], outputs: [false, false, false, true, true, true] },
  backward: ([dOutputs, dLastH, dLastC], [recurrent, c, mask, gates, cells, before], { hard }) => {
    const [projected, dh, dc] = nativeOp(
      'LayerwiseLstmGrad',
      [dOutputs, dLastH, dLastC, recurrent, gates, cells, c, mask],
      { hard: { bool: hard === true } },
      3,
    );
    return { projected, recurrent: productOverSteps(before, projected), h: dh, c: dc };
  },
};

const gruOperation: Operation = {
  forward: ({ projected, recurrent, h, mask }, { hard }) =>
    nativeOp('LayerwiseGru', [projected, recurrent, h, mask], { hard: { bool: hard === true } }, 5),
  saves: { inputs: ['recurrent', 'mask'], outputs: [false, false, true, true, true] },
  backward: ([dOutputs, dLastH], [recurrent, mask, gates, reset, before], { hard }) => {
    const [projected, dh] = nativeOp(
      'LayerwiseGruGrad',
      [dOutputs, dLastH, recurrent, gates, before, mask],
      { hard: { bool: hard === true } },
      2,
    );
    const units = recurrent.shape[0];
    const [forGates, forCandidate] = tf.split(projected, [2 * units, units], 2);
    return {
      projected,
      recurrent: tf.concat([productOverSteps(before, forGates), productOverSteps(reset, forCandidate)], 1),
      h: dh,
    };
  },
};

/** aᵀ · b, added up over all rows and steps. */
const productOverSteps = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.matMul(rows(a), rows(b), true);
const rows = (x: tf.Tensor): tf.Tensor2D => x.reshape([-1, x.shape[x.rank - 1]]);

/** One product for the inputs of all steps. */
function project(x: tf.Tensor, { kernel, bias }: RecurrentWeights): tf.Tensor {
  const [batch, length] = x.shape;
  const product = tf.matMul<tf.Tensor2D>(rows(x), rows(kernel));
  return (bias ? product.add(bias) : product).reshape([batch, length, product.shape[1]]);
}

/** A mask as the operations take it: none is an empty list. */
const maskOrNone = (mask: tf.Tensor | undefined): tf.Tensor => mask ?? tf.tensor1d([]);

/**
 * A whole LSTM (Hochreiter and Schmidhuber, 1997): x is [batch, length, inputs], the states h and c. Where the mask
 * [batch, length] is 0 and not 1, outputs and states stay those of the step before.
 */
export function lstmSequence(
  x: tf.Tensor,
  weights: RecurrentWeights,
  [h, c]: readonly tf.Tensor[],
  mask?: tf.Tensor,
): Sequence {
  const [outputs, lastH, lastC] = runFused(
    'LayerwiseLstm',
    lstmOperation,
    { projected: project(x, weights), recurrent: weights.recurrent, h, c, mask: maskOrNone(mask) },
    { hard: weights.isHard },
  );
  return { outputs, states: [lastH, lastC] };
}

/**
 * A whole GRU (Cho et al., 2014) that resets the state before its product, as TensorFlow.js does: x is [batch, length,
 * inputs], the state h, the mask as an LSTM's.
 */
export function gruSequence(
  x: tf.Tensor,
  weights: RecurrentWeights,
  [h]: readonly tf.Tensor[],
  mask?: tf.Tensor,
): Sequence {
  const [outputs, last] = runFused(
    'LayerwiseGru',
    gruOperation,
    { projected: project(x, weights), recurrent: weights.recurrent, h, mask: maskOrNone(mask) },
    { hard: weights.isHard },
  );
  return { outputs, states: [last] };
}
