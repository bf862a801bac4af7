import type { RandomGenerator } from '../random';

/** Row numbers of the two parts of a split; together they are all rows, and none is in both. */
export interface Split {
  readonly train: number[];
  readonly test: number[];
}

export interface SplitOptions {
  /** Part of the rows that goes to the test set, between 0 and 1 (default 0.2). At least one row goes to each side. */
  readonly testFraction?: number;
}

/**
 * Splits rows at random.
 *
 * @param count number of rows, at least 2.
 * @example
 * import { shuffledSplit, pick } from 'layerwise/data';
 * import { generator } from 'layerwise/random';
 * const ages = [31, 47, 22, 58, 36];
 * const { train, test } = shuffledSplit(ages.length, { random: generator(0) });
 * pick(ages, train);
 */
export function shuffledSplit(count: number, options: SplitOptions & { readonly random: RandomGenerator }): Split {
  const testCount = sizeOfTest('shuffledSplit', count, options.testFraction);
  const order = options.random.permutation(count);
  return { test: order.slice(0, testCount), train: order.slice(testCount) };
}

/**
 * Splits rows at random so that every class has the same share of the test set, to within one row.
 *
 * @param labels class of each row; each class needs at least 2 rows.
 */
export function stratifiedSplit(
  labels: ArrayLike<number | string>,
  options: SplitOptions & { readonly random: RandomGenerator },
): Split {
  const total = sizeOfTest('stratifiedSplit', labels.length, options.testFraction);
  const groups = [...rowsByClass(labels).entries()];
  const tooSmall = groups.find(([, rows]) => rows.length < 2);
  if (tooSmall)
    throw new RangeError(`stratifiedSplit: expected at least 2 rows of each class, got 1 of class ${tooSmall[0]}`);
  const shares = shareOut(
    total,
    groups.map(([, rows]) => rows.length),
  );
  const train: number[] = [];
  const test: number[] = [];
  groups.forEach(([, rows], i) => {
    const order = options.random.shuffle(rows);
    const inTest = Math.min(rows.length - 1, Math.max(1, shares[i]));
    test.push(...order.slice(0, inTest));
    train.push(...order.slice(inTest));
  });
  return { train: options.random.shuffle(train), test: options.random.shuffle(test) };
}

/**
 * Splits rows that are in order of time: the last ones are the test set. Nothing is shuffled, so that nothing of the
 * future is trained on.
 */
export function timeSplit(count: number, options: SplitOptions = {}): Split {
  const testCount = sizeOfTest('timeSplit', count, options.testFraction);
  const rows = Array.from({ length: count }, (_, i) => i);
  return { train: rows.slice(0, count - testCount), test: rows.slice(count - testCount) };
}

/** Row numbers of one round of cross-validation. */
export interface Fold {
  readonly train: number[];
  readonly validation: number[];
}

/**
 * Cross-validation: shuffles the rows and cuts them into `folds` parts that differ by at most one row; each part is the
 * validation set once.
 *
 * @param folds from 2 to `count`.
 */
export function kFold(count: number, options: { readonly folds: number; readonly random: RandomGenerator }): Fold[] {
  const { folds, random } = options;
  if (!Number.isInteger(folds) || folds < 2 || folds > count)
    throw new RangeError(`kFold: expected from 2 to ${count} folds for ${count} rows, got ${folds}`);
  const order = random.permutation(count);
  const bounds = Array.from({ length: folds + 1 }, (_, i) => Math.floor((i * count) / folds));
  return Array.from({ length: folds }, (_, i) => ({
    validation: order.slice(bounds[i], bounds[i + 1]),
    train: [...order.slice(0, bounds[i]), ...order.slice(bounds[i + 1])],
  }));
}

/** {@link kFold}, `iterations` times with a new shuffle each time: folds × iterations rounds in all. */
export function iteratedKFold(
  count: number,
  options: { readonly folds: number; readonly iterations: number; readonly random: RandomGenerator },
): Fold[] {
  const { iterations } = options;
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new RangeError(`iteratedKFold: expected at least 1 iteration, got ${iterations}`);
  return Array.from({ length: iterations }, () => kFold(count, options)).flat();
}

/** The items at the given indices, in that order. */
export function pick<T>(items: ArrayLike<T>, indices: readonly number[]): T[] {
  return indices.map((index) => {
    if (!Number.isInteger(index) || index < 0 || index >= items.length)
      throw new RangeError(`pick: expected indices from 0 to ${items.length - 1}, got ${index}`);
    return items[index];
  });
}

function sizeOfTest(name: string, count: number, fraction = 0.2): number {
  if (!Number.isInteger(count) || count < 2) throw new RangeError(`${name}: expected at least 2 rows, got ${count}`);
  if (!(fraction > 0 && fraction < 1))
    throw new RangeError(`${name}: expected a testFraction between 0 and 1, got ${fraction}`);
  return Math.min(count - 1, Math.max(1, Math.round(count * fraction)));
}

function rowsByClass(labels: ArrayLike<number | string>): Map<number | string, number[]> {
  const groups = new Map<number | string, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const rows = groups.get(labels[row]);
    if (rows) rows.push(row);
    else groups.set(labels[row], [row]);
  }
  return groups;
}

/** Shares `total` out in proportion to `sizes` by the largest remainder. */
function shareOut(total: number, sizes: readonly number[]): number[] {
  const sum = sizes.reduce((a, b) => a + b, 0);
  const exact = sizes.map((size) => (total * size) / sum);
  const shares = exact.map(Math.floor);
  const byRemainder = exact.map((value, i) => i).sort((a, b) => exact[b] - shares[b] - (exact[a] - shares[a]) || a - b);
  let rest = total - shares.reduce((a, b) => a + b, 0);
  for (const i of byRemainder) if (rest-- > 0) shares[i]++;
  return shares;
}
