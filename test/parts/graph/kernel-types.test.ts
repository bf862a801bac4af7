import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { useNativeKernels } from '../../../src/parts/graph/native-kernels';
import { tensorsOf } from '../../../src/parts/graph/structure';
import { graphOf } from '../../../src/parts/graph/recorded-graph';
import { record } from '../../../src/parts/graph/trace';

// Run at once, TensorFlow finds by itself of which type an operation is; a graph must say so. Here each kernel is given
// each type: the graph gives what eager gives, or both fail.

const DTYPES = ['float32', 'int32', 'bool', 'complex64', 'string'] as const;
type DType = (typeof DTYPES)[number];

/** Draws a tensor of the type that is tried. */
type Draw = (...shape: number[]) => tf.Tensor;
interface Use {
  readonly inputs: Record<string, tf.Tensor> | tf.Tensor[];
  readonly attrs?: Record<string, unknown>;
  /** Whether each call draws other numbers: then only their shape is compared. */
  readonly isRandom?: boolean;
}

const count = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
function drawOf(dtype: DType): Draw {
  return (...shape) => {
    const numbers = Array.from({ length: count(shape) }, (_, i) => ((i * 7) % 5) - 2);
    if (dtype === 'complex64')
      return tf.complex(
        tf.tensor(numbers, shape),
        tf.tensor(
          numbers.map((value) => value / 2),
          shape,
        ),
      );
    if (dtype === 'string') return tf.tensor(numbers.map(String), shape, 'string');
    return tf.tensor(dtype === 'float32' ? numbers.map((value) => value + 0.25) : numbers, shape, dtype);
  };
}
const ints = (...values: number[]): tf.Tensor1D => tf.tensor1d(values, 'int32');
const floats = (...shape: number[]): tf.Tensor => drawOf('float32')(...shape);

const unary =
  (attrs: Record<string, unknown> = {}, ...shape: number[]) =>
  (draw: Draw): Use => ({ inputs: { x: draw(...(shape.length > 0 ? shape : [2, 3])) }, attrs });
const binary = (draw: Draw): Use => ({ inputs: { a: draw(2, 3), b: draw(2, 3) } });
const reduction = unary({ axis: [1], reductionIndices: [1], keepDims: false });
const pooling = { filterSize: [2, 2], strides: [1, 1], pad: 'valid' };
const pooling3 = { filterSize: [2, 2, 2], strides: [1, 1, 1], pad: 'valid', dataFormat: 'NDHWC' };
const convolution = { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] };
const convolution3 = { strides: [1, 1, 1], pad: 'valid', dataFormat: 'NDHWC', dilations: [1, 1, 1] };
const suppression = {
  maxOutputSize: 2,
  iouThreshold: 0.5,
  scoreThreshold: -9,
  padToMaxOutputSize: true,
  softNmsSigma: 0,
};
const suppress = (draw: Draw): Use => ({ inputs: { boxes: draw(3, 4), scores: draw(3) }, attrs: suppression });
const each = (names: string, use: (draw: Draw) => Use): Record<string, (draw: Draw) => Use> =>
  Object.fromEntries(names.split(' ').map((name) => [name, use]));

