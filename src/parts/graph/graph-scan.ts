import * as tf from '@tensorflow/tfjs-node';
import { nextTensorId, tapeOf, withTensorsOf } from '../tensorflow/private-members';
import { runFused } from './fused';
import { activeRecorder, type Recorder } from './recorder';
import { scanBackward } from './scan-backward';
import { scanForward } from './scan-forward';
import { copyOf, named, rowOf, type Differentiable, type FlatResult, type FlatStep } from './scan-parts';
import { isRecordingGradient } from './tape';

/** What the scans of a trace do, by their numbers: the tape holds numbers alone. */
const scans = new WeakMap<Recorder, Differentiable[]>();

/** A loop in the graph that is being recorded. Its gradient is another one, which computes each step again. */
export function graphScan(
  recorder: Recorder,
  step: FlatStep,
  initial: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
): FlatResult {
  if (!isRecordingGradient()) return scanForward(recorder, step, initial, xs);
  const { used, outputs } = probe(recorder, step, initial, xs);
  const known = scans.get(recorder) ?? [];
  scans.set(recorder, known);
  const [states, rows] = [initial.length, xs.length];
  const made = runFused(
    `scan of ${states}, ${rows}, ${used.length} and ${outputs} tensors`,
    operation(states, rows, used.length, outputs),
    { ...named('state', initial), ...named('x', xs), ...named('used', used) },
    { scan: known.push({ step, used }) - 1 },
  );
  return { state: made.slice(0, states), outputs: made.slice(states, states + outputs) };
}

/** All scans of so many tensors are one operation to TensorFlow.js's tape. */
function operation(states: number, rows: number, used: number, outputs: number): Parameters<typeof runFused>[1] {
  const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
  const [stateNames, rowNames, usedNames] = [numbered('state', states), numbered('x', rows), numbered('used', used)];
  return {
    forward: (given, { scan }) => {
      const { recorder, step } = scanOf(scan);
      const listed = (names: readonly string[]): tf.Tensor[] => names.map((name) => given[name]);
      const parts = scanForward(recorder, step, listed(stateNames), listed(rowNames));
      return [...parts.state, ...parts.outputs, ...parts.before];
    },
    saves: { inputs: [...rowNames, ...usedNames], outputs: Array<boolean>(2 * states + outputs).fill(true) },
    backward: (dy, saved, { scan }) => {
      const found = scanOf(scan);
      const before = saved.slice(saved.length - states);
      // What the step uses may have been freed with the function that holds it; the tape still has what is in it.
      return withTensorsOf(found.used, () => scanBackward(found.recorder, found, saved.slice(0, rows), before, dy));
    },
  };
}

function scanOf(scan: unknown): Differentiable & { readonly recorder: Recorder } {
  const recorder = activeRecorder();
  const found = recorder && scans.get(recorder)?.[Number(scan)];
  if (!recorder || !found) throw new Error('scan: expected its gradient within the function that is traced');
  return { ...found, recorder };
}

/** Runs one step on the tape, to see which tensors from outside it uses, and takes it off again. */
function probe(
  recorder: Recorder,
  step: FlatStep,
  initial: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
): { readonly used: tf.Tensor[]; readonly outputs: number } {
  return recorder.aside(() => {
    const tape = tapeOf(tf.engine());
    const length = tape.length;
    let outputs = 0;
    const used = new Set<tf.Tensor>();
    tf.tidy(() => {
      const given = [...initial.map(copyOf), ...xs.map((x) => rowOf(x, 0))];
      const first = nextTensorId(tf.engine());
      const since = tape.length;
      outputs = step(given.slice(0, initial.length), given.slice(initial.length)).outputs.length;
      for (const { inputs } of tape.slice(since))
        for (const tensor of Object.values(inputs)) if (tensor.id < first && !given.includes(tensor)) used.add(tensor);
    });
    for (const { saved } of tape.splice(length)) tf.dispose([...(saved ?? [])]);
    return { used: [...used], outputs };
  });
}
