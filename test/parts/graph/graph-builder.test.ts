// What a graph is written down as, read back by the fields of TensorFlow's GraphDef.
import proto from '@tensorflow/tfjs-node/dist/proto/api_pb.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GraphBuilder } from '../../../src/parts/graph/graph-builder';
import { nativeBackend } from '../../../src/parts/graph/native';

const { binding } = nativeBackend();
const { TF_ATTR_BOOL: BOOL, TF_ATTR_FLOAT: FLOAT, TF_ATTR_INT: INT } = binding;
const { TF_ATTR_SHAPE: SHAPE, TF_ATTR_STRING: TEXT, TF_ATTR_TYPE: TYPE } = binding;

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));
const texts = z.array(base64.transform((bytes) => bytes.toString()));
const shape = z.object({ dimList: z.array(z.object({ size: z.number() })) }).transform(({ dimList }) => dimList.map(({ size }) => size)); // prettier-ignore
const attribute = z.object({
  type: z.number(),
  i: z.number(),
  f: z.number(),
  b: z.boolean(),
  s: base64.transform((bytes) => bytes.toString()),
  shape: shape.optional(),
  list: z
    .object({
      typeList: z.array(z.number()),
      iList: z.array(z.number()),
      fList: z.array(z.number()),
      bList: z.array(z.boolean()),
      sList: texts,
      shapeList: z.array(shape),
    })
    .optional(),
  tensor: z
    .object({
      dtype: z.number(),
      tensorShape: shape,
      tensorContent: base64.transform((bytes) => Array.from(bytes)),
      stringValList: texts,
    })
    .optional(),
});
const node = z.object({
  name: z.string(),
  op: z.string(),
  inputList: z.array(z.string()),
  attrMap: z.array(z.tuple([z.string(), attribute])).transform((pairs) => Object.fromEntries(pairs)),
});
/** The nodes of a graph as plain records. */
const nodesOf = (builder: GraphBuilder): z.infer<typeof node>[] => graphOf(builder).nodeList;

const saved = z.object({
  metaGraphsList: z.tuple([
    z.object({ graphDef: z.object({ nodeList: z.array(node), versions: z.object({ producer: z.number() }) }) }),
  ]),
});
/** The graph as TensorFlow reads it. */
function graphOf(builder: GraphBuilder): z.infer<typeof saved>['metaGraphsList'][0]['graphDef'] {
  const message: object = call(proto.SavedModel, 'deserializeBinary', builder.savedModel());
  return saved.parse(call(message, 'toObject')).metaGraphsList[0].graphDef;
}

function call(owner: object, method: string, ...given: unknown[]): object {
  const found: unknown = Reflect.get(owner, method);
  const made: unknown = typeof found === 'function' ? Reflect.apply(found, owner, given) : undefined;
  if (typeof made !== 'object' || made === null) throw new TypeError(`expected an object of ${method}`);
  return made;
}

