import type { Rows } from './check';

/** The product of matrices `[m][k]` and `[k][n]`: `[m][n]`, in 64-bit numbers. */
export function matMul(a: Rows, b: Rows): number[][] {
  if (a[0].length !== b.length)
    throw new RangeError(
      `matMul: expected inner lengths that agree, got shapes [${a.length}, ${a[0].length}] and [${b.length}, ${b[0].length}]`,
    );
  const columns = b[0].length;
  return a.map((row) => {
    const sums = new Array<number>(columns).fill(0);
    for (let k = 0; k < row.length; k++) {
      const factor = row[k];
      const other = b[k];
      for (let j = 0; j < columns; j++) sums[j] += factor * other[j];
    }
    return sums;
  });
}

/** Rows become columns: `[m][n]` → `[n][m]`. */
export const transpose = (x: Rows): number[][] => x[0].map((_, j) => x.map((row) => row[j]));

/** The sum of each column: `[m][n]` → `[n]`. */
export function columnSums(x: Rows): number[] {
  if (x.length === 0) throw new RangeError('columnSums: expected at least one row, got none');
  const sums = new Array<number>(x[0].length).fill(0);
  for (const row of x) for (let j = 0; j < row.length; j++) sums[j] += row[j];
  return sums;
}
