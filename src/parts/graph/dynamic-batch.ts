import type { Constant, GraphBuilder } from './graph-builder';
import { nativeBackend, type TFEOpAttr } from './native';
import { TraceError } from './trace-error';

/** The same function, written down with a batch of so many rows. */
export interface Recording {
  readonly builder: GraphBuilder;
  readonly rows: number;
}

/**
 * Makes one graph for any number of rows from two recordings of a function with different numbers of rows.
 * What differs between them depends on the batch: such a constant, a shape as a rule, is computed from the rows that
 * the first input has.
 *
 * @param recordings changed: the first one becomes the graph.
 */
export function openBatch(recordings: readonly [Recording, Recording], input: string): GraphBuilder {
  const [{ builder }, { builder: other }] = recordings;
  const nodes = builder.graph.getNodeList();
  const others = other.graph.getNodeList();
  if (nodes.length !== others.length)
    throw new TraceError('exportSavedModel: the model computes in other steps for other batch sizes');
  const open = nodes.filter(
    (node, i) => node.getOp() !== 'Placeholder' && !equal(node.serializeBinary(), others[i].serializeBinary()),
  );
  const fixed = open.find((node) => node.getOp() !== 'Const');
  if (fixed)
    throw new TraceError(
      `exportSavedModel: the batch size is an attribute of ${fixed.getName()} (${fixed.getOp()}), which can't be left open`,
    );
  builder.graph.setNodeList(nodes.filter((node) => !open.includes(node)));
  if (open.length > 0) writeRows(builder, input);
  for (const node of open)
    writeOpen(builder, node.getName(), constantOf(builder, node.getName()), constantOf(other, node.getName()), [
      recordings[0].rows,
      recordings[1].rows,
    ]);
  return builder;
}

const ROWS = 'rows';
const int32 = (): number => nativeBackend().binding.TF_INT32;
const type = (name: string, value: number): TFEOpAttr => ({ name, type: nativeBackend().binding.TF_ATTR_TYPE, value });
const int = (name: string, value: number): TFEOpAttr => ({ name, type: nativeBackend().binding.TF_ATTR_INT, value });

/** The number of rows of the first input, as a node. */
function writeRows(builder: GraphBuilder, input: string): void {
  const dtype = nativeBackend().binding.TF_FLOAT;
  builder.operation(
    'Shape',
    [type('T', builder.dtypes.get(input) ?? dtype), type('out_type', int32())],
    [input],
    [],
    `${ROWS}/shape`,
  );
  for (const [name, value] of [
    ['from', 0],
    ['to', 1],
    ['by', 1],
  ] as const)
    builder.constant(int32(), [1], Int32Array.of(value), `${ROWS}/${name}`);
  const masks = [
    int('begin_mask', 0),
    int('end_mask', 0),
    int('ellipsis_mask', 0),
    int('new_axis_mask', 0),
    int('shrink_axis_mask', 1),
  ];
  builder.operation(
    'StridedSlice',
    [type('T', int32()), type('Index', int32()), ...masks],
    [`${ROWS}/shape`, `${ROWS}/from`, `${ROWS}/to`, `${ROWS}/by`],
    [],
    ROWS,
  );
}

function writeOpen(
  builder: GraphBuilder,
  name: string,
  first: Constant,
  second: Constant,
  rows: readonly [number, number],
): void {
  if (first.shape.join() === second.shape.join()) {
    const [a, b] = [first, second].map(({ values }) => (values instanceof Int32Array ? Array.from(values) : undefined));
    if (!a || !b) throw new TraceError(`exportSavedModel: the values of ${name} depend on the batch size`);
    const isLength =
      !a.includes(-1) &&
      a.filter((value, i) => value !== b[i]).length === 1 &&
      usesOf(builder, name).every((op) => op === 'Reshape');
    // A reshape finds one open length by itself, if no other is open already, and the other lengths stay known.
    if (isLength)
      builder.constant(
        int32(),
        first.shape,
        Int32Array.from(a, (value, i) => (value === b[i] ? value : -1)),
        name,
      );
    else writeLengths(builder, name, first.shape, a, b, rows);
    return;
  }
  const value = onlyValue(first);
  if (value === undefined || !ArrayBuffer.isView(first.values))
    throw new TraceError(`exportSavedModel: the values of ${name} depend on the batch size`);
  builder.constant(first.dtype, [], value, `${name}/value`);
  writeLengths(builder, `${name}/shape`, [first.shape.length], [...first.shape], [...second.shape], rows);
  builder.operation(
    'Fill',
    [type('T', first.dtype), type('index_type', int32())],
    [`${name}/shape`, `${name}/value`],
    [...first.shape],
    name,
  );
}

/** Whole numbers of which some grow with the rows: fixed + each · rows. */
function writeLengths(
  builder: GraphBuilder,
  name: string,
  shape: readonly number[],
  a: readonly number[],
  b: readonly number[],
  [rowsA, rowsB]: readonly [number, number],
): void {
  const each = a.map((value, i) => (b[i] - value) / (rowsB - rowsA));
  if (!each.every(Number.isInteger))
    throw new TraceError(`exportSavedModel: ${name} depends on the batch size in a way that a graph can't follow`);
  builder.constant(
    int32(),
    shape,
    Int32Array.from(a, (value, i) => value - each[i] * rowsA),
    `${name}/fixed`,
  );
  builder.constant(int32(), shape, Int32Array.from(each), `${name}/each`);
  builder.operation('Mul', [type('T', int32())], [`${name}/each`, ROWS], shape, `${name}/grown`);
  builder.operation('AddV2', [type('T', int32())], [`${name}/fixed`, `${name}/grown`], shape, name);
}

/** The one value of which a constant consists; undefined where it has several. */
function onlyValue({ values, shape }: Constant): Uint8Array | undefined {
  if (!ArrayBuffer.isView(values) || values.byteLength === 0) return undefined;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const size = bytes.length / shape.reduce((product, length) => product * length, 1);
  const value = bytes.slice(0, size);
  return bytes.every((byte, i) => byte === value[i % size]) ? value : undefined;
}

function constantOf(builder: GraphBuilder, name: string): Constant {
  const constant = builder.constants.get(name);
  if (!constant) throw new TraceError(`exportSavedModel: the constant ${name} was not written down`);
  return constant;
}

const usesOf = (builder: GraphBuilder, name: string): string[] =>
  builder.nodes.filter(({ inputs }) => inputs.includes(name)).map(({ op }) => op);
const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
