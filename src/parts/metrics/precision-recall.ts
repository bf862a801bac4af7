import { confusionCounts } from './confusion';

export interface ClassMetricOptions {
  /** The class that is asked for (default 1); all others count as "not this one". */
  readonly positive?: number;
  /** The result where the ratio is 0/0 (default 0, as in scikit-learn). */
  readonly whenUndefined?: number;
}

interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

function countsOf(y: ArrayLike<number>, predicted: ArrayLike<number>, positive: number): Counts {
  const [[, falsePositives], [falseNegatives, truePositives]] = confusionCounts(
    Array.from(y, (label) => (label === positive ? 1 : 0)),
    Array.from(predicted, (label) => (label === positive ? 1 : 0)),
    2,
  );
  return { truePositives, falsePositives, falseNegatives };
}

const ratio = (part: number, whole: number, whenUndefined: number): number =>
  whole === 0 ? whenUndefined : part / whole;

/**
 * TP / (TP + FP): which part of what was predicted positive is positive. Undefined where nothing was predicted
 * positive.
 */
export function precision(
  y: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { positive = 1, whenUndefined = 0 }: ClassMetricOptions = {},
): number {
  const { truePositives, falsePositives } = countsOf(y, predicted, positive);
  return ratio(truePositives, truePositives + falsePositives, whenUndefined);
}

/** TP / (TP + FN): which part of what is positive was found. Undefined where nothing is positive. */
export function recall(
  y: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { positive = 1, whenUndefined = 0 }: ClassMetricOptions = {},
): number {
  const { truePositives, falseNegatives } = countsOf(y, predicted, positive);
  return ratio(truePositives, truePositives + falseNegatives, whenUndefined);
}

/**
 * The harmonic mean of precision and recall, 2TP / (2TP + FP + FN) (van Rijsbergen, 1979). It is 0 where nothing
 * positive was found, also where precision alone is undefined; undefined only where nothing is positive and nothing was
 * predicted so.
 *
 * @example
 * import { f1Score } from 'layerwise/metrics';
 * f1Score([1, 1, 0, 0], [1, 0, 1, 0]); // 0.5
 */
export function f1Score(
  y: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { positive = 1, whenUndefined = 0 }: ClassMetricOptions = {},
): number {
  const { truePositives, falsePositives, falseNegatives } = countsOf(y, predicted, positive);
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives, whenUndefined);
}
