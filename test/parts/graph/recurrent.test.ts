// A whole LSTM and a whole GRU as one operation, against the same, step by step.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';
import { gruSequence, lstmSequence, type RecurrentWeights, type Sequence } from '../../../src/parts/graph/recurrent';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose } from './compare';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const [BATCH, LENGTH, INPUTS, UNITS] = [2, 3, 2, 2];
const wave = (from: number, ...shape: number[]): tf.Tensor =>
  tf.range(from, from + tf.util.sizeFromShape(shape)).sin().reshape(shape); // prettier-ignore

type Run = (x: tf.Tensor, weights: RecurrentWeights, states: tf.Tensor[], mask?: tf.Tensor) => Sequence;
type Cell = (projected: tf.Tensor[], product: (gate: number, h: tf.Tensor) => tf.Tensor, states: tf.Tensor[], isHard: boolean) => tf.Tensor[]; // prettier-ignore

const gate = (x: tf.Tensor, isHard: boolean): tf.Tensor =>
  isHard ? x.mul(0.2).add(0.5).clipByValue(0, 1) : x.sigmoid();

const lstmCell: Cell = (z, product, [h, c], isHard) => {
  const [input, forget, candidate, output] = z.map((x, i) => x.add(product(i, h)));
  const cell = gate(forget, isHard).mul(c).add(gate(input, isHard).mul(candidate.tanh()));
  return [gate(output, isHard).mul(cell.tanh()), cell];
};

const gruCell: Cell = (z, product, [h], isHard) => {
  const [update, reset] = [0, 1].map((i) => gate(z[i].add(product(i, h)), isHard));
  const candidate = z[2].add(product(2, reset.mul(h))).tanh();
  return [update.mul(h).add(tf.scalar(1).sub(update).mul(candidate))];
};

/** What the operation does, composed of TensorFlow.js's own ones. */
const composed =
  (cell: Cell, gates: number): Run =>
  (x, { kernel, recurrent, bias, isHard }, initial, mask) => {
    let states = initial;
    const products = tf.split(recurrent, gates, 1);
    const outputs = tf.unstack(x, 1).map((row, step) => {
      const z = row.matMul(kernel);
      const next = cell(tf.split(bias ? z.add(bias) : z, gates, 1), (i, h) => h.matMul(products[i]), states, isHard);
      const counts = mask?.slice([0, step], [-1, 1]) ?? tf.scalar(1);
      states = next.map((state, i) => counts.mul(state).add(tf.scalar(1).sub(counts).mul(states[i])));
      return states[0];
    });
    return { outputs: tf.stack(outputs, 1), states };
  };

/** Outputs and states, and how a mix of them changes with all that is given. */
function allOf(run: Run, gates: number, states: number, isHard: boolean, mask: tf.Tensor | undefined): number[] {
  const given = [
    wave(1, BATCH, LENGTH, INPUTS),
    wave(2, INPUTS, gates * UNITS),
    wave(3, UNITS, gates * UNITS),
    wave(4, gates * UNITS),
    ...Array.from({ length: states }, (_, i) => wave(5 + i, BATCH, UNITS)),
  ];
  const results = ([x, kernel, recurrent, bias, ...initial]: tf.Tensor[]): tf.Tensor[] => {
    const { outputs, states: last } = run(x, { kernel, recurrent, bias, isHard }, initial, mask);
    return [outputs, ...last];
  };
  const mixed = (...all: tf.Tensor[]): tf.Tensor =>
    tf.addN(results(all).map((made, i) => made.mul(wave(7 + i, ...made.shape)).sum()));
  return [...results(given), ...tf.grads(mixed)(given)].flatMap((tensor) => Array.from(tensor.dataSync()));
}

const masks = (): (tf.Tensor | undefined)[] => [undefined, tf.tensor2d([[1, 0, 1], [0, 1, 0]])]; // prettier-ignore

describe.runIf(hasOwnOperations())('a sequence as one operation', () => {
  it.each<[string, Run, Cell, number, number]>([
    ['LSTM', lstmSequence, lstmCell, 4, 2],
    ['GRU', gruSequence, gruCell, 3, 1],
  ])('%s: values, and slopes of all that it is given', (_, run, cell, gates, states) => {
    for (const isHard of [false, true])
      for (const mask of masks()) {
        const expected = allOf(composed(cell, gates), gates, states, isHard, mask);
        expectClose(allOf(run, gates, states, isHard, mask), expected, 1e-5, `${isHard} ${mask !== undefined}`);
      }
  });

  it.each<[string, Run, Cell, number, number]>([
    ['LSTM', lstmSequence, lstmCell, 4, 2],
    ['GRU', gruSequence, gruCell, 3, 1],
  ])('%s: without a bias, one row and one step', (_, run, cell, gates, states) => {
    const weights = { kernel: wave(1, 2, 2 * gates), recurrent: wave(2, 2, 2 * gates), bias: undefined, isHard: false };
    const initial = Array.from({ length: states }, () => wave(3, 1, 2));
    const [made, expected] = [run, composed(cell, gates)].map((each) => each(wave(4, 1, 1, 2), weights, initial));
    expect(made.outputs.shape).toEqual([1, 1, 2]);
    expect(made.states).toHaveLength(states);
    const numbers = ({ outputs, states: last }: Sequence): number[] =>
      [outputs, ...last].flatMap((tensor) => Array.from(tensor.dataSync()));
    expectClose(numbers(made), numbers(expected), 1e-6, 'values');
  });
});
