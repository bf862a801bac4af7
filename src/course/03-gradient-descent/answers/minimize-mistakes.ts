import { answersTo } from '../../../parts/grading/known-answers';
import { minimize } from '../exercises';

const { mistake, unusual } = answersTo(minimize);

unusual('with a generator', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  function* path(): Generator<[number, number]> {
    for (let x = start, left = most; left-- >= 0;) {
      const s = slope(x);
      yield [x, s];
      x -= lr * s;
    }
  }
  for (const [x, s] of path()) {
    if (!Number.isFinite(x * s)) break;
    if (Math.abs(s) < tolerance) return x;
  }
  throw new RangeError('none found');
});

mistake('has another default for the most moves', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let moves = 0; moves <= (most === 10_000 ? 1000 : most); moves++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('none');
});

mistake('takes large numbers for none', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let moves = 0; moves <= most; moves++) {
    const s = slope(x);
    if (!(Math.abs(x) < 1e9)) break;
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('none');
});

mistake(
  'takes a slope that grows for a path that diverges',
  (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
    let x = start;
    let before = Infinity;
    for (let moves = 0; moves <= most; moves++) {
      const s = Math.abs(slope(x));
      if (!Number.isFinite(x) || s > before) break;
      if (s < tolerance) return x;
      before = s;
      x -= lr * slope(x);
    }
    throw new RangeError('none');
  },
);

mistake('looks at no start', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let moves = 0; moves <= most; moves++) {
    const s = slope(x);
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
    if (!Number.isFinite(x)) break;
  }
  throw new RangeError('none');
});

mistake('throws another error where the numbers end', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let moves = 0; moves <= most; moves++) {
    const s = slope(x);
    if (!Number.isFinite(x) || !Number.isFinite(s)) throw new Error('no number');
    if (Math.abs(s) < tolerance) return x;
    x -= lr * s;
  }
  throw new RangeError('none');
});

mistake('moves before it looks', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step < most; step++) {
    x -= lr * slope(x);
    if (!Number.isFinite(x)) break;
    if (Math.abs(slope(x)) < tolerance) return x;
  }
  throw new RangeError('none');
});

mistake('stops when x hardly moves', (slope, start, lr, { tolerance = 1e-6, most = 10_000 } = {}) => {
  let x = start;
  for (let step = 0; step <= most; step++) {
    const move = lr * slope(x);
    if (!Number.isFinite(move)) break;
    if (Math.abs(move) < tolerance) return x;
    x -= move;
  }
  throw new RangeError('none');
});
