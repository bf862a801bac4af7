import { answersTo } from '../../../parts/grading/known-answers';
import { productShape } from '../exercises';

const { wrong, slow, mistake } = answersTo(productShape);

wrong('compares the outer lengths', 1, (s, t) => {
  if (s[0] !== t[1]) throw new RangeError('lengths');
  return [s[0], t[1]];
});

wrong('never refuses', 2, (s, t) => {
  return [s[0], t[1]];
});

wrong('turns the result around', 2, (s, t) => {
  if (s[1] !== t[0]) throw new RangeError('lengths');
  return [t[1], s[0]];
});

slow(0, (s, t) => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return [s[0], t[1]];
});

mistake('refuses a length of 0', (s, t) => {
  if (s[1] !== t[0] || !s[0] || !t[1]) throw new RangeError('lengths');
  return [s[0], t[1]];
});

mistake('compares for multiples', (s, t) => {
  if (s[1] % t[0] !== 0) throw new RangeError('lengths');
  return [s[0], t[1]];
});
