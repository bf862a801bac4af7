import * as tf from '@tensorflow/tfjs-node';
import { isNative, nativeOp } from './native';
import { canFuse, isDifferentiatedTwice, isRecordingGradient } from './tape';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

type Inputs = Record<string, tf.Tensor>;
type Attributes = Parameters<typeof nativeOp>[2];

/** An operation of ours with its gradient, known to TensorFlow.js's tape. */
interface FusedOperation {
  /** Its outputs; the first ones are results, the rest is kept for the gradient. */
  readonly forward: (inputs: Inputs, attributes: tf.NamedAttrMap) => tf.Tensor[];
  /** Names of inputs and numbers of outputs that the gradient needs, in this order. */
  readonly saves: { readonly inputs: string[]; readonly outputs: boolean[] };
  readonly backward: (dy: tf.Tensor[], saved: tf.Tensor[], attributes: tf.NamedAttrMap) => Inputs;
}

const registered = new Set<string>();

/** Runs an operation so that gradients flow through it. */
export function runFused(
  name: string,
  operation: FusedOperation,
  inputs: Inputs,
  attributes: tf.NamedAttrMap,
): tf.Tensor[] {
  if (!registered.has(name)) {
    registered.add(name);
    const kernelFunc: tf.KernelFunc = (call) => operation.forward(tensorsBy(call.inputs), call.attrs ?? {});
    tf.registerKernel({ kernelName: name, backendName: 'tensorflow', kernelFunc });
    tf.registerGradient({
      kernelName: name,
      inputsToSave: operation.saves.inputs,
      outputsToSave: operation.saves.outputs,
      gradFunc: (dy, saved, attrs) => {
        if (isRecordingGradient())
          throw new TraceError(
            `${name} has no second derivative; compute it inside of the function whose gradient is taken (${whereCalled()})`,
          );
        const gradients = Object.entries(operation.backward([dy].flat(), saved, attrs));
        return Object.fromEntries(gradients.map(([input, gradient]) => [input, () => gradient]));
      },
    });
  }
  const made: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, inputs, attributes);
  return [made].flat();
}

/** Kernels are given what TensorFlow.js calls infos; from its own tape they are tensors. */
function tensorsBy(infos: tf.NamedTensorInfoMap): Inputs {
  return Object.fromEntries(
    Object.entries(infos).flatMap(([name, info]) => (info instanceof tf.Tensor ? [[name, info]] : [])),
  );
}

const crossEntropy: FusedOperation = {
  forward: ({ labels, logits }) =>
    nativeOp('SoftmaxCrossEntropyWithLogits', [logits, labels], { T: { dtype: 'float32' } }, 2),
  saves: { inputs: [], outputs: [false, true] },
  backward: ([dy], [slope]) => ({ logits: slope.mul(dy.expandDims(-1)), labels: tf.zerosLike(slope) }),
};

/**
 * Softmax and cross entropy in one operation, with a gradient of one subtraction: steadier and faster than one after
 * the other.
 * Labels count as given: no gradient flows to them.
 *
 * @param labels [rows, classes] probabilities that add up to 1.
 * @param logits [rows, classes], before the softmax.
 * @returns [rows], in nats.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { softmaxCrossEntropy } from 'layerwise/graph';
 * softmaxCrossEntropy(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])); // [ln 2]
 */
