import { CsvError, parse } from 'csv-parse/sync';
import { DataError } from './data-error';
import { openFile } from './open-file';

/** One value of a table; a blank is `null`. */
export type Cell = string | number | boolean | null;

/** A table in memory: the columns' names in order, and one record a row. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<Readonly<Record<string, Cell>>>;
}

export type ColumnType = 'string' | 'number' | 'boolean';

export interface TableOptions {
  /** What separates two values (default `,`; for `.tsv` files a tab). */
  readonly delimiter?: string;
  /** The columns' names where the file has no header line. */
  readonly columns?: readonly string[];
  /** Types of columns; those left out are inferred: all numbers, all true/false, else text. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Words that mean "no value here" besides an empty field (default none). */
  readonly blanks?: readonly string[];
}

/**
 * Reads a CSV or TSV file (RFC 4180: quotes, quoted line breaks, doubled quotes; a byte order mark is skipped). A gzip
 * file is decompressed on the way.
 *
 * @throws DataError where a row has too many or too few values, a quote isn't closed, or a value doesn't fit the type
 *   asked for.
 * @example
 * import { parseTable } from 'layerwise/data';
 * const { rows } = parseTable(new TextEncoder().encode('age,bought\n27,1\n,0\n'), 'people.csv');
 * rows[1].age; // null
 */
export function readTable(file: string, options: TableOptions = {}): Table {
  return parseTable(openFile(file), file, options);
}

/** The same for content that is already in memory; `file` is the name that errors show. */
export function parseTable(content: Uint8Array, file: string, options: TableOptions = {}): Table {
  const delimiter = options.delimiter ?? (/\.tsv(\.gz)?$/.test(file) ? '\t' : ',');
  const records = parseRecords(content, file, delimiter);
  const columns = options.columns ?? records.shift();
  if (!columns) throw new DataError(file, 'the file is empty: expected a header line', 0);
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(file, `the column name "${twice}" occurs twice`, 0);
  records.forEach((record, i) => {
    if (record.length !== columns.length)
      throw new DataError(
        file,
        `row ${i + 1}: expected ${columns.length} values (${columns.join(', ')}), got ${record.length}`,
      );
  });
  const blanks = new Set(['', ...(options.blanks ?? [])]);
  const converters = columns.map((name, column) =>
    converter(file, name, column, records, blanks, options.types?.[name]),
  );
  const rows = records.map((record, i) =>
    Object.fromEntries(columns.map((name, column) => [name, converters[column](record[column], i)])),
  );
  return { columns, rows };
}

function parseRecords(content: Uint8Array, file: string, delimiter: string): string[][] {
  // As text: in a page the library reads bytes only from its own kind of buffer.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  try {
    return parse(text, { delimiter, bom: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) {
      const offset = Number(Reflect.get(error, 'bytes'));
      throw new DataError(file, error.message.replace(/\s+/g, ' '), Number.isFinite(offset) ? offset : undefined);
    }
    throw error;
  }
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));
const isBoolean = (text: string): boolean => /^(true|false)$/i.test(text.trim());

function converter(
  file: string,
  name: string,
  column: number,
  records: readonly string[][],
  blanks: ReadonlySet<string>,
  asked?: ColumnType,
): (text: string, row: number) => Cell {
  const isBlank = (text: string): boolean => blanks.has(text) || (asked !== 'string' && text.trim() === '');
  const filled = records.map((record) => record[column]).filter((text) => !isBlank(text));
  const inferred =
    filled.length > 0 && filled.every(isNumber)
      ? 'number'
      : filled.length > 0 && filled.every(isBoolean)
        ? 'boolean'
        : 'string';
  const type = asked ?? inferred;
  return (text, row) => {
    if (isBlank(text)) return null;
    if (type === 'string') return text;
    const fits = type === 'number' ? isNumber(text) : isBoolean(text);
    if (!fits) throw new DataError(file, `row ${row + 1}, column "${name}": expected a ${type}, got "${text}"`);
    return type === 'number' ? Number(text) : text.trim().toLowerCase() === 'true';
  };
}

/**
 * The numbers of one column.
 *
 * @throws TypeError where the table has no such column or a value is no number; the message names the row.
 */
export function numberColumn(table: Table, name: string): number[] {
  if (!table.columns.includes(name))
    throw new TypeError(`numberColumn: expected one of the columns ${table.columns.join(', ')}, got "${name}"`);
  return table.rows.map((row, i) => {
    const value = row[name];
    if (typeof value !== 'number')
      throw new TypeError(
        `numberColumn: expected a number in column "${name}", row ${i + 1}, got ${value === null ? 'a blank' : `${typeof value} "${String(value)}"`}`,
      );
    return value;
  });
}
