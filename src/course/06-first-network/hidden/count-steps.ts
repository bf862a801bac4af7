import { exactly } from '../../../parts/grading/compare';
import { countSteps } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

export const countStepsTests = hiddenTests(countSteps, ({ calls }) => [
  calls(
    'is right for any numbers',
    1,
    (draw) =>
      times(10, (i) => {
        const [size, epochs] = [1 + draw.integer(i < 8 ? 64 : 100_000) + (i < 8 ? 0 : 900_000), 1 + draw.integer(20)];
        // Of large batches the last holds a single row.
        const rows =
          i >= 8
            ? size * (1 + draw.integer(8)) + 1
            : i % 2 === 0
              ? size * (1 + draw.integer(8))
              : 1 + draw.integer(500);
        let steps = 0;
        for (let begin = 0; begin < rows; begin += size) steps++;
        return [[rows, size, epochs], exactly(steps * epochs)] as const;
      }),
    {
      look: 'Count the batches of one epoch first: the last may be smaller, and where the rows fill all batches there is none beside them.',
    },
  ),
]);
