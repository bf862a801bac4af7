import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Compiler } from './compiler';
import { gradeOne, submissionKey, type Grader } from './grade-one';
import { complete, writeIfNew } from './complete';
import { readResult } from './report/files';
import { writeGrades, type WrittenGrades } from './report/grades';
import { writeStudents } from './report/students-file';
import { writeWhole } from './report/write-whole';
import type { Result } from './result';
import { RunnerPool } from './runner';
import type { SandboxKind } from './sandbox/sandbox';
import { findSubmissions, type Found } from './submissions/find';
import { readRoster } from './submissions/roster';
import { readMarks } from './words/marks';

export interface GradeFolderOptions {
  /** Folder with one folder or archive a student, or one archive of the whole class. */
  readonly folder: string;
  /** File that lists who should have a row. */
  readonly roster?: string;
  /** Where results go. */
  readonly out: string;
  /** Names of assignments begin so. */
  readonly only?: readonly string[];
  /** Submissions at a time. */
  readonly jobs: number;
  readonly sandbox: SandboxKind;
  readonly cellSeconds?: number;
  readonly exerciseSeconds?: number;
  readonly submissionSeconds?: number;
  /** Grades again what was graded before. */
  readonly force?: boolean;
  readonly onFound?: (found: Found) => void;
  readonly onResult?: (result: Result, graded: boolean) => void;
  readonly onWritten?: (written: WrittenGrades) => void;
}

/**
 * Grades all submissions in a folder, several at a time, in this process. What was graded before and has not changed is
 * taken from `out`, so a run that was ended goes on where it was. Results come in the order of assignments and
 * students.
 */
export async function gradeFolder(options: GradeFolderOptions): Promise<Result[]> {
  const found = await findSubmissions(options.folder, {
    only: options.only,
    roster: options.roster === undefined ? undefined : readRoster(options.roster),
  });
  options.onFound?.(found);
  const { sandbox, jobs, cellSeconds, exerciseSeconds, submissionSeconds, out } = options;
  const grader: Grader = {
    compiler: new Compiler(sandbox),
    pool: new RunnerPool(sandbox, jobs),
    sandbox,
    secret: secretOf(out),
    cellSeconds,
    exerciseSeconds,
    submissionSeconds,
  };
  const marks = readMarks(out);
  const results: Result[] = [];
  const waiting = [...found.submissions.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, handedIn] = next;
      const { student, assignment: name } = handedIn;
      const submission = { student, assignment: name, content: await handedIn.read() };
      const known = options.force ? undefined : readResult(out, student, name, submissionKey(submission, grader));
      const result = complete(known ?? (await gradeOne(submission, grader)), handedIn, submission.content, marks);
      writeIfNew(out, result, known);
      results[i] = result;
      options.onResult?.(result, known === undefined);
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    await grader.pool.close();
    await grader.compiler.close();
  }
  writeStudents(out, found);
  const written = writeGrades(out);
  options.onWritten?.(written);
  return results;
}

/** What inputs are drawn from: made once for a folder of results, and never shown to a submission. */
export function secretOf(out: string): string {
  const file = path.join(out, 'secret');
  if (!existsSync(file)) writeWhole(file, `${randomBytes(24).toString('hex')}\n`);
  return readFileSync(file, 'utf8').trim();
}