/** How each kernel of tfjs-node is called. */
const KERNELS: Readonly<Record<string, (draw: Draw) => Use>> = {
  ...each(
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil ComplexAbs Cos Cosh Diag Elu Erf Exp Expm1 Floor Identity IsFinite IsInf IsNan Log Log1p LogicalNot Neg OnesLike Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Tan Tanh ZerosLike',
    unary(),
  ),
  ...each(
    'Add Atan2 Equal FloorDiv Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum Minimum Mod Multiply NotEqual Pow RealDiv SquaredDifference Sub',
    binary,
  ),
  ...each('All Any Max Mean Min Prod Sum', reduction),
  AddN: (draw) => ({ inputs: [draw(2), draw(2), draw(2)] }),
  ArgMax: unary({ axis: 1 }),
  ArgMin: unary({ axis: 1 }),
  AvgPool: unary(pooling, 1, 3, 3, 2),
  AvgPoolGrad: (draw) => ({ inputs: { dy: draw(1, 2, 2, 2), input: draw(1, 3, 3, 2) }, attrs: pooling }),
  AvgPool3D: unary(pooling3, 1, 3, 3, 3, 2),
  AvgPool3DGrad: (draw) => ({ inputs: { dy: draw(1, 2, 2, 2, 2), input: draw(1, 3, 3, 3, 2) }, attrs: pooling3 }),
  BatchMatMul: (draw) => ({
    inputs: { a: draw(2, 2, 3), b: draw(2, 3, 2) },
    attrs: { transposeA: false, transposeB: false },
  }),
  BatchToSpaceND: unary(
    {
      blockShape: [2, 2],
      crops: [
        [0, 0],
        [0, 0],
      ],
    },
    4,
    1,
    1,
    2,
  ),
  Bincount: (draw) => ({ inputs: { x: ints(0, 1, 1), weights: draw(3) }, attrs: { size: 2 } }),
  BroadcastArgs: () => ({ inputs: { s0: ints(2, 1), s1: ints(1, 3) } }),
  Cast: unary({ dtype: 'float32' }),
  ClipByValue: unary({ clipValueMin: -1, clipValueMax: 1 }),
  Complex: (draw) => ({ inputs: { real: draw(2), imag: draw(2) } }),
  Concat: (draw) => ({ inputs: [draw(2, 1), draw(2, 2)], attrs: { axis: 1 } }),
  Conv2D: (draw) => ({ inputs: { x: draw(1, 3, 3, 2), filter: draw(2, 2, 2, 1) }, attrs: convolution }),
  Conv2DBackpropFilter: (draw) => ({
    inputs: { x: draw(1, 3, 3, 2), dy: draw(1, 2, 2, 1) },
    attrs: { ...convolution, filterShape: [2, 2, 2, 1] },
  }),
  Conv2DBackpropInput: (draw) => ({
    inputs: { dy: draw(1, 2, 2, 1), filter: draw(2, 2, 2, 1) },
    attrs: { ...convolution, inputShape: [1, 3, 3, 2] },
  }),
  Conv3D: (draw) => ({ inputs: { x: draw(1, 3, 3, 3, 1), filter: draw(2, 2, 2, 1, 1) }, attrs: convolution3 }),
  Conv3DBackpropFilterV2: (draw) => ({
    inputs: { x: draw(1, 3, 3, 3, 1), dy: draw(1, 2, 2, 2, 1) },
    attrs: { ...convolution3, filterShape: [2, 2, 2, 1, 1] },
  }),
  Conv3DBackpropInputV2: (draw) => ({
    inputs: { dy: draw(1, 2, 2, 2, 1), filter: draw(2, 2, 2, 1, 1) },
    attrs: { ...convolution3, inputShape: [1, 3, 3, 3, 1] },
  }),
  CropAndResize: (draw) => ({
    inputs: { image: draw(1, 3, 3, 1), boxes: tf.tensor2d([[0, 0, 1, 1]]), boxInd: ints(0) },
    attrs: { cropSize: [2, 2], method: 'bilinear', extrapolationValue: 0 },
  }),
  Cumprod: unary({ axis: 1, exclusive: false, reverse: false }),
  Cumsum: unary({ axis: 1, exclusive: false, reverse: false }),
  DepthToSpace: unary({ blockSize: 2, dataFormat: 'NHWC' }, 1, 1, 1, 4),
  DepthwiseConv2dNative: (draw) => ({ inputs: { x: draw(1, 3, 3, 2), filter: draw(2, 2, 2, 1) }, attrs: convolution }),
  DepthwiseConv2dNativeBackpropFilter: (draw) => ({
    inputs: { x: draw(1, 3, 3, 2), dy: draw(1, 2, 2, 2) },
    attrs: { ...convolution, filterShape: [2, 2, 2, 1] },
  }),
  DepthwiseConv2dNativeBackpropInput: (draw) => ({
    inputs: { dy: draw(1, 2, 2, 2), filter: draw(2, 2, 2, 1) },
    attrs: { ...convolution, inputShape: [1, 3, 3, 2] },
  }),
  Dilation2D: (draw) => ({
    inputs: { x: draw(1, 3, 3, 1), filter: draw(2, 2, 1) },
    attrs: { ...convolution, dilations: [1, 1] },
  }),
  Dilation2DBackpropFilter: (draw) => ({
    inputs: { x: draw(1, 3, 3, 1), filter: draw(2, 2, 1), dy: draw(1, 2, 2, 1) },
    attrs: convolution,
  }),
  Dilation2DBackpropInput: (draw) => ({
    inputs: { x: draw(1, 3, 3, 1), filter: draw(2, 2, 1), dy: draw(1, 2, 2, 1) },
    attrs: convolution,
  }),
  Einsum: (draw) => ({ inputs: [draw(2, 3), draw(3, 2)], attrs: { equation: 'ij,jk->ik' } }),
  EluGrad: (draw) => ({ inputs: { dy: draw(3), y: draw(3) } }),
  ExpandDims: (draw) => ({ inputs: { input: draw(2, 3) }, attrs: { dim: 1 } }),
  FFT: (draw) => ({ inputs: { input: draw(1, 4) } }),
  IFFT: (draw) => ({ inputs: { input: draw(1, 4) } }),
  Fill: () => ({ inputs: {}, attrs: { shape: [2, 2], value: 3, dtype: 'int32' } }),
  FlipLeftRight: (draw) => ({ inputs: { image: draw(1, 2, 2, 1) } }),
  FusedBatchNorm: (draw) => ({
    inputs: { x: draw(1, 2, 2, 2), mean: floats(2), variance: tf.ones([2]), offset: floats(2), scale: floats(2) },
    attrs: { varianceEpsilon: 1e-3 },
  }),
  FusedConv2D: (draw) => ({
    inputs: { x: draw(1, 3, 3, 2), filter: draw(2, 2, 2, 1), bias: draw(1) },
    attrs: { ...convolution, activation: 'relu' },
  }),
  FusedDepthwiseConv2D: (draw) => ({
    inputs: { x: draw(1, 3, 3, 2), filter: draw(2, 2, 2, 1), bias: draw(2) },
    attrs: { ...convolution, activation: 'relu' },
  }),
  GatherNd: (draw) => ({ inputs: { params: draw(3, 2), indices: tf.tensor2d([[1], [0]], [2, 1], 'int32') } }),
  GatherV2: (draw) => ({ inputs: { x: draw(3, 2), indices: ints(2, 0) }, attrs: { axis: 0, batchDims: 0 } }),
  Imag: (draw) => ({ inputs: { input: draw(2) } }),
  Real: (draw) => ({ inputs: { input: draw(2) } }),
  LRN: unary({ depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 }, 1, 1, 2, 3),
  LRNGrad: (draw) => ({
    inputs: { x: draw(1, 1, 2, 3), y: draw(1, 1, 2, 3), dy: draw(1, 1, 2, 3) },
    attrs: { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 },
  }),
  LeakyRelu: unary({ alpha: 0.1 }),
  LinSpace: () => ({ inputs: {}, attrs: { start: 0, stop: 1, num: 3 } }),
  MaxPool: unary(pooling, 1, 3, 3, 2),
  MaxPoolGrad: (draw) => ({
    inputs: { dy: draw(1, 2, 2, 2), input: draw(1, 3, 3, 2), output: draw(1, 2, 2, 2) },
    attrs: pooling,
  }),
  MaxPool3D: unary(pooling3, 1, 3, 3, 3, 2),
  MaxPool3DGrad: (draw) => ({
    inputs: { dy: draw(1, 2, 2, 2, 2), input: draw(1, 3, 3, 3, 2), output: draw(1, 2, 2, 2, 2) },
    attrs: pooling3,
  }),
  MirrorPad: unary(
    {
      paddings: [
        [1, 1],
        [0, 0],
      ],
      mode: 'reflect',
    },
    3,
    2,
  ),
  Multinomial: (draw) => ({
    inputs: { logits: draw(2, 3) },
    attrs: { numSamples: 4, seed: 1, normalized: false },
    isRandom: true,
  }),
  NonMaxSuppressionV3: suppress,
  NonMaxSuppressionV4: suppress,
  NonMaxSuppressionV5: suppress,
  OneHot: () => ({ inputs: { indices: ints(1, 0) }, attrs: { depth: 2, onValue: 1, offValue: 0, dtype: 'int32' } }),
  Pack: (draw) => ({ inputs: [draw(2), draw(2)], attrs: { axis: 1 } }),
  PadV2: unary({
    paddings: [
      [1, 1],
      [0, 0],
    ],
    constantValue: 0,
  }),
  Prelu: (draw) => ({ inputs: { x: draw(2, 3), alpha: draw(3) } }),
  Range: () => ({ inputs: {}, attrs: { start: 0, stop: 3, step: 1, dtype: 'int32' } }),
  Reshape: unary({ shape: [3, 2] }),
  ResizeBilinear: (draw) => ({
    inputs: { images: draw(1, 2, 2, 1) },
    attrs: { alignCorners: false, halfPixelCenters: true, size: [3, 3] },
  }),
  ResizeBilinearGrad: (draw) => ({
    inputs: { images: draw(1, 2, 2, 1), dy: floats(1, 3, 3, 1) },
    attrs: { alignCorners: false },
  }),
  ResizeNearestNeighbor: (draw) => ({
    inputs: { images: draw(1, 2, 2, 1) },
    attrs: { alignCorners: false, halfPixelCenters: true, size: [3, 3] },
  }),
  ResizeNearestNeighborGrad: (draw) => ({
    inputs: { images: draw(1, 2, 2, 1), dy: draw(1, 3, 3, 1) },
    attrs: { alignCorners: false },
  }),
  Reverse: unary({ dims: [1] }),
  ScatterNd: (draw) => ({
    inputs: { indices: tf.tensor2d([[1], [0]], [2, 1], 'int32'), updates: draw(2) },
    attrs: { shape: [3] },
  }),
  Select: (draw) => ({ inputs: { condition: tf.tensor1d([true, false], 'bool'), t: draw(2), e: draw(2) } }),
  Slice: unary({ begin: [0, 1], size: [2, 2] }),
  Softmax: (draw) => ({ inputs: { logits: draw(2, 3) }, attrs: { dim: 1 } }),
  SpaceToBatchND: unary({ blockShape: [2], paddings: [[0, 0]] }),
  SparseToDense: (draw) => ({
    inputs: {
      sparseIndices: tf.tensor2d([[1], [2]], [2, 1], 'int32'),
      sparseValues: draw(2),
      defaultValue: draw(1).reshape([]),
    },
    attrs: { outputShape: [4] },
  }),
  SplitV: unary({ numOrSizeSplits: [1, 2], axis: 1 }),
  StaticRegexReplace: (draw) => ({
    inputs: { x: draw(2) },
    attrs: { pattern: '1', rewrite: '2', replaceGlobal: true },
  }),
  Step: unary({ alpha: 0.5 }),
  StridedSlice: unary({
    begin: [0, 0],
    end: [2, 3],
    strides: [1, 2],
    beginMask: 0,
    endMask: 0,
    ellipsisMask: 0,
    newAxisMask: 0,
    shrinkAxisMask: 0,
  }),
  TensorScatterUpdate: (draw) => ({
    inputs: { tensor: draw(3), indices: tf.tensor2d([[1]], [1, 1], 'int32'), updates: draw(1) },
  }),
  Tile: unary({ reps: [1, 2] }),
  TopK: unary({ k: 2, sorted: true }),
  Transpose: unary({ perm: [1, 0] }),
  Unique: unary({ axis: 0 }),
  Unpack: (draw) => ({ inputs: { value: draw(2, 3) }, attrs: { axis: 0 } }),
  UnsortedSegmentSum: (draw) => ({ inputs: { x: draw(3), segmentIds: ints(0, 1, 0) }, attrs: { numSegments: 2 } }),
  _FusedMatMul: (draw) => ({
    inputs: { a: draw(2, 3), b: draw(3, 2), bias: draw(2) },
    attrs: { transposeA: false, transposeB: false, activation: 'relu' },
  }),
};

