import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resultSchema, type Result } from '../result';
import { feedbackPage } from './feedback';

/** Writes a file whole or not at all. */
export function writeWhole(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.part`;
  writeFileSync(aside, content);
  renameSync(aside, file);
}

/** Where the results of a submission lie. */
export const resultFolder = (out: string, student: string, assignment: string): string => path.join(out, 'results', student, assignment);

/** Writes `feedback.html`, then `result.json`. */
export function writeResult(out: string, result: Result): void {
  const folder = resultFolder(out, result.student, result.assignment);
  writeWhole(path.join(folder, 'feedback.html'), feedbackPage(result));
  writeWhole(path.join(folder, 'result.json'), `${JSON.stringify(result, undefined, 2)}\n`);
}

/** The result that was written for a submission, where it is still whole and has this key. */
export function readWritten(out: string, student: string, assignment: string, key: string): Result | undefined {
  const file = path.join(resultFolder(out, student, assignment), 'result.json');
  if (!existsSync(file) || !existsSync(path.join(path.dirname(file), 'feedback.html'))) return undefined;
  try {
    const result = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return result.key === key ? result : undefined;
  } catch {
    return undefined;
  }
}

/** The same, but for one that needn't be graded again: where grading failed, there is none. */
export function readResult(...of: Parameters<typeof readWritten>): Result | undefined {
  const result = readWritten(...of);
  return result?.ungraded === undefined ? result : undefined;
}

/** A field as CSV (RFC 4180); what a spreadsheet would take for a formula is marked as text. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Nothing where grading failed: that is no zero. */
const pointsOf = ({ ungraded }: Result, points: number): number | '' => (ungraded === undefined ? points : '');

/** One line a test, and one with the sum for each submission. */
export function writeTable(out: string, results: readonly Result[]): string {
  const rows = results.flatMap((result) => [
    ...result.exercises.flatMap(({ name, tests }) => tests.map((test) => [result.assignment, result.student, name, test.name, test.status, pointsOf(result, test.points), test.max, String(result.trusted)])),
    [result.assignment, result.student, '', 'all', result.problem === undefined && result.ungraded === undefined ? 'graded' : 'not graded', pointsOf(result, result.points), result.max, String(result.trusted)],
  ]);
  const file = path.join(out, 'grades.csv');
  writeWhole(file, [['assignment', 'student', 'exercise', 'test', 'status', 'points', 'max', 'trusted'], ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join(''));
  return file;
}
