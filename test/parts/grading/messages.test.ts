import { describe, expect, it } from 'vitest';
import { exerciseSets } from '../../../src/parts/grading/exercise-sets';
import { exactly, near, satisfies, throws } from '../../../src/parts/grading/compare';
import { exercise, type Test } from '../../../src/parts/grading/exercise';
import { hiddenProblem, shownProblem } from '../../../src/parts/grading/messages';
import { generator } from '../../../src/parts/random';

const made = exercise<(list: number[]) => number>('sum', ({ calls, probe }) => ({
  title: 'sum',
  hints: ['add'],
  tests: [
    calls('adds', 1, [[[[1, 2]], exactly(3)]]),
    probe('leaves its list alone', 1, [[[1, 2], exactly([1, 2])]], (answer, list: number[]) => (answer(list), list), {
      call: (list) => `sum([${list.join(', ')}])`,
      result: 'left its list as',
      look: 'Work on a copy.',
    }),
  ],
}));
const [adds, leaves] = made.tests;
const shown = (test: Test, returned: unknown): string =>
  shownProblem(test, 'sum', test.cases(generator(0))[0], { returned });

describe('messages of tests', () => {
  it('name the call as a learner would write it, what came back, and what to look at', () => {
    expect(shown(adds, 4)).toBe('sum([1, 2]) returned 4; expected 3');
    expect(shown(leaves, [])).toBe('sum([1, 2]) left its list as []; expected [1, 2]. Work on a copy.');
    expect(
      shownProblem(leaves, 'sum', leaves.cases(generator(0))[0], { thrown: { name: 'TypeError', message: 'no' } }),
    ).toBe('sum([1, 2]) threw TypeError: no; expected [1, 2]');
  });

  it('tell of hidden tests neither inputs nor values, but what to look at', () => {
    expect(hiddenProblem(leaves, 'sum', leaves.cases(generator(0))[0], { returned: [7, 8, 9] })).toBe(
      'sum(…), with inputs that are not shown, left its list as a list, but not the right one; expected that it leaves its list alone. Work on a copy.',
    );
    expect(hiddenProblem(adds, 'sum', adds.cases(generator(0))[0], { thrown: { name: 'E9', message: '17' } })).toBe(
      'sum(…), with inputs that are not shown, threw an error; expected that it adds',
    );
  });

  it('say which error is expected where another was thrown, or none', () => {
    const refuses = made.make.calls('refuses an empty list', 1, [[[[]], throws('RangeError')]], {
      look: 'Look at the length first.',
    });
    const [one] = refuses.cases(generator(0));
    const other = { thrown: { name: 'Error', message: 'empty' } };
    expect(shownProblem(refuses, 'sum', one, other)).toBe('sum([]) threw Error: empty; expected a RangeError');
    expect(shownProblem(refuses, 'sum', one, { returned: 0 })).toBe(
      'sum([]) returned 0; expected a RangeError. Look at the length first.',
    );
    expect(hiddenProblem(refuses, 'sum', one, other)).toBe(
      'sum(…), with inputs that are not shown, threw an error, but no RangeError; expected that it refuses an empty list',
    );
    expect(hiddenProblem(refuses, 'sum', one, { returned: Number.NaN })).toBe(
      'sum(…), with inputs that are not shown, returned a number that is not finite, but no RangeError; expected that it refuses an empty list. Look at the length first.',
    );
  });

  it('give a hint that fits where what came back is NaN, infinite or undefined', () => {
    const averages = made.make.calls('averages', 1, [[[[1, 2]], near(1.5)]], {
      look: 'Divide by the number of items.',
    });
    const [one] = averages.cases(generator(0));
    expect(shownProblem(averages, 'sum', one, { returned: 3 })).toMatch(
      /expected 1\.5, within 0\.000001\. Divide by the number of items\.$/,
    );
    expect(shownProblem(averages, 'sum', one, { returned: Infinity })).toMatch(
      /returned Infinity; expected .*\. It is NaN or infinite: look for a number that grows too large, a division by 0, or a place beyond the end of a list\. Divide by the number of items\.$/,
    );
    expect(hiddenProblem(averages, 'sum', one, { returned: Number.NaN })).toMatch(
      /returned a number that is not finite; expected that it averages\. It is NaN or infinite/,
    );
    expect(hiddenProblem(averages, 'sum', one, { returned: undefined })).toBe(
      'sum(…), with inputs that are not shown, returned undefined; expected that it averages. Look for a way through it that ends without `return`.',
    );
    const own = { ...averages, words: { ...averages.words, notFinite: 'Nothing was counted.' } };
    expect(hiddenProblem(own, 'sum', one, { returned: { mean: [Number.NaN] } })).toMatch(
      /returned an object with numbers that are not finite; .*\. Nothing was counted\.$/,
    );
    const unbounded = { ...averages, cases: () => [{ input: [[1, 2]], expect: exactly(Infinity) }] };
    expect(shownProblem(unbounded, 'sum', unbounded.cases()[0], { returned: -Infinity })).toBe(
      'sum([1, 2]) returned -Infinity; expected Infinity. Divide by the number of items.',
    );
    expect(shownProblem(unbounded, 'sum', unbounded.cases()[0], { returned: Number.NaN })).toMatch(
      /expected Infinity\. It is NaN or infinite/,
    );
  });

  it('show all digits where what came back looks as what is expected', () => {
    const [one] = made.make.calls('adds', 1, [[[[1, 2]], exactly({ sum: 3 })]]).cases(generator(0));
    expect(shownProblem(adds, 'sum', one, { returned: { sum: 2.9999999999 } })).toBe(
      'sum([1, 2]) returned { sum: 2.9999999999 }; expected { sum: 3 }',
    );
    expect(near(1000.1, { rtol: 0 }).expected).toBe('1000.1, within 0.000001');
    expect(near(12.0000061442, { rtol: 0 }).expected).toBe('12.0000061442, within 0.000001');
    expect(near(4e-18, { atol: 0 }).expected).toBe('4e-18, within 0.000001 of its size');
  });

  it('put a long value into the words that its comparer has for it, in visible tests alone', () => {
    const fits = satisfies(
      'a line that fits',
      () => false,
      (value) => `${String(value).length} digits`,
    );
    const one = { input: [[1]], expect: fits };
    expect(shownProblem(adds, 'sum', one, { returned: 1234 })).toBe(
      'sum([1]) returned 4 digits; expected a line that fits',
    );
    expect(hiddenProblem(adds, 'sum', one, { returned: 1234 })).toBe(
      'sum(…), with inputs that are not shown, returned a number, but not the right one; expected that it adds',
    );
  });

  it('name for each visible test of chapters 00 to 05 a call that can be read: a function with its arguments', () => {
    for (const { exercises } of exerciseSets().filter(({ notebook }) => notebook < '06')) {
      for (const { name, tests } of exercises) {
        for (const test of tests) {
          for (const one of test.cases(generator(0)))
            expect(shownProblem(test, name, one, { returned: undefined })).toMatch(
              new RegExp(`^(?:\\S.*)?\\b${name}\\(`),
            );
        }
      }
    }
  });
});
