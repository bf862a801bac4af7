import { answersTo } from '../../../parts/grading/known-answers';
import { predict } from '../exercises';

const { wrong, slow, unusual } = answersTo(predict);

wrong('forgets the bias', 0, (x, w) => {
  return w * x;
});

wrong('multiplies by the bias too', 0, (x, w, b) => {
  return w * (x + b);
});

wrong('takes a weight of 0 for none', 0, (x, w, b) => {
  return w ? w * x + b : x + b;
});

wrong('is right for whole numbers alone', 1, (x, w, b) => {
  return Math.round(w * x + b);
});

slow(0, (x, w, b) => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return w * x + b;
});

unusual('by a detour through BigInt', (x, w, b) => {
  const scaled = BigInt(Math.round(w * x * 2 ** 40)) + BigInt(Math.round(b * 2 ** 40));
  return Number(scaled) / 2 ** 40;
});

unusual('by destructuring and a fold', (x, w, b) => {
  return [
    [w, x],
    [b, 1],
  ].reduce((sum, [p, q]) => sum + p * q, 0);
});

unusual('rounded just inside the tolerance', (x, w, b) => {
  return w * x + b + 9e-7;
});
