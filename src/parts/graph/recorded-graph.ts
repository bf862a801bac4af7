import * as tf from '@tensorflow/tfjs-node';
import { node } from '../files';
import { shapeOf, type Changing } from './changing';
import { OtherLength } from './data-lengths';
import type { GraphBuilder } from './graph-builder';
import type { GraphNode } from './graph-node';
import { idOf, nativeBackend } from './native';
import { onDisposal } from './native-door';
import { rebuild, type Result } from './structure';
import type { Recorded } from './trace';
import { TraceError } from './trace-error';

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

/** A graph of what was written down. TensorFlow loads it when it first runs: many a shape never comes again. */
export const graphOf = (recorded: Recorded): Trace => new RecordedGraph(recorded);

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
    const { inputNames, outputNames, captured, byData } = recorded;
    this.recorded = recorded;
    this.builder = builder;
    this.nodes = builder.nodes;
    this.feeds = [...inputNames, ...captured.map(({ name }) => name)].map((name) => `${name}:0`).join(',');
    this.fetches = [...outputNames, ...byData.map(({ name }) => name)].join(',');
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
    const { captured, outputNames } = this.recorded;
    if (outputNames.length === 0) return [];
    const backend = nativeBackend();
    const model = this.loaded();
    const read: Changing[] = [];
    let hasFailed = false;
    const numbers: tf.Tensor[] = [];
    try {
      const fed = captured.map(({ source }) => {
        if (typeof source === 'number') return source;
        if (source instanceof tf.Variable) return idOf(source);
        read.push(source);
        numbers.push(tensorOf(source));
        return idOf(numbers[numbers.length - 1]);
      });
      const outputs = backend.binding.runSavedModel(model, [...inputs.map(idOf), ...fed], this.feeds, this.fetches);
      const made = outputs.map((metadata) => backend.createOutputTensor(metadata));
      this.checkLengths(made.splice(outputNames.length), made);
      return made;
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      if (isTrial || hasFailed) for (const { back } of read.reverse()) back?.();
      tf.dispose(numbers);
    }
  }

  /** What JavaScript did with a length that the data decide holds for that length alone. */
  private checkLengths(lengths: readonly tf.Tensor[], results: tf.Tensor[]): void {
    const { byData } = this.recorded;
    const other = lengths.findIndex(({ shape }, i) => String(shape) !== String(byData[i].shape));
    const shape = lengths[other]?.shape;
    tf.dispose([...lengths]);
    if (other < 0) return;
    tf.dispose(results);
    const { op, shape: before } = byData[other];
    throw new OtherLength(`the data decide how much ${op} finds: [${shape}] here, [${before}] when it was traced`);
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
