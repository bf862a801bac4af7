import { near } from '../../../parts/grading/compare';
import { neuron } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers, times } from '../../../parts/grading/draws';

export const neuronTests = hiddenTests(neuron, ({ probe }) => [
  probe(
    'is right for any numbers',
    1,
    (draw) =>
      times(7, (i) => {
        const [u, v, x, y] = numbers(draw, 4, 1);
        const b = i < 5 ? draw.between(-1, 1) : (i - 5.5) * 2000;
        return [{ w: [u, v], x: [x, y], b }, near(Math.tanh(u * x + v * y + b))] as const;
      }),
    (answer, { w, x, b }, { autodiff: { Value } }) =>
      answer([new Value(w[0]), new Value(w[1])], [x[0], x[1]], new Value(b)).data,
    {
      result: 'holds',
      look: 'Both products and the bias go into tanh. Where their sum is large, tanh is 1 or −1; a quotient of exponentials is NaN there.',
    },
  ),
  probe(
    'has gradients as differences give them',
    2,
    (draw) =>
      times(6, (i) => {
        // An input is 0 in two cases: the gradient of its weight is then 0, whatever it was before.
        const [u, v, x, y, b] = numbers(draw, 5, 1).map((value, place) => (place === i - 2 ? 0 : value));
        const f = (p: number, q: number, r: number): number => Math.tanh(p * x + q * y + r);
        const h = 1e-5;
        return [
          { w: [u, v], x: [x, y], b },
          near(
            [
              (f(u + h, v, b) - f(u - h, v, b)) / (2 * h),
              (f(u, v + h, b) - f(u, v - h, b)) / (2 * h),
              (f(u, v, b + h) - f(u, v, b - h)) / (2 * h),
            ],
            { atol: 1e-6 },
          ),
        ] as const;
      }),
    (answer, { w, x, b }, { autodiff: { Value } }) => {
      const [first, second, bias] = [...w, b].map((number) => new Value(number));
      first.mul(second).mul(bias).mul(3).backward();
      answer([first, second], [x[0], x[1]], bias).backward();
      return [first.gradient, second.gradient, bias.gradient];
    },
    {
      result: 'left in the weights and the bias',
      look: 'Compute with the methods of `Value` alone: what goes through `data` leaves the graph. Both weights and the bias belong to it always, also where an input is 0: then an earlier gradient becomes 0.',
    },
  ),
]);
