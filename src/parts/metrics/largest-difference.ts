/**
 * How far two results are apart: the largest |difference| of two numbers at the same place. NaN if one of them is NaN,
 * so that no comparison with a tolerance holds.
 *
 * @param a numbers, for example what our own code computed.
 * @param b as many, for example what a library computed.
 * @throws RangeError if the lengths differ, or if there are no numbers.
 * @example
 * import { largestDifference } from 'layerwise/metrics';
 * largestDifference([0.5, 2], [0.5, 1.75]); // 0.25
 */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || a.length !== b.length)
    throw new RangeError(
      `largestDifference: expected two lists of one length, got ${a.length} and ${b.length} numbers`,
    );
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}
