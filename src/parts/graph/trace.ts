import * as tf from '@tensorflow/tfjs-node';
import { nextTensorId } from '../tensorflow/private-members';
import { allOrNothing, copiesHeld, onFailure } from './all-or-nothing';
import type { Numbers } from './changing-numbers';
import type { GraphBuilder } from './graph-builder';
import { idOf, nativeBackend } from './native';
import type { Changing } from './changing';
import type { ByData } from './data-lengths';
import { Recorder } from './recorder';
import { copyOf } from './scan-parts';
import { notingNames } from './session-names';
import type { Settings } from './settings';
import { TraceError } from './trace-error';
import { fedOf, rebuild, tensorsOf, tidied, type Argument, type Result } from './structure';

/** What a function did in one call, written down. */
export interface Recorded {
  readonly builder: GraphBuilder;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** What the function returned. */
  readonly result: Result;
  /** What it used without being given it: variables, tensors by number, numbers of JavaScript. */
  readonly captured: readonly { readonly name: string; readonly source: tf.Variable | number | Changing }[];
  readonly changed: readonly tf.Variable[];
  readonly afterRun: readonly (() => void)[];
  readonly settings: Settings;
  /** Settings that the function itself changes: the graph keeps them as they were. */
  readonly changedInside: readonly string[];
  /** The numbers of JavaScript that it holds. */
  readonly numbers: Numbers;
  /** The variables that it made. */
  readonly created: readonly tf.Variable[];
  /** Whether only optimizers made some, for weights that they hadn't met. */
  readonly onlySlots: boolean;
  /** Results of operations whose lengths the data decide. */
  readonly byData: readonly ByData[];
  /** The library's numbers of the tensors that it was given or has made, and not freed. */
  readonly alive: readonly number[];
}

export const variablesOf = (): tf.Variable[] => Object.values(tf.engine().registeredVariables);

/**
 * Runs a function once, eagerly, and writes down all that it does. Variables are read anew at each run of the graph,
 * and written back.
 *
 * @param use makes something of what was written down, such as a graph. Where it fails, the call counts as failed.
 * @param options.notesNumbers tells the numbers of JavaScript that it holds, which takes time (default true).
 * @throws TraceError where the function can't be a graph. Variables then are what they were.
 */
export function record<T>(
  fn: (...args: Argument[]) => Result,
  args: readonly Argument[],
  use: (recorded: Recorded) => T,
  { notesNumbers = true } = {},
): T {
  const variables = variablesOf();
  separate(variables);
  const all = args.flatMap(tensorsOf).map((tensor) => (tensor instanceof tf.Variable ? tensor : copyOf(tensor)));
  const copies = fedOf(all);
  const given = args.map((argument) => rebuild(argument, all));
  let kept: readonly tf.Tensor[] = [];
  try {
    return allOrNothing(() => {
      const recorded = write(() => fn(...given), copies, variables, notesNumbers);
      const made = use(recorded);
      kept = tensorsOf(recorded.result);
      return made;
    });
  } finally {
    tf.dispose(copies.filter((copy) => !kept.includes(copy)));
  }
}

function write(
  fn: () => Result,
  inputs: readonly tf.Tensor[],
  before: readonly tf.Variable[],
  notesNumbers: boolean,
): Recorded {
  const backend = nativeBackend();
  const ids = new Map(before.map((variable) => [variable, idOf(variable)]));
  const inputNames: string[] = [];
  return Recorder.run(
    (recorder) => {
      for (const tensor of inputs)
        inputNames.push(recorder.input(idOf(tensor), backend.getDTypeInteger(tensor.dtype), tensor.shape));
      for (const [{ dtype, shape }, id] of ids) recorder.tellForm(id, { dtype: backend.getDTypeInteger(dtype), shape });
    },
    (recorder) => {
      const firstId = nextTensorId(tf.engine());
      const result = notingNames(recorder.settings.names, () => tidied(fn));
      onFailure(() => tf.dispose(tensorsOf(result).filter(({ id }) => id >= firstId)));
      if (recorder.refused) throw recorder.refused;
      const created = variablesOf().filter((variable) => !ids.has(variable));
      const changed = before.filter((variable) => !variable.isDisposed && idOf(variable) !== ids.get(variable));
      const output = (tensor: tf.Tensor): string =>
        `${recorder.builder.identity(backend.getDTypeInteger(tensor.dtype), recorder.nameOf(idOf(tensor)), tensor.shape)}:0`;
      const outputNames = [...tensorsOf(result), ...changed].map(output);
      const variableOf = new Map([...ids].map(([variable, id]) => [id, variable]));
      const captured = recorder.captured.map(({ name, source }) => ({
        name,
        source: typeof source === 'number' ? (variableOf.get(source) ?? source) : source,
      }));
      for (const { source } of captured) {
        const line = typeof source === 'number' ? recorder.freedFromOutside.get(source) : undefined;
        if (line !== undefined)
          throw new TraceError(
            `compile: the function frees a tensor from outside that it uses (${line}); hold what changes from call to call in a tf.variable`,
          );
      }
      const { builder, afterRun, settings, numbers, alive } = recorder;
      const changedInside = settings.close();
      for (const { source } of captured) if (source instanceof tf.Variable) settings.watchOne(source, 'trainable');
      return {
        builder,
        inputNames,
        outputNames,
        result,
        captured,
        changed,
        afterRun,
        settings,
        changedInside,
        numbers,
        created,
        onlySlots: created.every((variable) => recorder.slots.has(variable)),
        byData: recorder.byData,
        alive,
      };
    },
    { notesNumbers },
  );
}

const separationListeners = new Set<(variable: tf.Variable, from: number) => void>();

/** Calls back with a variable that was given memory of its own, and its native number before. Returns how to stop. */
export function onSeparate(listener: (variable: tf.Variable, from: number) => void): () => void {
  separationListeners.add(listener);
  return () => separationListeners.delete(listener);
}

/** Clones and assignments share memory; a graph must tell what was shared by chance from what stays the same. */
export function separate(variables: readonly tf.Variable[]): void {
  for (const variable of variables) {
    if (nativeBackend().refCount(variable.dataId) - copiesHeld(variable) < 2) continue;
    const from = idOf(variable);
    const copy = copyOf(variable);
    variable.assign(copy);
    copy.dispose();
    for (const listener of separationListeners) listener(variable, from);
  }
}
