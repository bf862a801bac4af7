import { nearTensor } from '../../../parts/grading/compare';
import { layer, runLayer } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, numbers, times } from '../../../parts/grading/draws';

export const layerTests = hiddenTests(layer, ({ probe }) => [
  probe(
    'is right for batches of any size',
    2,
    (draw) =>
      times(6, (i) => {
        const size = i < 4 ? 3 : 300;
        const [x, w, b] = [matrix(draw, i + 2, 3, size), matrix(draw, 3, i + 2, size), numbers(draw, i + 2, size)];
        const values = x.flatMap((row) =>
          b.map((bias, j) =>
            Math.max(
              0,
              row.reduce((sum, value, k) => sum + value * w[k][j], bias),
            ),
          ),
        );
        return [{ x, w, b }, nearTensor([i + 2, i + 2], values, { atol: 1e-5 * size ** 2 })] as const;
      }),
    runLayer,
    { look: 'Try two rows, and small and large numbers of both signs.' },
  ),
]);
