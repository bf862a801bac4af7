import { exactly } from '../../../parts/grading/compare';
import { fate } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';

export const fateTests = hiddenTests(fate, ({ calls }) => [
  calls(
    'is right for any bend and rate',
    2,
    (draw) =>
      draw
        .shuffle([
          0.1,
          0.9,
          1,
          1.5,
          1.9375,
          2,
          2,
          2.0625,
          3,
          10,
          2 ** -9,
          2 ** -30,
          2 ** 20,
          2 - 2 ** -20,
          2 + 2 ** -20,
          -(2 ** -20),
          -0.5,
          -2,
          -3,
        ])
        .map((product) => {
          const curve = 2 ** (draw.integer(9) - 4);
          return [
            [curve, product / curve],
            exactly(product > 0 && product < 2 ? 'converges' : product === 2 ? 'oscillates' : 'diverges'),
          ] as const;
        }),
    {
      look: 'What counts is the size of the factor 1 − bend · lr: below 1, 1, or above, even if by a millionth. A negative rate makes it larger than 1, a tiny one only a little smaller.',
    },
  ),
]);
