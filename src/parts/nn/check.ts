/** Rows of numbers, `[rows][columns]`. */
export type Rows = ReadonlyArray<readonly number[]>;

/** Fails unless there are rows of equal length with finite numbers; returns the length. */
export function checkRows(caller: string, x: Rows, name = 'x'): number {
  if (x.length === 0 || x[0].length === 0)
    throw new RangeError(
      `${caller}: expected ${name} to have at least one row and one column, got shape [${x.length}${x.length > 0 ? ', 0' : ''}]`,
    );
  x.forEach((row, i) => {
    if (row.length !== x[0].length)
      throw new RangeError(
        `${caller}: expected ${x[0].length} numbers in each row of ${name}, got ${row.length} in row ${i}`,
      );
    const bad = row.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new RangeError(
        `${caller}: expected finite numbers in ${name}, got ${row[bad]} in row ${i}, column ${bad}; remove the row or fill the gap first`,
      );
  });
  return x[0].length;
}

/** Fails unless there is one number for each of `count` rows. */
export function checkSameLength(caller: string, y: ArrayLike<unknown>, count: number): void {
  if (y.length !== count)
    throw new RangeError(`${caller}: expected as many labels as rows, got ${y.length} labels and ${count} rows`);
}

/** Fails unless each label is 0 or 1. */
export function checkBinary(caller: string, y: ArrayLike<number>): void {
  if (y.length === 0) throw new RangeError(`${caller}: expected at least one label, got none`);
  const bad = Array.from(y).findIndex((label) => label !== 0 && label !== 1);
  if (bad >= 0) throw new RangeError(`${caller}: expected labels 0 or 1, got ${y[bad]} at index ${bad}`);
}

/** Fails where all labels are the same: there is nothing to tell apart. */
export function checkBothClasses(caller: string, y: readonly number[]): void {
  checkBinary(caller, y);
  if (y.every((label) => label === y[0]))
    throw new RangeError(`${caller}: expected labels of both classes, got ${y.length} times ${y[0]}`);
}

/** Fails unless the number is above 0. */
export function checkPositive(caller: string, name: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value))
    throw new RangeError(`${caller}: expected ${name} above 0, got ${value}`);
}