describe('GraphBuilder', () => {
  it('writes attributes in each of their forms', () => {
    const builder = new GraphBuilder(binding);
    builder.operation(
      'Any',
      [
        { name: 'type', type: TYPE, value: binding.TF_INT32 },
        { name: 'types', type: TYPE, value: [binding.TF_FLOAT, binding.TF_BOOL] },
        { name: 'int', type: INT, value: -7 },
        { name: 'ints', type: INT, value: [3, 4] },
        { name: 'float', type: FLOAT, value: 0.5 },
        { name: 'floats', type: FLOAT, value: [0.25, 2] },
        { name: 'yes', type: BOOL, value: true },
        { name: 'one', type: BOOL, value: 1 },
        { name: 'no', type: BOOL, value: 0 },
        { name: 'bools', type: BOOL, value: [true, false] },
        { name: 'text', type: TEXT, value: 'SAME' },
        { name: 'texts', type: TEXT, value: ['a', 'bé'] },
        { name: 'shape', type: SHAPE, value: [2, 3] },
        { name: 'shapes', type: SHAPE, value: [[1], [4, 5]] },
        { name: 'nothing', type: INT, value: [] },
      ],
      ['x', 'y:1'],
      [2],
    );
    const [{ attrMap, ...rest }] = nodesOf(builder);
    expect(rest).toEqual({ name: 'Any_0', op: 'Any', inputList: ['x', 'y:1'] });
    // TensorFlow's numbers of types: float32 is 1, int32 is 3, bool is 10.
    const none = { typeList: [], iList: [], fList: [], bList: [], sList: [], shapeList: [] };
    expect(attrMap).toMatchObject({
      type: { type: 3 },
      types: { list: { ...none, typeList: [1, 10] } },
      int: { i: -7 },
      ints: { list: { ...none, iList: [3, 4] } },
      float: { f: 0.5 },
      floats: { list: { ...none, fList: [0.25, 2] } },
      yes: { b: true },
      one: { b: true },
      no: { b: false },
      bools: { list: { ...none, bList: [true, false] } },
      text: { s: 'SAME' },
      texts: { list: { ...none, sList: ['a', 'bé'] } },
      shape: { shape: [2, 3] },
      shapes: { list: { ...none, shapeList: [[1], [4, 5]] } },
      nothing: { list: none },
    });
    expect(builder.nodes).toMatchObject([{ name: 'Any_0', op: 'Any', inputs: ['x', 'y:1'], shape: [2] }]);
  });

  it.each([
    ['a text where a number is expected', INT, 'three'],
    ['a number where a text is expected', TEXT, 3],
    ['numbers and texts in one list', INT, [1, 'two']],
    ['texts as types', TYPE, ['float']],
    ['texts as numbers', FLOAT, ['1']],
    ['numbers as texts', TEXT, [1]],
    ['numbers as truth values', BOOL, [1]],
    ['texts and a number in one list', TEXT, ['a', 1]],
    ['truth values and a number in one list', BOOL, [true, 1]],
    ['shapes and a number in one list', SHAPE, [[1], 2]],
    ['a kind that there is not', -1, 1],
    ['a number as a list', SHAPE, 4],
  ])('refuses %s, by the name of the attribute', (_, type, value) => {
    const builder = new GraphBuilder(binding);
    const wrong = { name: 'width', type, value };
    builder.operation('Op', [wrong], [], []);
    expect(() => builder.savedModel()).toThrow(
      new TypeError(`graph: the attribute "width" has a form that graphs don't know (type ${type})`),
    );
  });

  it('writes constants as bytes, texts as texts, and zeros as none', () => {
    const builder = new GraphBuilder(binding);
    // 1 is 0x3f800000 in 32 bits, little-endian; a view begins anywhere in its buffer.
    builder.constant(binding.TF_FLOAT, [2], new Float32Array([9, 1, 0]).subarray(1));
    builder.constant(binding.TF_FLOAT, [3, 1], new Float32Array(3), 'none');
    builder.constant(binding.TF_STRING, [2], ['ja', 'né'].map((word) => new TextEncoder().encode(word))); // prettier-ignore
    expect(nodesOf(builder)).toMatchObject([
      {
        name: 'const0',
        op: 'Const',
        inputList: [],
        attrMap: {
          dtype: { type: 1 },
          value: { tensor: { dtype: 1, tensorShape: [2], tensorContent: [0, 0, 0x80, 0x3f, 0, 0, 0, 0], stringValList: [] } }, // prettier-ignore
        },
      },
      { name: 'none', attrMap: { value: { tensor: { dtype: 1, tensorShape: [3, 1], tensorContent: [] } } } },
      {
        name: 'const2',
        attrMap: { dtype: { type: 7 }, value: { tensor: { dtype: 7, tensorShape: [2], stringValList: ['ja', 'né'] } } },
      },
    ]);
  });

  it('writes placeholders, and names for what is fetched, with types and shapes', () => {
    const builder = new GraphBuilder(binding);
    builder.placeholder(binding.TF_INT32, [-1, 4]);
    builder.identity(binding.TF_INT32, 'input0', [2, 4]);
    expect(builder.placeholders).toEqual(new Map([['input0', { dtype: 3, shape: [-1, 4] }]]));
    expect(nodesOf(builder)).toMatchObject([
      { name: 'input0', op: 'Placeholder', attrMap: { dtype: { type: 3 }, shape: { shape: [-1, 4] } } },
      { name: 'output1', op: 'Identity', inputList: ['input0'], attrMap: { T: { type: 3 } } },
    ]);
  });

  it('is a SavedModel of a version that knows all operations, and is called by names', () => {
    const builder = new GraphBuilder(binding);
    expect(graphOf(builder).versions.producer).toBe(1395);
    const placeholder = builder.placeholder(binding.TF_FLOAT, [-1]);
    const named = (name: string) => ({ name, node: placeholder, dtype: binding.TF_FLOAT, shape: [-1] });
    const unnamed = Buffer.from(builder.savedModel()).toString('latin1');
    expect(unnamed).toContain('serve');
    expect(unnamed).not.toContain('serving_default');
    const whole = Buffer.from(builder.savedModel([named('width')], [named('area')])).toString('latin1');
    for (const word of ['serving_default', 'tensorflow/serving/predict', 'width', 'area', 'input0:0'])
      expect(whole).toContain(word);
  });
});
