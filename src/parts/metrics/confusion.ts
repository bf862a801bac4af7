/** Fails unless there are two lists of equal length, not empty. */
export function checkPairs(caller: string, y: ArrayLike<number>, other: ArrayLike<number>): void {
  if (y.length === 0) throw new RangeError(`${caller}: expected at least one label, got none`);
  if (y.length !== other.length)
    throw new RangeError(`${caller}: expected as many predictions as labels, got ${other.length} and ${y.length}`);
}

/** Part of the predictions that are right, from 0 to 1. */
export function accuracy(y: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkPairs('accuracy', y, predicted);
  return Array.from(y).filter((label, i) => label === predicted[i]).length / y.length;
}

/**
 * How often class `row` was taken for class `column`: `[classes][classes]`. Right answers lie on the diagonal.
 *
 * @param y true classes, whole numbers from 0.
 * @param predicted predicted classes.
 * @param classes how many there are (default: the largest label or prediction plus one).
 * @example
 * import { confusionCounts } from 'layerwise/metrics';
 * confusionCounts([0, 0, 1], [0, 1, 1]); // [[1, 1], [0, 1]]
 */
export function confusionCounts(y: ArrayLike<number>, predicted: ArrayLike<number>, classes?: number): number[][] {
  checkPairs('confusionCounts', y, predicted);
  const all = [...Array.from(y), ...Array.from(predicted)];
  const count = classes ?? all.reduce((largest, label) => Math.max(largest, label), 0) + 1;
  const bad = all.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= count);
  if (bad >= 0)
    throw new RangeError(
      `confusionCounts: expected classes from 0 to ${count - 1}, got ${all[bad]} at index ${bad % y.length} of ${bad < y.length ? 'the labels' : 'the predictions'}`,
    );
  const counts = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < y.length; i++) counts[y[i]][predicted[i]]++;
  return counts;
}
