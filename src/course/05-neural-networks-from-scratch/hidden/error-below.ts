import { near } from '../../../parts/grading/compare';
import { errorBelow } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, times } from '../../../parts/grading/draws';

export const errorBelowTests = hiddenTests(errorBelow, ({ calls }) => [
  calls(
    'is right for any layers',
    2,
    (draw) =>
      times(4, (i) => {
        const [delta, weights, z] = [matrix(draw, 3, i + 1), matrix(draw, i + 2, i + 1), matrix(draw, 3, i + 2)];
        z[draw.integer(3)][draw.integer(i + 2)] = 0;
        return [
          [delta, weights, z],
          near(
            z.map((row, n) =>
              row.map((value, j) => (value > 0 ? weights[j].reduce((sum, w, k) => sum + w * delta[n][k], 0) : 0)),
            ),
          ),
        ] as const;
      }),
    {
      look: 'Where z is 0 or below, nothing comes through; above it the errors of all units above come, each times its weight. There may be more rows than units, or fewer.',
    },
  ),
]);
