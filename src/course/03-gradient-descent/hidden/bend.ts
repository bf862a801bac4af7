import { near } from '../../../parts/grading/compare';
import { bend } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers, times } from '../../../parts/grading/draws';

export const bendTests = hiddenTests(bend, ({ probe }) => [
  probe(
    'is right for cubics',
    1,
    (draw) =>
      times(5, (i) => {
        const [, b, c, x] = numbers(draw, 4, 2);
        // The last ones are steep: a difference to one side is off by the third derivative times h.
        const a = i < 3 ? draw.between(-2, 2) : draw.between(60, 70);
        return [{ a, b, c, x }, near(6 * a * x + 2 * b, { atol: 1e-3 })] as const;
      }),
    (answer, { a, b, c, x }) => answer((t) => a * t ** 3 + b * t ** 2 + c * t, x),
    {
      look: 'The points must lie on both sides of x, at the same distance; an h that is too small leaves mostly rounding.',
    },
  ),
  probe(
    'is right where the function turns fast, at 0 and far from it',
    1,
    (draw) =>
      [
        0,
        draw.choice([-1, 1]) * draw.between(0.01, 0.03),
        draw.between(2, 3),
        draw.choice([-1, 1]) * draw.between(80, 120),
        draw.between(800, 1200),
      ].map((x) => {
        const [speed, shift] = [draw.between(20, 25), draw.between(0.8, 1.2)];
        return [{ speed, shift, x, at: x }, near(-(speed ** 2) * Math.sin(shift), { atol: 0.1 })] as const;
      }),
    (answer, { speed, shift, x, at }) => answer((t) => Math.sin(speed * (t - at) + shift), x),
    {
      look: 'Take an h of 1e-4, wherever x is: a larger one misses the turns, and one in proportion to x is 0 at 0 and too large far away.',
    },
  ),
]);
