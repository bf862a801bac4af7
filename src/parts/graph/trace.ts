import * as tf from '@tensorflow/tfjs-node';
import { node } from '../files';
import { allOrNothing } from './all-or-nothing';
import type { Numbers } from './changing-numbers';
import type { GraphNode } from './graph-node';
import { idOf, nativeBackend, nativeOp } from './native';
import { onDisposal } from './native-door';
import { Recorder, shapeOf, type Changing } from './recorder';
import type { Settings } from './settings';
import { TraceError } from './trace-error';
import { fedOf, rebuild, tensorsOf, tidied, type Argument, type Result } from './structure';

/** A function as one TensorFlow graph, for arguments of one form. */
export interface Trace {
  readonly nodes: readonly GraphNode[];
  /** What the function returned while it was traced. */
  readonly firstResult: Result;
  /** False where a tensor that it captured was freed: then it must be traced anew. */
  readonly isValid: () => boolean;
  /** False where a layer or an optimizer has other settings than the graph. */
  readonly hasSameSettings: () => boolean;
  /** Settings that the function itself changes: the graph keeps them as they were. */
  readonly changedInside: readonly string[];
  /** The numbers of JavaScript that it holds. */
  readonly numbers: Numbers;
  readonly run: (inputs: readonly tf.Tensor[]) => Result;
  readonly dispose: () => void;
}

const variablesOf = (): tf.Variable[] => Object.values(tf.engine().registeredVariables);

/**
 * Runs a function once, eagerly, and writes down all that it does. Variables are read anew at each run, and written
 * back.
 *
 * @throws TraceError where the function can't be a graph. Variables then are what they were.
 */
export function trace(fn: (...args: Argument[]) => Result, args: readonly Argument[]): Trace {
  const variables = variablesOf();
  for (const variable of variables) separateVariable(variable);
  const all = args.flatMap(tensorsOf).map((tensor) => (tensor instanceof tf.Variable ? tensor : copyOf(tensor)));
  const copies = fedOf(all);
  const given = args.map((argument) => rebuild(argument, all));
  let kept: readonly tf.Tensor[] = [];
  try {
    const made = allOrNothing(() => record(() => fn(...given), copies, variables));
    kept = tensorsOf(made.firstResult);
    return made;
  } finally {
    tf.dispose(copies.filter((copy) => !kept.includes(copy)));
  }
}

function record(fn: () => Result, inputs: readonly tf.Tensor[], before: readonly tf.Variable[]): Trace {
  const backend = nativeBackend();
  const ids = new Map(before.map((variable) => [variable, idOf(variable)]));
  const inputNames: string[] = [];
  return Recorder.run(
    (recorder) => {
      for (const tensor of inputs)
        inputNames.push(recorder.input(idOf(tensor), backend.getDTypeInteger(tensor.dtype), tensor.shape));
    },
    (recorder) => {
      const result = tidied(fn);
      const created = variablesOf().filter((variable) => !ids.has(variable));
      if (created.length > 0)
        throw new TraceError(
          `compile: the function made a variable (${created[0].name}) while it was traced; make variables outside of it`,
        );
      const changed = before.filter((variable) => !variable.isDisposed && idOf(variable) !== ids.get(variable));
      const output = (tensor: tf.Tensor): string =>
        `${recorder.builder.identity(backend.getDTypeInteger(tensor.dtype), recorder.nameOf(idOf(tensor)), tensor.shape)}:0`;
      const outputNames = [...tensorsOf(result), ...changed].map(output);
      const variableOf = new Map([...ids].map(([variable, id]) => [id, variable]));
      return new LoadedGraph(recorder, inputNames, outputNames, result, changed, variableOf);
    },
  );
}

/** The same values under a number of their own: the recorder tells tensors by the native library's numbers. */
const copyOf = (tensor: tf.Tensor): tf.Tensor => nativeOp('Identity', [tensor], { T: { dtype: tensor.dtype } })[0];

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

class LoadedGraph implements Trace {
  readonly changedInside: readonly string[];
  readonly numbers: Numbers;
  readonly nodes: readonly GraphNode[];
  private readonly model: number;
  private readonly feeds: string;
  private readonly fetches: string;
  private readonly captured: readonly (tf.Variable | number | Changing)[];
  private readonly afterRun: readonly (() => void)[];
  private readonly settings: Settings;
  private readonly form: Result;
  private valid = true;
  private readonly stopListening: () => void;

  constructor(
    recorder: Recorder,
    inputNames: readonly string[],
    outputNames: readonly string[],
    readonly firstResult: Result,
    private readonly changed: readonly tf.Variable[],
    variableOf: ReadonlyMap<number, tf.Variable>,
  ) {
    this.nodes = recorder.builder.nodes;
    this.form = firstResult;
    this.captured = recorder.captured.map(({ source }) =>
      typeof source === 'number' ? (variableOf.get(source) ?? source) : source,
    );
    this.afterRun = recorder.afterRun;
    this.settings = recorder.settings;
    this.changedInside = this.settings.close();
    this.numbers = recorder.numbers;
    for (const item of this.captured) if (item instanceof tf.Variable) this.settings.watchOne(item, 'trainable');
    this.feeds = [...inputNames, ...recorder.captured.map(({ name }) => name)].map((name) => `${name}:0`).join(',');
    this.fetches = outputNames.join(',');
    this.model = load(recorder.builder.savedModel());
    const loose = new Set(this.captured.filter((item) => typeof item === 'number'));
    this.stopListening =
      loose.size === 0 ? () => undefined : onDisposal((id) => (this.valid = this.valid && !loose.has(id)));
  }

  isValid(): boolean {
    return this.valid && this.captured.every((item) => !(item instanceof tf.Variable) || !item.isDisposed);
  }

  hasSameSettings(): boolean {
    return this.settings.isSame();
  }

  run(inputs: readonly tf.Tensor[]): Result {
    const backend = nativeBackend();
    const read: Changing[] = [];
    const made: tf.Tensor[] = [];
    const numbers: tf.Tensor[] = [];
    try {
      const fed = this.captured.map((item) => {
        if (typeof item === 'number') return item;
        if (item instanceof tf.Variable) return idOf(item);
        read.push(item);
        numbers.push(tensorOf(item));
        return idOf(numbers[numbers.length - 1]);
      });
      const outputs = backend.binding.runSavedModel(
        this.model,
        [...inputs.map(idOf), ...fed],
        this.feeds,
        this.fetches,
      );
      made.push(...outputs.map((metadata) => backend.createOutputTensor(metadata)));
    } catch (error) {
      for (const { back } of read.reverse()) back?.();
      throw error;
    } finally {
      tf.dispose(numbers);
    }
    for (const work of this.afterRun) work();
    const values = made.splice(made.length - this.changed.length);
    this.changed.forEach((variable, i) => {
      variable.assign(values[i]);
      values[i].dispose();
    });
    return rebuild(this.form, made);
  }

  dispose(): void {
    this.stopListening();
    nativeBackend().binding.deleteSavedModel(this.model);
  }
}

// One name for all: TensorFlow keeps statistics of 2 KB for each path that it ever loaded from.
let savedModel: string | undefined;

/** Loads a SavedModel; its folder is needed only while it is read. */
function load(bytes: Uint8Array): number {
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
