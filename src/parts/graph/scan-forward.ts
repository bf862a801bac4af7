import * as tf from '@tensorflow/tfjs-node';
import { changedNumber, type Numbers } from './changing-numbers';
import { GraphLoop } from './graph-loop';
import { idOf } from './native';
import type { Recorder } from './recorder';
import { copyOf, rowOf, typeOf, type FlatResult, type FlatStep } from './scan-parts';
import { TraceError } from './trace-error';

/**
 * The loop itself. The first step is written down; the others are computed aside, so that tracing gives what it should.
 * Gives the states before each step too, stacked.
 */
export function scanForward(
  recorder: Recorder,
  step: FlatStep,
  initial: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
): FlatResult & { readonly before: readonly tf.Tensor[] } {
  const count = xs[0].shape[0];
  const nameOf = (x: tf.Tensor): string => recorder.nameOf(idOf(x));
  const names = xs.map(nameOf);
  const starts = initial.map(nameOf);
  const loop = new GraphLoop(recorder, count);
  const carried = initial.map((x, i) => loop.variable(typeOf(x), starts[i]));
  const take = (t: number): tf.Tensor[] => recorder.aside(() => xs.map((x) => rowOf(x, t)));
  const given = recorder.aside(() => initial.map(copyOf));
  const rows = take(0);
  const rowNames = xs.map((x, i) => loop.row(typeOf(x), names[i], loop.index));
  const first = recorder.frames.within(loop.frame, () => {
    given.forEach((x, i) => recorder.know(idOf(x), typeOf(x), carried[i].now));
    rows.forEach((x, i) => recorder.know(idOf(x), typeOf(x), rowNames[i]));
    const { result, numbers } = recorder.notingStep(() => step(given, rows));
    result.state.forEach((x, i) => carried[i].next(nameOf(x)));
    return { ...result, names: result.outputs.map(nameOf), numbers };
  });
  const stacks = first.outputs.map((x, i) => loop.collect(typeOf(x), first.names[i], loop.index));
  const befores = initial.map((x, i) => loop.collect(typeOf(x), carried[i].now, loop.index));
  const values = recorder.aside(() => {
    const steps = [{ state: first.state, outputs: first.outputs }];
    for (let t = 1; t < count; t++) {
      const compute = (): FlatResult => step(steps[t - 1].state, take(t));
      steps.push(t === 1 ? checked(first.numbers, recorder.notingStep(compute)) : compute());
    }
    return {
      state: steps[count - 1].state.map(copyOf),
      outputs: first.outputs.map((_, i) => tf.stack(steps.map(({ outputs }) => outputs[i]))),
      before: initial.map((x, i) => tf.stack([x, ...steps.slice(0, -1).map(({ state }) => state[i])])),
    };
  });
  values.state.forEach((x, i) => recorder.know(idOf(x), typeOf(x), carried[i].result));
  values.outputs.forEach((x, i) => recorder.know(idOf(x), typeOf(x), stacks[i]));
  values.before.forEach((x, i) => recorder.know(idOf(x), typeOf(x), befores[i]));
  return values;
}

/** In the loop each step is the first one again: fails where the second uses another number of JavaScript. */
function checked(
  before: Numbers,
  { result, numbers }: { readonly result: FlatResult; readonly numbers: Numbers },
): FlatResult {
  const change = changedNumber(before, numbers);
  if (change !== undefined)
    throw new TraceError(`scan: ${change} by the second step; hold what changes in the state, or pass it as an input`);
  return result;
}
