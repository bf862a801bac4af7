import type { MimeBundle } from './bundle';
import { escapeHtml } from './escape';
import { formatNumber } from './format-number';

/** A row of a table that is shown: one value a column. */
export type TableRow = Readonly<Record<string, unknown>>;

/** What a table shows. An object would put columns that are named by whole numbers first. */
export interface Table {
  readonly columns: readonly string[];
  /** One list a row, with a value for each column. */
  readonly cells: ReadonlyArray<readonly unknown[]>;
}

/** Rows as a table: columns in the order in which they first appear. */
export function tableOfRows(rows: readonly TableRow[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, cells: rows.map((row) => columns.map((column) => row[column])) };
}

export interface TableDisplayOptions {
  /** What the table shows; stands above it. */
  readonly caption?: string;
  /** The most rows that are shown (default 20); a line says how many are left out. */
  readonly maxRows?: number;
  /** The most columns that are shown (default 12). */
  readonly maxColumns?: number;
}

const CELL = 'padding:2px 10px;border-bottom:1px solid rgba(128,128,128,.35)';

/** A table as HTML and as text. */
export function tableBundle(table: Table, options: TableDisplayOptions = {}): MimeBundle {
  const { caption, maxRows = 20, maxColumns = 12 } = options;
  const columns = table.columns.slice(0, maxColumns);
  const shown = table.cells.slice(0, maxRows);
  const isNumeric = columns.map((_, i) => shown.some((row) => typeof row[i] === 'number'));
  const cells = shown.map((row) => columns.map((_, i) => formatCell(row[i])));
  const notes = [
    ...(table.cells.length > shown.length ? [`${table.cells.length - shown.length} more rows`] : []),
    ...(table.columns.length > columns.length ? [`${table.columns.length - columns.length} more columns`] : []),
  ];
  const note = notes.length > 0 ? `… and ${notes.join(', ')}` : undefined;
  const align = (i: number): string => `text-align:${isNumeric[i] ? 'right' : 'left'}`;
  const html = [
    '<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">',
    ...(caption ? [`<caption style="text-align:left;padding:4px 0">${escapeHtml(caption)}</caption>`] : []),
    `<thead><tr>${columns.map((name, i) => `<th scope="col" style="${CELL};${align(i)}">${escapeHtml(name)}</th>`).join('')}</tr></thead>`,
    `<tbody>${cells.map((row) => `<tr>${row.map((cell, i) => `<td style="${CELL};${align(i)}">${escapeHtml(cell)}</td>`).join('')}</tr>`).join('')}</tbody>`,
    '</table>',
    ...(note ? [`<p>${note}</p>`] : []),
  ].join('');
  return { 'text/html': html, 'text/plain': asText(columns, cells, isNumeric, caption, note) };
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value)) return `[${value.map(formatCell).join(', ')}]`;
  return String(value);
}

function asText(
  columns: readonly string[],
  cells: readonly string[][],
  isNumeric: readonly boolean[],
  caption?: string,
  note?: string,
): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return [
    ...(caption ? [caption] : []),
    line(columns),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    ...(note ? [note] : []),
  ].join('\n');
}
