import type { Exercise } from './exercise';

type AnyFunction = (...args: never[]) => unknown;

/**
 * Declares answers that test the tests of an exercise. What is graded is the text of each function's body, as a student
 * would write it between the notebook's marks: so it uses its own parameters, by the notebook's names, what the
 * notebook imports, and nothing else of its file.
 */
export interface KnownAnswers<F extends AnyFunction> {
  /** An answer with a plausible mistake, and the points that it must get. */
  readonly wrong: (mistake: string, points: number, answer: F) => void;
  /** A right answer that is too slow for some test, and the points that it must get. One an exercise. */
  readonly slow: (points: number, answer: F) => void;
  /** A mistake of a student who had read the task and nothing else: it must miss some point. */
  readonly mistake: (what: string, answer: F) => void;
  /** A right answer in a style that tests could stumble over: it must get full points. */
  readonly unusual: (style: string, answer: F) => void;
}

const unread = (): void => undefined;

/**
 * What declares known answers to an exercise, in files of its chapter's folder `answers` that are named for it:
 * `wrong('squares', 1, (x) => { return x * x; });`. They are read, never run: nothing happens here.
 */
export const answersTo = <F extends AnyFunction>(_: Exercise<F>): KnownAnswers<F> => ({
  wrong: unread,
  slow: unread,
  mistake: unread,
  unusual: unread,
});
