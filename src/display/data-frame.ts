import type { TableRow } from './table';

/** What display needs of a danfo DataFrame. */
export interface DataFrameLike {
  readonly columns: readonly string[];
  readonly index: ReadonlyArray<string | number>;
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
}


export function isDataFrame(value: unknown): value is DataFrameLike {
  return typeof value === 'object' && value !== null && 'columns' in value && Array.isArray(value.columns) && 'index' in value && Array.isArray(value.index) && 'values' in value && Array.isArray(value.values);
}

/** The rows of a DataFrame or Series, with the index as first column. */
export function rowsOf(frame: DataFrameLike): TableRow[] {
  return frame.index.map((label, row): TableRow => {
    const values = frame.values[row];
    const cells: readonly unknown[] = Array.isArray(values) ? values : [values];
    const entries: [string, unknown][] = [['', label], ...frame.columns.map((name, column): [string, unknown] => [name, cells[column]])];
    return Object.fromEntries(entries);
  });
}
