import { hiddenProblem, shownProblem } from '../grading/messages';
import { callText } from '../grading/values';
import { harmOf } from '../grading/watch';
import type { RandomGenerator } from '../random';
import type { GradedTest } from './assignment';
import type { TestResult } from './result';
import type { Runner } from './runner';

export type Verdict = Pick<TestResult, 'status' | 'message'>;

/** Exercises that are quick have their first call repeated: an answer must not differ from call to call. */
const QUICK_SECONDS = 15;

/**
 * Makes a test's calls in the runner and judges here what comes back.
 *
 * @param left seconds that are left.
 * @param seconds what the exercise had in all.
 */
export async function judge(runner: Runner, name: string, { test, hidden }: GradedTest, draw: RandomGenerator, left: () => number, seconds: number): Promise<Verdict> {
  const source = String(test.run);
  const cases = test.cases(draw);
  const calls = seconds <= QUICK_SECONDS || test.frees ? [...cases, cases[0]] : cases;
  for (const [i, one] of calls.entries()) {
    const { input, expect } = one;
    const answer = await runner.call(name, source, input, left());
    const called = hidden ? `${name}(…)` : test.words?.call?.(input) ?? callText(name, input);
    if (answer.status === 'missing') return { status: 'error', message: `there is no function ${name}: its cell was changed, or did not run` };
    if (answer.status !== 'done') return { status: answer.status, message: answer.status === 'timeout' ? `${called}: all calls for this exercise took more than ${seconds} s` : `${called}: ${answer.message}` };
    if (!expect.accepts(answer.outcome)) {
      const message = hidden ? hiddenProblem(test, name, answer.outcome) : shownProblem(test, name, one, answer.outcome);
      return { status: 'thrown' in answer.outcome ? 'error' : 'fail', message };
    }
    // What a library keeps for later it makes at its first use.
    const harm = harmOf(answer.effects, { frees: test.frees === true && i > 0 });
    if (harm) return { status: 'fail', message: `${called} ${harm}` };
  }
  return { status: 'pass' };
}
