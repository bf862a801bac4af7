import type * as tf from '@tensorflow/tfjs-node';
import { watchDraws } from '../random/generator';
import { shapeOf, type Captured, type Changing } from './changing';
import { noteNumber, type Numbers } from './changing-numbers';
import { dataDecide, type ByData } from './data-lengths';
import { describe } from './describe';
import { Frames, usedOutside } from './frames';
import { watchGradients } from './gradient-targets';
import { GraphBuilder, type Made } from './graph-builder';
import { LongTrace } from './long-trace';
import { freeNow, installDoor, passThrough, type Door } from './native-door';
import { typedByInput } from './typed-by-input';
import { uploadPast } from './upload-past';
import { nativeBackend, type TFEOpAttr, type TFJSBinding, type TensorMetadata } from './native';
import { changingInLoop, lengthInLoop, refuseDraw, textBytes, valueRead } from './refusals';
import { Settings } from './settings';
import { TraceError } from './trace-error';
import { isForPromise, whereCalled } from './where-called';

let active: Recorder | undefined;

/** Whether a function is being traced just now. */
export const isTracing = (): boolean => active !== undefined;

/** The recorder of the trace that is running, if one is. */
export const activeRecorder = (): Recorder | undefined => active;

/** Writes down what passes the one door between tfjs-node and TensorFlow. */
export class Recorder implements Door {
  readonly builder: GraphBuilder;
  readonly frames: Frames;
  readonly captured: Captured[] = [];
  /** What happens in JavaScript at each run of the graph. */
  readonly afterRun: (() => void)[] = [];
  /** What it found as it was: a graph doesn't hold for other settings. */
  readonly settings = new Settings();
  /** The numbers of JavaScript that it holds. */
  readonly numbers: Numbers = new Map();
  /** Of the operations that run while {@link inputsOf} watches. */
  private inputs: object[] | undefined;
  /** Whether what is computed now is not written down. */
  isAside = false;
  /** Tensors that were made aside: those of values can still be written down, computed ones can't. */
  private readonly made = new Map<number, (() => string) | undefined>();
  private readonly names = new Map<number, string>();
  private readonly dtypes = new Map<number, number>();
  private readonly known = new Map<number, Made>();
  private readonly freedLater: number[] = [];
  private readonly fromOutside = new Set<number>();
  /** Tensors from outside that the function used and freed, with the line that did. */
  readonly freedFromOutside = new Map<number, string>();
  /** Variables that optimizers have made, for weights that they hadn't met. */
  readonly slots = new Set<tf.Variable>();
  readonly byData: ByData[] = [];
  /** The first value that was promised. The call fails at its end: a promise would keep an error to itself. */
  refused: TraceError | undefined;
  private readonly progress = new LongTrace();

  private constructor(
    private readonly native: TFJSBinding,
    readonly isPortable: boolean,
    private notesNumbers: boolean,
  ) {
    this.builder = new GraphBuilder(native);
    this.frames = new Frames(native, this.builder);
  }

  /** Runs `work` with it in place. What that frees is freed afterwards: the library uses numbers of tensors again. */
  static run<T>(
    prepare: (recorder: Recorder) => void,
    work: (recorder: Recorder) => T,
    { isPortable = false, notesNumbers = false } = {},
  ): T {
    const native = installDoor();
    const recorder = new Recorder(native, isPortable, notesNumbers);
    prepare(recorder);
    const random = Math.random;
    const endWatch = watchDraws(refuseDraw);
    Math.random = refuseDraw;
    const release = uploadPast((tensors) => recorder.inputs?.push(...tensors));
    const endTargets = watchGradients();
    active = recorder;
    const before = passThrough(recorder);
    try {
      return work(recorder);
    } finally {
      active = undefined;
      passThrough(before);
      release();
      endTargets();
      Math.random = random;
      endWatch();
      recorder.progress.done(recorder.builder.nodes.length);
      for (const id of recorder.freedLater) freeNow(native, id);
    }
  }

  /** Makes a placeholder for a tensor that is fed at each call. */
  input(id: number, dtype: number, shape: readonly number[]): string {
    const name = this.builder.placeholder(dtype, shape);
    this.names.set(id, name);
    this.dtypes.set(id, dtype);
    return name;
  }

  /** Tells type and shape of a tensor from outside: to ask the library for them takes an operation. */
  tellForm(id: number, { dtype, shape }: Made): void {
    this.known.set(id, { dtype, shape });
  }

  /** The graph's name for a tensor; tensors from outside become captured. */
  nameOf(id: number): string {
    const name = this.ownNameOf(id);
    return this.frames.reach(name, this.dtypes.get(id) ?? this.native.TF_FLOAT);
  }

  private ownNameOf(id: number): string {
    const known = this.names.get(id);
    if (known !== undefined) return known;
    if (this.made.has(id)) {
      const write = this.made.get(id);
      if (!write) throw usedOutside();
      return write();
    }
    const { dtype, shape } = this.known.get(id) ?? describe(this.native, id);
    if (this.isPortable) return this.frozen(id, dtype, shape);
    const name = this.input(id, dtype, shape);
    this.captured.push({ name, source: id });
    this.fromOutside.add(id);
    return name;
  }

