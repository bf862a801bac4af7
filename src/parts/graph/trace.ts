import * as tf from '@tensorflow/tfjs-node';
import { node } from '../files';
import { nextTensorId } from '../tensorflow/private-members';
import { allOrNothing, onFailure } from './all-or-nothing';
import type { Numbers } from './changing-numbers';
import type { GraphBuilder } from './graph-builder';
import type { GraphNode } from './graph-node';
import { idOf, nativeBackend } from './native';
import { onDisposal } from './native-door';
import { shapeOf, type Changing } from './changing';
import { Recorder } from './recorder';
import { copyOf } from './scan-parts';
import type { Settings } from './settings';
import { TraceError } from './trace-error';
import { fedOf, rebuild, tensorsOf, tidied, type Argument, type Result } from './structure';

/** A function as one TensorFlow graph, for arguments of one form. */
export interface Trace {
  readonly nodes: readonly GraphNode[];
  /** Says why it doesn't hold any more: a tensor that it captured was freed. Then it must be traced anew. */
  readonly whyInvalid: () => string | undefined;
  /** Says which setting of a layer or an optimizer is another one than in the graph. */
  readonly changedSetting: () => string | undefined;
  readonly run: (inputs: readonly tf.Tensor[]) => Result;
  /** What it would compute, without changing anything: results, then new values of variables. */
  readonly try: (inputs: readonly tf.Tensor[]) => tf.Tensor[];
  readonly dispose: () => void;
}

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
}

/** A variable appeared while a function was traced, such as an optimizer's at its first step. */
export class MadeVariable extends TraceError {}

const variablesOf = (): tf.Variable[] => Object.values(tf.engine().registeredVariables);

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
  for (const variable of variables) separateVariable(variable);
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
      const result = tidied(fn);
      onFailure(() => tf.dispose(tensorsOf(result).filter(({ id }) => id >= firstId)));
      const created = variablesOf().filter((variable) => !ids.has(variable));
      if (created.length > 0)
        throw new MadeVariable(
          `compile: the function made a variable (${created[0].name}) while it was traced; make variables outside of it`,
        );
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
      const { builder, afterRun, settings, numbers } = recorder;
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
      };
    },
    { notesNumbers },
  );
}

/** A graph of what was written down. TensorFlow loads it when it first runs: many a shape never comes again. */
export const graphOf = (recorded: Recorded): Trace => new RecordedGraph(recorded);

/** Clones and assignments share memory; a graph must tell what was shared by chance from what stays the same. */
function separateVariable(variable: tf.Variable): void {
  if (nativeBackend().refCount(variable.dataId) < 2) return;
  const copy = copyOf(variable);
  variable.assign(copy);
  copy.dispose();
}

function tensorOf({ read }: Changing): tf.Tensor {
  const values = read();
  return tf.tensor(values, shapeOf(values), values instanceof Float32Array ? 'float32' : 'int32');
}

class RecordedGraph implements Trace {
  readonly nodes: readonly GraphNode[];
  /** TensorFlow's number for it, once it is loaded. */
  private model: number | undefined;
  private builder: GraphBuilder | undefined;
  private readonly feeds: string;
  private readonly fetches: string;
  private isFreed = false;
  private readonly stopListening: () => void;

  private readonly recorded: Omit<Recorded, 'builder'>;
  private isGone = false;

  constructor({ builder, ...recorded }: Recorded) {
    const { inputNames, outputNames, captured } = recorded;
    this.recorded = recorded;
    this.builder = builder;
    this.nodes = builder.nodes;
    this.feeds = [...inputNames, ...captured.map(({ name }) => name)].map((name) => `${name}:0`).join(',');
    this.fetches = outputNames.join(',');
    const loose = new Set(captured.map(({ source }) => source).filter((source) => typeof source === 'number'));
    this.stopListening =
      loose.size === 0 ? () => undefined : onDisposal((id) => (this.isFreed = this.isFreed || loose.has(id)));
  }

  whyInvalid(): string | undefined {
    if (this.isFreed) return 'a tensor from outside that it used was freed';
    for (const { source } of this.recorded.captured)
      if (source instanceof tf.Variable && source.isDisposed) return `the variable ${source.name} was disposed`;
    return undefined;
  }

  changedSetting(): string | undefined {
    return this.recorded.settings.change();
  }

  try(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    return this.compute(inputs, true);
  }

  private compute(inputs: readonly tf.Tensor[], isTrial: boolean): tf.Tensor[] {
    const backend = nativeBackend();
    const model = this.loaded();
    const read: Changing[] = [];
    let hasFailed = false;
    const numbers: tf.Tensor[] = [];
    try {
      const fed = this.recorded.captured.map(({ source }) => {
        if (typeof source === 'number') return source;
        if (source instanceof tf.Variable) return idOf(source);
        read.push(source);
        numbers.push(tensorOf(source));
        return idOf(numbers[numbers.length - 1]);
      });
      const outputs = backend.binding.runSavedModel(model, [...inputs.map(idOf), ...fed], this.feeds, this.fetches);
      return outputs.map((metadata) => backend.createOutputTensor(metadata));
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      if (isTrial || hasFailed) for (const { back } of read.reverse()) back?.();
      tf.dispose(numbers);
    }
  }

  private loaded(): number {
    if (this.model !== undefined) return this.model;
    if (!this.builder) throw new TraceError('compile: the graph was freed');
    this.model = loadModel(this.builder.savedModel());
    this.builder = undefined;
    return this.model;
  }

  run(inputs: readonly tf.Tensor[]): Result {
    const { afterRun, changed, result } = this.recorded;
    const made = this.compute(inputs, false);
    for (const work of afterRun) work();
    const values = made.splice(made.length - changed.length);
    changed.forEach((variable, i) => {
      variable.assign(values[i]);
      values[i].dispose();
    });
    return rebuild(result, made);
  }

  dispose(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.builder = undefined;
    this.stopListening();
    if (this.model !== undefined) nativeBackend().binding.deleteSavedModel(this.model);
  }
}

// One name for all: TensorFlow keeps statistics of 2 KB for each path that it ever loaded from.
let savedModel: string | undefined;

/** Loads a SavedModel; its folder is needed only while it is read. */
function loadModel(bytes: Uint8Array): number {
  const { mkdirSync, rmSync, writeFileSync } = node('fs');
  const path = node('path');
  const folder = (savedModel ??= path.join(node('os').tmpdir(), `layerwise-graph-${node('crypto').randomUUID()}`));
  mkdirSync(folder, { mode: 0o700 });
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), bytes);
    return nativeBackend().binding.loadSavedModel(folder, 'serve');
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace('Failed to load SavedModel: ', '');
    throw new TraceError(`compile: TensorFlow can't load the graph: ${why.replace(/\s+/g, ' ')}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
