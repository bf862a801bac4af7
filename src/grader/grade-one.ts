import { createHash } from 'node:crypto';
import { assignment, graderVersion, type Assignment } from './assignment';
import type { Compiler } from './compiler';
import { grade, type GradeOptions } from './grade';
import type { ExerciseResult, Result } from './result';
import type { Runner, RunnerPool } from './runner';
import { limitMechanism } from './sandbox/limits';
import type { SandboxKind } from './sandbox/sandbox';
import { readCells, type ReadCells } from './submissions/read-notebook';

/** What grading a submission needs besides the submission. */
export interface Grader {
  readonly compiler: Compiler;
  readonly pool: RunnerPool;
  readonly sandbox: SandboxKind;
  readonly secret: string;
  readonly cellSeconds?: number;
  readonly exerciseSeconds?: number;
}

/** A submission as it is handed to a grader, in this process or another. */
export interface SubmittedNotebook {
  readonly student: string;
  readonly assignment: string;
  readonly content: Buffer | { readonly problem: string };
}

/** The same for the same submission, tests, secret, limits and software: what has been graded under it needn't be graded again. */
export function submissionKey({ student, assignment, content }: SubmittedNotebook, { sandbox, secret, cellSeconds, exerciseSeconds }: Omit<Grader, 'compiler' | 'pool'>): string {
  const hash = createHash('sha256');
  for (const text of [student, assignment, sandbox, secret, String(cellSeconds), String(exerciseSeconds), graderVersion()]) hash.update(text).update('\0');
  return hash.update('problem' in content ? content.problem : content).digest('hex');
}

/** Grades one submission. Always returns a result, whatever the submission is. */
export async function gradeOne(submission: SubmittedNotebook, grader: Grader): Promise<Result> {
  const { content } = submission;
  const read: ReadCells = 'problem' in content ? content : readCells(content);
  if ('problem' in read) return ungradable(submission, read.problem, grader);
  const current = assignment(submission.assignment);
  const { cells, exercises } = await grade(current, read.cells, { ...grader, freshRunner: (): Runner => grader.pool.take(current.preload) } satisfies GradeOptions);
  return { ...header(submission, grader), points: exercises.reduce((sum, { points }) => sum + points, 0), cells: [...cells], exercises: [...exercises] };
}

/** A result for a submission that can't be graded: nothing was run. */
export function ungradable(submission: SubmittedNotebook, problem: string, grader: Omit<Grader, 'compiler' | 'pool'>): Result {
  return { ...header(submission, grader), points: 0, problem, cells: [], exercises: unrun(assignment(submission.assignment), problem) };
}

function header(submission: SubmittedNotebook, grader: Omit<Grader, 'compiler' | 'pool'>): Omit<Result, 'points' | 'cells' | 'exercises'> {
  return {
    schema: 1,
    student: submission.student,
    assignment: submission.assignment,
    key: submissionKey(submission, grader),
    trusted: grader.sandbox !== 'none',
    sandbox: { kind: grader.sandbox, limits: limitMechanism().name },
    max: assignment(submission.assignment).max,
  };
}

const unrun = ({ exercises }: Assignment, problem: string): ExerciseResult[] =>
  exercises.map(({ exercise, tests, max }) => ({ name: exercise.name, title: exercise.title, points: 0, max, tests: tests.map(({ test, hidden }) => ({ name: test.name, hidden, status: 'not-run' as const, points: 0, max: test.points, message: problem })) }));
