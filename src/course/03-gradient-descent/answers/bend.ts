import { answersTo } from '../../../parts/grading/known-answers';
import { bend } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(bend);

wrong('gives the slope', 0, (f, x) => {
  return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4;
});

wrong('uses a step that is too small', 0, (f, x) => {
  const h = 1e-9;
  return (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;
});

wrong('takes an h that grows with x', 3, (f, x) => {
  const h = 1e-4 * Math.max(1, Math.abs(x));
  return (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;
});

wrong('forgets to square h', 0, (f, x) => {
  const h = 1e-4;
  return (f(x + h) - 2 * f(x) + f(x - h)) / h;
});

slow(0, (f, x) => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return f(x);
});

unusual('by five points', (f, x) => {
  const h = 1e-3;
  return (-f(x + 2 * h) + 16 * f(x + h) - 30 * f(x) + 16 * f(x - h) - f(x - 2 * h)) / (12 * h * h);
});

unusual('by Richardson extrapolation', (f, x) => {
  const d = (h: number): number => (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;
  return (4 * d(1e-3) - d(2e-3)) / 3;
});

mistake('takes an h in proportion to x', (f, x) => {
  const h = 1e-4 * Math.abs(x);
  return (f(x + h) - 2 * f(x) + f(x - h)) / (h * h);
});

mistake('takes a large h', (f, x) => {
  const h = 0.01;
  return (f(x + h) - 2 * f(x) + f(x - h)) / (h * h);
});

mistake('takes differences to one side', (f, x) => {
  const h = 1e-4;
  return (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h ** 2;
});
