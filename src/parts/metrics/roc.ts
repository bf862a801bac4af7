import { checkPairs } from './confusion';

/** True against false positives at one threshold. */
export interface RocPoint {
  /** A score of this or more counts as positive. */
  readonly threshold: number;
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
}

/**
 * The receiver operating characteristic: from a threshold above every score (nothing is positive) down to the lowest
 * (everything is). Equal scores make one step.
 *
 * @param y classes, 0 or 1, both present: with one class alone a rate has no denominator.
 * @param scores probabilities or any numbers that are larger the surer class 1 is.
 */
export function rocCurve(y: ArrayLike<number>, scores: ArrayLike<number>): RocPoint[] {
  const { positives, negatives } = countClasses('rocCurve', y, scores);
  if (positives === 0 || negatives === 0)
    throw new RangeError(`rocCurve: expected labels of both classes, got ${positives} ones and ${negatives} zeros`);
  const order = Array.from(scores, (score, i) => ({ score, label: y[i] })).sort((a, b) => b.score - a.score);
  const points: RocPoint[] = [{ threshold: Infinity, truePositiveRate: 0, falsePositiveRate: 0 }];
  let [found, alarms] = [0, 0];
  order.forEach(({ score, label }, i) => {
    if (label === 1) found++;
    else alarms++;
    if (order[i + 1]?.score !== score)
      points.push({ threshold: score, truePositiveRate: found / positives, falsePositiveRate: alarms / negatives });
  });
  return points;
}

/**
 * The area under the {@link rocCurve}: the chance that a random positive has a higher score than a random negative, a
 * tie counting half (Hanley and McNeil, 1982).
 *
 * @param options `whenUndefined`: the result where only one class is present (default: a RangeError).
 */
export function areaUnderRoc(
  y: ArrayLike<number>,
  scores: ArrayLike<number>,
  { whenUndefined }: { readonly whenUndefined?: number } = {},
): number {
  const { positives, negatives } = countClasses('areaUnderRoc', y, scores);
  if (positives === 0 || negatives === 0) {
    if (whenUndefined !== undefined) return whenUndefined;
    throw new RangeError(
      `areaUnderRoc: expected labels of both classes, got ${positives} ones and ${negatives} zeros; give whenUndefined to get a value all the same`,
    );
  }
  const points = rocCurve(y, scores);
  return points
    .slice(1)
    .reduce(
      (area, point, i) =>
        area +
        ((point.falsePositiveRate - points[i].falsePositiveRate) *
          (point.truePositiveRate + points[i].truePositiveRate)) /
          2,
      0,
    );
}

function countClasses(
  caller: string,
  y: ArrayLike<number>,
  scores: ArrayLike<number>,
): { positives: number; negatives: number } {
  checkPairs(caller, y, scores);
  const bad = Array.from(y).findIndex((label) => label !== 0 && label !== 1);
  if (bad >= 0) throw new RangeError(`${caller}: expected labels 0 or 1, got ${y[bad]} at index ${bad}`);
  const notANumber = Array.from(scores).findIndex(Number.isNaN);
  if (notANumber >= 0) throw new RangeError(`${caller}: expected scores to be numbers, got NaN at index ${notANumber}`);
  const positives = Array.from(y).filter((label) => label === 1).length;
  return { positives, negatives: y.length - positives };
}
