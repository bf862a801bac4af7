import type * as tfjs from '@tensorflow/tfjs-node';
import type * as autodiff from '../autodiff';
import type * as graph from '../graph';
import { generator, type RandomGenerator } from '../random';
import type { Comparer } from './compare';

/** What a test's call may use besides the answer. Each is loaded when it is first used. */
export interface Tools {
  readonly tf: typeof tfjs;
  readonly autodiff: typeof autodiff;
  readonly graph: typeof graph;
}

/** One call of an answer, and what must come back. */
export interface Case {
  /** What the call is given: plain data. */
  readonly input: unknown;
  readonly expect: Comparer;
}

/** How the messages of a test put it, where a call of the answer with the input as its arguments doesn't tell. */
export interface Words<I = unknown> {
  /** The call as a learner would write it. */
  call?(this: void, input: I): string;
  /** What the value is (default "returned"), for example "left w as". */
  readonly result?: string;
  /** What to look at: a sentence, shown for hidden tests too, so it tells none of their inputs. */
  readonly look?: string;
  /**
   * The same where NaN or an infinite number came back in place of numbers (default: a sentence on where such numbers
   * come from, followed by `look`).
   */
  readonly notFinite?: string;
}

/** Some calls that show one property of an answer. Its points are given when all of them end well. */
export interface Test {
  /** The property, for example "is right for numbers of any size". */
  readonly name: string;
  /** 0 for a test that only advises: what it looks at could be faked. */
  readonly points: number;
  readonly words?: Words;
  /** Fails where a call after the first leaves tensors alive besides those that it returns. */
  readonly frees?: boolean;
  /**
   * How the answer is called. Written out and run elsewhere: it may use nothing but its arguments.
   * Whatever it does beside the answer, the answer may try to change; so it makes inputs, calls, and hands back data
   * that is judged elsewhere.
   */
  run(this: void, answer: unknown, input: unknown, tools: Tools): unknown;
  /** Fills in the inputs; the same draws give the same cases. */
  cases(draw: RandomGenerator): readonly Case[];
}

/** The package of each tool. */
export const TOOL_PACKAGES: Readonly<Record<keyof Tools, string>> = {
  tf: '@tensorflow/tfjs-node',
  autodiff: 'layerwise/autodiff',
  graph: 'layerwise/graph',
};

/** The packages of the tools that a test's call names. */
export const packagesOf = ({ run }: Test): string[] =>
  Object.entries(TOOL_PACKAGES).flatMap(([tool, name]) =>
    new RegExp(`\\b${tool}\\b`).test(String(run)) ? [name] : [],
  );

type AnyFunction = (...args: never[]) => unknown;

/** Cases that are fixed, or drawn. */
type Cases<C> = readonly C[] | ((draw: RandomGenerator) => readonly C[]);

/** Makes tests whose inputs have the types of the answer's parameters. */
export interface TestMaker<F extends AnyFunction> {
  /** Calls the answer with lists of arguments. */
  readonly calls: (
    name: string,
    points: number,
    cases: Cases<readonly [args: Readonly<Parameters<F>>, expect: Comparer]>,
    words?: Words<Readonly<Parameters<F>>>,
  ) => Test;
  /**
   * Calls the answer in its own way, for example with tensors made from plain numbers. `run` may use nothing but its
   * arguments.
   */
  readonly probe: <I>(
    name: string,
    points: number,
    cases: Cases<readonly [input: I, expect: Comparer]>,
    run: (answer: F, input: I, tools: Tools) => unknown,
    words?: Words<I>,
  ) => Test;
}

export interface ExerciseContent {
  readonly title: string;
  /** Seconds that all calls of one run of the tests may take (default 5). */
  readonly seconds?: number;
  readonly hints: readonly string[];
  readonly tests: readonly Test[];
}

/** A function that a learner writes, and how it is tested where everybody can see it. `F` is the function's type. */
export interface Exercise<F extends AnyFunction = AnyFunction> extends Required<ExerciseContent> {
  /** The function's name. */
  readonly name: string;
  /** Makes further tests of the same function. */
  readonly make: TestMaker<F>;
}

const DEFAULT_SECONDS = 5;

/**
 * Defines an exercise.
 *
 * @throws Error where it has no test, no points or no hint.
 * @example
 * import { exactly, exercise } from 'layerwise/grading';
 * exercise<(x: number) => number>('double', ({ calls }) => ({
 *   title: 'twice as much',
 *   hints: ['Add the number to itself.'],
 *   tests: [calls('doubles', 1, [[[2], exactly(4)]])],
 * }));
 */
export function exercise<F extends AnyFunction>(
  name: string,
  content: (make: TestMaker<F>) => ExerciseContent,
): Exercise<F> {
  const make = testMaker<F>();
  const { title, seconds = DEFAULT_SECONDS, hints, tests } = content(make);
  checkNames(name, tests);
  if (hints.length === 0) throw new Error(`exercise ${name}: a learner who is stuck needs a hint`);
  return { name, title, seconds, hints, tests, make };
}

/** Refuses tests that can't be graded. */
export function checkTests(name: string, tests: readonly Test[]): void {
  checkNames(name, tests);
  if (pointsOf(tests) === 0) throw new Error(`exercise ${name}: its tests give no points`);
}

function checkNames(name: string, tests: readonly Test[]): void {
  if (tests.length === 0) throw new Error(`exercise ${name}: has no test`);
  if (new Set(tests.map((test) => test.name)).size !== tests.length)
    throw new Error(`exercise ${name}: two tests have the same name`);
  for (const test of tests)
    if (!Number.isInteger(test.points) || test.points < 0)
      throw new Error(`exercise ${name}, test "${test.name}": expected a whole number of points, got ${test.points}`);
  for (const test of tests)
    if (test.cases(generator(0)).length === 0) throw new Error(`exercise ${name}, test "${test.name}": has no case`);
}

function testMaker<F extends AnyFunction>(): TestMaker<F> {
  const filled = <C>(cases: Cases<C>, draw: RandomGenerator): readonly C[] =>
    typeof cases === 'function' ? cases(draw) : cases;
  return {
    calls: (name, points, cases, words) => ({
      name,
      points,
      words,
      run: callWithAll,
      cases: (draw) => filled(cases, draw).map(([input, expect]) => ({ input, expect })),
    }),
    probe: (name, points, cases, run, words) => ({
      name,
      points,
      words,
      run,
      cases: (draw) => filled(cases, draw).map(([input, expect]) => ({ input, expect })),
    }),
  };
}

const callWithAll = (answer: (...args: unknown[]) => unknown, args: readonly unknown[]): unknown => answer(...args);

export const pointsOf = (tests: readonly Test[]): number => tests.reduce((sum, { points }) => sum + points, 0);
