// The kernel checks edited sources one by one and must find these types.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./api-pb.d.ts" />
import proto from '@tensorflow/tfjs-node/dist/proto/api_pb.js';
import type { GraphNode } from './graph-node';
import type { TFEOpAttr, TFJSBinding } from './native';

const PRODUCER = 1395;

/** A constant as it was written down. */
export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView | readonly Uint8Array[];
}

/** What a model takes or gives under a name: a length of −1 is open. */
export interface Signature {
  readonly name: string;
  readonly node: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Type and shape of a tensor; a length of −1 is open. */
export type Made = Pick<Constant, 'dtype' | 'shape'>;

/** A node as it was written down. */
export interface WrittenNode extends GraphNode {
  readonly attributes: readonly TFEOpAttr[];
}

/** Writes down a graph, node by node. Outputs are named as TensorFlow does: `node` or `node:1`. */
export class GraphBuilder {
  nodes: WrittenNode[] = [];
  readonly constants = new Map<string, Constant>();
  /** Placeholders by their names. */
  readonly placeholders = new Map<string, Made>();

  constructor(private readonly binding: TFJSBinding) {}

  /** Another one with the same nodes, to be changed without this one. */
  copy(): GraphBuilder {
    const made = new GraphBuilder(this.binding);
    made.nodes = [...this.nodes];
    for (const [name, constant] of this.constants) made.constants.set(name, constant);
    for (const [name, placeholder] of this.placeholders) made.placeholders.set(name, placeholder);
    return made;
  }

  private add(
    prefix: string,
    op: string,
    inputs: readonly string[],
    shape: readonly number[],
    name = `${prefix}${this.nodes.length}`,
    attributes: readonly TFEOpAttr[] = [],
  ): string {
    this.nodes.push({ name, op, inputs, shape, attributes });
    return name;
  }

  placeholder(dtype: number, shape: readonly number[]): string {
    const name = this.add('input', 'Placeholder', [], shape);
    this.placeholders.set(name, { dtype, shape });
    return name;
  }

  /** @param values numbers in the bytes that the native library expects, or texts as bytes. */
  constant(
    dtype: number,
    shape: readonly number[],
    values: ArrayBufferView | readonly Uint8Array[],
    as?: string,
  ): string {
    const name = this.add('const', 'Const', [], shape, as);
    // Whoever gave them may write into them later.
    this.constants.set(name, { dtype, shape, values: copyOf(values) });
    return name;
  }

  operation(
    op: string,
    attributes: readonly TFEOpAttr[],
    inputs: readonly string[],
    shape: readonly number[],
    as?: string,
  ): string {
    return this.add(`${op}_`, op, inputs, shape, as, attributes);
  }

  /** A tensor under another name: what is fed can then be fetched too. */
  identity(dtype: number, input: string, shape: readonly number[]): string {
    const attributes = [{ name: 'T', type: this.binding.TF_ATTR_TYPE, value: dtype }];
    return this.add('output', 'Identity', [input], shape, undefined, attributes);
  }

  /** The bytes of a SavedModel with this graph. With signatures, other programs can call it by names. */
  savedModel(inputs: readonly Signature[] = [], outputs: readonly Signature[] = []): Uint8Array {
    const info = new proto.MetaGraphDef.MetaInfoDef();
    info.addTags('serve');
    const metaGraph = new proto.MetaGraphDef();
    metaGraph.setMetaInfoDef(info);
    metaGraph.setGraphDef(this.graph());
    if (outputs.length > 0) {
      const signature = new proto.SignatureDef();
      signature.setMethodName('tensorflow/serving/predict');
      for (const input of inputs) signature.getInputsMap().set(input.name, toInfo(input));
      for (const output of outputs) signature.getOutputsMap().set(output.name, toInfo(output));
      metaGraph.getSignatureDefMap().set('serving_default', signature);
    }
    const model = new proto.SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(metaGraph);
    return model.serializeBinary();
  }

