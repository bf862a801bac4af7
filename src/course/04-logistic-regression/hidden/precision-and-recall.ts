import { exactly, near } from '../../../parts/grading/compare';
import { precisionAndRecall } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times, wholes } from '../../../parts/grading/draws';

export const precisionAndRecallTests = hiddenTests(precisionAndRecall, ({ calls }) => [
  calls(
    'is right for any labels',
    2,
    (draw) => [
      ...times(6, (i) => {
        const [y, predicted] = [
          [1, 0, 1, ...wholes(draw, 20, 2 + (i % 3))],
          [1, 1, 0, ...wholes(draw, 20, 2 + (i % 3))],
        ];
        const both = y.filter((label, k) => label === 1 && predicted[k] === 1).length;
        const ones = (list: readonly number[]): number =>
          list.reduce((total, value) => total + (value === 1 ? 1 : 0), 0);
        return [[y, predicted], near({ precision: both / ones(predicted), recall: both / ones(y) })] as const;
      }),
      ...[
        [0, 1, 0],
        [2, 1, 2],
      ].map((labels) => [[labels, labels], exactly({ precision: 1, recall: 1 })] as const),
    ],
    {
      look: 'Precision divides by the rows that were called 1, recall by those that are 1, and by nothing more; every other class is not 1.',
    },
  ),
  calls(
    'is 0 where class 1 never occurs',
    1,
    [
      [
        [
          [0, 0],
          [1, 1],
        ],
        exactly({ precision: 0, recall: 0 }),
      ],
      [
        [
          [0, 0],
          [0, 0],
        ],
        exactly({ precision: 0, recall: 0 }),
      ],
    ],
    { look: 'Each of the two denominators can be 0.' },
  ),
]);
