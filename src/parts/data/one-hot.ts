/**
 * Turns class numbers into rows of zeros with a single one: class 2 of 4 becomes [0, 0, 1, 0].
 *
 * @param labels whole numbers from 0.
 * @param depth number of classes (default: the largest label plus one). Give it: a batch may lack the last class.
 * @returns `[count][depth]`.
 * @throws RangeError where a label is no whole number in [0, depth).
 */
export function oneHot(labels: ArrayLike<number>, depth?: number): number[][] {
  const classes = Array.from(labels);
  const width = depth ?? classes.reduce((most, label) => Math.max(most, label + 1), 0);
  return classes.map((label, row) => {
    if (!Number.isInteger(label) || label < 0 || label >= width)
      throw new RangeError(`oneHot: expected labels from 0 to ${width - 1}, got ${label} in row ${row}`);
    const encoded = new Array<number>(width).fill(0);
    encoded[label] = 1;
    return encoded;
  });
}

/**
 * The class with the largest value of each row: undoes {@link oneHot}, and reads predictions. Of equal values the first
 * wins.
 *
 * @throws RangeError where a row is empty or holds NaN.
 */
export function argMax(rows: ReadonlyArray<readonly number[]>): number[] {
  return rows.map((row, i) => {
    if (row.length === 0 || row.some(Number.isNaN))
      throw new RangeError(`argMax: expected numbers in each row, got [${row.join(', ')}] in row ${i}`);
    return row.reduce((best, value, j) => (value > row[best] ? j : best), 0);
  });
}
