import { answersTo } from '../../../parts/grading/known-answers';
import { fitLine } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(fitLine);

wrong('has no bias', 0, (x, y) => {
  const top = x.reduce((sum, value, i) => sum + value * y[i], 0);
  return { w: top / x.reduce((sum, value) => sum + value * value, 0), b: 0 };
});

wrong('joins the first and the last point', 1, (x, y) => {
  const w = (y[y.length - 1] - y[0]) / (x[x.length - 1] - x[0]);
  return { w, b: y[0] - w * x[0] };
});

wrong('stops too early', 0, (x, y) => {
  let [w, b] = [0, 0];
  for (let step = 0; step < 20; step++) {
    const errors = x.map((value, i) => w * value + b - y[i]);
    w -= (0.1 * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;
    b -= (0.1 * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;
  }
  return { w, b };
});

slow(2, (x, y) => {
  let [w, b] = [0, 0];
  for (let step = 0; step < (x.length > 3 ? 1e12 : 20_000); step++) {
    const errors = x.map((value, i) => w * value + b - y[i]);
    w -= (0.1 * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;
    b -= (0.1 * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;
  }
  return { w, b };
});

unusual('with a rate that fits the points', (x, y) => {
  const m = x.length;
  const [sx, sxx, sy, sxy] = [x, x.map((v) => v * v), y, x.map((v, i) => v * y[i])].map(
    (list) => list.reduce((a, b) => a + b, 0) / m,
  );
  const line = { w: 0, b: 0 };
  for (let step = 0; step < 300_000; step++) {
    const [dw, db] = [sxx * line.w + sx * line.b - sxy, sx * line.w + line.b - sy];
    line.w -= dw / (sxx + 1);
    line.b -= db / (sxx + 1);
  }
  return line;
});

unusual('by the normal equations', (x, y) => {
  const n = x.length;
  if (x.every((value) => value === x[0])) {
    const share = y.reduce((a, b) => a + b) / n / (x[0] ** 2 + 1);
    return { w: share * x[0], b: share };
  }
  const sum = (f: (i: number) => number): number => x.reduce((total, _, i) => total + f(i), 0);
  const [sx, sy, sxx, sxy] = [sum((i) => x[i]), sum((i) => y[i]), sum((i) => x[i] ** 2), sum((i) => x[i] * y[i])];
  const w = (n * sxy - sx * sy) / (n * sxx - sx ** 2);
  return Object.freeze({ b: (sy - w * sx) / n, w });
});

mistake('knows the formula', (x, y) => {
  const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const w = mean(x.map((v, i) => (v - mx) * (y[i] - my))) / mean(x.map((v) => (v - mx) ** 2));
  return { w, b: my - w * mx };
});

mistake('adds the errors up', (x, y) => {
  const rate = 0.01 * x.length;
  let [w, b] = [0, 0];
  for (let step = 0; step < 20_000; step++) {
    const errors = x.map((value, i) => w * value + b - y[i]);
    w -= (rate * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;
    b -= (rate * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;
  }
  return { w, b };
});

mistake('begins at 1 and 1', (x, y) => {
  const rate = 0.1;
  let [w, b] = [1, 1];
  for (let step = 0; step < 20_000; step++) {
    const errors = x.map((value, i) => w * value + b - y[i]);
    w -= (rate * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;
    b -= (rate * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;
  }
  return { w, b };
});

mistake('takes a rate that never settles at the edge', (x, y) => {
  const rate = 0.2;
  let [w, b] = [0, 0];
  for (let step = 0; step < 20_000; step++) {
    const errors = x.map((value, i) => w * value + b - y[i]);
    w -= (rate * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;
    b -= (rate * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;
  }
  return { w, b };
});

mistake('stops after a thousand steps', (x, y) => {
  let [w, b] = [0, 0];
  for (let step = 0; step < 1000; step++) {
    const errors = x.map((value, i) => w * value + b - y[i]);
    w -= (0.1 * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;
    b -= (0.1 * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;
  }
  return { w, b };
});
