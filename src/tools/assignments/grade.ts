import type { Assignment } from './assignment';
import { ExerciseRun, type ExerciseOptions } from './exercise-run';
import type { CellResult, ExerciseResult } from './result';
import { SubmissionRun, type RunOptions, type SubmittedCell } from './submission-run';

export interface GradeOptions extends RunOptions, ExerciseOptions {
  /** Grades these exercises alone. */
  readonly only?: readonly string[];
}

export interface Grades {
  readonly cells: readonly CellResult[];
  readonly exercises: readonly ExerciseResult[];
}

/**
 * Runs a submission's cells and all tests of its assignment. Whatever the submission does, each test gets a status,
 * within the submission's time.
 *
 * @throws GradingFailed where it can't be run here.
 */
export async function grade(
  assignment: Assignment,
  cells: readonly SubmittedCell[],
  options: GradeOptions,
): Promise<Grades> {
  const run = await SubmissionRun.of(
    cells.filter(({ source }) => !assignment.checks.has(source.trim())),
    options,
  );
  const exercises = assignment.exercises
    .filter(({ exercise }) => options.only?.includes(exercise.name) ?? true)
    .map((exercise) => new ExerciseRun(exercise, assignment.name, run, options));
  try {
    // All tests whose messages show values come first: a submission can show nothing that a hidden test gave it.
    for (const hidden of [false, true]) for (const exercise of exercises) await exercise.run(hidden);
  } finally {
    await run.end();
  }
  return { cells: run.problems(), exercises: exercises.map((exercise) => exercise.result()) };
}