  private graph(): proto.GraphDef {
    const graph = new proto.GraphDef();
    const versions = new proto.VersionDef();
    versions.setProducer(PRODUCER);
    graph.setVersions(versions);
    for (const { name, op, inputs, attributes } of this.nodes) {
      const node = new proto.NodeDef();
      node.setName(name);
      node.setOp(op);
      for (const input of inputs) node.addInput(input);
      const map = node.getAttrMap();
      const placeholder = op === 'Placeholder' ? this.placeholders.get(name) : undefined;
      const constant = op === 'Const' ? this.constants.get(name) : undefined;
      if (placeholder) {
        map.set('dtype', typeAttribute(placeholder.dtype));
        map.set('shape', shapeAttribute(placeholder.shape));
      } else if (constant) {
        map.set('dtype', typeAttribute(constant.dtype));
        map.set('value', valueAttribute(constant));
      } else for (const attribute of attributes) map.set(attribute.name, toAttribute(attribute, this.binding));
      graph.addNode(node);
    }
    return graph;
  }
}

function copyOf(values: Constant['values']): Constant['values'] {
  const isKnown = values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array;
  return isKnown ? values.slice() : values;
}

function valueAttribute({ dtype, shape, values }: Constant): proto.AttrValue {
  const tensor = new proto.Tensor();
  tensor.setDtype(dtype);
  tensor.setTensorShape(toShape(shape));
  if (ArrayBuffer.isView(values)) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    // TensorFlow takes what isn't written for zeros: gradients of nothing may be large.
    if (bytes.some((byte) => byte !== 0)) tensor.setTensorContent(bytes);
  } else for (const text of values) tensor.addStringVal(text);
  const value = new proto.AttrValue();
  value.setTensor(tensor);
  return value;
}

function toInfo({ node, dtype, shape }: Signature): proto.TensorInfo {
  const info = new proto.TensorInfo();
  info.setName(`${node}:0`);
  info.setDtype(dtype);
  info.setTensorShape(toShape(shape));
  return info;
}

function toShape(lengths: readonly number[]): proto.TensorShape {
  const shape = new proto.TensorShape();
  for (const length of lengths) {
    const dimension = new proto.TensorShape.Dim();
    dimension.setSize(length);
    shape.addDim(dimension);
  }
  return shape;
}

function typeAttribute(dtype: number): proto.AttrValue {
  const value = new proto.AttrValue();
  value.setType(dtype);
  return value;
}

function shapeAttribute(shape: readonly number[]): proto.AttrValue {
  const value = new proto.AttrValue();
  value.setShape(toShape(shape));
  return value;
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');
const isBooleans = (value: unknown): value is boolean[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'boolean');
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isShapes = (value: unknown): value is number[][] => Array.isArray(value) && value.every(isNumbers);

/** An attribute in the form of the graph. Fails with its name where the form isn't known. */
function toAttribute({ name, type, value }: TFEOpAttr, binding: TFJSBinding): proto.AttrValue {
  const result = new proto.AttrValue();
  const list = new proto.AttrValue.ListValue();
  if (type === binding.TF_ATTR_TYPE && typeof value === 'number') result.setType(value);
  else if (type === binding.TF_ATTR_INT && typeof value === 'number') result.setI(value);
  else if (type === binding.TF_ATTR_FLOAT && typeof value === 'number') result.setF(value);
  else if (type === binding.TF_ATTR_BOOL && (typeof value === 'boolean' || typeof value === 'number'))
    result.setB(Boolean(value));
  else if (type === binding.TF_ATTR_STRING && typeof value === 'string') result.setS(new TextEncoder().encode(value));
  else if (type === binding.TF_ATTR_SHAPE && isNumbers(value)) result.setShape(toShape(value));
  else {
    if (type === binding.TF_ATTR_TYPE && isNumbers(value)) list.setTypeList(value);
    else if (type === binding.TF_ATTR_INT && isNumbers(value)) list.setIList(value);
    else if (type === binding.TF_ATTR_FLOAT && isNumbers(value)) list.setFList(value);
    else if (type === binding.TF_ATTR_BOOL && isBooleans(value)) list.setBList(value);
    else if (type === binding.TF_ATTR_STRING && isTexts(value))
      list.setSList(value.map((text) => new TextEncoder().encode(text)));
    else if (type === binding.TF_ATTR_SHAPE && isShapes(value)) list.setShapeList(value.map(toShape));
    else throw new TypeError(`graph: the attribute "${name}" has a form that graphs don't know (type ${type})`);
    result.setList(list);
  }
  return result;
}
