import { near, nearTensor } from '../../../parts/grading/compare';
import { standardize } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, times } from '../../../parts/grading/draws';

function standardized(rows: readonly number[][]): number[][] {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviations = columns.map((column, j) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - means[j]) ** 2, 0) / column.length),
  );
  return rows.map((row) => row.map((value, j) => (value - means[j]) / deviations[j]));
}

/** A table of many columns, each with a mean of its own. */
const WIDE = times(4, (i) => times(64, (j) => ((7 * i + 3 * j) % 11) + j));

export const standardizeTests = hiddenTests(standardize, ({ probe }) => [
  probe(
    'is right for any table',
    1,
    (draw) =>
      times(5, (i) => {
        // In the longest one, one row lies far from the others.
        const height = i < 4 ? 3 + i : 40;
        const rows = matrix(draw, height, 2 + i, 50).map((row, k) => (k === 9 ? row.map((value) => value + 900) : row));
        return [rows, nearTensor([height, 2 + i], standardized(rows).flat(), { atol: 1e-4 })] as const;
      }),
    (answer, rows, { tf }) => answer(tf.tensor2d(rows)),
    {
      look: 'Each column has a mean and a standard deviation of its own: the root of the mean of the squares. A value far from the others stays far.',
    },
  ),
  probe(
    'is right for columns that hardly vary, or lie far from 0',
    1,
    (draw) => {
      const small = [1e-2, 1e-6, 1e-9, 1e-13].map((scale) =>
        draw.shuffle([0, 1, 2, 5]).map((value) => scale * (value + draw.between(-0.2, 0.2))),
      );
      // Whole numbers, so that their mean is exact, with squares that are not.
      const far = times(2, () => 4096 * (1 + draw.integer(8))).map((at) =>
        draw.shuffle([0, 1, 2, 5]).map((value) => at + value),
      );
      const rows = times(4, (i) => [...small, ...far].map((column) => column[i]));
      return [[rows, nearTensor([4, 6], standardized(rows).flat(), { atol: 1e-3 })]];
    },
    (answer, rows, { tf }) => answer(tf.tensor2d(rows)),
    { look: 'Subtract the mean before you square, and add nothing to the deviation.' },
  ),
  {
    ...probe(
      'leaves no tensor behind',
      1,
      [[WIDE, near(standardized(WIDE), { atol: 1 })]],
      (answer, rows, { tf }) => {
        const table = tf.tensor2d(rows);
        const result = answer(table);
        const values = result.arraySync();
        tf.dispose([table, result]);
        return values;
      },
      {
        look: 'The values must be roughly right here, and no tensor may be left besides the result: try `tf.memory().numTensors` before and after a call.',
      },
    ),
    frees: true,
  },
]);
