import type { RandomGenerator } from '../../parts/random';
import { between, exactly, near, throws } from '../../parts/grading/compare';
import { firstExplosion, meanSquaredError, predict, trainWeight } from './exercises';
import { hiddenTests } from '../../parts/grading/hidden-tests';
import { numbers, times } from '../../parts/grading/draws';

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** The weight with the least mean squared error, by its formula. */
const bestWeight = (xs: readonly number[], ys: readonly number[]): number =>
  mean(xs.map((x, i) => (x - mean(xs)) * (ys[i] - mean(ys)))) / mean(xs.map((x) => (x - mean(xs)) ** 2));

/**
 * Points and a rate at which the loss has two parts: one shrinks to nothing within a few epochs, the other, 1 of
 * `whole` at first, is multiplied by growth² in each.
 * The weight of the points is so large that it hardly matters where training begins.
 */
function exploding(draw: RandomGenerator, growth: number, whole: number): { xs: number[]; ys: number[]; rate: number } {
  const gap = draw.between(1.1, 1.4);
  const xs = [-2 * gap, -gap, 0, gap, 2 * gap];
  const squares = mean(xs.map((x) => x * x));
  const slope = draw.choice([-1, 1]) * draw.between(400, 600);
  const at = Math.abs(slope) * Math.sqrt(squares * (whole - 1));
  return { xs, ys: xs.map((x) => slope * x + at), rate: (1 + growth) / (2 * squares) };
}

export const hidden = [
  hiddenTests(predict, ({ calls }) => [
    calls(
      'is right for any numbers',
      1,
      (draw) =>
        times(11, (i) => {
          // Three of them have a 0, each in another place; some are large.
          const [x, w, b] = numbers(draw, 3, i % 2 === 0 ? 3 : 1000).map((value, place) => (place === i ? 0 : value));
          return [[x, w, b], near(w * x + b)] as const;
        }),
      { look: 'Try numbers with a fraction, negative and large ones, and a 0 in each place.' },
    ),
  ]),
  hiddenTests(meanSquaredError, ({ calls }) => [
    calls(
      'is right for lists of any length',
      1,
      (draw) =>
        times(7, (i) => {
          const [yHat, y] = [numbers(draw, i + 1), numbers(draw, i + 1)];
          let sum = 0;
          for (let k = 0; k <= i; k++) sum += (yHat[k] - y[k]) * (yHat[k] - y[k]);
          return i < 6
            ? ([[yHat, y], near(sum / (i + 1))] as const)
            : ([
                [
                  [Number.NaN, ...yHat],
                  [1, ...y],
                ],
                near(Number.NaN),
              ] as const);
        }),
      { look: 'Try lists of one number, and of five. A prediction that is NaN is not left out.' },
    ),
    calls(
      'refuses lists of different lengths, whichever is longer',
      1,
      (draw) =>
        [
          [4, 3],
          [2, 5],
          [3, 0],
          [0, 2],
        ].map(([first, second]) => [[numbers(draw, first), numbers(draw, second)], throws('RangeError')] as const),
      { look: 'It must throw a RangeError, also where one list is empty.' },
    ),
  ]),
  hiddenTests(trainWeight, ({ calls }) => [
    calls(
      'finds the weight of other points',
      1,
      (draw) => {
        // Far from the visible tests' weights, of the other sign, and from 0, where training begins. All x lie on one
        // side: that takes the most epochs.
        const [w, b] = [draw.between(-1.6, -0.8), draw.between(-2, 2)];
        // They are more than a batch holds by default, and so scattered that the weight tells which of them came
        // last.
        const xs = times(48, (i) => [0, 0.4, 0.9, 1.1, 1.6, 2][i % 6]);
        const noise = xs.map(() => draw.normal(0, 300));
        const [slope, at] = [bestWeight(xs, noise), mean(noise)];
        // What is left of the noise when its own best line is taken away leaves the best line of the points as it is.
        const ys = xs.map((x, i) => w * x + b + noise[i] - at - slope * (x - mean(xs)));
        const weight = bestWeight(xs, ys);
        return [[[xs, ys], between(weight - 0.01, weight + 0.01)]];
      },
      {
        look: 'No line goes through these points: the mean squared error decides. After 300 epochs the weight stands still, if all points are in one batch: `fit` takes 32 where it is not told.',
      },
    ),
  ]),
  hiddenTests(firstExplosion, ({ calls }) => [
    calls(
      'looks at the rates in the order given',
      1,
      (draw) =>
        [
          [3, 0.3, 2],
          [0.2, 0.9, 1.03, 5],
        ].map((shares, i) => {
          const size = draw.between(2, 8);
          const [xs, slope, at] = [[-size, -size / 2, 0, size / 2, size], 4 + draw.uniform(), draw.between(-2, 2)];
          // The loss bends by size² along the weight: from twice its inverse on, steps grow.
          const rates = shares.map((share) => (share * 2) / size ** 2);
          return [[xs, xs.map((x) => slope * x + at), rates], exactly(rates[[0, 2][i]])] as const;
        }),
      {
        look: 'Begin with a new model for each rate, train it on the points that are given, and take the first rate of the list, not the smallest or the largest.',
      },
    ),
    calls(
      'compares the losses of the first epoch and of the 20th',
      1,
      (draw) => {
        const growth = draw.between(1.08, 1.12);
        const twentieth = exploding(draw, growth, growth ** 37);
        const later = exploding(draw, growth, growth ** 39);
        const little = exploding(draw, draw.between(1.003, 1.008) ** (1 / 38), 1);
        const never = exploding(draw, 1e6, 1);
        return [
          [[twentieth.xs, twentieth.ys, [twentieth.rate]], exactly(twentieth.rate)],
          [[later.xs, later.ys, [later.rate]], exactly(undefined)],
          [[little.xs, little.ys, [little.rate]], exactly(little.rate)],
          [[never.xs, never.ys, [never.rate]], exactly(never.rate)],
        ];
      },
      {
        look: 'Train for 20 epochs, no more and no fewer, and look at the first loss and the last alone, whatever happens between. A little larger is larger; the same is not; what is not a number counts.',
      },
    ),
  ]),
];
