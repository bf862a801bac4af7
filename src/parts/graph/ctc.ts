import * as tf from '@tensorflow/tfjs-node';
import { runFused } from './fused';
import { nativeOp } from './native';
import { stopGradient } from './stop-gradient';
import { canFuse, isDifferentiatedTwice } from './tape';
import { TraceError } from './trace-error';
import { whereCalled } from './where-called';

/** How long the rows are, and which class is none. */
export interface CtcOptions {
  /** [batch]: how many labels each row has (default: all). */
  readonly labelLengths?: tf.Tensor1D;
  /** [batch]: how many steps each row has (default: all). */
  readonly inputLengths?: tf.Tensor1D;
  /** The class that stands for no label (default 0). */
  readonly blank?: number;
}

const operation: Parameters<typeof runFused>[1] = {
  forward: ({ logits, labels, labelLengths, inputLengths }, { blank }) =>
    nativeOp('LayerwiseCtc', [logits, labels, labelLengths, inputLengths], { blank: { int: Number(blank) } }, 2),
  saves: { inputs: [], outputs: [false, true] },
  backward: ([dy], [slope]) => ({ logits: slope.mul(dy.expandDims(-1).expandDims(-1)) }),
};

/**
 * The loss of connectionist temporal classification (Graves et al., 2006): −log of the probability that a sequence has
 * these labels, whichever steps they fall on. Several steps in a row may have one label, and a blank may stand between;
 * between two equal labels it must.
 * Where no alignment is possible (more labels, and blanks between equal ones, than steps) loss and gradient are 0, as
 * with PyTorch's `zero_infinity`.
 *
 * @param labels [batch, most] class numbers; what lies beyond a row's length may be anything.
 * @param logits [batch, time, classes], before the softmax; what lies beyond a row's length counts for nothing.
 * @returns [batch], in nats.
 * @throws RangeError where shapes don't fit. Labels and lengths out of range fail where our own operation computes, and
 *   make NaN elsewhere.
 * @throws TraceError where it is differentiated twice.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { ctcLoss } from 'layerwise/graph';
 * // Two steps of two equal classes: three of the four ways, (1, 1), (0, 1) and (1, 0), read as the label 1.
 * ctcLoss(tf.tensor2d([[1]], [1, 1], 'int32'), tf.zeros([1, 2, 2])); // [ln 4/3]
 */
export function ctcLoss(labels: tf.Tensor2D, logits: tf.Tensor3D, options: CtcOptions = {}): tf.Tensor1D {
  const { blank = 0 } = options;
  const [batch, time, classes] = logits.shape;
  if (labels.rank !== 2 || logits.rank !== 3 || labels.shape[0] !== batch)
    throw new RangeError(
      `ctcLoss: expected labels [batch, most] and logits [batch, time, classes], got [${labels.shape}] and [${logits.shape}]`,
    );
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw new RangeError(`ctcLoss: expected blank to be a class from 0 to ${classes - 1}, got ${blank}`);
  for (const name of ['labelLengths', 'inputLengths'] as const)
    if (options[name] && options[name].shape.join() !== `${batch}`)
      throw new RangeError(`ctcLoss: expected ${name} of shape [${batch}], got [${options[name].shape}]`);
  if (isDifferentiatedTwice())
    throw new TraceError(`ctcLoss has no second derivative: only its first is computed (${whereCalled()})`);
  return tf.tidy(() => {
    const { labelLengths = tf.fill([batch], labels.shape[1]), inputLengths = tf.fill([batch], time) } = options;
    const inputs = {
      logits: logits.toFloat(),
      labels: labels.toFloat(),
      labelLengths: labelLengths.toFloat(),
      inputLengths: inputLengths.toFloat(),
    };
    return canFuse()
      ? runFused('LayerwiseCtc', operation, inputs, { blank })[0].as1D()
      : composed(inputs, blank, [batch, time, classes]);
  });
}

/** The logarithm of the probability of what can't be, finite so that its gradient is. */
const NEVER = -1e30;

/** The same of TensorFlow.js's operations: some twenty for each step. */
function composed(
  { logits, labels, labelLengths, inputLengths }: Record<string, tf.Tensor>,
  blank: number,
  [batch, time, classes]: readonly number[],
): tf.Tensor1D {
  const most = labels.shape[1] ?? 0;
  const states = 2 * most + 1;
  const [labelCount, stepCount] = [labelLengths.expandDims(1), inputLengths.expandDims(1)];
  const isLabel = tf.range(0, most).less(labelCount);
  const none = tf.fill([batch, most], blank);
  // The labels with a blank before, between and after them.
  const classOf = tf
    .stack([none, tf.where(isLabel, labels, none)], 2)
    .reshape([batch, 2 * most])
    .concat(tf.fill([batch, 1], blank), 1);
  const shifted = (x: tf.Tensor, by: number, first: number): tf.Tensor =>
    tf.fill([batch, by], first).concat(x, 1).slice([0, 0], [batch, states]);
  const canSkip = classOf.notEqual(blank).logicalAnd(classOf.notEqual(shifted(classOf, 2, blank)));
  const skip = penalty(canSkip);
  const logs = tf.maximum(tf.logSoftmax(logits), NEVER);
  const steps = tf.matMul(logs, tf.oneHot(classOf.toInt(), classes).toFloat(), false, true);
  const place = tf.range(0, states);
  let before = penalty(place.equal(0)).add(tf.zeros([batch, states]));
  for (let t = 0; t < time; t++) {
    const ways = tf.stack([before, shifted(before, 1, NEVER), shifted(before, 2, NEVER).add(skip)]);
    const step = steps.slice([0, t, 0], [batch, 1, states]).reshape([batch, states]);
    before = tf.where(stepCount.greater(t), tf.logSumExp(ways, 0).add(step), before);
  }
  const end = labelCount.mul(2);
  const losses = tf.logSumExp(before.add(penalty(place.equal(end).logicalOr(place.equal(end.sub(1))))), 1).neg();
  const isClass = isWithin(labels, classes - 1).logicalAnd(labels.notEqual(blank));
  const isFit = isWithin(labelLengths, most)
    .logicalAnd(isWithin(inputLengths, time))
    .logicalAnd(isClass.logicalOr(isLabel.logicalNot()).all(1));
  const possible = tf.where(stopGradient(losses).greater(-NEVER / 10), tf.zerosLike(losses), losses);
  return tf.where(isFit, possible, tf.fill([batch], NaN)).as1D();
}

const penalty = (isAllowed: tf.Tensor): tf.Tensor => tf.where(isAllowed, tf.scalar(0), tf.scalar(NEVER));
const isWithin = (x: tf.Tensor, most: number): tf.Tensor =>
  x.greaterEqual(0).logicalAnd(x.lessEqual(most)).logicalAnd(x.equal(x.floor()));
