import * as tf from '@tensorflow/tfjs-node';
import { withTape, withTensorsOf } from '../tensorflow/engine-members';
import type { Recorder } from './recorder';
import { runLoop } from './run-loop';
import { rowOf, type FlatStep } from './scan-parts';

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

/** A slope that nothing leads to is missing. */
type Slope = tf.Tensor | null | undefined;

/**
 * The loop of a gradient, from the last step to the first: computes each step again, and goes back through it. Where
 * nothing flows back from a state after the last step, that step stands before the loop: slopes of 0 would make NaN of
 * what is infinite there.
 */
export function scanBackward(recorder: Recorder, scan: Differentiated, given: Given, asked: Asked): Slopes {
  const { before, xs, used } = scan;
  const places = given.outputs.flatMap((slope, i) => (slope ? [i] : []));
  const whole = [...before, ...xs, ...given.outputs.flatMap((slope) => slope ?? [])];
  const wanted = asked.used.map((i) => used[i]);
  const [stateCount, rowCount] = [asked.states.length, asked.rows.length];
  const back = (slopes: readonly Slope[], rows: readonly tf.Tensor[]): readonly Slope[] => {
    const [state, x] = [rows.slice(0, before.length), rows.slice(before.length, before.length + xs.length)];
    return slopesOf(
      () => {
        const made = scan.step(state, x);
        return [...asked.states.map((i) => made.state[i]), ...places.map((i) => made.outputs[i])];
      },
      [...slopes, ...rows.slice(before.length + xs.length)],
      [...asked.states.map((i) => state[i]), ...asked.rows.map((i) => x[i]), ...wanted],
    );
  };
  const split = <T>(all: readonly T[]): readonly [readonly T[], readonly T[], readonly T[]] => [
    all.slice(0, stateCount),
    all.slice(stateCount, stateCount + rowCount),
    all.slice(stateCount + rowCount),
  ];
  const stateShapes = asked.states.map((i) => before[i].shape.slice(1));
  const rowShapes = asked.rows.map((i) => xs[i].shape.slice(1));
  const usedShapes = wanted.map(({ shape }) => shape);
  const added = (sums: readonly Slope[], slopes: readonly Slope[]): Slope[] =>
    sums.map((sum, i) => (sum && slopes[i] ? sum.add(slopes[i]) : (sum ?? slopes[i])));

  // What the step uses may have been freed with the function that holds it; the tape still has what is in it.
  return withTensorsOf(used, () => {
    let count = xs[0].shape[0];
    let slopes: readonly Slope[] = asked.states.map((i) => given.state[i]);
    let sums: readonly Slope[] = wanted.map(() => null);
    const ends: (readonly tf.Tensor[])[] = [];
    for (let tries = 0; tries < stateCount && count > 0 && slopes.some((slope) => !slope); tries++) {
      count--;
      const [states, rows, more] = split(
        back(
          slopes,
          whole.map((x) => rowOf(x, count)),
        ),
      );
      slopes = states;
      sums = added(sums, more);
      ends.unshift(filled(rows, rowShapes));
    }
    const [starts, startSums] = [filled(slopes, stateShapes), filled(sums, usedShapes)];
    if (count === 0) return { states: starts, rows: rowShapes.map((_, i) => stacked(ends, i)), used: startSums };
    const { last, items } = runLoop(recorder, {
      starts: [...starts, ...startSums],
      whole: ends.length === 0 ? whole : whole.map((x) => x.slice(0, count)),
      isBackward: true,
      step: (now, rows) => {
        const [slopesNow, sumsNow] = [now.slice(0, stateCount), now.slice(stateCount)];
        const [states, rowSlopes, more] = split(back(slopesNow, rows));
        const next = [...filled(states, stateShapes), ...filled(added(sumsNow, more), usedShapes)];
        return { next, items: filled(rowSlopes, rowShapes) };
      },
    });
    const rows = ends.length === 0 ? items : items.map((item, i) => tf.concat([item, stacked(ends, i)]));
    return { states: last.slice(0, stateCount), rows, used: last.slice(stateCount) };
  });
}

const filled = (slopes: readonly Slope[], shapes: readonly number[][]): tf.Tensor[] =>
  slopes.map((slope, i) => slope ?? tf.zeros(shapes[i]));
const stacked = (steps: readonly (readonly tf.Tensor[])[], i: number): tf.Tensor =>
  tf.stack(steps.map((step) => step[i]));

/** The slopes by these tensors of what `work` makes, whose slopes are given as far as there are any. */
function slopesOf(
  work: () => readonly tf.Tensor[],
  given: readonly Slope[],
  by: readonly tf.Tensor[],
): readonly Slope[] {
  const slopes = given.flatMap((slope) => slope ?? []);
  const end = tf.customGrad(() => ({ value: tf.scalar(0), gradFunc: () => slopes.map((slope) => slope.clone()) }));
  const engine = tf.engine();
  const f = (): tf.Tensor => end(...work().filter((_, i) => given[i]));
  return withTape(engine, undefined, () => engine.gradients(f, [...by], undefined, true).grads);
}
