import * as tf from '@tensorflow/tfjs-node';
import { withTape, withTensorsOf } from '../tensorflow/private-members';
import type { Recorder } from './recorder';
import { runLoop } from './run-loop';
import type { FlatStep } from './scan-parts';

/** A scan whose gradient is taken. */
export interface Differentiated {
  readonly step: FlatStep;
  /** The states before each step, stacked. */
  readonly before: readonly tf.Tensor[];
  readonly xs: readonly tf.Tensor[];
  /** What the step uses from outside. */
  readonly used: readonly tf.Tensor[];
}

/** Slopes that are given: a missing one is null. */
export interface Given {
  /** Of the states after the last step. */
  readonly state: readonly (tf.Tensor | null)[];
  readonly outputs: readonly (tf.Tensor | null)[];
}

/** Slopes that are asked for: places of states, of rows, of what is used. */
export interface Asked {
  /** All states through which slopes flow. */
  readonly states: readonly number[];
  readonly rows: readonly number[];
  readonly used: readonly number[];
}

/** In the order in which they were asked for. */
export interface Slopes {
  readonly states: readonly tf.Tensor[];
  readonly rows: readonly tf.Tensor[];
  readonly used: readonly tf.Tensor[];
}

/** The loop of a gradient, from the last step to the first: computes each step again, and goes back through it. */
export function scanBackward(recorder: Recorder, scan: Differentiated, given: Given, asked: Asked): Slopes {
  const { step, before, xs, used } = scan;
  const places = given.outputs.flatMap((slope, i) => (slope ? [i] : []));
  const wanted = asked.used.map((i) => used[i]);
  const [stateCount, rowCount] = [asked.states.length, asked.rows.length];
  const oneStep = (now: readonly tf.Tensor[], rows: readonly tf.Tensor[]): Stepped => {
    const [state, x] = [rows.slice(0, before.length), rows.slice(before.length, before.length + xs.length)];
    const slopes = [...now.slice(0, stateCount), ...rows.slice(before.length + xs.length)];
    const by = [...asked.states.map((i) => state[i]), ...asked.rows.map((i) => x[i]), ...wanted];
    const found = slopesOf(
      () => {
        const made = step(state, x);
        return [...asked.states.map((i) => made.state[i]), ...places.map((i) => made.outputs[i])];
      },
      slopes,
      by,
    );
    const sums = now.slice(stateCount).map((sum, i) => {
      const slope = found[stateCount + rowCount + i];
      return slope ? sum.add(slope) : sum;
    });
    const known = by.map((tensor, i) => found[i] ?? tf.zeros(tensor.shape));
    return { next: [...known.slice(0, stateCount), ...sums], items: known.slice(stateCount, stateCount + rowCount) };
  };
  // What the step uses may have been freed with the function that holds it; the tape still has what is in it.
  const { last, items } = withTensorsOf(used, () =>
    runLoop(recorder, {
      starts: [
        ...asked.states.map((i) => given.state[i] ?? tf.zeros(before[i].shape.slice(1))),
        ...wanted.map(({ shape }) => tf.zeros(shape)),
      ],
      whole: [...before, ...xs, ...given.outputs.flatMap((slope) => slope ?? [])],
      isBackward: true,
      step: oneStep,
    }),
  );
  return { states: last.slice(0, stateCount), rows: items, used: last.slice(stateCount) };
}

interface Stepped {
  readonly next: readonly tf.Tensor[];
  readonly items: readonly tf.Tensor[];
}

/** The slopes by these tensors of what `work` makes, whose slopes are given; nothing where it doesn't depend on one. */
function slopesOf(
  work: () => readonly tf.Tensor[],
  given: readonly tf.Tensor[],
  by: readonly tf.Tensor[],
): readonly (tf.Tensor | null | undefined)[] {
  const end = tf.customGrad(() => ({ value: tf.scalar(0), gradFunc: () => given.map((slope) => slope.clone()) }));
  const engine = tf.engine();
  return withTape(engine, undefined, () => engine.gradients(() => end(...work()), [...by], undefined, true).grads);
}
