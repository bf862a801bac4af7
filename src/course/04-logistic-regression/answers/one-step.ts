import { answersTo } from '../../../parts/grading/known-answers';
import { oneStep } from '../exercises';

const { wrong, slow, mistake } = answersTo(oneStep);

wrong('forgets to divide by the rows', 0, (w, b, x, y, lr) => {
  const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);
  return {
    w: w.map((value, j) => value - lr * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)),
    b: b - lr * errors.reduce((sum, error) => sum + error, 0),
  };
});

wrong('changes the old weights', 0, (w, b, x, y, lr) => {
  const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);
  w.forEach(
    (value, j) => (w[j] = value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)),
  );
  return { w, b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };
});

wrong('clips z', 1, (w, b, x, y, lr) => {
  const errors = x.map(
    (row, i) =>
      1 /
        (1 +
          Math.exp(
            -Math.min(
              20,
              Math.max(
                -20,
                row.reduce((z, value, j) => z + w[j] * value, b),
              ),
            ),
          )) -
      y[i],
  );
  return {
    w: w.map((value, j) => value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)),
    b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0),
  };
});

wrong('moves after each row', 0, (w, b, x, y, lr) => {
  for (const [i, row] of x.entries()) {
    const error = 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i];
    w = w.map((value, j) => value - (lr / x.length) * error * row[j]);
    b -= (lr / x.length) * error;
  }
  return { w, b };
});

wrong('returns what it was given', 0, (w, b) => {
  return { w, b };
});

wrong('goes up', 0, (w, b, x, y, lr) => {
  const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);
  return {
    w: w.map((value, j) => value + (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)),
    b: b + (lr / x.length) * errors.reduce((sum, error) => sum + error, 0),
  };
});

slow(3, (w, b, x, y, lr) => {
  if (x.length > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);
  return {
    w: w.map((value, j) => value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)),
    b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0),
  };
});

mistake('moves the bias by the sum of the errors', (w, b, x, y, lr) => {
  const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);
  return {
    w: w.map((value, j) => value - (lr * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)) / x.length),
    b: b - lr * errors.reduce((sum, error) => sum + error, 0),
  };
});
