import { exactly } from '../../../parts/grading/compare';
import { stopsAfter } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

export const stopsAfterTests = hiddenTests(stopsAfter, ({ calls }) => [
  calls(
    'is right for any losses',
    2,
    (draw) =>
      times(12, (k) => {
        const scale = [1, 1000, 1e-9][k % 3];
        const losses = times(20, (i) => scale * Math.round((3 / (i + 1) + draw.between(0, 0.6)) * 10));
        const patience = 1 + draw.integer(5);
        const stop = losses.findIndex(
          (_, i) =>
            i >= patience &&
            Math.min(...losses.slice(i - patience + 1, i + 1)) >= Math.min(...losses.slice(0, i - patience + 1)),
        );
        return [[losses, patience], exactly(stop < 0 ? 20 : stop + 1)] as const;
      }),
    {
      look: 'Write down the best loss after each epoch, and for how many epochs it has stood. Losses may be large or tiny.',
    },
  ),
  calls(
    'counts an equal loss and NaN as no improvement, and any lower one as an improvement',
    1,
    (draw) => {
      const [begin, patience, drop] = [2 + draw.integer(4), 2 + draw.integer(3), 10 ** -draw.between(7, 9)];
      const falling = times(begin, (i) => 3 - i * drop);
      const [lowest, long] = [falling[begin - 1], patience + 3];
      return [
        [[[2, 2, 2, 2], 2], exactly(3)],
        [[[...falling, ...times(long, () => NaN)], patience], exactly(begin + patience)],
        [[[...falling, ...times(long, () => lowest)], patience], exactly(begin + patience)],
        [[[...falling, ...times(long, (i) => lowest - (i + 1) * drop)], patience], exactly(begin + long)],
        [[[...times(patience - 1, () => NaN), ...falling], patience], exactly(patience - 1 + begin)],
        [[[...times(long, () => NaN), ...falling], patience], exactly(patience)],
      ];
    },
    {
      look: "Ask only whether a loss is lower than the best so far; whatever isn't counts as an epoch of waiting, also at the beginning.",
    },
  ),
]);
