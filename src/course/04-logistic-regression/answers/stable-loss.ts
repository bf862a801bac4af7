import { answersTo } from '../../../parts/grading/known-answers';
import { stableLoss } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(stableLoss);

wrong('overflows', 2, (labels, z) => {
  return labels.reduce((sum, y, i) => sum + Math.log(1 + Math.exp(z[i])) - y * z[i], 0) / labels.length;
});

wrong('clips the probabilities', 2, (labels, z) => {
  const p = z.map((value) => Math.min(1 - 1e-7, Math.max(1e-7, 1 / (1 + Math.exp(-value)))));
  return -labels.reduce((sum, y, i) => sum + y * Math.log(p[i]) + (1 - y) * Math.log(1 - p[i]), 0) / labels.length;
});

wrong('rounds to 32 bits', 2, (labels, z) => {
  return (
    labels.reduce(
      (sum, y, i) => sum + Math.fround(Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i])))),
      0,
    ) / labels.length
  );
});

wrong('leaves out what is small', 2, (labels, z) => {
  return (
    labels.reduce(
      (sum, y, i) =>
        sum + Math.max(z[i], 0) - z[i] * y + (Math.abs(z[i]) > 10 ? 0 : Math.log1p(Math.exp(-Math.abs(z[i])))),
      0,
    ) / labels.length
  );
});

wrong('takes z itself where it is above 12', 2, (labels, z) => {
  return (
    labels.reduce((sum, y, i) => sum + (z[i] > 12 ? z[i] : Math.log1p(Math.exp(z[i]))) - y * z[i], 0) / labels.length
  );
});

wrong('takes 0 where z is below −12', 2, (labels, z) => {
  return (
    labels.reduce((sum, y, i) => {
      const s = y === 1 ? -z[i] : z[i];
      return sum + (s > 30 ? s : s > -12 ? Math.log(1 + Math.exp(s)) : 0);
    }, 0) / labels.length
  );
});

wrong('sums instead of averaging', 1, (labels, z) => {
  return labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i]))), 0);
});

slow(2, (labels, z) => {
  if (labels.length > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return (
    labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i]))), 0) /
    labels.length
  );
});

unusual('by halves of tanh, logging much', (labels, z) => {
  console.log('x'.repeat(100_000));
  const one = (y: number, z: number): number => {
    const s = (y === 1 ? -1 : 1) * z;
    return s > 35 ? s : Math.log1p(Math.exp(s));
  };
  let total = 0;
  labels.forEach((y, i) => (total += one(y, z[i])));
  return total / labels.length;
});

mistake('clips z', (labels, z) => {
  return (
    labels.reduce((sum, y, i) => {
      const s = Math.max(-500, Math.min(500, z[i]));
      return sum + Math.log(1 + Math.exp(s)) - y * s;
    }, 0) / labels.length
  );
});
