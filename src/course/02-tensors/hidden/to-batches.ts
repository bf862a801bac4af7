import { exactly } from '../../../parts/grading/compare';
import { runBatches, toBatches } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, times, wholes } from '../../../parts/grading/draws';

export const toBatchesTests = hiddenTests(toBatches, ({ probe }) => [
  probe(
    'is right for any number of rows',
    1,
    (draw) =>
      [
        [6, 3],
        [1, 4],
        [7, 3],
        [5, 1],
        [0, 3],
      ].map(([count, size]) => {
        const rows = matrix(draw, count, 2).map((row) => row.map((value) => Math.round(value * 64) / 64));
        return [
          { rows, size },
          exactly(times(Math.ceil(count / size), (i) => rows.slice(i * size, (i + 1) * size))),
        ] as const;
      }),
    (answer, { rows, size }, { tf }) =>
      answer(tf.tensor2d(rows, [rows.length, 2]), size).map((batch) => batch.arraySync()),
    {
      look: 'Try a batch that holds all rows and has room left, one that the rows fill exactly, a matrix of several columns, and one without rows.',
    },
  ),
  {
    ...probe(
      'makes batches that can be freed alone',
      1,
      (draw) =>
        (
          [
            [4, 4, 'int32'],
            [3, 5, 'float32'],
            [6, 4, 'int32'],
            [5, 2, 'bool'],
          ] as const
        ).map(([count, size, dtype]) => {
          const rows = times(count, () => wholes(draw, 1, dtype === 'bool' ? 2 : 1000));
          const batches = times(Math.ceil(count / size), (i) => rows.slice(i * size, (i + 1) * size));
          return [
            { rows, size, dtype },
            exactly({ batches, types: batches.map(() => dtype), isMatrixFreed: false }),
          ] as const;
        }),
      runBatches,
      { look: 'Each batch is a new tensor of the type of the matrix, also where it holds all rows.' },
    ),
    frees: true,
  },
]);
