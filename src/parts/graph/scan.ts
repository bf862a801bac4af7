import * as tf from '@tensorflow/tfjs-node';
import { graphScan } from './graph-scan';
import { activeRecorder } from './recorder';
import { formOf, inOrderOf } from './scan-form';
import type { FlatResult, FlatStep } from './scan-parts';
import { rebuild, tensorsOf, type Structure } from './structure';
import { isDifferentiatedTwice } from './tape';

/** What a step of a scan makes. */
export interface ScanStep<S extends Structure, Y extends Structure> {
  /** The state of the next step, of the same form, shapes and types. */
  readonly state: S;
  /** What is kept of this step. */
  readonly output: Y;
}

/** Along which axis a scan goes. */
export interface ScanOptions {
  /** The axis of the inputs and of the outputs that counts the steps (default 0). */
  readonly axis?: number;
}

/**
 * Goes through tensors step by step, with a state: in a graph one loop, whatever the number of steps, with one loop for
 * its gradient, where a `for` of JavaScript is written down as often as it runs.
 * A step is a function of its state and its rows: a graph repeats the first one. While it is traced all steps run and
 * are compared with the first, operation by operation and constant by constant; one that does something else, because
 * JavaScript counts or chooses, fails with a TraceError that names the line. How often a step runs is left open: the
 * gradient keeps the states and computes each step again.
 * Random numbers are drawn before and passed as inputs: within a step of a graph they would be the same each time, so
 * that they are refused. A scan within a step, gradients of gradients and exported models have each step written down.
 *
 * @param step makes the next state and an output of a state and of one row of each input, without the axis.
 * @param initial the state before the first step: a tensor, or arrays and records of such.
 * @param xs the inputs, a tensor or arrays and records of such, all of one length of at least 1 along the axis.
 * @returns the state after the last step, and the outputs of all steps, stacked along the axis, or along their last one
 *   where they have fewer.
 * @throws RangeError where lengths differ or a step changes the form, a shape or a type of the state or of the output.
 * @throws TraceError where steps differ, a gradient is taken of a step that takes gradients itself, a tensor of a step
 *   is used outside of it, or a variable that the step uses is assigned before the gradient is taken.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { scan } from 'layerwise/graph';
 * const add = (sum: tf.Tensor, x: tf.Tensor) => ({ state: sum.add(x), output: sum.add(x) });
 * scan(add, tf.scalar(0), tf.tensor1d([1, 2, 3])); // state 6, outputs [1, 3, 6]
 */
export function scan<S extends Structure, X extends Structure, Y extends Structure>(
  step: (state: S, x: X) => ScanStep<S, Y>,
  initial: S,
  xs: X,
  { axis = 0 }: ScanOptions = {},
): { readonly state: S; readonly outputs: Y } {
  checkLengths(tensorsOf(xs), axis);
  let form: Y | undefined;
  const flat: FlatStep = (state, rows) => {
    const made = step(rebuild(initial, [...state]), rebuild(xs, [...rows]));
    const next = inOrderOf(initial, made.state);
    if (!next)
      throw new RangeError(
        `scan: expected a state as the initial one, ${formOf(initial)}, got ${formOf(made.state)} from the step`,
      );
    const outputs = inOrderOf((form ??= made.output), made.output);
    if (!outputs)
      throw new RangeError(
        `scan: expected an output as that of the first step, ${formOf(form)}, got ${formOf(made.output)}`,
      );
    return { state: next, outputs };
  };
  let result: FlatResult = { state: [], outputs: [] };
  tf.tidy(() => {
    const rows = tensorsOf(xs).map((x) => moved(x, axis, 0));
    const recorder = activeRecorder();
    // For programs that don't know such loops, within loops, and for gradients of gradients, each step is written down.
    const asLoop =
      recorder && !recorder.isPortable && !recorder.isAside && !recorder.frames.isInside && !isDifferentiatedTwice();
    const { state, outputs } = asLoop
      ? graphScan(recorder, flat, tensorsOf(initial), rows)
      : stepByStep(flat, tensorsOf(initial), rows);
    result = { state, outputs: outputs.map((y) => moved(y, 0, axis)) };
    return [...result.state, ...result.outputs];
  });
  if (form === undefined) throw new RangeError('scan: expected at least one step');
  return { state: rebuild(initial, [...result.state]), outputs: rebuild(form, [...result.outputs]) };
}

function checkLengths(xs: readonly tf.Tensor[], axis: number): void {
  const lengths = xs.map(({ shape }) => shape[axis] ?? 0);
  if (lengths.length === 0 || lengths.some((length) => length < 1 || length !== lengths[0]))
    throw new RangeError(
      `scan: expected inputs of one length of at least 1 along the axis ${axis}, got the shapes ${xs.map(({ shape }) => `[${shape}]`).join(', ')}`,
    );
}

function moved(x: tf.Tensor, from: number, to: number): tf.Tensor {
  if (from === to) return x;
  const order = x.shape.map((_, i) => i).filter((i) => i !== from);
  order.splice(to, 0, from);
  return x.transpose(order);
}

function stepByStep(step: FlatStep, initial: readonly tf.Tensor[], xs: readonly tf.Tensor[]): FlatResult {
  const rows = xs.map((x) => (x.shape[0] === 1 ? [x.squeeze([0])] : tf.unstack(x)));
  let state = initial;
  const all = rows[0].map((_, t) => {
    const made = step(
      state,
      rows.map((row) => row[t]),
    );
    state = made.state;
    return made.outputs;
  });
  // A step may hand on what isn't its own.
  return {
    state: state.map((x) => x.clone()),
    outputs: all[0].map((_, i) => tf.stack(all.map((outputs) => outputs[i]))),
  };
}
