import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { standardize } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(standardize);

wrong('divides by the variance', 0, (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div<tf.Tensor2D>(variance);
  });
});

wrong('standardizes the whole table at once', 0, (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table);
    return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());
  });
});

wrong('adds something small to the deviation', 3, (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div<tf.Tensor2D>(variance.sqrt().add(1e-10));
  });
});

wrong('takes a deviation for larger than it is', 3, (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div<tf.Tensor2D>(variance.sqrt().maximum(1e-7));
  });
});

wrong('leaves tensors behind', 3, (table) => {
  const { mean, variance } = tf.moments(table, 0);
  return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());
});

slow(2, (table) => {
  if (table.shape[0] > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div<tf.Tensor2D>(variance.sqrt());
  });
});

unusual('column by column', (table) => {
  return tf.tidy(
    () =>
      tf.stack(
        tf.unstack(table, 1).map((column) => {
          const centered = column.sub(column.mean());
          return centered.div(centered.square().mean().sqrt());
        }),
        1,
      ) as tf.Tensor2D,
  );
});

unusual('by lists', (table) => {
  const rows = table.arraySync();
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  const scaled = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
    return column.map((value) => (value - mean) / deviation);
  });
  return tf.tensor2d(rows.map((_, i) => scaled.map((column) => column[i])));
});

unusual('with dispose in place of tidy', (table) => {
  const { mean, variance } = tf.moments(table, 0);
  const deviation = variance.sqrt();
  const centered = table.sub(mean);
  const result = centered.div<tf.Tensor2D>(deviation);
  tf.dispose([mean, variance, deviation, centered]);
  return result;
});

mistake('adds a little to the variance', (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div<tf.Tensor2D>(variance.add(1e-12).sqrt());
  });
});

mistake('lets no deviation be small', (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div<tf.Tensor2D>(variance.sqrt().maximum(1e-6));
  });
});

mistake('squares before it subtracts the mean', (table) => {
  return tf.tidy(() => {
    const mean = table.mean(0);
    const deviation = table.square().mean(0).sub(mean.square()).sqrt();
    return table.sub(mean).div<tf.Tensor2D>(deviation);
  });
});

mistake('clips what lies far off', (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return table.sub(mean).div(variance.sqrt()).clipByValue(-3, 3) as tf.Tensor2D;
  });
});

mistake('divides by n − 1', (table) => {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    const n = table.shape[0];
    return table.sub(mean).div<tf.Tensor2D>(variance.mul(n / (n - 1)).sqrt());
  });
});
