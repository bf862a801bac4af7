import * as tf from '@tensorflow/tfjs-node';
import { isTapeOn, putOnTape, tapeOf, withTape } from '../tensorflow/engine-members';
import { onFailure } from './all-or-nothing';
import { gradientTargets } from './gradient-targets';
import type { Recorder } from './recorder';
import { runLoop } from './run-loop';
import { scanBackward, type Differentiated } from './scan-backward';
import { connected, leadsOverTime, logged, reachedFrom, statesBehind, type Connections } from './scan-connections';
import type { FlatResult, FlatStep } from './scan-parts';
import { isRecordingGradient } from './tape';
import type { StepLog } from './step-log';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** A loop in the graph that is being recorded. Its gradient is another one, which computes each step again. */
export function graphScan(
  recorder: Recorder,
  step: FlatStep,
  initial: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
): FlatResult {
  const engine = tf.engine();
  const isDifferentiated = isTapeOn(engine);
  let connections: Connections = { used: [], leads: [] };
  let count = 0;
  let first: StepLog | undefined;
  const { last, items } = withTape(engine, undefined, () =>
    runLoop(recorder, {
      starts: initial,
      whole: xs,
      step: (state, rows) => {
        if (!isDifferentiated) {
          const { state: next, outputs } = step(state, rows);
          return { next, items: outputs };
        }
        const { made, connections: found, log } = connected(recorder, step, state, rows);
        if (!first) [connections, count, first] = [found, made.outputs.length, log];
        return { next: made.state, items: [...made.outputs, ...state] };
      },
    }),
  );
  if (!isDifferentiated) return { state: last, outputs: items };
  const made = { state: last, outputs: items.slice(0, count), before: items.slice(count) };
  const inputs = [...initial, ...xs, ...connections.used];
  const wanted = reachedFrom(tapeOf(engine), gradientTargets());
  const isWanted = inputs.map(({ id }) => wanted.has(id));
  const leads = inputs.map((_, i) => leadsOverTime(connections, initial.length, i, xs[0].shape[0]));
  const saved = withTape(engine, undefined, () =>
    [...made.before, ...xs, ...connections.used].map((x) => tf.keep(x.clone())),
  );
  onFailure(() => tf.dispose(saved));
  const results = [...made.state, ...made.outputs];
  const differentiated = {
    step: sameStep(recorder, step, first),
    before: saved.slice(0, initial.length),
    xs: saved.slice(initial.length, initial.length + xs.length),
    used: connections.used,
  };
  // Results of the same inputs are one operation on the tape: nothing flows back to an input that has no part in them.
  const groups = new Map<string, { readonly from: readonly number[]; readonly results: number[] }>();
  results.forEach((_, i) => {
    const from = inputs.flatMap((_, j) => ([...leads[j].state, ...leads[j].outputs][i] ? [j] : []));
    const known = groups.get(String(from));
    if (known) known.results.push(i);
    else if (from.length > 0) groups.set(String(from), { from, results: [i] });
  });
  if (groups.size === 0) tf.dispose(saved);
  for (const group of groups.values())
    putOnTape(engine, {
      kernelName: 'scan',
      inputs: Object.fromEntries(group.from.map((j) => [`input${j}`, inputs[j]])),
      outputs: group.results.map((i) => results[i]),
      saved,
      gradient: (slopes) => {
        checkUnchanged(connections.used, saved.slice(initial.length + xs.length));
        return gradient({
          recorder,
          connections,
          differentiated,
          asked: group.from.filter((j) => isWanted[j]),
          slopes: results.map((_, i) => slopes[group.results.indexOf(i)] ?? null),
        });
      },
    });
  return made;
}

/** By the names of the inputs that are asked for. */
function gradient({
  recorder,
  connections,
  differentiated,
  asked,
  slopes,
}: {
  readonly recorder: Recorder;
  readonly connections: Connections;
  readonly differentiated: Differentiated;
  /** Places of inputs. */
  readonly asked: readonly number[];
  /** Of all results. */
  readonly slopes: readonly (tf.Tensor | null)[];
}): Record<string, () => tf.Tensor> {
  if (isRecordingGradient())
    throw new TraceError(
      `scan: in a graph it has no second derivative here; compute it inside of the function whose gradient is taken (${whereCalled()})`,
    );
  const { before, xs } = differentiated;
  const [states, rows] = [before.length, xs.length];
  const given = { state: slopes.slice(0, states), outputs: slopes.slice(states) };
  const behind = statesBehind(connections, states, {
    state: given.state.map((slope) => slope !== null),
    outputs: given.outputs.map((slope) => slope !== null),
  });
  const ahead = asked.map((j) => leadsOverTime(connections, states, j, xs[0].shape[0]).onTheWay);
  const through = behind.flatMap((isBehind, i) => (isBehind && ahead.some((isAhead) => isAhead[i]) ? [i] : []));
  const within = (from: number, to: number): number[] => asked.filter((j) => j >= from && j < to).map((j) => j - from);
  const places = { states: through, rows: within(states, states + rows), used: within(states + rows, Infinity) };
  const found = recorder.anew(() => scanBackward(recorder, differentiated, given, places));
  const named = (offset: number, numbers: readonly number[], tensors: readonly tf.Tensor[]) =>
    numbers.map((i, at) => [`input${offset + i}`, () => tensors[at]] as const);
  return Object.fromEntries([
    ...named(0, places.states, found.states),
    ...named(states, places.rows, found.rows),
    ...named(states + rows, places.used, found.used),
  ]);
}

/** The gradient computes each step again: JavaScript must still do the same. */
const sameStep =
  (recorder: Recorder, step: FlatStep, first: StepLog | undefined): FlatStep =>
  (state, rows) => {
    const { made, log } = logged(recorder, step, state, rows);
    if (first && !log.isSameAs(first))
      throw new TraceError(
        `scan: for the gradient a step does something else than before (${whereCalled()}); what it closes over must stay what it was`,
      );
    return made;
  };

/** The gradient computes each step again: what it uses must be what it was. */
function checkUnchanged(used: readonly tf.Tensor[], saved: readonly tf.Tensor[]): void {
  const changed = used.find((tensor, i) => tensor.dataId !== saved[i].dataId);
  if (changed)
    throw new TraceError(
      `scan: ${changed instanceof tf.Variable ? `the variable ${changed.name}` : 'a tensor'} that the step uses was assigned before the gradient was taken; assign it afterwards (${whereCalled()})`,
    );
}
