import { answersTo } from '../../../parts/grading/known-answers';
import { softmaxRows } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(softmaxRows);

wrong('overflows', 2, (z) => {
  return z.map((row) => {
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
    return row.map((value) => Math.exp(value) / total);
  });
});

wrong('adds something small to the sum', 3, (z) => {
  return z.map((row) => {
    const e = row.map((value) => Math.exp(value - Math.max(...row)));
    return e.map((value) => value / (e.reduce((a, b) => a + b, 0) + 1e-6));
  });
});

wrong('divides by the sum over all rows', 1, (z) => {
  const all = z.flat();
  const total = all.reduce((sum, value) => sum + Math.exp(value - Math.max(...all)), 0);
  return z.map((row) => row.map((value) => Math.exp(value - Math.max(...all)) / total));
});

wrong('subtracts the mean of the row', 2, (z) => {
  return z.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const total = row.reduce((sum, value) => sum + Math.exp(value - mean), 0);
    return row.map((value) => Math.exp(value - mean) / total);
  });
});

wrong('subtracts the largest of all rows', 2, (z) => {
  const most = Math.max(...z.flat());
  return z.map((row) => {
    const total = row.reduce((sum, value) => sum + Math.exp(value - most), 0);
    return row.map((value) => Math.exp(value - most) / total);
  });
});

slow(1, (z) => {
  if (z.length > 1) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return z.map((row) => row.map((value) => 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0)));
});

unusual('with typed arrays inside', (z) => {
  return z.map((row) => {
    const t = Float64Array.from(row);
    const most = t.reduce((a, b) => Math.max(a, b));
    const e = t.map((value) => Math.exp(value - most));
    const total = e.reduce((a, b) => a + b);
    return Array.from(e, (value) => value / total);
  });
});

unusual('through logarithms', (z) => {
  return z.map((row) => {
    const most = Math.max(...row);
    const logSum = most + Math.log(row.map((value) => Math.exp(value - most)).reduce((a, b) => a + b, 0));
    return row.map((value) => Math.exp(value - logSum));
  });
});

mistake('subtracts the first number of the row', (z) => {
  return z.map((row) => {
    const e = row.map((value) => Math.exp(value - row[0]));
    return e.map((value) => value / e.reduce((a, b) => a + b, 0));
  });
});