interface Seen {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values?: readonly unknown[];
}
type Outcome = { readonly made: readonly Seen[] } | { readonly error: unknown };

const seen = (isRandom: boolean, tensors: readonly tf.Tensor[]): Seen[] =>
  tensors.map((tensor) => ({
    dtype: tensor.dtype,
    shape: tensor.shape,
    ...(isRandom ? {} : { values: Array.from<unknown>(tensor.dataSync()) }),
  }));
function attempt(work: () => Seen[]): Outcome {
  try {
    return { made: work() };
  } catch (error) {
    return { error };
  }
}

function bothWays(kernel: string, dtype: DType): { eager: Outcome; graph: Outcome } {
  tf.engine().startScope();
  try {
    const { inputs, attrs, isRandom = false } = KERNELS[kernel](drawOf(dtype));
    const list = Object.values(inputs);
    const names = Object.keys(inputs);
    const call = (tensors: readonly tf.Tensor[]): tf.Tensor[] => {
      // tfjs-node's Exp frees what it was given where that is whole numbers.
      const given = tensors.map((tensor) => tensor.clone());
      const named = Array.isArray(inputs) ? given : Object.fromEntries(names.map((name, i) => [name, given[i]]));
      // AddN and others take lists where the types say records; attributes are JavaScript's own here.
      const runKernel: unknown = Reflect.get(tf.engine(), 'runKernel');
      const made: unknown =
        typeof runKernel === 'function' ? Reflect.apply(runKernel, tf.engine(), [kernel, named, attrs]) : undefined;
      return [made].flat().flatMap((item) => (item instanceof tf.Tensor ? [item] : []));
    };
    const eager = attempt(() => seen(isRandom, call(list)));
    const graph = attempt(() => {
      const made = record((...given) => call(tensorsOf(given)), list, graphOf);
      try {
        return seen(isRandom, tensorsOf(made.run(list)));
      } finally {
        made.dispose();
      }
    });
    return { eager, graph };
  } finally {
    tf.engine().endScope();
  }
}

