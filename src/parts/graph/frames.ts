import type { GraphBuilder } from './graph-builder';
import type { TFEOpAttr, TFJSBinding } from './native';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** A part of the graph that runs again and again: the body of a loop. */
export interface Frame {
  readonly name: string;
  /** Around it; undefined: the graph itself. */
  readonly parent: Frame | undefined;
  /** What comes from outside, by its name there. */
  readonly entered: Map<string, string>;
}

export const usedOutside = (): TraceError =>
  new TraceError(
    `scan: a tensor that a step made is used outside of it; return it as state or output (${whereCalled()})`,
  );

/** Where in a graph that is being written each name belongs. */
export class Frames {
  private frame: Frame | undefined;
  /** Names that belong to a loop, not to the graph itself. */
  private readonly homes = new Map<string, Frame>();

  constructor(
    private readonly native: TFJSBinding,
    private readonly builder: GraphBuilder,
  ) {}

  /** Whether what is written now belongs to a loop. */
  get isInside(): boolean {
    return this.frame !== undefined;
  }

  make(): Frame {
    return { name: `loop${this.builder.nodes.length}`, parent: this.frame, entered: new Map() };
  }

  /** What `work` does belongs to a loop's body. */
  within<T>(frame: Frame, work: () => T): T {
    const outer = this.frame;
    this.frame = frame;
    try {
      return work();
    } finally {
      this.frame = outer;
    }
  }

  /** A name that has just been written belongs here. */
  settle(name: string): void {
    if (this.frame) this.homes.set(name, this.frame);
  }

  /** Writes an operation that is not computed now. */
  write(op: string, attributes: readonly TFEOpAttr[], inputs: readonly string[], as?: string): string {
    const name = this.builder.operation(op, attributes, inputs, [], as);
    this.settle(name);
    return name;
  }

  /** A name of the graph or of a loop around as it is called here. */
  reach(name: string, dtype: number): string {
    return this.reachFrom(this.frame, name, dtype);
  }

  private reachFrom(frame: Frame | undefined, name: string, dtype: number): string {
    if (this.homes.get(name) === frame) return name;
    if (!frame) throw usedOutside();
    const known = frame.entered.get(name);
    if (known !== undefined) return known;
    const outer = this.reachFrom(frame.parent, name, dtype);
    const type = { name: 'T', type: this.native.TF_ATTR_TYPE, value: dtype };
    const entered = this.builder.operation('Enter', [type, ...this.enterAttributes(frame, true)], [outer], []);
    this.homes.set(entered, frame);
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
