import { plainText } from './plain-text';

/** A field as CSV (RFC 4180); what a spreadsheet would take for a formula is marked as text. */
function field(value: string | number): string {
  const text =
    typeof value === 'string' ? plainText(/^\s*[=+\-@]|^[\t\r]/.test(value) ? `'${value}` : value) : String(value);
  return /[",;\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as spreadsheets open it: UTF-8, with the mark by which they know it. */
export const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `\ufeff${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
