import { readAllResults } from './report/files';
import { writeIfNew } from './complete';
import { writeGrades, type WrittenGrades } from './report/grades';
import { readMarks, withMarks, writeMarks } from './words/marks';
import { takeMarks } from './words/take';

export interface TakenWords {
  readonly changed: number;
  readonly withdrawn: number;
  readonly written: WrittenGrades;
}

/**
 * Takes in the marks of a table, and writes feedback and tables anew.
 *
 * @throws Error where a line of the table is wrong; then nothing has changed.
 */
export function takeWords(out: string, file: string): TakenWords {
  const { results } = readAllResults(out);
  if (results.length === 0) throw new Error(`${out}: there are no results; grade a folder first`);
  const { marks, changed, withdrawn } = takeMarks(file, results, readMarks(out));
  writeMarks(out, marks);
  for (const result of results)
    if (result.words) writeIfNew(out, { ...result, words: withMarks(result, result.words, marks) }, result);
  return { changed, withdrawn, written: writeGrades(out, file) };
}
