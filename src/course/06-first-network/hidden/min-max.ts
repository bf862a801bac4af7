import { exactly, near } from '../../../parts/grading/compare';
import { minMax } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, times } from '../../../parts/grading/draws';

export const minMaxTests = hiddenTests(minMax, ({ calls }) => [
  calls(
    'is right for any table',
    2,
    (draw) => [
      [[[[4, -1]]], exactly([[0, 0]])],
      ...times(4, (i) => {
        // Columns of ordinary, tiny and huge numbers, and one that never varies.
        const sizes = draw.shuffle([20, 1e-9, 1e-14, 1e-28, 1e6, 1e28]);
        const rows = matrix(draw, 3 + i, sizes.length, 1).map((row) => [...row.map((value, j) => value * sizes[j]), 7]);
        const [low, high] = [Math.min, Math.max].map((pick) =>
          rows[0].map((_, j) => pick(...rows.map((row) => row[j]))),
        );
        return [
          [rows],
          near(
            rows.map((row) => row.map((value, j) => (j === sizes.length ? 0 : (value - low[j]) / (high[j] - low[j])))),
          ),
        ] as const;
      }),
    ],
    {
      look: 'Each column for itself: its smallest number becomes 0 and its largest exactly 1, also where they differ by little.',
      notFinite: 'A column that never varies would be divided by 0.',
    },
  ),
]);
