import { exactly } from '../../../parts/grading/compare';
import { fewestUnits } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

const classes = (...labels: readonly number[]): number[][] => labels.map((label) => [label]);

export const fewestUnitsTests = hiddenTests(fewestUnits, ({ calls }) => [
  calls(
    'finds that one is enough where a line separates',
    1,
    [
      [[CORNERS, classes(1, 0, 1, 0)], exactly(1)],
      [[CORNERS, classes(1, 1, 1, 0)], exactly(1)],
      [
        [
          [
            [-3, 2],
            [1, 1],
            [2, -2],
            [-1, -1],
          ],
          classes(1, 1, 0, 0),
        ],
        exactly(1),
      ],
    ],
    { look: 'Begin with one unit.' },
  ),
  calls(
    'trains as the task says: tanh, 500 epochs, a rate of 1, all rows in a batch',
    2,
    [
      [[CORNERS, classes(1, 0, 0, 1)], exactly(2)],
      [[CORNERS, classes(0, 0, 1, 0)], exactly(1)],
      // A sigmoid never learns it, ReLU needs three units, a rate of 0.1 three, single rows never do.
      [
        [
          [
            [-1.5, 0],
            [-0.5, 0],
            [0.5, 0],
            [1.5, 0],
          ],
          classes(1, 0, 1, 0),
        ],
        exactly(2),
      ],
      // 100 epochs are too few.
      [
        [
          [
            [-2, 0],
            [-1, 0],
            [0, 0],
            [1, 0],
            [2, 0],
          ],
          classes(0, 1, 0, 1, 0),
        ],
        exactly(4),
      ],
      // 250 epochs are too few.
      [
        [
          [
            [-0.5, 1.5],
            [-1, 0],
            [1, 1],
            [1, 0.5],
            [-1.5, 1],
            [-1, 0.5],
          ],
          classes(0, 0, 1, 1, 1, 1),
        ],
        exactly(2),
      ],
    ],
    {
      look: 'Train always, and for all epochs before you look at the classes; compare the activation, the epochs, the rate and the batches with the task.',
    },
  ),
  calls(
    'tries the seeds 0 to 4, and no others',
    1,
    [
      // Found with a seed above 4 alone, and one unit less.
      [
        [
          [
            [-0.5, 1],
            [1, 0.5],
            [-1.5, -1.5],
            [-0.5, -1],
          ],
          classes(1, 1, 1, 0),
        ],
        exactly(2),
      ],
      // The same, and with seed 5.
      [
        [
          [
            [0.5, 0.5],
            [0, 1.5],
            [0.5, -1],
            [-1, 0.5],
          ],
          classes(1, 0, 0, 0),
        ],
        exactly(2),
      ],
      // Found with seed 4 alone.
      [
        [
          [
            [0, -1.5],
            [-0.5, -1.5],
            [-1.5, 0.5],
            [-1.5, -1],
          ],
          classes(0, 1, 0, 0),
        ],
        exactly(2),
      ],
      [[CORNERS, classes(0, 1, 1, 1)], exactly(1)],
    ],
    {
      look: 'One of the five seeds is enough. Each seed makes a new generator, for each number of units again; none goes on from the one before.',
    },
  ),
]);
