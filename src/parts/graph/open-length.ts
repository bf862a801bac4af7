import { changedStep, type Numbers } from './changing-numbers';
import type { GraphBuilder } from './graph-builder';
import { growthOf, type Growth } from './growing-constants';
import { nativeBackend, type TFEOpAttr } from './native';
import { isSameConstant, isSameNode } from './same-nodes';
import { TraceError } from './trace-error';

/** The same function, written down with an open length that is so many rows. */
export interface Recording {
  readonly builder: GraphBuilder;
  readonly rows: number;
  /** The numbers of JavaScript that it holds, where they were noted. */
  readonly numbers?: Numbers;
}

/** An open length: the axis of an input. */
export interface OpenAxis {
  readonly input: string;
  readonly axis: number;
}

/** One graph for any length. */
export interface OpenGraph {
  readonly builder: GraphBuilder;
  /** Says what a recording with another length does in another way than the graph; undefined: nothing. */
  readonly change: (recording: Recording) => string | undefined;
}

/**
 * Makes one graph for any length from two recordings of a function with different lengths.
 * What differs between them depends on the length: such a constant, a shape as a rule, is computed from that of the
 * input.
 *
 * @throws TraceError where something depends on the length in a way that a graph can't follow.
 */
export function openLength(recordings: readonly [Recording, Recording], { input, axis }: OpenAxis): OpenGraph {
  const [{ builder: written, rows }, { builder: other, rows: otherRows }] = recordings;
  const builder = written.copy();
  const { nodes } = written;
  if (nodes.length !== other.nodes.length)
    throw new TraceError('the function computes in other steps for other lengths');
  const fixed = nodes.find((node, i) => !isSameNode(node, other.nodes[i]));
  if (fixed)
    throw new TraceError(`the length is an attribute of ${fixed.name} (${fixed.op}), which can't be left open`);
  const constants = [...written.constants];
  const growths = new Map<string, Growth>();
  for (const [name, constant] of constants) {
    const second = other.constants.get(name);
    if (!second) throw new TraceError(`the constant ${name} was not written down`);
    if (!isSameConstant(constant, second)) growths.set(name, growthOf(name, constant, second, [rows, otherRows]));
  }
  builder.nodes = nodes.filter(({ name }) => !growths.has(name));
  if (growths.size > 0) writeRows(builder, { input, axis });
  for (const [name, growth] of growths) writeGrowth(builder, name, growth);
  const change = ({ builder: third, rows: count, numbers }: Recording): string | undefined =>
    changedStep(
      written,
      third,
      (name, constant, given) => growths.get(name)?.fits(given, count) ?? isSameConstant(constant, given),
      numbers,
    );
  return { builder, change };
}

const ROWS = 'rows';
const int32 = (): number => nativeBackend().binding.TF_INT32;
const type = (name: string, value: number): TFEOpAttr => ({ name, type: nativeBackend().binding.TF_ATTR_TYPE, value });
const int = (name: string, value: number): TFEOpAttr => ({ name, type: nativeBackend().binding.TF_ATTR_INT, value });

/** The open length, as a node. What isn't written is as TensorFlow has it: lengths and indices are of 32 bits. */
function writeRows(builder: GraphBuilder, { input, axis }: OpenAxis): void {
  const dtype = nativeBackend().binding.TF_FLOAT;
  const types = [type('T', builder.placeholders.get(input)?.dtype ?? dtype)];
  builder.operation('Shape', types, [input], [], `${ROWS}/shape`);
  for (const [name, value] of [
    ['from', axis],
    ['to', axis + 1],
    ['by', 1],
  ] as const)
    builder.constant(int32(), [1], Int32Array.of(value), `${ROWS}/${name}`);
  builder.operation(
    'StridedSlice',
    [type('T', int32()), type('Index', int32()), int('shrink_axis_mask', 1)],
    [`${ROWS}/shape`, `${ROWS}/from`, `${ROWS}/to`, `${ROWS}/by`],
    [],
    ROWS,
  );
}

function writeGrowth(builder: GraphBuilder, name: string, growth: Growth): void {
  const { dtype, shape } = growth.first;
  if (growth.kind === 'lengths') {
    const { at, open } = growth;
    // A reshape finds one open length by itself, if no other is open already, and the other lengths stay known.
    if (dtype === int32() && open !== undefined && isOnlyShape(builder, name))
      builder.constant(
        dtype,
        shape,
        Int32Array.from(at(0), (value, i) => (i === open ? -1 : value)),
        name,
      );
    else writeLengths(builder, name, shape, at, dtype);
  } else if (growth.kind === 'filled') {
    builder.constant(dtype, [], growth.value, `${name}/value`);
    writeLengths(builder, `${name}/shape`, [shape.length], growth.at, int32());
    builder.operation('Fill', [type('T', dtype)], [`${name}/shape`, `${name}/value`], shape, name);
  } else {
    const { start, step, at } = growth;
    const end = (rows: number): number[] => [start + step * at(rows)[0]];
    builder.constant(int32(), [], Int32Array.of(start), `${name}/start`);
    builder.constant(int32(), [], Int32Array.of(step), `${name}/step`);
    writeLengths(builder, `${name}/end`, [], end, int32());
    const isWhole = dtype === int32();
    const range = isWhole ? name : `${name}/whole`;
    builder.operation('Range', [], [`${name}/start`, `${name}/end`, `${name}/step`], shape, range);
    if (!isWhole) builder.operation('Cast', [type('SrcT', int32()), type('DstT', dtype)], [range], shape, name);
  }
}

/** Whole numbers of which some grow with the rows: fixed + each · rows. */
function writeLengths(
  builder: GraphBuilder,
  name: string,
  shape: readonly number[],
  at: (rows: number) => readonly number[],
  dtype: number,
): void {
  const fixed = at(0);
  const isWhole = dtype === int32();
  const sum = isWhole ? name : `${name}/whole`;
  builder.constant(int32(), shape, Int32Array.from(fixed), `${name}/fixed`);
  builder.constant(
    int32(),
    shape,
    Int32Array.from(at(1), (value, i) => value - fixed[i]),
    `${name}/each`,
  );
  builder.operation('Mul', [type('T', int32())], [`${name}/each`, ROWS], shape, `${name}/grown`);
  builder.operation('AddV2', [type('T', int32())], [`${name}/fixed`, `${name}/grown`], shape, sum);
  if (!isWhole) builder.operation('Cast', [type('SrcT', int32()), type('DstT', dtype)], [sum], shape, name);
}

/** Whether a constant is but the shape that a reshape makes: its second input. */
const isOnlyShape = (builder: GraphBuilder, name: string): boolean =>
  builder.nodes
    .filter(({ inputs }) => inputs.includes(name))
    .every(({ op, inputs }) => op === 'Reshape' && inputs[0] !== name);
