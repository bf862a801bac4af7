import { logSumExp } from './activations';
import { checkBinary, checkRows, checkSameLength, type Rows } from './check';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of (ŷ − y)². */
export function meanSquaredError(y: readonly number[], yHat: readonly number[]): number {
  checkPair('meanSquaredError', y, yHat);
  return mean(y.map((target, i) => (yHat[i] - target) ** 2));
}

/**
 * Log loss of probabilities: the mean of −[y ln ŷ + (1 − y) ln(1 − ŷ)]. A certain and wrong prediction costs Infinity;
 * a right one costs 0, never NaN.
 *
 * @param y classes, 0 or 1.
 * @param yHat probabilities of class 1, from 0 to 1.
 */
export function binaryCrossEntropy(y: readonly number[], yHat: readonly number[]): number {
  checkPair('binaryCrossEntropy', y, yHat);
  checkBinary('binaryCrossEntropy', y);
  const bad = yHat.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0)
    throw new RangeError(
      `binaryCrossEntropy: expected probabilities from 0 to 1, got ${yHat[bad]} at index ${bad}; for logits use binaryCrossEntropyFromLogits`,
    );
  return mean(y.map((label, i) => (label === 1 ? -Math.log(yHat[i]) : -Math.log1p(-yHat[i]))));
}

/**
 * Log loss from the weighted sums before the sigmoid: the mean of max(z, 0) − z·y + ln(1 + e^(−|z|)), finite for every
 * finite z.
 */
export function binaryCrossEntropyFromLogits(y: readonly number[], z: readonly number[]): number {
  checkPair('binaryCrossEntropyFromLogits', y, z);
  checkBinary('binaryCrossEntropyFromLogits', y);
  return mean(y.map((label, i) => Math.max(z[i], 0) - z[i] * label + Math.log1p(Math.exp(-Math.abs(z[i])))));
}

/**
 * The mean over rows of −Σ y ln ŷ. @param y one-hot rows, `[count][classes]`. @param yHat probabilities, same shape.
 */
export function categoricalCrossEntropy(y: Rows, yHat: Rows): number {
  checkShapes('categoricalCrossEntropy', y, yHat);
  return mean(
    y.map((row, i) => row.reduce((sum, target, k) => (target === 0 ? sum : sum - target * Math.log(yHat[i][k])), 0)),
  );
}

/** {@link categoricalCrossEntropy} of the softmax of `z`, by log-sum-exp: finite for every finite z. */
export function categoricalCrossEntropyFromLogits(y: Rows, z: Rows): number {
  checkShapes('categoricalCrossEntropyFromLogits', y, z);
  return mean(
    y.map((row, i) => {
      const total = logSumExp(z[i]);
      return row.reduce((sum, target, k) => (target === 0 ? sum : sum + target * (total - z[i][k])), 0);
    }),
  );
}

function checkPair(caller: string, y: readonly number[], yHat: readonly number[]): void {
  if (y.length === 0) throw new RangeError(`${caller}: expected at least one value, got none`);
  checkSameLength(caller, y, yHat.length);
  const bad = [...y, ...yHat].findIndex(Number.isNaN);
  if (bad >= 0)
    throw new RangeError(
      `${caller}: expected numbers, got NaN at index ${bad % y.length} of ${bad < y.length ? 'y' : 'the prediction'}`,
    );
}

function checkShapes(caller: string, y: Rows, other: Rows): void {
  const columns = checkRows(caller, y, 'y');
  if (other.length !== y.length || other.some((row) => row.length !== columns))
    throw new RangeError(
      `${caller}: expected two arguments of one shape, got [${y.length}, ${columns}] and [${other.length}, ${other[0]?.length ?? 0}]`,
    );
}
