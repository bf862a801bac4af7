import path from 'node:path';
import { writeWordsPage } from '../words/page';
import { writeWordsTable } from '../words/table';
import { readAllResults } from './files';
import { readStudents, type KnownStudent } from './students-file';
import { longTable, summaryTable } from './tables';
import { writeWhole } from './write-whole';

/** What was written besides the results themselves. */
export interface WrittenGrades {
  /** Answers in words that nobody has marked. */
  readonly toMark: number;
  /** A table of words that was put aside, because what was filled in there has no place any more. */
  readonly kept?: string;
  /** Files of results that can't be read. */
  readonly broken: readonly string[];
}

/**
 * Writes what all results in a folder come to, those of earlier runs too: `grades.csv` with a line a test,
 * `summary.csv` with a line a student, `words.html` to read the answers in words and `words.csv` to mark them.
 *
 * @param taken the table whose marks have just been taken in.
 */
export function writeGrades(out: string, taken?: string): WrittenGrades {
  const { results, broken } = readAllResults(out);
  const seen = new Map(readStudents(out).map((student) => [student.student, student]));
  const unseen = (student: string): KnownStudent => ({ student, isListed: true, leftOut: [] });
  const students = [...new Set([...seen.keys(), ...results.map(({ student }) => student)])]
    .sort()
    .map((student) => seen.get(student) ?? unseen(student));
  writeWhole(path.join(out, 'grades.csv'), longTable({ students, results }));
  writeWhole(path.join(out, 'summary.csv'), summaryTable({ students, results }));
  writeWordsPage(out, results);
  const kept = writeWordsTable(out, results, taken);
  const toMark = results
    .flatMap(({ words = [] }) => words)
    .filter(({ mark, found }) => !mark && found !== 'blank').length;
  return { toMark, broken, ...(kept === undefined ? {} : { kept }) };
}
