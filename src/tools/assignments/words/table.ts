import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { csv } from '../report/csv';
import { writeWhole } from '../report/write-whole';
import { readTable } from '../report/read-table';
import type { Result } from '../result';

export const WORDS_FORMAT =
  'expected the table words.csv as grading made it, with the columns assignment, student, question, points and, if you like, comment';
const COLUMNS = ['assignment', 'student', 'question', 'answer', 'points', 'max', 'comment'] as const;

/** A spreadsheet's cell holds no more. */
const MOST_CHARACTERS = 30_000;

/** An answer as it stands in the table. */
export const shortened = (answer: string): string =>
  answer.length > MOST_CHARACTERS ? `${answer.slice(0, MOST_CHARACTERS)} … (the whole is in words.html)` : answer;

/** What a spreadsheet did to a name: the mark before formulas, white space. */
export const cellText = (text: string | undefined): string =>
  (text ?? '')
    .normalize('NFC')
    .trim()
    .replace(/^'(?=\s*[=+\-@])/, '');

const keyOf = (assignment: string, student: string, question: string): string =>
  JSON.stringify([assignment, student, question]);

/** What somebody has filled in and not yet given back. */
function filledIn(
  file: string,
  isTaken: boolean,
): Map<string, { readonly points: string; readonly comment: string }> | undefined {
  if (!existsSync(file)) return new Map();
  try {
    const rows = readTable(file, WORDS_FORMAT);
    if (rows.length === 0)
      return readFileSync(file, 'utf8').replace('\ufeff', '').startsWith(COLUMNS.join(',')) ? new Map() : undefined;
    if (
      rows.some(
        ({ cells }) => cells.assignment === undefined || cells.student === undefined || cells.question === undefined,
      )
    )
      return undefined;
    return new Map(
      rows.flatMap(({ cells: { assignment, student, question, points = '', comment = '' } }) =>
        points.trim() + comment.trim() === '' || (isTaken && points.trim() !== '')
          ? []
          : [[keyOf(cellText(assignment), cellText(student), cellText(question)), { points, comment }]],
      ),
    );
  } catch {
    return undefined;
  }
}

/**
 * Writes `words.csv`: a line for each answer in words, with a column for its points. What was filled in there and not
 * yet taken in stays;
 * where it has no place any more, the old table is kept under another name, which is returned.
 *
 * @param taken the table whose marks have just been taken in.
 */
export function writeWordsTable(out: string, results: readonly Result[], taken?: string): string | undefined {
  const file = path.join(out, 'words.csv');
  const filled = filledIn(file, taken !== undefined && path.resolve(taken) === path.resolve(file));
  const rows = results.flatMap(({ assignment, student, words = [] }) =>
    words.map(({ question, answer, max, mark }) => {
      const key = keyOf(assignment, cellText(student), question);
      const before = filled?.get(key);
      filled?.delete(key);
      return [
        assignment,
        student,
        question,
        shortened(answer),
        before?.points ?? mark?.points ?? '',
        max,
        before?.comment ?? mark?.comment ?? '',
      ];
    }),
  );
  const isLost = existsSync(file) && (filled === undefined || filled.size > 0);
  const kept = isLost ? keep(file) : undefined;
  writeWhole(file, csv([COLUMNS, ...rows]));
  return kept;
}

/** Gives a file the first free name after its own. */
function keep(file: string): string {
  for (let i = 1; ; i++) {
    const other = file.replace(/\.csv$/, `-before-${i}.csv`);
    if (existsSync(other)) continue;
    writeFileSync(other, '', { flag: 'wx' });
    renameSync(file, other);
    return other;
  }
}
