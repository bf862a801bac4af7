import { near } from '../../../parts/grading/compare';
import { softmaxRows } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, times } from '../../../parts/grading/draws';

export const softmaxRowsTests = hiddenTests(softmaxRows, ({ calls }) => [
  calls(
    'is right for any rows',
    1,
    (draw) =>
      times(4, (i) => {
        const z = matrix(draw, 3, i + 2, 6);
        return [
          [z],
          near(z.map((row) => row.map((value) => 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0)))),
        ] as const;
      }),
    { look: 'Each row sums to 1.' },
  ),
  calls(
    'is right for rows of very different sizes',
    1,
    [
      [
        [
          [
            [-1000, -1000],
            [0, 0],
            [1000, 999],
          ],
        ],
        near([
          [0.5, 0.5],
          [0.5, 0.5],
          [1 / (1 + Math.exp(-1)), 1 / (1 + Math.E)],
        ]),
      ],
      [
        [
          [
            [5000, 0, 0],
            [-5000, 0, 0],
            [0, 0, -5000],
          ],
        ],
        near([
          [1, 0, 0],
          [0, 0.5, 0.5],
          [0.5, 0.5, 0],
        ]),
      ],
      // A row of one number is certain, and two equal numbers share: both have no rounding.
      [[[[7], [-3000]]], near([[1], [1]], { atol: 1e-9 })],
      [
        [
          [
            [2, 2],
            [-800, -800],
          ],
        ],
        near(
          [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
          { atol: 1e-9, rtol: 0 },
        ),
      ],
    ],
    {
      look: 'What is subtracted must be the largest number of the row itself; a row of one number gives exactly 1, so nothing may be added to the sum.',
      notFinite:
        'The exponential of a large number is Infinity, and a sum of zeros can divide nothing: subtract the largest number of the row first.',
    },
  ),
]);
