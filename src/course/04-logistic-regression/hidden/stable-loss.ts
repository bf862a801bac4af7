import { near } from '../../../parts/grading/compare';
import { stableLoss } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers, times, wholes } from '../../../parts/grading/draws';
import { logOnePlusExp } from './log-one-plus-exp';

export const stableLossTests = hiddenTests(stableLoss, ({ calls }) => [
  calls(
    'is right for any logits',
    1,
    (draw) =>
      times(5, (i) => {
        const [labels, z] = [wholes(draw, i + 2, 2), numbers(draw, i + 2, 6)];
        return [
          [labels, z],
          near(z.reduce((sum, value, k) => sum + logOnePlusExp(labels[k] === 1 ? -value : value), 0) / z.length, {
            rtol: 0,
          }),
        ] as const;
      }),
    { look: 'Try logits of both signs with both labels.' },
  ),
  calls(
    'is right between the small and the huge',
    1,
    (draw) => {
      const pairs = [12, 40, 400, 4000].map((size): [labels: number[], z: number[]] => [
        [0, 1],
        [draw.between(0.85, 1) * size, -draw.between(0.85, 1) * size],
      ]);
      // Each alone, so that no mean makes an error smaller.
      const single = [10, 11, 12, 13].flatMap((from) =>
        [-1, 1].flatMap((sign) =>
          [0, 1].map((label): [labels: number[], z: number[]] => [[label], [sign * (from + draw.between(0.05, 0.45))]]),
        ),
      );
      return [...pairs, ...single].map(
        ([labels, z]) =>
          [
            [labels, z],
            near(z.reduce((sum, value, i) => sum + logOnePlusExp(labels[i] === 1 ? -value : value), 0) / z.length, {
              rtol: 0,
            }),
          ] as const,
      );
    },
    {
      look: 'The loss of a confident mistake is about |z|, but not quite; nothing is clipped, and nothing is rounded to the digits of a tensor.',
    },
  ),
]);
