import type { Constant, GraphBuilder } from './graph-builder';
import type { TFEOpAttr, TFJSBinding } from './native';
import type { StepBody } from './step-body';
import { StepLog } from './step-log';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** A part of the graph that runs again and again: a loop. */
export interface Frame {
  readonly name: string;
  /** What comes from outside, by its name there. */
  readonly entered: Map<string, string>;
  /** What is there in each step, but not after the last one. */
  pivot: string;
}

export const usedOutside = (): TraceError =>
  new TraceError(
    `scan: a tensor that a step made is used outside of it; return it as state or output (${whereCalled()})`,
  );

/** Where in a graph that is being written each name belongs. */
export class Frames {
  private frame: Frame | undefined;
  private body: StepBody | undefined;
  private log: StepLog | undefined;
  /** Names that belong to a loop, not to the graph itself. */
  private readonly homes = new Map<string, Frame>();
  /** Names in loops that are the same in each step, with those outside. */
  private readonly constant = new Map<string, string>();

  constructor(
    private readonly native: TFJSBinding,
    private readonly builder: GraphBuilder,
  ) {}

  /** Whether what is written now belongs to a step. */
  get isInside(): boolean {
    return this.frame !== undefined || this.log !== undefined;
  }

  make(): Frame {
    return { name: `loop${this.builder.nodes.length}`, entered: new Map(), pivot: '' };
  }

  /** What `work` does belongs to a loop: to its step, where a body is given. */
  within<T>(frame: Frame, work: () => T, body?: StepBody): T {
    const outer = [this.frame, this.body] as const;
    [this.frame, this.body] = [frame, body];
    try {
      return work();
    } finally {
      [this.frame, this.body] = outer;
    }
  }

  /**
   * Notes what `work`, a step, does.
   *
   * @param given the names of what it is given.
   * @param resultsOf the names of what it makes.
   */
  logging<T>(
    given: readonly string[],
    work: () => T,
    resultsOf: (made: T) => readonly string[],
  ): { readonly made: T; readonly log: StepLog } {
    const log = new StepLog(this.builder, given, (name) => this.constant.get(name) ?? name);
    this.log = log;
    try {
      const made = work();
      log.end(resultsOf(made));
      return { made, log };
    } finally {
      this.log = undefined;
    }
  }

  isOfLoop(name: string): boolean {
    return this.homes.has(name);
  }

  /** A name that has just been written belongs here. */
  settle(name: string): void {
    if (this.frame) this.homes.set(name, this.frame);
  }

  /** Constants belong to the graph itself. */
  writeConstant(dtype: number, shape: readonly number[], values: Constant['values']): string {
    return (this.body ?? this.builder).constant(dtype, shape, values);
  }

  /** @param inputs names that belong here. */
  write(
    op: string,
    attributes: readonly TFEOpAttr[],
    inputs: readonly string[],
    shape: readonly number[] = [],
    as?: string,
  ): string {
    const tied = this.tied(inputs);
    const name = this.body
      ? this.body.operation(op, attributes, tied, shape)
      : this.builder.operation(op, attributes, tied, shape, as);
    this.settle(name);
    this.log?.add(op, attributes, inputs, name);
    return name;
  }

  /**
   * What needs nothing of the step itself would run on after the last one, for ever where it goes round the loop: a
   * control input makes it wait for the step.
   */
  private tied(inputs: readonly string[]): readonly string[] {
    const needsStep = inputs.some((input) => !this.constant.has(input));
    return this.frame && !needsStep ? [...inputs, `^${this.frame.pivot}`] : inputs;
  }

  /** A name of the graph as it is called here. */
  reach(name: string, dtype: number): string {
    const { frame } = this;
    const home = this.homes.get(name);
    if (home === frame) return name;
    if (!frame || home) throw usedOutside();
    const known = frame.entered.get(name);
    if (known !== undefined) return known;
    const type = { name: 'T', type: this.native.TF_ATTR_TYPE, value: dtype };
    const entered = this.builder.operation('Enter', [type, ...this.enterAttributes(frame, true)], [name], []);
    this.settle(entered);
    this.constant.set(entered, name);
    frame.entered.set(name, entered);
    return entered;
  }

  enterAttributes({ name }: Frame, isConstant: boolean): TFEOpAttr[] {
    return [
      { name: 'frame_name', type: this.native.TF_ATTR_STRING, value: name },
      { name: 'is_constant', type: this.native.TF_ATTR_BOOL, value: isConstant },
      { name: 'parallel_iterations', type: this.native.TF_ATTR_INT, value: 10 },
    ];
  }
}
