import { checkTests, type Exercise, type Test, type TestMaker } from './exercise';

/** An answer with the points that it must get: the tests are tested with it. */
export interface KnownAnswer {
  /** What stands in place of the reference answer. */
  readonly code: string;
  readonly points: number;
}

/** What only graders see of an exercise. */
export interface HiddenContent {
  readonly tests: readonly Test[];
  /** Points of the stub that learners begin with (default 0). */
  readonly blank?: number;
  /** Answers with a plausible mistake; the name says which. */
  readonly wrong: Readonly<Record<string, KnownAnswer>>;
  /** Right, but too slow for some test. */
  readonly slow: KnownAnswer;
}

export interface HiddenTests extends HiddenContent {
  /** Name of the exercise. */
  readonly exercise: string;
}

/** Further tests of an exercise, and the answers that test the tests. */
export function hiddenTests<F extends (...args: never[]) => unknown>(
  of: Exercise<F>,
  content: (make: TestMaker<F>) => HiddenContent,
): HiddenTests {
  const made = content(of.make);
  checkTests(of.name, [...of.tests, ...made.tests]);
  if (Object.keys(made.wrong).length < 2) throw new Error(`exercise ${of.name}: expected at least two wrong answers`);
  return { exercise: of.name, ...made };
}

/** An answer that does nothing for ten minutes, and then goes on: in front of a right one it makes a slow one. */
export const WAIT = 'const end = Date.now() + 600_000;\nwhile (Date.now() < end);\n';
