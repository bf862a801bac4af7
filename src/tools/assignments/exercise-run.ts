import { createHmac } from 'node:crypto';
import { generator, type RandomGenerator } from '../../parts/random';
import type { GradedExercise, GradedTest } from './assignment';
import { judge, type Verdict } from './judge';
import type { ExerciseResult, TestResult } from './result';
import type { Runner } from './runner';
import type { SubmissionRun } from './submission-run';

const NEVER_BEGUN = 'something that the cells had left running kept the function from being called';

export interface ExerciseOptions {
  /** Inputs are drawn from it: whoever knows it knows the inputs. */
  readonly secret: string;
  /** Seconds for each exercise, in place of its own. */
  readonly exerciseSeconds?: number;
}

/** The tests of one exercise, some at a time. Its seconds are for all of them. */
export class ExerciseRun {
  private readonly seconds: number;
  private left: number;
  private readonly results: TestResult[] = [];

  constructor(
    private readonly graded: GradedExercise,
    private readonly assignment: string,
    private readonly submission: Pick<SubmissionRun, 'ready' | 'blameCells' | 'left' | 'whyMissing'>,
    private readonly options: ExerciseOptions,
  ) {
    this.seconds = options.exerciseSeconds ?? graded.exercise.seconds;
    this.left = this.seconds;
  }

  /** Runs the visible tests, or the hidden ones. */
  async run(hidden: boolean): Promise<void> {
    for (const graded of this.graded.tests) if (graded.hidden === hidden) this.add(graded, await this.test(graded));
  }

  private async test(graded: GradedTest): Promise<Verdict> {
    if (this.results.some(({ status }) => status === 'timeout' || status === 'crashed'))
      return { status: 'not-run', message: 'an earlier test of this exercise ended the run' };
    const runner = await this.submission.ready();
    if (!runner)
      return {
        status: 'not-run',
        message:
          this.submission.left === 0
            ? 'the time for the whole submission was over'
            : 'the cells never ended well, so nothing could be called',
      };
    const verdict = await this.verdict(runner, graded);
    if (verdict.status !== 'not-run') return verdict;
    await this.submission.blameCells();
    const next = await this.submission.ready();
    return next ? this.verdict(next, graded) : verdict;
  }

  private async verdict(runner: Runner, graded: GradedTest): Promise<Verdict> {
    const { name } = this.graded.exercise;
    const start = performance.now();
    const allowed = Math.min(this.left, this.submission.left);
    const draw = drawFor(this.options.secret, this.assignment, name, graded.test.name);
    const result = await judge(runner, name, graded, draw, {
      left: () => Math.max(0.1, allowed - (performance.now() - start) / 1000),
      seconds: this.seconds,
      whyMissing: () => this.submission.whyMissing(name),
    });
    if (!runner.lives && runner.reached === undefined) return { status: 'not-run', message: NEVER_BEGUN };
    this.left -= (performance.now() - start) / 1000;
    return result;
  }

  private add({ test, hidden }: GradedTest, { status, message }: Verdict): void {
    this.results.push({
      name: test.name,
      hidden,
      status,
      points: status === 'pass' ? test.points : 0,
      max: test.points,
      ...(message === undefined ? {} : { message }),
    });
  }

  result(): ExerciseResult {
    const { exercise, max } = this.graded;
    return {
      name: exercise.name,
      title: exercise.title,
      points: this.results.reduce((sum, { points }) => sum + points, 0),
      max,
      tests: this.results,
    };
  }
}

/** Random numbers that no submission can know. */
export function drawFor(secret: string, ...words: readonly string[]): RandomGenerator {
  return generator(createHmac('sha256', secret).update(JSON.stringify(words)).digest().readUIntBE(0, 6));
}
