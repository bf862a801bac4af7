import { nativeBackend, type TFEOpAttr } from './native';
import type { Frame } from './frames';
import type { Recorder } from './recorder';
import type { StepBody } from './step-body';

/** TensorFlow's number for the type of lists of tensors. */
const VARIANT = 21;

/** A value that goes from step to step, by its names in the graph. */
interface Carried {
  /** In this step. */
  readonly now: string;
  /** Says what it is in the next step. */
  readonly next: (name: string) => void;
  /** After the last step, outside of the loop. */
  readonly result: string;
}

/** A loop over 0 … count − 1 in the graph that is being written, whose body is there once: TensorFlow's control flow. */
export class GraphLoop {
  private readonly frame: Frame;
  /** The number of the step. */
  readonly index: string;
  private readonly condition: string;
  private readonly int: number;

  constructor(
    private readonly recorder: Recorder,
    private readonly count: number,
  ) {
    const { TF_INT32 } = nativeBackend().binding;
    this.int = TF_INT32;
    this.frame = recorder.frames.make();
    const { now, next, condition } = this.carry(TF_INT32, this.whole(0), (merged) =>
      this.within(
        'LoopCond',
        [],
        [this.within('Less', [this.type('T', TF_INT32)], [merged, this.inside(this.whole(count))])],
      ),
    );
    [this.index, this.condition] = [now, condition];
    this.frame.pivot = now;
    next(this.add(now, 1));
  }

  /** @param initial its name outside of the loop. */
  variable(dtype: number, initial: string): Carried {
    return this.carry(dtype, initial, () => this.condition);
  }

  private carry(
    dtype: number,
    initial: string,
    conditionOf: (merged: string) => string,
  ): Carried & { condition: string } {
    const type = this.type('T', dtype);
    const { frame, recorder } = this;
    const entered = this.within('Enter', [type, ...recorder.frames.enterAttributes(frame, false)], [initial]);
    const nextName = `next_${entered}`;
    const merged = this.within('Merge', [type, this.integer('N', 2)], [entered, nextName]);
    const condition = conditionOf(merged);
    const split = this.within('Switch', [type], [merged, condition]);
    return {
      condition,
      now: this.within('Identity', [type], [`${split}:1`]),
      next: (name) => void this.within('NextIteration', [type], [name], nextName),
      result: recorder.frames.write('Exit', [type], [split]),
    };
  }

  /** The row of a tensor from outside that belongs to a place. */
  row(dtype: number, x: string, place: string): string {
    const types = [this.type('Tparams', dtype), this.type('Tindices', this.int), this.type('Taxis', this.int)];
    return this.within(
      'GatherV2',
      [...types, this.integer('batch_dims', 0)],
      [this.inside(x, dtype), place, this.inside(this.whole(0))],
    );
  }

  /** Puts one tensor of each step into its place; returns the name of all of them, stacked, outside of the loop. */
  collect(dtype: number, item: string, place: string): string {
    const { recorder } = this;
    const type = this.type('element_dtype', dtype);
    const any = this.whole(-1);
    const made = recorder.frames.write(
      'TensorListReserve',
      [type, this.type('shape_type', this.int)],
      [any, this.whole(this.count)],
    );
    const list = this.variable(VARIANT, made);
    list.next(this.within('TensorListSetItem', [type], [list.now, place, item]));
    return recorder.frames.write('TensorListStack', [type, this.integer('num_elements', -1)], [list.result, any]);
  }

  /** The place counted from the end. */
  fromEnd(): string {
    return this.within('Sub', [this.type('T', this.int)], [this.inside(this.whole(this.count - 1)), this.index]);
  }

  private add(x: string, y: number): string {
    return this.within('AddV2', [this.type('T', this.int)], [x, this.inside(this.whole(y))]);
  }

  /** What `work` writes belongs to the step. */
  step<T>(body: StepBody, work: () => T): T {
    return this.recorder.frames.within(this.frame, work, body);
  }

  private within(op: string, attributes: readonly TFEOpAttr[], inputs: readonly string[], as?: string): string {
    const { frames } = this.recorder;
    return frames.within(this.frame, () => frames.write(op, attributes, inputs, [], as));
  }

  /** A name from outside, inside. */
  private inside(name: string, dtype = this.int): string {
    return this.recorder.frames.within(this.frame, () => this.recorder.frames.reach(name, dtype));
  }

  private whole(value: number): string {
    return this.recorder.builder.constant(this.int, [], Int32Array.of(value));
  }

  private type(name: string, value: number): TFEOpAttr {
    return { name, type: nativeBackend().binding.TF_ATTR_TYPE, value };
  }

  private integer(name: string, value: number): TFEOpAttr {
    return { name, type: nativeBackend().binding.TF_ATTR_INT, value };
  }
}
