import * as tf from '@tensorflow/tfjs-node';
import { recurrentCell, recurrentLayer } from '../tensorflow/private-members';
import type { GraphCall, Layer } from './graph-call';
import { gruSequence, lstmSequence, type RecurrentWeights } from './recurrent';
import { refuseState } from './refusals';
import { canFuse } from './tape';

/** Layers that go from step to step, by their class names. */
export const RECURRENT_LAYERS: Readonly<Record<string, GraphCall>> = {
  LSTM: (layer, x, options) => sequence(layer, x, options, lstmSequence),
  GRU: (layer, x, options) => sequence(layer, x, options, gruSequence),
};

function sequence(
  layer: Layer,
  x: tf.Tensor,
  { mask, initialState }: Readonly<Record<string, unknown>>,
  run: typeof lstmSequence,
): tf.Tensor | tf.Tensor[] | undefined {
  refuseState(layer);
  if (!canFuse() || x.rank !== 3 || x.dtype !== 'float32') return undefined;
  const counting = mask === undefined || mask === null ? [] : countingSteps(mask, x);
  if (!counting) return undefined;
  const { cell, goBackwards, returnSequences, returnState } = recurrentLayer.of(layer);
  const weights = weightsOf(cell);
  if (!weights) return undefined;
  const shape = [x.shape[0] ?? 1, weights.recurrent.shape[0]];
  const zero = tf.zeros(shape);
  const given: unknown[] = Array.isArray(initialState) ? initialState : [zero, zero];
  const initial = given.filter((state) => state instanceof tf.Tensor);
  // Other states, such as one row for the whole batch, are broadcast by the layer's own operations.
  const fits = (state: tf.Tensor): boolean => state.dtype === 'float32' && String(state.shape) === String(shape);
  if (!initial.every(fits)) return undefined;
  const [steps, counts] = [x, ...counting].map((each) => (goBackwards ? each.reverse(1) : each));
  const { outputs, states } = run(steps, weights, initial, counts);
  const output = returnSequences ? outputs : states[0];
  return returnState ? [output, ...states] : output;
}

/** A mask as [batch, length], 1 where a step counts; undefined where it doesn't fit so. */
function countingSteps(mask: unknown, x: tf.Tensor): [tf.Tensor] | undefined {
  const steps = x.shape.slice(0, 2);
  const isFitting = mask instanceof tf.Tensor && [`${steps}`, `${steps},1`].includes(String(mask.shape));
  return isFitting ? [mask.toBool().toFloat().reshape(steps)] : undefined;
}

/** A cell's weights, where it computes as our operations do: with the functions that they know, and without dropout. */
function weightsOf(cell: Layer): RecurrentWeights | undefined {
  const { kernel, recurrentKernel, bias, activation, recurrentActivation, ...rates } = recurrentCell.of(cell);
  const gate = recurrentActivation.getClassName();
  if (rates.dropout > 0 || rates.recurrentDropout > 0) return undefined;
  if (activation.getClassName() !== 'tanh' || !['sigmoid', 'hardSigmoid'].includes(gate)) return undefined;
  return {
    kernel: kernel.read(),
    recurrent: recurrentKernel.read(),
    bias: bias?.read(),
    isHard: gate === 'hardSigmoid',
  };
}
