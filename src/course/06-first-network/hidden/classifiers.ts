import type { RandomGenerator } from '../../../parts/random';
import { near, property, satisfies, type Comparer } from '../../../parts/grading/compare';
import type { Labeled } from '../../../parts/grading/held-out';
import {
  accuracy,
  adam,
  asWeights,
  gradients,
  logLoss,
  probabilities,
  type Sizes,
  type Weights,
} from '../../../parts/grading/two-layers';
import { times } from '../../../parts/grading/draws';

export const SIZES = [2, 24, 3] as const;
/** So many units learn in few steps, at a rate of 0.001 too. */
export const WIDE = [2, 256, 3] as const;

/** Classes 0 and 1 lie in opposite corners, class 2 in the middle: no model without a bend tells them apart. */
export function corners(draw: RandomGenerator, count: number): Labeled {
  const places = [
    [
      [3, 3],
      [-3, -3],
    ],
    [
      [3, -3],
      [-3, 3],
    ],
    [[0, 0]],
  ];
  const labels = times(count, (i) => i % 3);
  return { x: labels.map((label) => draw.choice(places[label]).map((value) => value + draw.normal(0, 0.5))), labels };
}

/** What the weights that a model has make of x must be what it says. */
export const follows = (weights: Weights, sizes: Sizes, x: readonly number[][]): Comparer =>
  near(probabilities(weights, sizes, x), { atol: 1e-4 });

/** A model whose weights, as computed here, find the classes of rows that it has not met. */
export const generalizes = ({ x, labels }: Labeled): Comparer =>
  satisfies('weights that find the classes of other rows', (value) => {
    const weights = asWeights(property(value, 'weights'), WIDE);
    const p = weights && probabilities(weights, WIDE, x);
    return (
      p !== undefined &&
      accuracy(p, labels) >= 0.8 &&
      near(p, { atol: 1e-3 }).accepts({ returned: property(value, 'predictions') })
    );
  });

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Two steps of Adam from these weights, at whatever rate; the score before them is the loss and the accuracy. */
export const stepsAsAdam = (weights: Weights, sizes: Sizes, { x, labels }: Labeled): Comparer =>
  satisfies('the steps of Adam', (value) => {
    const [first, second] = ['first', 'second'].map((name) => asWeights(property(value, name), sizes));
    if (!first || !second) return false;
    const p = probabilities(weights, sizes, x);
    if (
      !near([logLoss(p, labels), accuracy(p, labels)], { atol: 1e-3 }).accepts({ returned: property(value, 'score') })
    )
      return false;
    const before = gradients(weights, sizes, x, labels);
    const after = gradients(first, sizes, x, labels);
    const rate = median(
      first.flatMap((list, l) =>
        list.flatMap((item, i) => (Math.abs(before[l][i]) > 1e-3 ? [Math.abs(item - weights[l][i])] : [])),
      ),
    );
    const steps = adam(weights, sizes, x, labels, { rate, steps: 2 });
    return (
      rate > 0 &&
      [first, second].every((found, step) =>
        found.every((list, l) =>
          list.every((item, i) => {
            const isSmall = Math.abs(before[l][i]) < 1e-4 || Math.abs(after[l][i]) < 1e-4;
            return isSmall || Math.abs(item - steps[step][l][i]) <= 0.05 * rate + 1e-6;
          }),
        ),
      )
    );
  });