export function softmaxCrossEntropy(labels: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor1D {
  if (labels.shape.join() !== logits.shape.join())
    throw new RangeError(
      `softmaxCrossEntropy: expected labels and logits of one shape [rows, classes], got [${labels.shape}] and [${logits.shape}]`,
    );
  if (isDifferentiatedTwice() || !isNative())
    return tf.logSoftmax(logits.toFloat()).mul<tf.Tensor2D>(labels.toFloat()).sum<tf.Tensor1D>(-1).neg();
  return runFused(
    'LayerwiseSoftmaxCrossEntropy',
    crossEntropy,
    { labels: labels.toFloat(), logits: logits.toFloat() },
    {},
  )[0].as1D();
}

const batchNormOperation: FusedOperation = {
  forward: ({ x, gain, shift }, { epsilon }) =>
    nativeOp(
      'FusedBatchNormV3',
      [x, gain, shift, tf.tensor1d([]), tf.tensor1d([])],
      {
        T: { dtype: 'float32' },
        U: { dtype: 'float32' },
        epsilon: { float: Number(epsilon) },
        exponential_avg_factor: { float: 1 },
        data_format: { text: 'NHWC' },
        is_training: { bool: true },
      },
      6,
    ),
  saves: { inputs: ['x', 'gain'], outputs: [false, false, false, true, true, true] },
  backward: ([dy], saved, { epsilon }) => {
    const [x, gain, ...reserved] = saved;
    const attributes: Attributes = {
      T: { dtype: 'float32' },
      U: { dtype: 'float32' },
      epsilon: { float: Number(epsilon) },
      data_format: { text: 'NHWC' },
      is_training: { bool: true },
    };
    const [dx, dgain, dshift] = nativeOp('FusedBatchNormGradV3', [dy, x, gain, ...reserved], attributes, 5);
    return { x: dx, gain: dgain, shift: dshift };
  },
};

/**
 * Normalizes the last axis over all others (Ioffe and Szegedy, 2015). Mean and variance are the batch's own, for moving
 * averages: no gradient flows from them.
 */
export function batchNorm(
  x: tf.Tensor,
  gain: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number,
): { readonly y: tf.Tensor; readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  const channels = x.shape[x.rank - 1];
  const [y, mean, variance] = runFused(
    'LayerwiseBatchNorm',
    batchNormOperation,
    { x: (x.rank === 4 ? x : x.reshape([-1, 1, 1, channels])).toFloat(), gain, shift },
    { epsilon },
  );
  const count = x.size / channels;
  // TensorFlow divides by count − 1; the moving averages of TensorFlow.js divide by count.
  return { y: y.reshape(x.shape), mean, variance: variance.mul(Math.max(1, count - 1) / count) };
}

const layerNormOperation: FusedOperation = {
  forward: ({ x, gain, shift }, { epsilon }) =>
    nativeOp('LayerwiseLayerNorm', [x, gain, shift], { epsilon: { float: Number(epsilon) } }, 3),
  saves: { inputs: ['x', 'gain'], outputs: [false, true, true] },
  backward: ([dy], [x, gain, means, scales]) => {
    const [dx, dgain, dshift] = nativeOp('LayerwiseLayerNormGrad', [dy, x, gain, means, scales], {}, 3);
    return { x: dx, gain: dgain, shift: dshift };
  },
};

/**
 * Layer normalization (Ba et al., 2016): each row of the last axis gets mean 0 and standard deviation 1, then is scaled
 * and shifted.
 *
 * @param x [..., width].
 * @param gain [width].
 * @param shift [width].
 * @param epsilon added to the variance (default 1e-5, as in PyTorch).
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { layerNorm } from 'layerwise/graph';
 * layerNorm(tf.tensor2d([[1, 3]]), tf.ones([2]), tf.zeros([2])); // about [[-1, 1]]
 */
export function layerNorm<T extends tf.Tensor>(x: T, gain: tf.Tensor1D, shift: tf.Tensor1D, epsilon = 1e-5): T {
  const width = x.shape[x.rank - 1];
  if (x.rank < 1 || gain.shape.join() !== `${width}` || shift.shape.join() !== `${width}`)
    throw new RangeError(
      `layerNorm: expected gain and shift of shape [${width}], as x [${x.shape}] has it last, got [${gain.shape}] and [${shift.shape}]`,
    );
  if (canFuse())
    return tf.tidy(() => {
      const inputs = { x: x.toFloat(), gain: gain.toFloat(), shift: shift.toFloat() };
      return runFused('LayerwiseLayerNorm', layerNormOperation, inputs, { epsilon })[0].reshape(x.shape);
    });
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(x, -1, true);
    return x.sub(mean).mul(variance.add(epsilon).rsqrt()).mul(gain).add(shift);
  });
}
