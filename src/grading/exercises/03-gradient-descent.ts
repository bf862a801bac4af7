import type { Value } from '../../autodiff';
import type { ExerciseSet } from '../chapter';
import { exactly, near, satisfies, throws } from '../compare';
import { exercise } from '../exercise';

export const fate = exercise<(bend: number, lr: number) => 'converges' | 'oscillates' | 'diverges'>('fate', ({ calls }) => ({
  title: 'what will it do?',
  hints: ['Each step multiplies x by 1 − bend · lr. What happens when that factor is −1? And below?'],
  tests: [
    calls('tells the three fates apart', 2, [
      [[2, 0.1], exactly('converges')],
      [[2, 1], exactly('oscillates')],
      [[2, 1.05], exactly('diverges')],
      [[50, 0.041], exactly('diverges')],
    ]),
  ],
}));

export const bend = exercise<(f: (x: number) => number, x: number) => number>('bend', ({ probe }) => ({
  title: 'the second derivative',
  hints: ['Call f at x + h, x and x − h.', 'A smaller h is not better: the difference of nearly equal numbers is mostly rounding. 1e-4 is about right.'],
  tests: [
    probe('is right for a parabola and a sine', 2, [[{ parabolaAt: 3, sineAt: 1 }, near([2, -Math.sin(1)], { atol: 1e-4 })]], (answer, { parabolaAt, sineAt }) => [answer((x) => x * x, parabolaAt), answer(Math.sin, sineAt)]),
  ],
}));

export const minimize = exercise<(slope: (x: number) => number, start: number, lr: number, options?: { tolerance?: number; most?: number }) => number>('minimize', ({ probe }) => ({
  title: 'descent that knows when to stop',
  hints: ['Compute the slope once a step; return x when its size is below the tolerance.', 'A slope that is not finite will never come back: stop.'],
  tests: [
    probe('finds the flat place', 1, [
      [{ at: 3, start: 10, lr: 0.1 }, near(3, { atol: 1e-5 })],
      [{ at: 0, start: 0, lr: 0.1 }, near(0)],
    ], (answer, { at, start, lr }) => answer((x) => 2 * (x - at), start, lr)),
    probe('throws where there is none within reach', 1, [
      [{ at: 0, start: 10, lr: 1 }, throws('RangeError')],
      [{ at: 0, start: 10, lr: 2 }, throws('RangeError')],
    ], (answer, { at, start, lr }) => answer((x) => 2 * (x - at), start, lr)),
  ],
}));

export const neuron = exercise<(w: [Value, Value], x: [number, number], b: Value) => Value>('neuron', ({ probe }) => ({
  title: 'a neuron with Value',
  hints: ['A `Value` has the methods `mul`, `add` and `tanh`; each returns a new one that remembers where it came from.'],
  tests: [
    probe('computes tanh of the weighted sum', 1, [[{ w: [-3, 1], x: [2, 0], b: 6.5 }, near(Math.tanh(0.5))]], (answer, { w, x, b }, { autodiff: { Value } }) => answer([new Value(w[0]), new Value(w[1])], [x[0], x[1]], new Value(b)).data),
    probe('lets backward reach both weights and the bias', 1, [[{ w: [-3, 1], x: [2, 0], b: 6.5 }, near([2 * (1 - Math.tanh(0.5) ** 2), 0, 1 - Math.tanh(0.5) ** 2])]], (answer, { w, x, b }, { autodiff: { Value } }) => {
      const [first, second, bias] = [...w, b].map((number) => new Value(number));
      answer([first, second], [x[0], x[1]], bias).backward();
      return [first.gradient, second.gradient, bias.gradient];
    }),
  ],
}));

export const fitLine = exercise<(x: number[], y: number[]) => { w: number; b: number }>('fitLine', ({ calls }) => ({
  title: 'fit a line',
  hints: ['The derivative of the loss by w is 2/m times the sum of error times x; by b it is 2/m times the sum of the errors.', 'If it isn\'t exact enough yet, take more steps.'],
  tests: [
    calls('finds a line that meets all points', 1, [[[[-1, 0, 2], [-1, 1, 5]], near({ w: 2, b: 1 }, { atol: 1e-4 })]]),
    calls('finds the best line where none meets all', 1, [[[[-1, 0, 1], [1, 0, 2]], near({ w: 0.5, b: 1 }, { atol: 1e-4 })]]),
  ],
}));

export const ravineSteps = exercise<(momentum: number) => number>('ravineSteps', ({ calls }) => ({
  title: 'how much does momentum buy?',
  hints: ['The gradient of x² + 25y² is (2x, 50y).', 'Without momentum the velocity is just minus the rate times the gradient.'],
  tests: [
    calls('counts the steps of plain descent', 1, [[[0], exactly(184)]]),
    calls('needs fewer steps with momentum', 1, [[[0.9], satisfies('fewer than 184 steps', (steps) => typeof steps === 'number' && steps > 10 && steps < 184)]]),
  ],
}));

export default { notebook: '03-gradient-descent', exercises: [fate, bend, minimize, neuron, fitLine, ravineSteps] } satisfies ExerciseSet;
