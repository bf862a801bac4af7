/** What is said of one way against another, from runs with the same seeds. */
export type Verdict = 'better' | 'worse' | 'not settled';

/** How runs of one way differ from those of another, seed by seed. */
export interface PairedDifferences {
  /** How many pairs: seeds. */
  readonly n: number;
  /** Of the differences, each a value less its baseline. */
  readonly mean: number;
  /** Of that mean: the differences' standard deviation (divided by n − 1) over √n. */
  readonly standardError: number;
  /** Pairs in which the value is better than its baseline. */
  readonly wins: number;
  /** How often chance alone would give a mean at least so far from 0, on either side (paired t-test). */
  readonly pValue: number;
  readonly verdict: Verdict;
}

const SIGNIFICANCE = 0.05;
const FEWEST_PAIRS = 3;

/**
 * Compares two ways by the differences of their results over the same seeds: what a seed does to both cancels, which
 * bands that overlap hide.
 *
 * The verdict follows the paired t-test (Student, "The probable error of a mean", 1908): `better` or `worse` where
 * |mean| > t · standard error with t the 0.975 quantile of Student's distribution with n − 1 degrees of freedom, that
 * is where `pValue` < 0.05; else `not settled`, and always so with fewer than 3 pairs. Where all differences are equal
 * the standard error is 0: any other mean than 0 is then settled.
 *
 * @param values results of one way, by seed.
 * @param baseline results of the other way with the same seeds, in the same order.
 * @param options.better which results are better: `higher` (default, as for accuracies) or `lower` (as for losses).
 * @throws RangeError where the lists differ in length, hold fewer than 2 results, or hold one that isn't finite.
 * @example
 * import { pairedDifferences } from 'layerwise/experiments';
 * pairedDifferences([0.97, 0.96, 0.98, 0.95], [0.96, 0.94, 0.97, 0.94]).verdict; // 'better'
 */
export function pairedDifferences(
  values: readonly number[],
  baseline: readonly number[],
  { better = 'higher' }: { readonly better?: 'higher' | 'lower' } = {},
): PairedDifferences {
  checkPairs(values, baseline);
  const n = values.length;
  const differences = values.map((value, i) => value - baseline[i]);
  const mean = differences.reduce((sum, difference) => sum + difference / n, 0);
  const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (n - 1);
  const standardError = Math.sqrt(variance / n);
  const pValue = mean === 0 ? 1 : twoSidedP(Math.abs(mean) / standardError, n - 1);
  const sign = better === 'higher' ? 1 : -1;
  const isSettled = n >= FEWEST_PAIRS && pValue < SIGNIFICANCE;
  return {
    n,
    mean,
    standardError,
    wins: differences.filter((difference) => sign * difference > 0).length,
    pValue,
    verdict: isSettled ? (sign * mean > 0 ? 'better' : 'worse') : 'not settled',
  };
}

/** Paired differences as text: mean ± standard error, wins of n, verdict. */
export const differenceText = ({ n, mean, standardError, wins, verdict }: PairedDifferences, digits = 3): string =>
  `${mean.toFixed(digits)} ± ${standardError.toFixed(digits)}, better in ${wins} of ${n}: ${verdict}`;

function checkPairs(values: readonly number[], baseline: readonly number[]): void {
  if (values.length !== baseline.length)
    throw new RangeError(
      `pairedDifferences: expected two lists of one length, a pair for each seed, got ${values.length} and ${baseline.length} results`,
    );
  if (values.length < 2)
    throw new RangeError(`pairedDifferences: expected results of at least 2 seeds, got ${values.length}`);
  for (const [name, list] of Object.entries({ values, baseline })) {
    const wrong = list.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new RangeError(`pairedDifferences: expected finite results, got ${list[wrong]} in ${name} at ${wrong}`);
  }
}

/**
 * How probable |T| ≥ t is in Student's distribution with whole degrees of freedom: a finite sum (Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4). Right to about 1e-14, not to so many digits.
 */
function twoSidedP(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const cos = Math.cos(angle);
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? cos : 1;
  let sum = 0;
  for (let k = isOdd ? 1 : 0; k < degreesOfFreedom - 1; k += 2) {
    sum += term;
    term *= (cos * cos * (k + 1)) / (k + 2);
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return Math.max(0, 1 - inside);
}
