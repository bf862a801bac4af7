import { matMul } from '../../../parts/nn';
import { answersTo } from '../../../parts/grading/known-answers';
import { hiddenLayer } from '../exercises';

const { wrong, slow, mistake } = answersTo(hiddenLayer);

wrong('forgets ReLU', 0, (x, w, b) => {
  const a = matMul(x, w).map((row) => row.map((sum, j) => sum + b[j]));
  return { a, dead: b.filter((_, j) => a.every((row) => row[j] <= 0)).length };
});

wrong('counts only units whose sums lie below 0', 0, (x, w, b) => {
  const z = matMul(x, w).map((row) => row.map((sum, j) => sum + b[j]));
  return {
    a: z.map((row) => row.map((sum) => Math.max(0, sum))),
    dead: b.filter((_, j) => z.every((row) => row[j] < 0)).length,
  };
});

wrong('takes what is small for zero', 0, (x, w, b) => {
  const a = matMul(x, w).map((row) => row.map((sum, j) => Math.max(0, sum + b[j])));
  return { a, dead: b.filter((_, j) => a.every((row) => row[j] < 1e-3)).length };
});

wrong('takes what is tiny for zero', 2, (x, w, b) => {
  const a = matMul(x, w).map((row) => row.map((sum, j) => Math.max(0, sum + b[j])));
  return { a, dead: b.filter((_, j) => a.reduce((sum, row) => sum + row[j], 0) < 1e-9).length };
});

wrong('counts units that are zero somewhere', 0, (x, w, b) => {
  const a = matMul(x, w).map((row) => row.map((sum, j) => Math.max(0, sum + b[j])));
  return { a, dead: b.filter((_, j) => a.some((row) => row[j] === 0)).length };
});

wrong('adds the bias to rows', 0, (x, w, b) => {
  const a = matMul(x, w).map((row, i) => row.map((sum) => Math.max(0, sum + b[i])));
  return { a, dead: b.filter((_, j) => a.every((row) => row[j] === 0)).length };
});

slow(2, (x, w, b) => {
  if (x.length > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const a = matMul(x, w).map((row) => row.map((sum, j) => Math.max(0, sum + b[j])));
  return { a, dead: b.filter((_, j) => a.every((row) => row[j] === 0)).length };
});

mistake('looks for dead units in the first row', (x, w, b) => {
  const a = x.map((row) =>
    b.map((bias, j) =>
      Math.max(
        0,
        row.reduce((sum, value, k) => sum + value * w[k][j], bias),
      ),
    ),
  );
  return { a, dead: a[0].filter((value) => value === 0).length };
});
