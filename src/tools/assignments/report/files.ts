import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resultSchema, type Result } from '../result';
import { feedbackPage } from './feedback';
import { writeWhole } from './write-whole';

/** The longest name of a file, in bytes. */
const MOST_NAME = 240;

/**
 * A student's name as the name of a folder: what can't stand there, or would act in a terminal, is written as `%` and
 * its number.
 */
const folderFor = (student: string): string => {
  const name = student.replaceAll(/[\u0000-\u001f\u007f-\u009f/\\]|^\.+$/g, (text) =>
    [...text].map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join(''),
  );
  return Buffer.byteLength(name) <= MOST_NAME
    ? name
    : `${name.slice(0, MOST_NAME / 4)}-${createHash('sha256').update(student).digest('hex').slice(0, 16)}`;
};

/** Where the results of a submission lie. */
export const resultFolder = (out: string, student: string, assignment: string): string =>
  path.join(out, 'results', folderFor(student), assignment);

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

/** All results in a folder, of earlier runs too, by assignment and student; and the files that hold none. */
export function readAllResults(out: string): {
  readonly results: readonly Result[];
  readonly broken: readonly string[];
} {
  const results: Result[] = [];
  const broken: string[] = [];
  const top = path.join(out, 'results');
  for (const student of existsSync(top) ? readdirSync(top) : []) {
    for (const assignment of readdirSync(path.join(top, student))) {
      const file = path.join(top, student, assignment, 'result.json');
      if (!existsSync(file)) continue;
      try {
        results.push(resultSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
      } catch {
        broken.push(file);
      }
    }
  }
  const order = ({ assignment, student }: Result): string => `${assignment}\0${student}`;
  return { results: results.sort((a, b) => (order(a) < order(b) ? -1 : 1)), broken };
}
