import type { RandomGenerator } from '../random';
import type { Comparer } from './compare';
import type { Test, TestMaker, Tools, Words } from './exercise';

/** Rows, and a class number for each. */
export interface Labeled<X = number[]> {
  readonly x: X[];
  readonly labels: number[];
}

/** Data in two parts, and what else the answer is to be called with. */
export interface Split<S, X = number[]> {
  readonly train: Labeled<X>;
  readonly heldOut: Labeled<X>;
  readonly settings: S;
}

/** What of a split reaches the process that the answer runs in: no label of the part that is held out. */
export interface Given<S, X = number[]> {
  readonly train: Labeled<X>;
  readonly unseen: X[];
  readonly settings: S;
}

/**
 * A test that fits on one part of the data and judges what is predicted for the other. Labels of that part stay with
 * the judge, so nothing that the answer remembers or replaces can tell it what to predict.
 *
 *     heldOut(make, 'learns', 1, (draw) => [[split(draw), ({ labels }) => classes(labels)]], async (answer, given, { tf }) => {
 *       const model = answer(given.settings);
 *       await model.fit(tf.tensor2d(given.train.x), tf.tensor1d(given.train.labels), { epochs: 10 });
 *       return model.predict(tf.tensor2d(given.unseen)).arraySync();
 *     });
 *
 * @param splits pairs of a split and what makes its judge of the part that is held out.
 * @param predict fits and hands back predictions, or weights from which the judge computes them, never a score. It may
 *   use nothing but its arguments.
 */
export const heldOut = <F extends (...args: never[]) => unknown, S, X = number[]>(
  make: TestMaker<F>,
  name: string,
  points: number,
  splits: (draw: RandomGenerator) => readonly (readonly [Split<S, X>, (heldOut: Labeled<X>) => Comparer])[],
  predict: (answer: F, given: Given<S, X>, tools: Tools) => unknown,
  words?: Words<Given<S, X>>,
): Test =>
  make.probe(
    name,
    points,
    (draw) =>
      splits(draw).map(([{ train, heldOut: kept, settings }, judge]) => [
        { train, unseen: kept.x, settings },
        judge(kept),
      ]),
    predict,
    words,
  );
