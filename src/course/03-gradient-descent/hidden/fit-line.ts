import { near } from '../../../parts/grading/compare';
import { fitLine } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

export const fitLineTests = hiddenTests(fitLine, ({ calls }) => [
  calls(
    'is right for any points',
    1,
    (draw) =>
      times(4, (i) => {
        // Of many points the sum of errors is large, the more so near both ends.
        const places = i < 3 ? [-2, -1.1, -0.2, 0.5, 1.3, 2] : times(32, (k) => (k % 2 === 0 ? -2 : 2));
        const x = places.map((value) => value + draw.between(0, 0.1) * (value < 0 ? 1 : -1));
        const y = x.map((value) => draw.between(-2, 2) + 0.7 * value);
        const [meanX, meanY] = [x, y].map((list) => list.reduce((sum, value) => sum + value, 0) / list.length);
        const w =
          x.reduce((sum, value, k) => sum + (value - meanX) * (y[k] - meanY), 0) /
          x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
        return [[x, y], near({ w, b: meanY - w * meanX }, { atol: 1e-4 })] as const;
      }),
    {
      look: 'No line meets these points; take steps until the numbers stand still. The loss is a mean, so many points make no larger steps than few.',
      notFinite:
        'The numbers grow without end: the learning rate is too large for these points, or the loss is no mean.',
    },
  ),
  calls(
    'ends where descent from 0 and 0 ends',
    1,
    (draw) =>
      [1, 3, 2].map((count, i) => {
        // All x are the same: w and b then grow together, as x to 1. Near 0 that takes the most steps; the last
        // ones are as far from it as can be.
        const at = [draw.between(0.4, 0.6), draw.between(0.6, 1.8), 2][i] * draw.choice([-1, 1]);
        const y = times(count, () => draw.choice([-1, 1]) * draw.between(1, 3));
        const share = y.reduce((sum, value) => sum + value, 0) / count / (at ** 2 + 1);
        return [[y.map(() => at), y], near({ w: share * at, b: share }, { atol: 1e-4 })] as const;
      }),
    {
      look: 'Where all x are the same, many lines are best, and no formula with a quotient finds one: begin at 0 and 0, and take steps small enough for x of 2 and −2.',
      notFinite: 'A quotient by 0 gives NaN, and so does a learning rate that is too large for x of 2 and −2.',
    },
  ),
]);
