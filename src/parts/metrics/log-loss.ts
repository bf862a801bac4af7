import { checkPairs } from './confusion';

/**
 * The mean of −ln(probability that was given to the true class).
 *
 * @param y true classes, whole numbers from 0.
 * @param probabilities of class 1 (a list), or of each class (rows that sum to 1).
 * @param options `clip`: probabilities are kept this far from 0 and 1, so that a certain and wrong one costs much, but
 *   not Infinity (default 0: no clipping).
 * @example
 * import { logLoss } from 'layerwise/metrics';
 * logLoss([1, 0], [0.5, 0.5]); // ln 2
 */
export function logLoss(
  y: ArrayLike<number>,
  probabilities: ReadonlyArray<number | readonly number[]>,
  { clip = 0 }: { readonly clip?: number } = {},
): number {
  if (!(clip >= 0 && clip < 0.5)) throw new RangeError(`logLoss: expected clip from 0 to below 0.5, got ${clip}`);
  const rows = probabilities.map((p) => (typeof p === 'number' ? [1 - p, p] : p));
  checkPairs(
    'logLoss',
    y,
    rows.map((row) => row.length),
  );
  const losses = rows.map((row, i) => {
    const bad = row.find((p) => !(p >= 0 && p <= 1));
    if (bad !== undefined) throw new RangeError(`logLoss: expected probabilities from 0 to 1, got ${bad} in row ${i}`);
    if (Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) > 1e-3)
      throw new RangeError(`logLoss: expected probabilities that sum to 1, got ${row.join(', ')} in row ${i}`);
    if (!Number.isInteger(y[i]) || y[i] < 0 || y[i] >= row.length)
      throw new RangeError(`logLoss: expected classes from 0 to ${row.length - 1}, got ${y[i]} at index ${i}`);
    return -Math.log(Math.min(1 - clip, Math.max(clip, row[y[i]])));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
