import { exactly } from '../../../parts/grading/compare';
import { countParameters } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { times } from '../../../parts/grading/draws';

export const countParametersTests = hiddenTests(countParameters, ({ calls }) => [
  calls(
    'is right for any number of layers',
    1,
    (draw) =>
      times(6, (i) => {
        const sizes = times(i + 2, () => 1 + draw.integer(50));
        let count = 0;
        for (let l = 1; l < sizes.length; l++) count += (sizes[l - 1] + 1) * sizes[l];
        return [[sizes], exactly(count)] as const;
      }),
    { look: 'Every layer after the inputs has weights and biases; there may be many.' },
  ),
]);
