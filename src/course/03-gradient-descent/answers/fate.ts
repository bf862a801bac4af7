import { answersTo } from '../../../parts/grading/known-answers';
import { fate } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(fate);

wrong('takes a factor below 0 for diverging', 0, (bend, lr) => {
  const factor = 1 - bend * lr;
  return factor > 0 ? 'converges' : factor === -1 ? 'oscillates' : 'diverges';
});

wrong('forgets that it can oscillate', 0, (bend, lr) => {
  return Math.abs(1 - bend * lr) < 1 ? 'converges' : 'diverges';
});

wrong('looks at the rate alone', 0, (bend, lr) => {
  return lr < 1 ? 'converges' : lr === 1 ? 'oscillates' : 'diverges';
});

slow(2, (bend, lr) => {
  if (bend !== 2 && bend !== 50) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const factor = Math.abs(1 - bend * lr);
  return factor < 1 ? 'converges' : factor === 1 ? 'oscillates' : 'diverges';
});

unusual('with a tolerance for rounding', (bend, lr) => {
  const size = Math.abs(1 - bend * lr);
  return Math.abs(size - 1) < 1e-12 ? 'oscillates' : size < 1 ? 'converges' : 'diverges';
});

mistake('takes each jump over the minimum for oscillating', (bend, lr) => {
  return bend * lr <= 1 ? 'converges' : bend * lr <= 2 ? 'oscillates' : 'diverges';
});

mistake('has a tolerance of a hundred thousandth', (bend, lr) => {
  const size = Math.abs(1 - bend * lr);
  return Math.abs(size - 1) < 1e-5 ? 'oscillates' : size < 1 ? 'converges' : 'diverges';
});

mistake('forgets negative rates', (bend, lr) => {
  return bend * lr === 2 ? 'oscillates' : bend * lr < 2 ? 'converges' : 'diverges';
});

mistake('tries it out', (bend, lr) => {
  let x = 1;
  for (let i = 0; i < 100_000; i++) x *= 1 - bend * lr;
  return Math.abs(x) === 1 ? 'oscillates' : Math.abs(x) < 1e-6 ? 'converges' : 'diverges';
});
