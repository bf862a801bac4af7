import { exactly, throws } from '../../../parts/grading/compare';
import { productShape } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times, wholes } from '../../../parts/grading/draws';

export const productShapeTests = hiddenTests(productShape, ({ calls }) => [
  calls(
    'is right for any lengths',
    1,
    (draw) =>
      times(8, (i) => {
        const [m, k, n] = wholes(draw, 3, 90).map((length, place) => (place === i - 4 ? 0 : length + 1));
        return [
          [
            [m, k],
            [k, n],
          ],
          exactly([m, n]),
        ] as const;
      }),
    { look: 'The first shape gives the rows, the second the columns; each length may be 0.' },
  ),
  calls(
    'refuses matrices that fit only the other way round',
    1,
    (draw) => {
      const [m, k] = [2 + draw.integer(9), 20 + draw.integer(9)];
      return [
        [
          [
            [m, k],
            [k + 1, m],
          ],
          throws('RangeError'),
        ],
      ];
    },
    { look: 'Compare the second length of the first shape with the first length of the second one.' },
  ),
]);
