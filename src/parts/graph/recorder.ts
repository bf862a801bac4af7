import type * as tf from '@tensorflow/tfjs-node';
import { watchDraws } from '../random/generator';
import { noteNumber, type Numbers } from './changing-numbers';
import { GraphBuilder, type Made } from './graph-builder';
import { LongTrace } from './long-trace';
import { freeNow, installDoor, passThrough, type Door } from './native-door';
import { uploadPast } from './upload-past';
import { nativeBackend, type TFEOpAttr, type TFJSBinding, type TensorMetadata } from './native';
import { Settings } from './settings';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** Numbers of JavaScript's that a graph is given anew at each call. */
export interface Changing {
  readonly read: () => Float32Array | Int32Array;
  /** Whose they are: an optimizer's rate, the seeds of a layer. */
  readonly of: object;
  /** Takes back what reading has changed, where the call fails. */
  readonly back?: () => void;
}

/** One number stands alone, several in a row. */
export const shapeOf = ({ length }: Float32Array | Int32Array): number[] => (length === 1 ? [] : [length]);

/** A tensor that the function used without being given it, or numbers of JavaScript's: read anew at each call. */
export interface Captured {
  readonly name: string;
  readonly source: number | Changing;
}

/**
 * Operations that tfjs-node runs without their type T, or with another one than that of the input which has it: run at
 * once, TensorFlow goes by that input.
 */
const TYPED_BY_INPUT: ReadonlyMap<string, number> = new Map([
  ['ExpandDims', 0],
  ['Mean', 0],
  ['Conv2DBackpropInput', 1],
]);

let active: Recorder | undefined;

/** Whether a function is being traced just now. */
export const isTracing = (): boolean => active !== undefined;

/** The recorder of the trace that is running, if one is. */
export const activeRecorder = (): Recorder | undefined => active;

/** Writes down what passes the one door between tfjs-node and TensorFlow. */
export class Recorder implements Door {
  readonly builder: GraphBuilder;
  readonly captured: Captured[] = [];
  /** What happens in JavaScript at each run of the graph. */
  readonly afterRun: (() => void)[] = [];
  /** What it found as it was: a graph doesn't hold for other settings. */
  readonly settings = new Settings();
  /** The numbers of JavaScript that it holds. */
  readonly numbers: Numbers = new Map();
  private readonly names = new Map<number, string>();
  private readonly dtypes = new Map<number, number>();
  private readonly known = new Map<number, Made>();
  private readonly freedLater: number[] = [];
  private readonly fromOutside = new Set<number>();
  /** Tensors from outside that the function used and freed, with the line that did. */
  readonly freedFromOutside = new Map<number, string>();
  private readonly progress = new LongTrace();

  private constructor(
    private readonly native: TFJSBinding,
    readonly isPortable: boolean,
    private readonly notesNumbers: boolean,
  ) {
    this.builder = new GraphBuilder(native);
  }

