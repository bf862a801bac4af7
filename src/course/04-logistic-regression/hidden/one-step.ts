import { near } from '../../../parts/grading/compare';
import { oneStep } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { matrix, numbers, times, wholes } from '../../../parts/grading/draws';
import { logOnePlusExp } from './log-one-plus-exp';

const stepOf = (
  w: readonly number[],
  b: number,
  x: readonly number[][],
  y: readonly number[],
  lr: number,
): { w: number[]; b: number } => {
  const loss = (weights: readonly number[], bias: number): number =>
    x.reduce(
      (sum, row, i) =>
        sum + logOnePlusExp((y[i] === 1 ? -1 : 1) * row.reduce((z, value, j) => z + weights[j] * value, bias)),
      0,
    ) / x.length;
  const h = 1e-5;
  const slope = (f: (shift: number) => number): number => (f(h) - f(-h)) / (2 * h);
  return {
    w: w.map(
      (value, j) =>
        value -
        lr *
          slope((shift) =>
            loss(
              w.map((other, k) => other + (k === j ? shift : 0)),
              b,
            ),
          ),
    ),
    b: b - lr * slope((shift) => loss(w, b + shift)),
  };
};

export const oneStepTests = hiddenTests(oneStep, ({ calls }) => [
  calls(
    'follows the gradient as differences give it, for rows of any size',
    2,
    (draw) => [
      ...times(4, (i) => {
        const [w, b, x, y, lr] = [
          numbers(draw, i + 1, 1),
          draw.between(-1, 1),
          matrix(draw, 5, i + 1),
          wholes(draw, 5, 2),
          draw.between(0.1, 1),
        ];
        return [[w, b, x, y, lr], near(stepOf(w, b, x, y, lr), { atol: 1e-5 })] as const;
      }),
      (() => {
        // Rows of large numbers are called 1 or 0 with certainty; the second and the third are wrong.
        const [first, second, third, lr] = [
          ...times(3, () => Math.round(draw.between(800, 2000))),
          draw.between(0.1, 1),
        ];
        return [
          [[1], 0.5, [[first], [second], [-third]], [1, 0, 1], lr],
          near({ w: [1 - (lr / 3) * (second + third)], b: 0.5 }),
        ] as const;
      })(),
      (() => {
        // Rows so large that even a tiny error of a probability moves the weight.
        const [first, second] = times(2, () => 1e12 * draw.between(1, 9));
        return [[[1], 0.5, [[first], [-second]], [1, 0], draw.between(0.1, 1)], near({ w: [1], b: 0.5 })] as const;
      })(),
    ],
    {
      look: 'Try weights and a bias that are not 0, more rows than two, and rows of very large numbers: where a probability is as good as 1, nothing is clipped.',
      notFinite: 'A probability is NaN where e^z is too large for a number: write it with e^−z.',
    },
  ),
]);
