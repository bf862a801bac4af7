import * as tf from '@tensorflow/tfjs-node';
import { nativeOp } from './native';
import { hasOwnOperations } from './own-operations';
import { isTracing } from './recorder';
import { isRecordingGradient } from './tape';

type Kernel = Parameters<tf.KernelFunc>[0];
type Gradient = Parameters<tf.GradFunc>;

let isDone = false;

/**
 * While a function is traced, some kernels and gradients of TensorFlow.js are written down as TensorFlow's own single
 * operations instead of several:
 * they are faster, and TensorFlow's optimizer knows how to fuse them. Outside of traces nothing changes.
 */
export function useNativeKernels(): void {
  if (isDone) return;
  isDone = true;
  whileTracing('GatherV2', gather);
  whileTracing('BatchMatMul', matrixProduct);
  whileTracing('Add', biasAddition);
  gradientWhileTracing('Add', ([dy], [a, b]) =>
    biasShape({ a, b }) === undefined ? undefined : { a: () => dy, b: () => biasGradient(dy).reshape(b.shape) },
  );
  gradientFromOutput('Relu', (dy, y) => ({ x: () => nativeOp('ReluGrad', [dy, y], { T: { dtype: dy.dtype } })[0] }));
  gradientWhileTracing('Relu6', ([dy], [x]) => ({
    x: () => nativeOp('Relu6Grad', [dy, x], { T: { dtype: dy.dtype } })[0],
  }));
  for (const [kernel, op] of [
    ['Sigmoid', 'SigmoidGrad'],
    ['Tanh', 'TanhGrad'],
  ] as const)
    gradientWhileTracing(kernel, ([dy], [y]) => ({ x: () => nativeOp(op, [y, dy], { T: { dtype: dy.dtype } })[0] }));
}

/** Where `replacement` answers undefined, the kernel stays as it is. */
function whileTracing(name: string, replacement: (call: Kernel) => tf.TensorInfo | undefined): void {
  const kernel = tf.getKernel(name, 'tensorflow');
  tf.unregisterKernel(name, 'tensorflow');
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) => (isTracing() ? replacement(call) : undefined) ?? kernel.kernelFunc(call),
  });
}

/** Single operations have no gradients themselves: a gradient that is differentiated again consists of TensorFlow.js's. */
const isSimpleGradient = (): boolean => isTracing() && !isRecordingGradient();

function gradientWhileTracing(
  name: string,
  replacement: (dy: tf.Tensor[], saved: Gradient[1], attrs: Gradient[2]) => ReturnType<tf.GradFunc> | undefined,
): void {
  const gradient = tf.getGradient(name);
  tf.unregisterGradient(name);
  tf.registerGradient({
    ...gradient,
    gradFunc: (dy, saved, attrs) =>
      (isSimpleGradient() ? replacement([dy].flat(), saved, attrs) : undefined) ?? gradient.gradFunc(dy, saved, attrs),
  });
}

/**
 * A gradient that needs what the kernel made, not what it was given: then the kernel can be fused with the one before.
 */
function gradientFromOutput(name: string, replacement: (dy: tf.Tensor, y: tf.Tensor) => ReturnType<tf.GradFunc>): void {
  const gradient = tf.getGradient(name);
  tf.unregisterGradient(name);
  const fromOutput: tf.GradFunc = (dy, [y], attrs) =>
    isSimpleGradient() ? replacement([dy].flat()[0], y) : gradient.gradFunc(dy, [y], attrs);
  tf.registerGradient({ kernelName: name, outputsToSave: [true], gradFunc: fromOutput });
}

const biasGradient = (dy: tf.Tensor): tf.Tensor =>
  (hasOwnOperations()
    ? nativeOp('LayerwiseBiasGrad', [dy])
    : nativeOp('BiasAddGrad', [dy], { T: { dtype: dy.dtype } }))[0];

/** tfjs-node reads all indices of a gather to check them. In a graph TensorFlow checks them itself. */
function gather({ inputs, attrs }: Kernel): tf.TensorInfo {
  const { x, indices } = inputs;
  const { axis, batchDims } = attrs ?? {};
  if (!x || !indices || typeof axis !== 'number' || typeof batchDims !== 'number')
    throw new TypeError('gather: expected x, indices, axis and batchDims');
  const axisTensor = tf.scalar(axis, 'int32');
  const [gathered] = nativeOp('GatherV2', [x, indices, axisTensor], {
    batch_dims: { int: batchDims },
    Tparams: { dtype: x.dtype },
    Tindices: { dtype: indices.dtype },
    Taxis: { dtype: 'int32' },
  });
  axisTensor.dispose();
  return gathered;
}

/**
 * Products of plain matrices, also those that TensorFlow.js wraps as batches of one: TensorFlow fuses them with the
 * addition of a bias and an activation.
 */
function matrixProduct({ inputs: { a, b }, attrs }: Kernel): tf.TensorInfo | undefined {
  const { transposeA, transposeB } = attrs ?? {};
  if (!a || !b || a.shape.length !== b.shape.length) return undefined;
  const attributes = {
    T: { dtype: a.dtype },
    transpose_a: { bool: transposeA === true },
    transpose_b: { bool: transposeB === true },
  };
  if (a.shape.length === 2) return nativeOp('MatMul', [a, b], attributes)[0];
  if (a.shape.length !== 3 || a.shape[0] !== 1 || b.shape[0] !== 1) return undefined;
  const matrices = [reshaped(a, a.shape.slice(1)), reshaped(b, b.shape.slice(1))];
  const [product] = nativeOp('MatMul', matrices, attributes);
  const result = reshaped(product, [1, ...product.shape]);
  tf.dispose([...matrices, product]);
  return result;
}

function reshaped(x: tf.TensorInfo, shape: readonly number[]): tf.Tensor {
  const lengths = tf.tensor1d([...shape], 'int32');
  const [result] = nativeOp('Reshape', [x, lengths], { T: { dtype: x.dtype }, Tshape: { dtype: 'int32' } });
  lengths.dispose();
  return result;
}

/** The number of channels where `b` is a bias: one number for each channel of `a`, its last axis. */
function biasShape({ a, b }: Record<string, tf.TensorInfo | undefined>): number | undefined {
  // Both are of one type.
  if (!a || !b || a.dtype !== 'float32' || a.shape.length < 2 || b.shape.length > a.shape.length) return undefined;
  const channels = a.shape[a.shape.length - 1];
  const isBias = b.shape.at(-1) === channels && b.shape.slice(0, -1).every((length) => length === 1);
  return isBias ? channels : undefined;
}

function biasAddition({ inputs: { a, b } }: Kernel): tf.TensorInfo | undefined {
  const channels = biasShape({ a, b });
  if (!a || !b || channels === undefined) return undefined;
  const attributes = { T: { dtype: a.dtype }, data_format: { text: 'NHWC' } } as const;
  if (b.shape.length === 1) return nativeOp('BiasAdd', [a, b], attributes)[0];
  const row = reshaped(b, [channels]);
  const [sum] = nativeOp('BiasAdd', [a, row], attributes);
  row.dispose();
  return sum;
}
