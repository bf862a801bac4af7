import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** A row of a table, by the names of its columns in lower case. */
export interface Row {
  /** Its line in the file, from 1. */
  readonly line: number;
  readonly cells: Readonly<Partial<Record<string, string>>>;
}

/** Spreadsheets write UTF-8, UTF-16 ("Unicode text"), or what Windows used before. */
function decode(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return new TextDecoder('utf-16le').decode(content);
  if (content[0] === 0xfe && content[1] === 0xff) return new TextDecoder('utf-16be').decode(content);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('windows-1252').decode(content);
  }
}

const parsed = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/** The most frequent of what spreadsheets put between columns, in the line of headings. */
const delimiterOf = (text: string): string => {
  const [headings = ''] = text.split(/\r?\n/, 1);
  return [',', ';', '\t']
    .map((mark) => ({ mark, count: headings.split(mark).length }))
    .sort((a, b) => b.count - a.count)[0].mark;
};

/**
 * Reads a table that a spreadsheet has written: columns divided by commas, semicolons or tabs, in UTF-8, UTF-16 or
 * Windows' encoding. Empty rows are left out.
 *
 * @param expected what the file should hold, for the message.
 * @throws Error where the file is no table; the message names it.
 */
export function readTable(file: string, expected: string): Row[] {
  let records: z.infer<typeof parsed>;
  try {
    const text = decode(readFileSync(file));
    records = parsed.parse(
      parse(text, {
        delimiter: delimiterOf(text),
        relax_column_count: true,
        skip_empty_lines: true,
        info: true,
        bom: true,
      }),
    );
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}; ${expected}`);
  }
  const headings = (records[0]?.record ?? []).map((heading) => heading.trim().toLowerCase());
  return records.slice(1).flatMap(({ record, info }) => {
    if (record.every((cell) => cell.trim() === '')) return [];
    return [{ line: info.lines, cells: Object.fromEntries(headings.map((heading, i) => [heading, record[i] ?? ''])) }];
  });
}
