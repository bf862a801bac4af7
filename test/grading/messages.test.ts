import { describe, expect, it } from 'vitest';
import { exerciseSets } from '../../src/grading/exercises';
import { exactly } from '../../src/grading/compare';
import { exercise, type Test } from '../../src/grading/exercise';
import { hiddenProblem, shownProblem } from '../../src/grading/messages';
import { generator } from '../../src/random';

const made = exercise<(list: number[]) => number>('sum', ({ calls, probe }) => ({
  title: 'sum',
  hints: ['add'],
  tests: [
    calls('adds', 1, [[[[1, 2]], exactly(3)]]),
    probe('leaves its list alone', 1, [[[1, 2], exactly([1, 2])]], (answer, list: number[]) => (answer(list), list), { call: (list) => `sum([${list.join(', ')}])`, result: 'left its list as', look: 'Work on a copy.' }),
  ],
}));
const [adds, leaves] = made.tests;
const shown = (test: Test, returned: unknown): string => shownProblem(test, 'sum', test.cases(generator(0))[0], { returned });

describe('messages of tests', () => {
  it('name the call as a learner would write it, what came back, and what to look at', () => {
    expect(shown(adds, 4)).toBe('sum([1, 2]) returned 4; expected 3');
    expect(shown(leaves, [])).toBe('sum([1, 2]) left its list as []; expected [1, 2]. Work on a copy.');
    expect(shownProblem(leaves, 'sum', leaves.cases(generator(0))[0], { thrown: { name: 'TypeError', message: 'no' } })).toBe('sum([1, 2]) threw TypeError: no');
  });

  it('tell of hidden tests neither inputs nor values, but what to look at', () => {
    expect(hiddenProblem(leaves, 'sum', { returned: [7, 8, 9] })).toBe('sum(…), with inputs that are not shown, left its list as a list, but not the right one; expected that it leaves its list alone. Work on a copy.');
    expect(hiddenProblem(adds, 'sum', { thrown: { name: 'E9', message: '17' } })).toBe('sum(…), with inputs that are not shown, threw an error; expected that it adds');
  });

  it('name for each visible test of chapters 00 to 05 a call that can be read: a function with its arguments', () => {
    for (const { exercises } of exerciseSets.filter(({ notebook }) => notebook < '06')) {
      for (const { name, tests } of exercises) {
        for (const test of tests) {
          for (const one of test.cases(generator(0))) expect(shownProblem(test, name, one, { returned: undefined })).toMatch(new RegExp(`^(?:\\S.*)?\\b${name}\\(`));
        }
      }
    }
  });
});
