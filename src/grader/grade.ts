import { createHash } from 'node:crypto';
import { generator, type RandomGenerator } from '../random';
import type { Assignment, GradedExercise, GradedTest } from './assignment';
import { judge, type Verdict } from './judge';
import type { CellResult, ExerciseResult, TestResult } from './result';
import type { Runner } from './runner';
import { SubmissionRun, type RunOptions, type SubmittedCell } from './submission-run';

const NEVER_BEGUN = 'something that the cells had left running kept the function from being called';

export interface GradeOptions extends RunOptions {
  /** Inputs are drawn from it: whoever knows it knows the inputs. */
  readonly secret: string;
  /** Seconds for each exercise, in place of its own. */
  readonly exerciseSeconds?: number;
  /** Grades these exercises alone. */
  readonly only?: readonly string[];
}

export interface Grades {
  readonly cells: readonly CellResult[];
  readonly exercises: readonly ExerciseResult[];
}

/**
 * Runs a submission's cells and all tests of its assignment. Whatever the submission does, each test gets a status, within the submission's time.
 *
 * @throws GradingFailed where it can't be run here.
 */
export async function grade(assignment: Assignment, cells: readonly SubmittedCell[], options: GradeOptions): Promise<Grades> {
  const run = await SubmissionRun.of(cells.filter(({ source }) => !assignment.checks.has(source.trim())), options);
  const exercises: ExerciseResult[] = [];
  try {
    for (const exercise of assignment.exercises) {
      if (options.only && !options.only.includes(exercise.exercise.name)) continue;
      exercises.push(await gradeExercise(exercise, assignment.name, run, options));
    }
  } finally {
    await run.end();
  }
  return { cells: run.problems(), exercises };
}

/** What the tests of an exercise need of the cells: see {@link SubmissionRun}. */
export type ReadyRunner = Pick<SubmissionRun, 'ready' | 'blameCells' | 'left'>;

/** Runs the tests of an exercise. */
export async function gradeExercise({ exercise, tests, max }: GradedExercise, assignment: string, run: ReadyRunner, options: Pick<GradeOptions, 'secret' | 'exerciseSeconds'>): Promise<ExerciseResult> {
  const seconds = options.exerciseSeconds ?? exercise.seconds;
  let left = seconds;
  const results: TestResult[] = [];
  const add = ({ test, hidden }: GradedTest, status: TestResult['status'], message?: string): void =>
    void results.push({ name: test.name, hidden, status, points: status === 'pass' ? test.points : 0, max: test.points, ...(message === undefined ? {} : { message }) });
  const verdict = async (runner: Runner, graded: GradedTest): Promise<Verdict> => {
    const start = performance.now();
    const draw = drawFor(options.secret, assignment, exercise.name, graded.test.name);
    const allowed = Math.min(left, run.left);
    const result = await judge(runner, exercise.name, graded, draw, () => Math.max(0.1, allowed - (performance.now() - start) / 1000), seconds);
    const isUnbegun = !runner.lives && runner.reached === undefined;
    if (!isUnbegun) left -= (performance.now() - start) / 1000;
    return isUnbegun ? { status: 'not-run', message: NEVER_BEGUN } : result;
  };
  for (const graded of tests) {
    const broken = results.find(({ status }) => status === 'timeout' || status === 'crashed');
    let runner = broken ? undefined : await run.ready();
    if (!runner) {
      add(graded, 'not-run', broken ? 'an earlier test of this exercise ended the run' : run.left === 0 ? 'the time for the whole submission was over' : 'the cells never ended well, so nothing could be called');
      continue;
    }
    let { status, message } = await verdict(runner, graded);
    if (status === 'not-run') {
      await run.blameCells();
      runner = await run.ready();
      if (runner) ({ status, message } = await verdict(runner, graded));
    }
    add(graded, status, message);
  }
  return { name: exercise.name, title: exercise.title, points: results.reduce((sum, { points }) => sum + points, 0), max, tests: results };
}

/** Random numbers that are the same for every submission, and that no submission can know. */
function drawFor(...words: readonly string[]): RandomGenerator {
  return generator(createHash('sha256').update(JSON.stringify(words)).digest().readUIntBE(0, 6));
}
