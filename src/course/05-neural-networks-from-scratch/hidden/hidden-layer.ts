import { near } from '../../../parts/grading/compare';
import { hiddenLayer } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, numbers, times } from '../../../parts/grading/draws';

export const hiddenLayerTests = hiddenTests(hiddenLayer, ({ calls }) => [
  calls(
    'is right for any layer',
    2,
    (draw) =>
      times(4, (i) => {
        // The last units: far below 0, exactly 0 everywhere, and little, less and hardly above 0 everywhere. A row
        // of zeros leaves the bias alone.
        const [x, rest] = [[...matrix(draw, 4, 3), [0, 0, 0]], times(3, () => [draw.between(-1, 1), 0, 0, 0, 0])];
        const [w, b] = [
          matrix(draw, 3, i + 2).map((row, k) => [...row, ...rest[k]]),
          [...numbers(draw, i + 2, 4), -100, 0, ...[1e-4, 1e-8, 1e-13].map((size) => size * draw.between(1, 9))],
        ];
        const a = x.map((row) =>
          b.map((bias, j) =>
            Math.max(
              0,
              w.reduce((sum, weights, k) => sum + row[k] * weights[j], bias),
            ),
          ),
        );
        return [
          [x, w, b],
          near({ a, dead: b.filter((_, j) => Math.max(...a.map((row) => row[j])) <= 0).length }),
        ] as const;
      }),
    {
      look: 'The bias belongs to the column; a dead unit is 0 in every row, also where its sum is exactly 0; what is small is not 0.',
    },
  ),
]);
