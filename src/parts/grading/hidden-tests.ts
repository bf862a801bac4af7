import { checkTests, type Exercise, type Test, type TestMaker } from './exercise';

/** What only graders see of an exercise. */
export interface HiddenTests {
  /** Name of the exercise. */
  readonly exercise: string;
  readonly tests: readonly Test[];
}

/** Further tests of an exercise. */
export function hiddenTests<F extends (...args: never[]) => unknown>(
  of: Exercise<F>,
  make: (maker: TestMaker<F>) => readonly Test[],
): HiddenTests {
  const tests = make(of.make);
  checkTests(of.name, [...of.tests, ...tests]);
  return { exercise: of.name, tests };
}
