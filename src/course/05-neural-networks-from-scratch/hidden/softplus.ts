import { near } from '../../../parts/grading/compare';
import { softplus } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers } from '../../../parts/grading/draws';

export const softplusTests = hiddenTests(softplus, ({ probe }) => [
  probe(
    'is right everywhere',
    1,
    (draw) => {
      const at = [
        ...numbers(draw, 6, 10),
        ...[10, 11, 12, 13].flatMap((from) => [1, -1].map((sign) => sign * (from + draw.between(0.05, 0.45)))),
        draw.between(30, 700),
        draw.between(-700, -30),
        draw.between(720, 2000),
        draw.between(-2000, -720),
      ];
      return [
        [
          at,
          near(
            at.map((z) => (z > 30 ? z : Math.log(1 + Math.exp(z)))),
            { rtol: 0 },
          ),
        ],
      ];
    },
    (answer, at: number[]) => at.map((z) => answer().value(z)),
    {
      look: 'Look at its `value` for numbers of both signs, small, large (11 to 13) and huge.',
      notFinite: 'Its `value` overflows: try numbers above 710.',
    },
  ),
  probe(
    'has the slope of its own value',
    1,
    (draw) => {
      const at = [
        ...numbers(draw, 6, 5),
        draw.between(10, 11),
        draw.between(-11, -10),
        draw.between(11.05, 11.4),
        draw.between(-11.4, -11.05),
        draw.between(720, 2000),
        draw.between(-2000, -720),
      ];
      return [
        [
          at,
          near(
            at.map((z) => (z > 700 ? 1 : Math.exp(z) / (1 + Math.exp(z)))),
            { atol: 1e-5 },
          ),
        ],
      ];
    },
    (answer, at: number[]) => at.map((z) => answer().derivative(z)),
    {
      look: 'Look at its `derivative`, also for large and huge numbers: it lies between 0 and 1.',
      notFinite: 'Its `derivative` overflows: try numbers above 710.',
    },
  ),
]);
