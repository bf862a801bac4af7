import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../report/write-whole';
import type { Result, WordsResult } from '../result';

const stored = z.strictObject({
  student: z.string(),
  assignment: z.string(),
  question: z.string(),
  answer: z.string(),
  points: z.number(),
  comment: z.string().optional(),
});

/** A mark that a person gave. It holds for the answer that was marked: `answer` is its hash. */
export type StoredMark = z.infer<typeof stored>;

const fileIn = (out: string): string => path.join(out, 'marks.json');
export const hashOf = (answer: string): string => createHash('sha256').update(answer).digest('hex');

/**
 * The marks that were taken in for a folder of results.
 *
 * @throws Error where their file can't be read: they are nobody's to lose.
 */
export function readMarks(out: string): StoredMark[] {
  const file = fileIn(out);
  if (!existsSync(file)) return [];
  try {
    return z.array(stored).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(
      `${file}: expected the marks that were taken in before: ${error instanceof Error ? error.message : String(error)}. Bring back an earlier copy, or delete it and take them in again with --words.`,
    );
  }
}

export const writeMarks = (out: string, marks: readonly StoredMark[]): void =>
  writeWhole(fileIn(out), `${JSON.stringify(marks, undefined, 1)}\n`);

/** The mark that holds for an answer. */
export function markFor(
  { student, assignment }: Pick<Result, 'student' | 'assignment'>,
  { question, answer }: WordsResult,
  marks: readonly StoredMark[],
): StoredMark | undefined {
  const mark = marks.find(
    (one) => one.student === student && one.assignment === assignment && one.question === question,
  );
  return mark?.answer === hashOf(answer) ? mark : undefined;
}

/** Answers with the marks that hold for them. */
export const withMarks = (
  result: Pick<Result, 'student' | 'assignment'>,
  words: readonly WordsResult[],
  marks: readonly StoredMark[],
): WordsResult[] =>
  words.map(({ mark: _, ...word }) => {
    const mark = markFor(result, word, marks);
    return {
      ...word,
      ...(mark
        ? { mark: { points: mark.points, ...(mark.comment === undefined ? {} : { comment: mark.comment }) } }
        : {}),
    };
  });
