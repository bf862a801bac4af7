import * as tf from '@tensorflow/tfjs-node';
import { withTapeKept } from '../tensorflow/private-members';
import { GraphLoop } from './graph-loop';
import { idOf } from './native';
import type { Recorder } from './recorder';
import { copyOf, isFloat, named, rowOf, typeOf, type Differentiable } from './scan-parts';

interface Slopes {
  readonly state: readonly tf.Tensor[];
  readonly rows: readonly tf.Tensor[];
  readonly used: readonly tf.Tensor[];
}

/** The gradients of one step, of those of what it makes. */
function slopesOf(
  { step, used }: Differentiable,
  state: readonly tf.Tensor[],
  rows: readonly tf.Tensor[],
  dState: readonly tf.Tensor[],
  dOutputs: readonly tf.Tensor[],
): Slopes {
  const all = [...state, ...rows, ...used.filter(isFloat)];
  const floats = all.filter(isFloat);
  const weighted = (): tf.Scalar => {
    const made = step(state, rows);
    const parts = [...made.state, ...made.outputs].map((y, i) => [y, [...dState, ...dOutputs][i]] as const);
    return parts
      .filter(([y]) => isFloat(y))
      .reduce<tf.Scalar>((sum, [y, dy]) => sum.add(y.mul(dy).sum()), tf.scalar(0));
  };
  const found = withTapeKept(tf.engine(), () => gradientsOf(weighted, floats));
  const slopes = all.map((x) => (isFloat(x) ? found[floats.indexOf(x)] : undefined) ?? tf.zeros(x.shape));
  return {
    state: slopes.slice(0, state.length),
    rows: slopes.slice(state.length, state.length + rows.length),
    used: slopes.slice(state.length + rows.length),
  };
}

/**
 * The loop of the gradient, from the last step to the first, by the names of the inputs: the slopes of what the step
 * uses from outside add up on the way.
 *
 * @param before the states before each step, stacked.
 * @param dy the slopes of the last state, of the outputs, and of `before`.
 */
export function scanBackward(
  recorder: Recorder,
  scan: Differentiable,
  xs: readonly tf.Tensor[],
  before: readonly tf.Tensor[],
  dy: readonly tf.Tensor[],
): Record<string, tf.Tensor> {
  const count = xs[0].shape[0];
  const nameOf = (x: tf.Tensor): string => recorder.nameOf(idOf(x));
  const states = before.length;
  const floats = scan.used.filter(isFloat);
  const dOutputs = dy.slice(states, dy.length - states);
  const start = [
    ...before.map((x, i) => (isFloat(x) ? dy[i] : tf.zeros(dy[i].shape))),
    ...floats.map((x) => tf.zeros(x.shape)),
  ];
  const whole = [...before, ...xs, ...dOutputs];
  const [starts, names] = [start.map(nameOf), whole.map(nameOf)];
  const loop = new GraphLoop(recorder, count);
  const place = loop.fromEnd();
  const carried = start.map((x, i) => loop.variable(typeOf(x), starts[i]));
  const rowNames = whole.map((x, i) => loop.row(typeOf(x), names[i], place));
  const at = (t: number): tf.Tensor[] => whole.map((x) => rowOf(x, t));
  const run = (
    now: readonly tf.Tensor[],
    rows: readonly tf.Tensor[],
  ): { next: tf.Tensor[]; rows: readonly tf.Tensor[] } => {
    const [state, x, dOut] = [
      rows.slice(0, states),
      rows.slice(states, states + xs.length),
      rows.slice(states + xs.length),
    ];
    const slopes = slopesOf(scan, state, x, now.slice(0, states), dOut);
    return { next: [...slopes.state, ...slopes.used.map((d, i) => d.add(now[states + i]))], rows: slopes.rows };
  };
  const given = recorder.aside(() => ({ now: start.map(copyOf), rows: at(count - 1) }));
  const first = recorder.frames.within(loop.frame, () => {
    given.now.forEach((x, i) => recorder.know(idOf(x), typeOf(x), carried[i].now));
    given.rows.forEach((x, i) => recorder.know(idOf(x), typeOf(x), rowNames[i]));
    const made = run(given.now, given.rows);
    made.next.forEach((x, i) => carried[i].next(nameOf(x)));
    return { ...made, names: made.rows.map(nameOf) };
  });
  const stacks = first.rows.map((x, i) => loop.collect(typeOf(x), first.names[i], place));
  const values = recorder.aside(() => {
    const steps: { next: readonly tf.Tensor[]; rows: readonly tf.Tensor[] }[] = [first];
    for (let t = count - 2; t >= 0; t--) steps.push(run(steps[steps.length - 1].next, at(t)));
    return {
      last: steps[count - 1].next.map(copyOf),
      rows: first.rows.map((_, i) => tf.stack(steps.map(({ rows }) => rows[i]).reverse())),
    };
  });
  values.last.forEach((x, i) => recorder.know(idOf(x), typeOf(x), carried[i].result));
  values.rows.forEach((x, i) => recorder.know(idOf(x), typeOf(x), stacks[i]));
  return {
    ...named('state', values.last.slice(0, states)),
    ...named('x', values.rows),
    ...named(
      'used',
      scan.used.map((x) => (isFloat(x) ? values.last[states + floats.indexOf(x)] : tf.zeros(x.shape))),
    ),
  };
}

function gradientsOf(y: () => tf.Scalar, xs: tf.Tensor[]): (tf.Tensor | null | undefined)[] {
  return tf.engine().gradients(y, xs, undefined, true).grads;
}
