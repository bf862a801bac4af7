import { exactly } from '../../../parts/grading/compare';
import { cheapestThreshold } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times, wholes } from '../../../parts/grading/draws';

/** The thresholds with the lowest cost. */
function cheapest(
  y: readonly number[],
  probabilities: readonly number[],
  thresholds: readonly number[],
  alarm: number,
  miss: number,
): number[] {
  const costs = thresholds.map(
    (t) =>
      alarm * y.filter((label, i) => label === 0 && probabilities[i] > t).length +
      miss * y.filter((label, i) => label === 1 && !(probabilities[i] > t)).length,
  );
  return thresholds.filter((_, i) => costs[i] === Math.min(...costs));
}

export const cheapestThresholdTests = hiddenTests(cheapestThreshold, ({ calls }) => [
  calls(
    'is right for any rows and costs',
    2,
    (draw) =>
      times(6, () => {
        // Rows whose cheapest threshold is another one where the costs are exchanged or left out, and the only one.
        for (;;) {
          const [y, probabilities] = [wholes(draw, 15, 2), times(15, () => draw.integer(20) / 20)];
          const thresholds = draw.shuffle([0, 0.1, 0.25, 0.5, 0.75, 0.9]);
          const [alarm, miss] = draw.shuffle([1, 2 + draw.integer(4)]);
          const [right, exchanged, without] = [
            cheapest(y, probabilities, thresholds, alarm, miss),
            cheapest(y, probabilities, thresholds, miss, alarm),
            cheapest(y, probabilities, thresholds, 1, 1),
          ];
          if (right.length === 1 && !exchanged.includes(right[0]) && !without.includes(right[0]))
            return [[y, probabilities, thresholds, { alarm, miss }], exactly(right[0])] as const;
        }
      }),
    { look: 'Add up the costs of all rows for each threshold.' },
  ),
  calls(
    'takes the lowest of equally cheap ones, and a row at the threshold as negative',
    1,
    (draw) => {
      const [low, shift] = [0.02 + draw.uniform() / 10, draw.uniform() / 20];
      const rows = [0.3 + shift, 0.4 + shift, 0.5 + shift, 0.9 + shift];
      return [
        [[[0, 0, 1, 1], rows, [0.6, low], { alarm: 1, miss: 2 }], exactly(low)],
        [[[0, 0, 1, 1], rows, [low, 0.6], { alarm: 1, miss: 2 }], exactly(low)],
        [[[0, 0, 1, 1], rows, [0.85, low, 0.6], { alarm: 1, miss: 2 }], exactly(low)],
        // Without rows all cost nothing.
        [[[], [], [0.6, low], { alarm: 1, miss: 2 }], exactly(low)],
        // As texts these would stand in another order.
        [[[0, 0, 1, 1], rows, [low, low * 1e-6], { alarm: 1, miss: 2 }], exactly(low * 1e-6)],
        [[[0, 1], [rows[2], rows[3]], [low, rows[2]], { alarm: 2, miss: 3 }], exactly(rows[2])],
        [[[1, 0], [rows[2], rows[1]], [low, rows[2]], { alarm: 2, miss: 3 }], exactly(low)],
      ];
    },
    {
      look: 'Above the threshold means not at it; equal costs are decided by the thresholds, not by their order, also where there are no rows.',
    },
  ),
]);
