import { isDeepStrictEqual } from 'node:util';
import { writeResult } from './report/files';
import type { Result } from './result';
import type { Submission } from './submissions/find';
import { readHandedIn } from './submissions/read-notebook';
import type { Content } from './submissions/read-file';
import { answersInWords } from './words/answers';
import { withMarks, type StoredMark } from './words/marks';

/**
 * A result with what whoever collects submissions knows besides: where it lay, and its answers in words with their
 * marks.
 */
export function complete(
  result: Result,
  { file, copies }: Pick<Submission, 'file' | 'copies'>,
  content: Content,
  marks: readonly StoredMark[],
): Result {
  const read = 'problem' in content ? content : readHandedIn(content);
  const words = 'problem' in read ? [] : answersInWords(read.cells, result.assignment);
  return {
    ...result,
    handedIn: { file, ...(copies === undefined ? {} : { copies }) },
    words: withMarks(result, words, marks),
  };
}

/** Writes a result where it differs from the one that was written before. */
export function writeIfNew(out: string, result: Result, before: Result | undefined): void {
  if (!before || !isDeepStrictEqual(before, result)) writeResult(out, result);
}
