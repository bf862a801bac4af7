import { dataStudy } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { trainsModels } from '../../../parts/grading/trained-models';
import { bothOf, learned, pictures, shades } from '../studies';
import { contradicted, knowsItsRows, plateau } from './studies';

export const dataStudyTests = hiddenTests(dataStudy, (make) => [
  trainsModels(
    make,
    'does so for any pictures',
    1,
    (draw) => {
      // The largest number is 8: at whatever rate, 60 epochs are enough to tell bright from dark there.
      const [drawn, bright] = [pictures(draw, { count: 600, right: 300 }), shades(draw, 8)];
      const studies = bothOf(drawn, bright, 60);
      return [[studies, learned(studies, drawn, bright)]];
    },
    {
      look: 'Each count: a new model, the first rows and no others, values divided by 16, also where the largest is smaller.',
    },
  ),
  trainsModels(
    make,
    'takes all of the first rows and no others, for all epochs and no more',
    1,
    (draw) => {
      const studies = [contradicted(draw), plateau(draw)];
      return [[studies, knowsItsRows(studies)]];
    },
    {
      look: 'A count that comes twice makes two models. No row is held back for validation, none is added, and no epoch is left out, as by early stopping, or added.',
    },
  ),
]);
