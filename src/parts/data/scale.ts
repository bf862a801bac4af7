/** A scaling of features whose numbers were taken from training rows alone. */
export interface Scaler {
  /** What is subtracted from each feature. */
  readonly offset: readonly number[];
  /** What each feature is divided by. */
  readonly scale: readonly number[];
  /** Scales rows, `[count][features]`, with the training rows' numbers. */
  transform(rows: ReadonlyArray<readonly number[]>): number[][];
  /** Undoes {@link transform}. */
  inverse(rows: ReadonlyArray<readonly number[]>): number[][];
}

/**
 * Standard scaling: z = (x − mean) / standard deviation, feature by feature, with the *training* rows' mean and
 * (population) standard deviation.
 * A feature that never varies is only shifted.
 *
 * @param train training rows, `[count][features]`.
 * @throws RangeError where rows differ in length, hold something else than finite numbers, or there are none.
 * @example
 * import { standardScaler } from 'layerwise/data';
 * const scaler = standardScaler([[1, 10], [3, 10]]);
 * scaler.transform([[5, 10]]); // [[3, 0]]
 */
export function standardScaler(train: ReadonlyArray<readonly number[]>): Scaler {
  const columns = toColumns('standardScaler', train);
  const means = columns.map((column) => column.reduce((a, b) => a + b, 0) / column.length);
  const deviations = columns.map((column, i) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - means[i]) ** 2, 0) / column.length),
  );
  return scaler(
    'standardScaler',
    means,
    deviations.map((deviation, i) => (varies(columns[i]) && deviation > 0 ? deviation : 1)),
  );
}

/**
 * Min–max scaling to [0, 1]: (x − min) / (max − min), feature by feature, with the *training* rows' minimum and
 * maximum; other rows can fall outside.
 */
export function minMaxScaler(train: ReadonlyArray<readonly number[]>): Scaler {
  const columns = toColumns('minMaxScaler', train);
  const low = columns.map((column) => column.reduce((a, b) => Math.min(a, b), Infinity));
  const high = columns.map((column) => column.reduce((a, b) => Math.max(a, b), -Infinity));
  return scaler(
    'minMaxScaler',
    low,
    columns.map((column, i) => (varies(column) ? high[i] - low[i] : 1)),
  );
}

const varies = (column: readonly number[]): boolean => column.some((value) => value !== column[0]);

function scaler(name: string, offset: readonly number[], scale: readonly number[]): Scaler {
  const apply = (rows: ReadonlyArray<readonly number[]>, f: (value: number, i: number) => number): number[][] => {
    if (rows.length > 0) checkRows(name, rows, offset.length);
    return rows.map((row) => row.map(f));
  };
  return {
    offset,
    scale,
    transform: (rows) => apply(rows, (value, i) => (value - offset[i]) / scale[i]),
    inverse: (rows) => apply(rows, (value, i) => value * scale[i] + offset[i]),
  };
}

function toColumns(name: string, rows: ReadonlyArray<readonly number[]>): number[][] {
  if (rows.length === 0) throw new RangeError(`${name}: expected at least one training row, got none`);
  checkRows(name, rows, rows[0].length);
  return rows[0].map((_, i) => rows.map((row) => row[i]));
}

function checkRows(name: string, rows: ReadonlyArray<readonly number[]>, features: number): void {
  rows.forEach((row, i) => {
    if (row.length !== features)
      throw new RangeError(`${name}: expected ${features} features in each row, got ${row.length} in row ${i}`);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new RangeError(
        `${name}: expected finite numbers, got ${row[wrong]} in row ${i}, feature ${wrong}; fill or drop missing values first`,
      );
  });
}
