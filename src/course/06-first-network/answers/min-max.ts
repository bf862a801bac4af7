import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { minMax } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(minMax);

wrong('scales all columns by the same', 0, (rows) => {
  const [low, high] = [Math.min(...rows.flat()), Math.max(...rows.flat())];
  return rows.map((row) => row.map((value) => (value - low) / (high - low)));
});

wrong('divides by 0', 0, (rows) => {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  return rows.map((row) =>
    row.map((value, j) => (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j]))),
  );
});

wrong('adds something small below', 0, (rows) => {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  return rows.map((row) =>
    row.map(
      (value, j) => (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j]) + 1e-8),
    ),
  );
});

wrong('takes what hardly varies for constant', 0, (rows) => {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  return rows.map((row) =>
    row.map((value, j) => {
      const range = Math.max(...columns[j]) - Math.min(...columns[j]);
      return range < 1e-12 ? 0 : (value - Math.min(...columns[j])) / range;
    }),
  );
});

wrong('forgets the minimum', 0, (rows) => {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  return rows.map((row) =>
    row.map((value, j) => (Math.max(...columns[j]) === Math.min(...columns[j]) ? 0 : value / Math.max(...columns[j]))),
  );
});

slow(2, (rows) => {
  if (rows[0].length > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  return rows.map((row) =>
    row.map((value, j) =>
      Math.max(...columns[j]) === Math.min(...columns[j])
        ? 0
        : (value - Math.min(...columns[j])) / (Math.max(...columns[j]) - Math.min(...columns[j])),
    ),
  );
});

unusual('with tensors', (rows) => {
  return tf.tidy(() => {
    const x = tf.tensor2d(rows);
    const [low, high] = [x.min(0), x.max(0)];
    return tf.where(high.equal(low), tf.zerosLike(x), x.sub(low).divNoNan(high.sub(low))).arraySync() as number[][];
  });
});

mistake('divides by 0', (rows) => {
  return rows.map((row) =>
    row.map((value, j) => {
      const column = rows.map((other) => other[j]);
      return (value - Math.min(...column)) / (Math.max(...column) - Math.min(...column));
    }),
  );
});

mistake('takes what varies little for constant', (rows) => {
  return rows.map((row) =>
    row.map((value, j) => {
      const column = rows.map((other) => other[j]);
      const [low, high] = [Math.min(...column), Math.max(...column)];
      return high - low < 1e-6 ? 0 : (value - low) / (high - low);
    }),
  );
});
