import type { Table } from './table';

/** What display needs of a danfo DataFrame. */
export interface DataFrameLike {
  readonly columns: readonly string[];
  readonly index: ReadonlyArray<string | number>;
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
}

export function isDataFrame(value: unknown): value is DataFrameLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'columns' in value &&
    Array.isArray(value.columns) &&
    'index' in value &&
    Array.isArray(value.index) &&
    'values' in value &&
    Array.isArray(value.values)
  );
}

/** A DataFrame or Series as a table: the index first, then its columns in their order, whatever their names are. */
export function tableOf(frame: DataFrameLike): Table {
  const cells = frame.index.map((label, row) => {
    const values = frame.values[row];
    return [label, ...(Array.isArray(values) ? (values as readonly unknown[]) : [values])];
  });
  return { columns: ['', ...frame.columns], cells };
}
