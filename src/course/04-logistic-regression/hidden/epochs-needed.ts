import { exactly } from '../../../parts/grading/compare';
import { epochsNeeded } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

/**
 * The first epoch without a mistake, from sums over rows alone: how often each row was added, and products of rows with
 * each other.
 */
function cleanEpoch(x: readonly (readonly number[])[], y: readonly number[], hasBias = true): number {
  const products = x.map((row) =>
    x.map((other) => row.reduce((sum, value, k) => sum + value * other[k], hasBias ? 1 : 0)),
  );
  const added = x.map(() => 0);
  for (let epoch = 1; epoch <= 1000; epoch++) {
    const before = String(added);
    for (const i of x.keys())
      added[i] += y[i] - (added.reduce((sum, count, k) => sum + count * products[k][i], 0) > 0 ? 1 : 0);
    if (String(added) === before) return epoch;
  }
  return Infinity;
}

export const epochsNeededTests = hiddenTests(epochsNeeded, ({ calls }) => [
  calls(
    'counts the epochs of tables that a line separates',
    2,
    (draw) =>
      [
        [1, 10],
        [2, 110],
        [3, 40],
      ].map(([columns, least]) => {
        // Whole numbers, so that no rounding decides; the line lies far from the origin, so that the bias matters.
        for (;;) {
          const x = times(8, () => times(columns, () => 4 + draw.integer(12)));
          const y = x.map((row) => (row.reduce((sum, value) => sum + value, 0) > 9 * columns ? 1 : 0));
          const epochs = cleanEpoch(x, y);
          if (epochs >= least && epochs < 700 && cleanEpoch(x, y, false) !== epochs)
            return [[x, y], exactly(epochs)] as const;
        }
      }),
    {
      look: 'Go through the rows in order and change weights and bias at each mistake; some tables take hundreds of epochs. Rows may have one feature, two, or more.',
      notFinite:
        'Infinity is the answer only where none of 1,000 epochs is without a mistake: some tables take hundreds. Rows may have one feature, two, or more.',
    },
  ),
  calls(
    'counts by the rule',
    1,
    [
      [[[[2]], [1]], exactly(2)],
      [
        [
          [[1], [2]],
          [1, 1],
        ],
        exactly(2),
      ],
      [
        [
          [[1], [-1]],
          [1, 0],
        ],
        exactly(2),
      ],
      [
        [
          [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
          ],
          [0, 1, 1, 1],
        ],
        exactly(4),
      ],
      [
        [
          [
            [38, 1],
            [34, 0],
            [39, 34],
          ],
          [1, 0, 0],
        ],
        exactly(1000),
      ],
      [
        [
          [
            [33, 4],
            [27, 0],
            [34, 27],
          ],
          [1, 0, 0],
        ],
        exactly(Infinity),
      ],
    ],
    {
      look: 'A sum of 0 is class 0; the answer is the number of the first epoch without a mistake, and the 1,000th still counts.',
      notFinite:
        'Infinity is the answer only where none of 1,000 epochs is without a mistake: the 1,000th still counts. A sum of 0 is class 0; rows may have one feature.',
    },
  ),
]);