/** Numbers to the last digits of 32 bits: on some processors a graph runs an operation by other code than eager does. */
function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Object.is(a, b) || Math.abs(a - b) <= 2e-7 * Math.max(1, Math.abs(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length && left.every(([key, value], i) => key === right[i][0] && isAlike(value, right[i][1]))
  );
}

useNativeKernels();

describe('kernels as graphs', () => {
  it('are all tried', () => {
    const there = tf.getKernelsForBackend('tensorflow').map(({ kernelName }) => kernelName);
    expect(there.filter((name) => !name.startsWith('Layerwise') && !(name in KERNELS))).toEqual([]);
    expect(Object.keys(KERNELS).filter((name) => !there.includes(name))).toEqual([]);
  });

  it.each(DTYPES)('do with %s what they do eagerly, or both fail', (dtype) => {
    // Eagerly too, tfjs-node hands PadV2 a number as the text to pad with: memory that isn't there, now and then.
    const tried = Object.keys(KERNELS).filter((kernel) => kernel !== 'PadV2' || dtype !== 'string');
    const results = tried.map((kernel) => ({ kernel, ...bothWays(kernel, dtype) }));
    const unlike = results.filter(({ eager, graph }) =>
      'made' in eager ? !isAlike(graph, eager) : !('error' in graph),
    );
    expect(unlike.map(({ kernel, eager, graph }) => [kernel, eager, graph])).toEqual([]);
    // A sweep in which all fails shows nothing.
    const least = { float32: 120, int32: 70, bool: 30, complex64: 30, string: 12 }[dtype];
    expect(results.filter(({ eager }) => 'made' in eager).length).toBeGreaterThanOrEqual(least);
  });
});
