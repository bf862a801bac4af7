import { createHash, createHmac } from 'node:crypto';
import { assignment as current, type Assignment } from './assignment';
import type { Compiler } from './compiler';
import { grade, type GradeOptions } from './grade';
import type { ExerciseResult, Result } from './result';
import type { Runner, RunnerPool } from './runner';
import { userNamespaces } from './sandbox/bubblewrap';
import { limitMechanism } from './sandbox/limits';
import type { SandboxKind } from './sandbox/sandbox';
import { readCells, type ReadCells } from './submissions/read-notebook';
import { assignmentVersion } from './version';

/** What grading a submission needs besides the submission. */
export interface Grader {
  readonly compiler: Compiler;
  readonly pool: RunnerPool;
  readonly sandbox: SandboxKind;
  readonly secret: string;
  readonly cellSeconds?: number;
  readonly exerciseSeconds?: number;
  readonly submissionSeconds?: number;
}

/** What a result depends on besides the submission. */
export type GraderSettings = Omit<Grader, 'compiler' | 'pool'>;

/** A submission as it is handed to a grader, in this process or another. */
export interface SubmittedNotebook {
  readonly student: string;
  readonly assignment: string;
  readonly content: Buffer | { readonly problem: string };
}

/**
 * The same for the same submission, tests, secret, limits and software, wherever these lie: what has been graded under
 * it needn't be graded again.
 */
export function submissionKey(
  { student, assignment, content }: SubmittedNotebook,
  { sandbox, secret, cellSeconds, exerciseSeconds, submissionSeconds }: GraderSettings,
): string {
  const hash = createHash('sha256');
  for (const text of [
    student,
    assignment,
    sandbox,
    secret,
    String(cellSeconds),
    String(exerciseSeconds),
    String(submissionSeconds),
    assignmentVersion(assignment),
    ...current(assignment).checks,
  ])
    hash.update(text).update('\0');
  return hash.update('problem' in content ? content.problem : content).digest('hex');
}

/**
 * Grades one submission. Always returns a result, whatever the submission is; where grading itself fails, one that says
 * so.
 */
export async function gradeOne(submission: SubmittedNotebook, grader: Grader): Promise<Result> {
  const { content } = submission;
  if ('problem' in content) return ungradable(submission, content.problem, grader);
  const read: ReadCells = readCells(content);
  if ('problem' in read) return ungradable(submission, read.problem, grader);
  const { preload } = current(submission.assignment);
  try {
    const { cells, exercises } = await grade(current(submission.assignment), read.cells, {
      ...grader,
      secret: secretFor(grader.secret, content),
      freshRunner: (): Runner => grader.pool.take(preload),
    } satisfies GradeOptions);
    return {
      ...header(submission, grader),
      points: exercises.reduce((sum, { points }) => sum + points, 0),
      cells: [...cells],
      exercises: [...exercises],
    };
  } catch (error) {
    return ungraded(submission, error instanceof Error ? error.message : String(error), grader);
  }
}

/**
 * What draws come from: the same for the same notebook, whoever hands it in and wherever it is graded; another for a
 * changed one.
 */
export const secretFor = (secret: string, content: Buffer): string =>
  createHmac('sha256', secret).update(createHash('sha256').update(content).digest()).digest('hex');

/** A result for a submission that can't be graded: nothing was run. */
export function ungradable(submission: SubmittedNotebook, problem: string, grader: GraderSettings): Result {
  return {
    ...header(submission, grader),
    points: 0,
    problem,
    cells: [],
    exercises: unrun(current(submission.assignment), problem),
  };
}

/** A result for a submission that has no points yet, because grading itself failed. */
export function ungraded(submission: SubmittedNotebook, why: string, grader: GraderSettings): Result {
  return {
    ...header(submission, grader),
    points: 0,
    ungraded: why,
    cells: [],
    exercises: unrun(current(submission.assignment), `not graded yet: ${why}`),
  };
}

function header(submission: SubmittedNotebook, grader: GraderSettings): Omit<Result, 'points' | 'cells' | 'exercises'> {
  return {
    schema: 1,
    student: submission.student,
    assignment: submission.assignment,
    key: submissionKey(submission, grader),
    trusted: grader.sandbox !== 'none',
    sandbox: {
      kind: grader.sandbox,
      limits: limitMechanism().name,
      userNamespaces: grader.sandbox === 'none' ? 'open' : userNamespaces(),
    },
    max: current(submission.assignment).max,
  };
}

const unrun = ({ exercises }: Assignment, problem: string): ExerciseResult[] =>
  exercises.map(({ exercise, tests, max }) => ({
    name: exercise.name,
    title: exercise.title,
    points: 0,
    max,
    tests: tests.map(({ test, hidden }) => ({
      name: test.name,
      hidden,
      status: 'not-run' as const,
      points: 0,
      max: test.points,
      message: problem,
    })),
  }));