  /** The library's numbers of tensors that were made while it was in place, and not freed. */
  get alive(): readonly number[] {
    const others = new Set([...this.freedLater, ...this.fromOutside]);
    return [...this.names.keys()].filter((id) => !others.has(id));
  }

  /** Tells the tensors, or what stands for them, that the operations of `work` take. */
  inputsOf<T>(work: () => T): { readonly result: T; readonly inputs: readonly object[] } {
    const inputs: object[] = (this.inputs = []);
    try {
      return { result: work(), inputs };
    } finally {
      this.inputs = undefined;
    }
  }

  /** What `work` computes was computed before: it is written down, but its numbers are not noted again. */
  anew<T>(work: () => T): T {
    return this.during(() => (this.notesNumbers = false), work);
  }

  /** What `work` does is computed, but not written down. */
  aside<T>(work: () => T): T {
    return this.during(() => (this.isAside = true), work);
  }

  private during<T>(change: () => void, work: () => T): T {
    const { isAside, notesNumbers } = this;
    change();
    try {
      return work();
    } finally {
      [this.isAside, this.notesNumbers] = [isAside, notesNumbers];
    }
  }

  /** Says what a tensor is called in the graph. */
  know(id: number, dtype: number, name: string): string {
    this.made.delete(id);
    this.names.set(id, name);
    this.dtypes.set(id, dtype);
    return name;
  }

  /** The present value of a tensor, for graphs that leave this process. */
  private frozen(id: number, dtype: number, shape: readonly number[]): string {
    const values: unknown = this.native.tensorDataSync(id);
    if (!ArrayBuffer.isView(values)) throw new TraceError('exportSavedModel: expected weights that are numbers');
    return this.know(id, dtype, this.builder.constant(dtype, shape, values));
  }

  /** A number that may change between calls, such as a learning rate. */
  changingNumber(of: object, read: () => number): tf.Tensor {
    return this.changing({ of, read: () => Float32Array.of(read()) });
  }

  /** Numbers that may change between calls: one alone, or several in a row. */
  changing(source: Changing): tf.Tensor {
    if (this.frames.isInside || this.isAside) throw changingInLoop();
    const values = source.read();
    const shape = shapeOf(values);
    const dtype = values instanceof Float32Array ? this.native.TF_FLOAT : this.native.TF_INT32;
    const id = this.native.createTensor(shape, dtype, values);
    this.captured.push({ name: this.input(id, dtype, shape), source });
    return nativeBackend().createOutputTensor({ id, dtype, shape });
  }

  createTensor(shape: number[], dtype: number, values: Parameters<TFJSBinding['createTensor']>[2]): number {
    const id = this.native.createTensor(shape, dtype, values);
    const kept = ArrayBuffer.isView(values) ? values : values.map(textBytes);
    if (this.isAside) {
      this.made.set(id, () => this.know(id, dtype, this.builder.constant(dtype, shape, kept)));
      return id;
    }
    const name = this.know(id, dtype, this.frames.writeConstant(dtype, shape, kept));
    if (this.notesNumbers) noteNumber(this.numbers, values, name);
    return id;
  }

  executeOp(op: string, attributes: TFEOpAttr[], inputs: number[], outputs: number): TensorMetadata[] {
    this.progress.step(this.builder.nodes.length);
    if (this.isAside) {
      const computed = this.native.executeOp(op, attributes, inputs, outputs);
      for (const { id } of computed) this.made.set(id, undefined);
      return computed;
    }
    const names = inputs.map((id) => this.nameOf(id));
    const made = this.native.executeOp(op, attributes, inputs, outputs);
    const name = this.frames.write(
      op,
      typedByInput(op, attributes, (i) => this.dtypes.get(inputs[i])),
      names,
      made[0]?.shape,
    );
    if (dataDecide(op) && this.frames.isInside) throw lengthInLoop(op);
    if (dataDecide(op)) this.byData.push({ op, name: `${name}:0`, shape: made[0].shape });
    made.forEach(({ id, dtype }, i) => {
      const own = i === 0 ? name : `${name}:${i}`;
      this.frames.settle(own);
      this.know(id, dtype, own);
    });
    return made;
  }

  deleteTensor(id: number): void {
    const name = this.names.get(id);
    // Each step of a loop makes such ones: they are forgotten at once.
    const isOfStep = this.made.has(id) || (name !== undefined && this.frames.isOfLoop(name));
    if (!isOfStep) {
      this.freedLater.push(id);
      if (this.fromOutside.has(id)) this.freedFromOutside.set(id, whereCalled());
      return;
    }
    this.made.delete(id);
    this.names.delete(id);
    freeNow(this.native, id);
  }

  tensorDataSync(id: number): ReturnType<TFJSBinding['tensorDataSync']> {
    const error = valueRead(this.names.get(id) ?? 'a tensor from outside');
    if (!isForPromise()) throw error;
    this.refused ??= error;
    return this.native.tensorDataSync(id);
  }
}
