import * as tf from '@tensorflow/tfjs-node';
import { withTape } from '../tensorflow/engine-members';
import { nextTensorId, type TapeNode } from '../tensorflow/private-members';
import { gradientsTaken } from './gradient-targets';
import { idOf } from './native';
import type { Recorder } from './recorder';
import type { FlatResult, FlatStep } from './scan-parts';
import type { StepLog } from './step-log';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** To which of the states after it and of its outputs a tensor leads in one step, for TensorFlow.js's gradients. */
export interface Leads {
  readonly state: readonly boolean[];
  readonly outputs: readonly boolean[];
}

/** What TensorFlow.js's tape tells of a step. */
export interface Connections {
  /** Tensors from outside that it uses. */
  readonly used: readonly tf.Tensor[];
  /** Of the states, of the rows, and of what it uses. */
  readonly leads: readonly Leads[];
}

/** The numbers of these tensors, and of all that was made of them. */
export function reachedFrom(tape: readonly TapeNode[], tensors: readonly tf.Tensor[]): Set<number> {
  const reached = new Set(tensors.map(({ id }) => id));
  for (const { inputs, outputs } of tape)
    if (Object.values(inputs).some((input) => input && reached.has(input.id)))
      for (const { id } of outputs) reached.add(id);
  return reached;
}

/** Runs a step and notes what it does. */
export function logged(
  recorder: Recorder,
  step: FlatStep,
  state: readonly tf.Tensor[],
  rows: readonly tf.Tensor[],
): { readonly made: FlatResult; readonly log: StepLog } {
  const namesOf = (tensors: readonly tf.Tensor[]): string[] => tensors.map((x) => recorder.nameOf(idOf(x)));
  return recorder.frames.logging(
    namesOf([...state, ...rows]),
    () => step(state, rows),
    ({ state: next, outputs }) => namesOf([...next, ...outputs]),
  );
}

/** Runs a step on a tape of its own. */
export function connected(
  recorder: Recorder,
  step: FlatStep,
  state: readonly tf.Tensor[],
  rows: readonly tf.Tensor[],
): { readonly made: FlatResult; readonly connections: Connections; readonly log: StepLog } {
  const given = [...state, ...rows];
  const first = nextTensorId(tf.engine());
  const taken = gradientsTaken();
  const tape: TapeNode[] = [];
  return withTape(tf.engine(), tape, () => {
    const { result, inputs } = recorder.inputsOf(() => logged(recorder, step, state, rows));
    const { made, log } = result;
    if (gradientsTaken() > taken)
      throw new TraceError(
        `scan: in a graph no gradient is taken of a step that takes gradients itself (${whereCalled()}); write it as a for of JavaScript`,
      );
    const touched = [...tape.flatMap((node) => Object.values(node.inputs)), ...inputs, ...made.state, ...made.outputs];
    const isOutside = (x: unknown): x is tf.Tensor =>
      x instanceof tf.Tensor && x.id < first && !given.some((one) => one === x);
    const used = [...new Set(touched.filter(isOutside))];
    const leads = [...given, ...used].map((x) => {
      const reached = reachedFrom(tape, [x]);
      const isReached = ({ id }: tf.Tensor): boolean => reached.has(id);
      return { state: made.state.map(isReached), outputs: made.outputs.map(isReached) };
    });
    return { made, connections: { used, leads }, log };
  });
}

/** To what a tensor leads in so many steps: the states after the last one, outputs of any, and all states on the way. */
export function leadsOverTime(
  { leads }: Connections,
  states: number,
  input: number,
  count: number,
): Leads & { readonly onTheWay: readonly boolean[] } {
  const either = (a: readonly boolean[], b: readonly boolean[]): boolean[] => a.map((value, i) => value || b[i]);
  let now: readonly boolean[] = Array.from({ length: states }, (_, i) => i === input);
  let onTheWay: readonly boolean[] = now;
  let outputs: readonly boolean[] = leads[input].outputs.map(() => false);
  for (let t = 0; t < count; t++) {
    const sources = leads.filter((_, i) => (i < states ? now[i] : i === input));
    outputs = sources.map((source) => source.outputs).reduce(either, outputs);
    onTheWay = either(onTheWay, now);
    now = sources
      .map((source) => source.state)
      .reduce<readonly boolean[]>(
        either,
        now.map(() => false),
      );
  }
  return { state: now, outputs, onTheWay: either(onTheWay, now) };
}

/** The states through which slopes of these results flow back. */
export function statesBehind({ leads }: Connections, states: number, asked: Leads): boolean[] {
  const behind = [...asked.state];
  for (let isNew = true; isNew;) {
    isNew = false;
    for (let i = 0; i < states; i++) {
      const { state, outputs } = leads[i];
      if (behind[i] || !(state.some((to, j) => to && behind[j]) || outputs.some((to, k) => to && asked.outputs[k])))
        continue;
      behind[i] = isNew = true;
    }
  }
  return behind;
}