  /**
   * Runs `work` with the recorder in place. Tensors that `work` frees are freed afterwards: the library uses their
   * numbers again.
   */
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
    const release = uploadPast(recorder);
    active = recorder;
    const before = passThrough(recorder);
    try {
      return work(recorder);
    } finally {
      active = undefined;
      passThrough(before);
      release();
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
  know(id: number, { dtype, shape }: Made): void {
    this.known.set(id, { dtype, shape });
  }

  /** The graph's name for a tensor; tensors from outside become captured. */
  nameOf(id: number): string {
    const known = this.names.get(id);
    if (known !== undefined) return known;
    const { dtype, shape } = this.known.get(id) ?? this.describe(id);
    if (this.isPortable) return this.frozen(id, dtype, shape);
    const name = this.input(id, dtype, shape);
    this.captured.push({ name, source: id });
    this.fromOutside.add(id);
    return name;
  }

  /** The present value of a tensor, for graphs that leave this process. */
  private frozen(id: number, dtype: number, shape: readonly number[]): string {
    const values: unknown = this.native.tensorDataSync(id);
    if (!ArrayBuffer.isView(values)) throw new TraceError('exportSavedModel: expected weights that are numbers');
    const name = this.builder.constant(dtype, shape, values);
    this.names.set(id, name);
    this.dtypes.set(id, dtype);
    return name;
  }

  /** A number that may change between calls, such as a learning rate. */
  changingNumber(of: object, read: () => number): tf.Tensor {
    return this.changing({ of, read: () => Float32Array.of(read()) });
  }

  /** Numbers that may change between calls: one alone, or several in a row. */
  changing(source: Changing): tf.Tensor {
    const values = source.read();
    const shape = shapeOf(values);
    const dtype = values instanceof Float32Array ? this.native.TF_FLOAT : this.native.TF_INT32;
    const id = this.native.createTensor(shape, dtype, values);
    this.captured.push({ name: this.input(id, dtype, shape), source });
    return nativeBackend().createOutputTensor({ id, dtype, shape });
  }

  /** Type and shape of a tensor that we know by number alone, from an op that hands it on. */
  private describe(id: number): Made {
    const dtypes = [
      this.native.TF_FLOAT,
      this.native.TF_INT32,
      this.native.TF_BOOL,
      this.native.TF_STRING,
      this.native.TF_INT64,
      this.native.TF_COMPLEX64,
    ];
    for (const dtype of dtypes) {
      try {
        const [copy] = this.native.executeOp(
          'Identity',
          [{ name: 'T', type: this.native.TF_ATTR_TYPE, value: dtype }],
          [id],
          1,
        );
        this.native.deleteTensor(copy.id);
        return { dtype: copy.dtype, shape: copy.shape };
      } catch {
        continue;
      }
    }
    throw new TraceError(
      `compile: a tensor from outside the function has a type that graphs don't know (${whereCalled()})`,
    );
  }

  createTensor(shape: number[], dtype: number, values: Parameters<TFJSBinding['createTensor']>[2]): number {
    const id = this.native.createTensor(shape, dtype, values);
    if (this.notesNumbers) noteNumber(this.numbers, values);
    this.dtypes.set(id, dtype);
    this.names.set(id, this.builder.constant(dtype, shape, ArrayBuffer.isView(values) ? values : values.map(toBytes)));
    return id;
  }

  executeOp(op: string, attributes: TFEOpAttr[], inputs: number[], outputs: number): TensorMetadata[] {
    this.progress.step(this.builder.nodes.length);
    const names = inputs.map((id) => this.nameOf(id));
    const made = this.native.executeOp(op, attributes, inputs, outputs);
    const name = this.builder.operation(op, this.completed(op, attributes, inputs), names, made[0]?.shape ?? []);
    made.forEach(({ id, dtype }, i) => {
      this.names.set(id, i === 0 ? name : `${name}:${i}`);
      this.dtypes.set(id, dtype);
    });
    return made;
  }

  /** Run at once, TensorFlow finds types by itself that a graph must name. */
  private completed(op: string, attributes: TFEOpAttr[], inputs: readonly number[]): TFEOpAttr[] {
    const typing = TYPED_BY_INPUT.get(op);
    const dtype = typing === undefined ? undefined : this.dtypes.get(inputs[typing]);
    if (dtype === undefined) return attributes;
    return [
      ...attributes.filter(({ name }) => name !== 'T'),
      { name: 'T', type: this.native.TF_ATTR_TYPE, value: dtype },
    ];
  }

  deleteTensor(id: number): void {
    this.freedLater.push(id);
    if (this.fromOutside.has(id)) this.freedFromOutside.set(id, whereCalled());
  }

  tensorDataSync(id: number): ReturnType<TFJSBinding['tensorDataSync']> {
    const name = this.names.get(id) ?? 'a tensor from outside';
    throw new TraceError(
      `compile: a value was read while the function was traced (${name}, ${whereCalled()}); the graph would keep that value for ever. Return the tensor and read it outside, or write the decision with tf.where`,
    );
  }
}

function refuseDraw(): never {
  throw new TraceError(
    `compile: random numbers that JavaScript draws would be the same at each call of the graph (${whereCalled()}); use randomUniform, randomNormal or dropout of layerwise/graph, or pass them as an argument`,
  );
}

function toBytes(text: unknown): Uint8Array {
  if (!(text instanceof Uint8Array))
    throw new TraceError(`compile: expected the texts of a tensor as bytes, got ${typeof text} (${whereCalled()})`);
  return text;
}
