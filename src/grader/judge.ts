import type { Case } from '../grading/exercise';
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
const MEMORY_LOOKS = 10;
const MEMORY_LOOK_MS = 100;
const WARM_UP_CALLS = 5;

/**
 * Makes a test's calls in the runner and judges here what comes back.
 *
 * @param left seconds that are left.
 * @param seconds what the exercise had in all.
 */
export async function judge(runner: Runner, name: string, { test, hidden }: GradedTest, draw: RandomGenerator, left: () => number, seconds: number): Promise<Verdict> {
  const source = String(test.run);
  const cases = test.cases(draw);
  const calls = test.memory ? cases.flatMap((one) => Array<Case>(test.memory?.calls ?? 1).fill(one)) : seconds <= QUICK_SECONDS || test.frees ? [...cases, cases[0]] : cases;
  let before = 0;
  for (const [i, one] of calls.entries()) {
    const { input, expect } = one;
    if (test.memory && i === WARM_UP_CALLS) before = runner.memory();
    const isMeasured = test.memory !== undefined && (i === WARM_UP_CALLS - 1 || i === calls.length - 1);
    const answer = await runner.call(name, source, input, left(), isMeasured);
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
  if (test.memory && !(await shrinksTo(before + test.memory.most, runner))) return { status: 'fail', message: `after ${test.memory.calls} calls the process held on to more memory than before: tensors stay alive` };
  return { status: 'pass' };
}

/** V8 gives memory back in threads of its own, which on a busy machine come late: what is too much now may be gone in a moment. */
async function shrinksTo(most: number, runner: Runner): Promise<boolean> {
  for (let look = 0; look < MEMORY_LOOKS; look++) {
    if (runner.memory() <= most) return true;
    await new Promise((resolve) => setTimeout(resolve, MEMORY_LOOK_MS));
  }
  return false;
}
