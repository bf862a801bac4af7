import { hiddenProblem, shownProblem } from '../../parts/grading/messages';
import { callText } from '../../parts/grading/values';
import { harmOf } from '../../parts/grading/watch';
import type { RandomGenerator } from '../../parts/random';
import type { GradedTest } from './assignment';
import type { TestResult } from './result';
import type { Runner } from './runner';

export type Verdict = Pick<TestResult, 'status' | 'message'>;

/** Exercises that are quick have their first call repeated: an answer must not differ from call to call. */
const QUICK_SECONDS = 15;

export interface JudgeOptions {
  /** Seconds that are left. */
  readonly left: () => number;
  /** What the exercise had in all. */
  readonly seconds: number;
  /** Why there may be no function of that name, in words that follow "there is no function …:". */
  readonly whyMissing?: () => string | undefined;
}

/** Makes a test's calls in the runner and judges here what comes back. */
export async function judge(
  runner: Runner,
  name: string,
  { test, hidden }: GradedTest,
  draw: RandomGenerator,
  { left, seconds, whyMissing }: JudgeOptions,
): Promise<Verdict> {
  const source = String(test.run);
  const cases = test.cases(draw);
  const calls = seconds <= QUICK_SECONDS || test.frees ? [...cases, cases[0]] : cases;
  for (const [i, one] of calls.entries()) {
    const { input, expect } = one;
    const answer = await runner.call(name, source, input, left());
    const called = hidden ? `${name}(…)` : (test.words?.call?.(input) ?? callText(name, input));
    if (answer.status === 'missing')
      return {
        status: 'error',
        message: `there is no function ${name}: ${whyMissing?.() ?? 'its cell was changed, or did not run'}`,
      };
    if (answer.status !== 'done')
      return {
        status: answer.status,
        message:
          answer.status === 'timeout'
            ? `${called}: all calls for this exercise took more than ${seconds} s`
            : `${called}: ${answer.message}`,
      };
    if (!expect.accepts(answer.outcome)) {
      const message = hidden
        ? hiddenProblem(test, name, one, answer.outcome)
        : shownProblem(test, name, one, answer.outcome);
      return { status: 'thrown' in answer.outcome ? 'error' : 'fail', message };
    }
    // What a library keeps for later it makes at its first use.
    const harm = harmOf(answer.effects, { frees: test.frees === true && i > 0 });
    if (harm) return { status: 'fail', message: `${called} ${harm}` };
  }
  return { status: 'pass' };
}
