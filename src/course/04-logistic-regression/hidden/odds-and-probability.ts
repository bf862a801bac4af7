import { near } from '../../../parts/grading/compare';
import { oddsAndProbability } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers } from '../../../parts/grading/draws';

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

export const oddsAndProbabilityTests = hiddenTests(oddsAndProbability, ({ calls }) => [
  calls(
    'is right for any z',
    1,
    (draw) =>
      [
        ...numbers(draw, 6, 8),
        ...[30, 150, 600].flatMap((size) => [draw.between(size, 1.1 * size), -draw.between(size, 1.1 * size)]),
        draw.between(701, 709),
        draw.between(720, 2000),
        draw.between(-2000, -720),
      ].map((z) => [[z], near({ odds: Math.exp(z), probability: sigmoid(z) }, { atol: 1e-300 })] as const),
    {
      look: 'Try z = −3, −50, 100, 705 and 2000: odds and probability have six right digits, however small or large they are.',
      notFinite:
        'Odds are infinite only where the exponential is too large for a number, from about 710 on; a probability never is.',
    },
  ),
]);
