import { readTable, type Row } from '../report/read-table';
import type { Result, WordsResult } from '../result';
import { hashOf, type StoredMark } from './marks';
import { cellText, shortened, WORDS_FORMAT } from './table';

/** Marks that a table holds, and what it says besides. */
export interface TakenMarks {
  readonly marks: readonly StoredMark[];
  /** Marks that were taken back with a `-`. */
  readonly withdrawn: number;
  readonly changed: number;
}

const MOST_NAMED = 20;
const POINTS = /^\d+(?:[.,]\d+)?$/;
/** What encodings of spreadsheets may have lost is not compared. */
const comparable = (text: string): string => text.replaceAll(/[^\u0021-\u007e]|[?']/g, '');

type Target = { readonly result: Result; readonly word: WordsResult };

/**
 * Reads marks from a table that a teacher has filled in: `words.csv`, whole or some of its lines. Lines without points
 * leave marks as they are; `-` takes one back.
 *
 * @param before the marks so far.
 * @throws Error where anything in it is wrong, naming each line; then nothing is taken in.
 */
export function takeMarks(file: string, results: readonly Result[], before: readonly StoredMark[]): TakenMarks {
  const rows = readTable(file, WORDS_FORMAT);
  const lacking = ['assignment', 'student', 'question', 'points'].filter(
    (column) => rows.length === 0 || !(column in rows[0].cells),
  );
  if (lacking.length > 0)
    throw new Error(`${file}: there is no column ${lacking.join(', ')}, or no line; ${WORDS_FORMAT}`);
  const problems: string[] = [];
  const given = new Map<WordsResult, { readonly line: number; readonly mark: StoredMark | undefined }>();
  for (const row of rows) {
    if ((row.cells.points ?? '').trim() === '') continue;
    const target = targetOf(row, results);
    const mark = typeof target === 'string' ? target : markOf(row, target);
    if (typeof target === 'string' || typeof mark === 'string')
      problems.push(`line ${row.line}: ${String(typeof target === 'string' ? target : mark)}`);
    else if (given.has(target.word))
      problems.push(
        `line ${row.line}: "${target.result.student}", ${target.result.assignment}: line ${given.get(target.word)?.line} marks the same answer`,
      );
    else given.set(target.word, { line: row.line, mark });
  }
  if (problems.length > 0)
    throw new Error(
      [
        `${file}: no mark was taken in, because of`,
        ...problems.slice(0, MOST_NAMED).map((problem) => `  ${problem}`),
        ...(problems.length > MOST_NAMED ? [`  and ${problems.length - MOST_NAMED} more`] : []),
      ].join('\n'),
    );
  return merge(results, before, given);
}

function targetOf({ cells }: Row, results: readonly Result[]): Target | string {
  const [student, assignment, question] = [
    cellText(cells.student),
    cellText(cells.assignment),
    cellText(cells.question),
  ];
  // Spreadsheets take zeros from the beginning of a number.
  const isNumber = /^\d+$/.test(student);
  const exact = results.filter((one) => cellText(one.student) === student);
  const own =
    exact.length > 0 || !isNumber
      ? exact
      : results.filter((one) => /^\d+$/.test(one.student) && BigInt(one.student) === BigInt(student));
  if (own.length === 0) return `unknown student "${student}"`;
  const result = own.filter((one) => one.assignment === assignment);
  if (result.length === 0) return `"${student}" has no result for "${assignment}"`;
  if (result.length > 1)
    return `"${student}" may be ${result.map((one) => `"${one.student}"`).join(' or ')}: write it as in words.csv, as text`;
  const word = result[0].words?.find((one) => one.question === question);
  return word ? { result: result[0], word } : `"${student}", ${assignment}: there is no question "${question}"`;
}

/** The mark of a line; undefined where it takes one back; else what is wrong with it. */
function markOf({ cells }: Row, { result: { student, assignment }, word }: Target): StoredMark | undefined | string {
  const text = (cells.points ?? '').trim();
  const whose = `"${student}", ${assignment}`;
  if (cells.answer !== undefined && comparable(cells.answer) !== comparable(shortened(word.answer)))
    return `${whose}: the answer has changed since this table was made; look at it again in words.html, and mark it in the new words.csv`;
  if (text === '-') return undefined;
  if (!POINTS.test(text)) return `${whose}: expected points as a number from 0 to ${word.max}, got "${text}"`;
  const points = Number(text.replace(',', '.'));
  if (points > word.max) return `${whose}: ${text} points are more than the ${word.max} that the answer can get`;
  const comment = (cells.comment ?? '').trim();
  return {
    student,
    assignment,
    question: word.question,
    answer: hashOf(word.answer),
    points,
    ...(comment === '' ? {} : { comment }),
  };
}

function merge(
  results: readonly Result[],
  before: readonly StoredMark[],
  given: ReadonlyMap<WordsResult, { readonly mark: StoredMark | undefined }>,
): TakenMarks {
  const all = new Map(before.map((mark) => [JSON.stringify([mark.student, mark.assignment, mark.question]), mark]));
  let [withdrawn, changed] = [0, 0];
  for (const { student, assignment, words = [] } of results) {
    for (const word of words) {
      const entry = given.get(word);
      if (!entry) continue;
      const key = JSON.stringify([student, assignment, word.question]);
      const old = all.get(key);
      if (entry.mark === undefined) withdrawn += Number(all.delete(key));
      else {
        if (JSON.stringify(old) !== JSON.stringify(entry.mark)) changed++;
        all.set(key, entry.mark);
      }
    }
  }
  return { marks: [...all.values()], withdrawn, changed };
}
