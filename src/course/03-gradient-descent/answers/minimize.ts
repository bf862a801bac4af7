import { answersTo } from '../../../parts/grading/known-answers';
import { minimize } from '../exercises';

const { wrong, slow } = answersTo(minimize);

wrong('never gives up', 1, (slope, start, lr, { tolerance = 1e-6 } = {}) => {
  let x = start;
  for (;;) {
    const s = slope(x);
    if (Math.abs(s) < tolerance || Number.isNaN(s)) return x;
    x -= lr * s;
  }
});

wrong('ignores the tolerance given', 5, (slope, start, lr, { most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < 1e-6) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('takes the tolerance for below it', 5, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) <= tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('makes one move too few', 5, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step < most; step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('makes one move too many', 5, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most + 1; step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('takes a limit of 0 for none', 5, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= (most || 10_000); step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('takes a tolerance of 0 for none', 6, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < (tolerance || 1e-6)) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('returns Infinity', 5, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const s = slope(x);
    if (!Number.isFinite(s)) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});

wrong('climbs', 2, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < tolerance) return x;
    x += lr * s;
  }
  throw new RangeError('not flat');
});

slow(6, (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const s = slope(x);
    if (x === Infinity && s === 0) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('not flat');
});
