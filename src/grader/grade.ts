import { createHash } from 'node:crypto';
import { generator, type RandomGenerator } from '../random';
import type { Assignment, GradedExercise, GradedTest } from './assignment';
import type { Compiler } from './compiler';
import { judge } from './judge';
import type { CellResult, ExerciseResult, TestResult } from './result';
import type { Runner } from './runner';
import type { CompiledOrNot } from './inside/compiler';

/** A code cell of a submission. */
export interface SubmittedCell {
  readonly id: string;
  readonly source: string;
}

export interface GradeOptions {
  readonly compiler: Compiler;
  /** A runner that has served nobody. */
  readonly freshRunner: () => Runner;
  /** Inputs are drawn from it: whoever knows it knows the inputs. */
  readonly secret: string;
  /** Seconds that a cell may take (default 10). */
  readonly cellSeconds?: number;
  /** Seconds for each exercise, in place of its own. */
  readonly exerciseSeconds?: number;
  /** Grades these exercises alone. */
  readonly only?: readonly string[];
}

const CELL_SECONDS = 10;
const MOST_LOST_RUNNERS = 3;

export interface Grades {
  readonly cells: readonly CellResult[];
  readonly exercises: readonly ExerciseResult[];
}

/** Runs a submission's cells and all tests of its assignment. Never fails: whatever the submission does, each test gets a status. */
export async function grade(assignment: Assignment, cells: readonly SubmittedCell[], options: GradeOptions): Promise<Grades> {
  const own = cells.filter(({ id }) => !assignment.checkCells.has(id));
  const run = new SubmissionRun(own, await options.compiler.compile(own.map(({ source }) => source)), options);
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

/** The cells of one submission, run in as many runners as it wears out. */
class SubmissionRun {
  private runner: Runner | undefined;
  private readonly found = new Map<number, Omit<CellResult, 'cell'>>();
  private lost = 0;

  constructor(
    private readonly cells: readonly SubmittedCell[],
    private readonly compiled: readonly CompiledOrNot[],
    private readonly options: GradeOptions,
  ) {}

  /** A runner in which all cells have run that can; after a test has ended the last one, a fresh one. */
  async ready(): Promise<Runner | undefined> {
    while (!this.runner?.lives) {
      if (this.lost > MOST_LOST_RUNNERS) return undefined;
      const fresh = this.options.freshRunner();
      if (!(await fresh.started)) throw new Error('a sandboxed process ended before it had begun: is there enough memory, and may processes be started?');
      this.runner = fresh;
      if (!(await this.replay(fresh))) this.lost++;
    }
    return this.runner;
  }

  /** Runs the cells that have not failed to end before. False where one ended the runner. */
  private async replay(runner: Runner): Promise<boolean> {
    for (const [i, compiled] of this.compiled.entries()) {
      const isDropped = this.found.get(i)?.status === 'timeout' || this.found.get(i)?.status === 'crashed';
      if (isDropped) continue;
      if ('refused' in compiled) {
        this.found.set(i, { status: 'not-run', message: compiled.refused });
        continue;
      }
      const answer = await runner.runCell(compiled.cell, this.options.cellSeconds ?? CELL_SECONDS);
      if (answer.status === 'timeout' || answer.status === 'crashed') {
        this.found.set(i, { status: answer.status, message: answer.message });
        await runner.kill();
        return false;
      }
      if (answer.status === 'done' && 'thrown' in answer.outcome) this.found.set(i, { status: 'error', message: `${answer.outcome.thrown.name}: ${answer.outcome.thrown.message}`.slice(0, 1000) });
    }
    return true;
  }

  problems(): CellResult[] {
    return [...this.found].sort(([a], [b]) => a - b).map(([i, problem]) => ({ cell: this.cells[i].id, ...problem }));
  }

  async end(): Promise<void> {
    await this.runner?.kill();
  }
}

async function gradeExercise({ exercise, tests, max }: GradedExercise, assignment: string, run: SubmissionRun, options: GradeOptions): Promise<ExerciseResult> {
  const seconds = options.exerciseSeconds ?? exercise.seconds;
  let left = seconds;
  const results: TestResult[] = [];
  const add = ({ test, hidden }: GradedTest, status: TestResult['status'], message?: string): void =>
    void results.push({ name: test.name, hidden, status, points: status === 'pass' ? test.points : 0, max: test.points, ...(message === undefined ? {} : { message }) });
  for (const graded of tests) {
    const broken = results.find(({ status }) => status === 'timeout' || status === 'crashed');
    const runner = broken ? undefined : await run.ready();
    if (!runner) {
      add(graded, 'not-run', broken ? 'an earlier test of this exercise ended the run' : 'the cells never ended well, so nothing could be called');
      continue;
    }
    const start = performance.now();
    const draw = drawFor(options.secret, assignment, exercise.name, graded.test.name);
    const { status, message } = await judge(runner, exercise.name, graded, draw, () => Math.max(0.1, left - (performance.now() - start) / 1000), seconds);
    left -= (performance.now() - start) / 1000;
    add(graded, status, message);
  }
  return { name: exercise.name, title: exercise.title, points: results.reduce((sum, { points }) => sum + points, 0), max, tests: results };
}

/** Random numbers that are the same for every submission, and that no submission can know. */
function drawFor(...words: readonly string[]): RandomGenerator {
  return generator(createHash('sha256').update(JSON.stringify(words)).digest().readUIntBE(0, 6));
}
