import type { Constant, GraphBuilder, WrittenNode } from './graph-builder';
import type { TFEOpAttr } from './native';
import { isSameAttributes, isSameConstant } from './same-nodes';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/**
 * What one step of a loop does: written down when it runs first. When it runs again nothing is written, and it must do
 * the same, operation by operation, for a graph repeats the first one.
 */
export class StepBody {
  private readonly operations: WrittenNode[] = [];
  private readonly constants: string[] = [];
  /** Which operation comes next; undefined at the first run. */
  private next: number | undefined;

  constructor(private readonly builder: GraphBuilder) {}

  /** It runs once more from its beginning. */
  again(): void {
    this.next = 0;
  }

  /** One of the same values is taken for the same one. */
  constant(dtype: number, shape: readonly number[], values: Constant['values']): string {
    const { constants } = this.builder;
    const isIt = (name: string): boolean => {
      const known = constants.get(name);
      return known !== undefined && isSameConstant(known, { dtype, shape, values });
    };
    const known = this.constants.find(isIt);
    if (known !== undefined) return known;
    if (this.next !== undefined) throw differs(`uses ${described(shape, values)}, which the first one doesn't`);
    const name = this.builder.constant(dtype, shape, values);
    this.constants.push(name);
    return name;
  }

  operation(op: string, attributes: readonly TFEOpAttr[], inputs: readonly string[], shape: readonly number[]): string {
    if (this.next === undefined) {
      const name = this.builder.operation(op, attributes, inputs, shape);
      this.operations.push({ name, op, attributes, inputs, shape });
      return name;
    }
    if (this.next >= this.operations.length) throw differs(`does more than the first one (${op})`);
    const first = this.operations[this.next++];
    if (first.op !== op) throw differs(`computes ${op} where the first one computes ${first.op}`);
    if (!isSameAttributes(first.attributes, attributes)) throw differs(`computes ${op} with other settings`);
    if (String(first.inputs) !== String(inputs)) throw differs(`computes ${op} of another tensor from outside`);
    return first.name;
  }

  /** The names of what a run gave: must be those of the first run. */
  checkResults(first: readonly string[], now: readonly string[]): void {
    if (String(first) !== String(now)) throw differs('gives other tensors than the first one');
  }
}

const differs = (what: string): TraceError =>
  new TraceError(
    `scan: a later step ${what} (${whereCalled()}); a graph repeats the first step, so hold what changes in the state, or pass it as an input`,
  );

function described(shape: readonly number[], values: Constant['values']): string {
  const isNumber = shape.length === 0 && (values instanceof Float32Array || values instanceof Int32Array);
  return isNumber ? `the number ${Number(values[0].toPrecision(6))}` : `a constant of shape [${shape}]`;
}
