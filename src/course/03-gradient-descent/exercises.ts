import type { Value } from '../../parts/autodiff';
import { exactly, near, throws } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';
import { describe } from '../../parts/grading/values';

export const fate = exercise<(bend: number, lr: number) => 'converges' | 'oscillates' | 'diverges'>(
  'fate',
  ({ calls }) => ({
    title: 'what will it do?',
    hints: ['Each step multiplies x by 1 − bend · lr. What happens when that factor is −1? And below?'],
    tests: [
      calls(
        'tells the three fates apart',
        2,
        [
          [[2, 0.1], exactly('converges')],
          [[2, 0.75], exactly('converges')],
          [[2, 1], exactly('oscillates')],
          [[2, 1.05], exactly('diverges')],
          [[50, 0.041], exactly('diverges')],
          [[2, -0.1], exactly('diverges')],
          [[2, 1e-6], exactly('converges')],
        ],
        { look: 'What counts is the size of the factor 1 − bend · lr, however close it is to 1.' },
      ),
    ],
  }),
);

export const bend = exercise<(f: (x: number) => number, x: number) => number>('bend', ({ probe }) => ({
  title: 'the second derivative',
  hints: [
    'Call f at x + h, x and x − h.',
    'A smaller h is not better: the difference of nearly equal numbers is mostly rounding. 1e-4 is about right.',
  ],
  tests: [
    probe(
      'is right for a parabola and for waves',
      2,
      [[{ parabolaAt: 3, sineAt: 1, cosineAt: 0 }, near([2, -Math.sin(1), -1], { atol: 1e-4 })]],
      (answer, { parabolaAt, sineAt, cosineAt }) => [
        answer((x) => x * x, parabolaAt),
        answer(Math.sin, sineAt),
        answer(Math.cos, cosineAt),
      ],
      {
        call: ({ parabolaAt, sineAt, cosineAt }) =>
          `[bend((x) => x * x, ${parabolaAt}), bend(Math.sin, ${sineAt}), bend(Math.cos, ${cosineAt})]`,
        result: 'is',
        look: 'Take differences twice, and divide by h twice: a slope is not a bend. If nearly right is what came, look at h: a small one leaves mostly rounding, a large one misses the turns.',
      },
    ),
  ],
}));

export const minimize = exercise<
  (slope: (x: number) => number, start: number, lr: number, options?: { tolerance?: number; most?: number }) => number
>('minimize', ({ probe }) => ({
  title: 'descent that knows when to stop',
  hints: [
    'Compute the slope once a step; return x when its size is below the tolerance.',
    'A place or a slope that is not finite will never come back: throw a RangeError as soon as one is there, also at the start.',
  ],
  tests: [
    probe(
      'finds the flat place',
      1,
      [
        [{ at: 3, start: 10, lr: 0.1 }, near(3, { atol: 1e-5 })],
        [{ at: 0, start: 0, lr: 0.1 }, near(0)],
      ],
      (answer, { at, start, lr }) => answer((x) => 2 * (x - at), start, lr),
      { call: ({ at, start, lr }) => `minimize((x) => 2 * (x - ${at}), ${start}, ${lr})` },
    ),
    probe(
      'stops at the first place where the slope is below the tolerance, after no more moves than allowed',
      1,
      [
        [{ tolerance: 1, most: 5 }, exactly(0.25)],
        [{ tolerance: 1, most: 4 }, throws('RangeError')],
        [{ tolerance: 17, most: 0 }, exactly(8)],
        [{ tolerance: 1, most: 0 }, throws('RangeError')],
      ],
      (answer, options) => answer((x) => 2 * x, 8, 0.25, options),
      {
        call: ({ tolerance, most }) => `minimize((x) => 2 * x, 8, 0.25, { tolerance: ${tolerance}, most: ${most} })`,
        look: 'Each move halves x: 8, 4, 2, 1, 0.5, 0.25. The slope is 2x, so at 0.5 it is not yet below 1. A `most` of 0 allows no move.',
      },
    ),
    probe(
      'throws where there is none within reach',
      1,
      [
        [{ curve: 'parabola', start: 10, lr: 1 }, throws('RangeError')],
        [{ curve: 'parabola', start: 10, lr: 2 }, throws('RangeError')],
        [{ curve: 'exponential', start: -700, lr: 1e10 }, throws('RangeError')],
      ],
      (answer, { curve, start, lr }) => answer(curve === 'parabola' ? (x) => 2 * x : (x) => -Math.exp(-x), start, lr),
      {
        call: ({ curve, start, lr }) =>
          `minimize((x) => ${curve === 'parabola' ? '2 * x' : '-Math.exp(-x)'}, ${start}, ${lr})`,
        look: 'It must be a RangeError in each of these cases. Infinity is no place, even where the slope is 0.',
      },
    ),
  ],
}));

const neuronCall = ({
  w,
  x,
  b,
}: {
  readonly w: readonly number[];
  readonly x: readonly number[];
  readonly b: number;
}): string => `neuron([${w.map((value) => `new Value(${value})`).join(', ')}], ${describe(x)}, new Value(${b}))`;

export const neuron = exercise<(w: [Value, Value], x: [number, number], b: Value) => Value>('neuron', ({ probe }) => ({
  title: 'a neuron with Value',
  hints: [
    'A `Value` has the methods `mul`, `add` and `tanh`; each returns a new one that remembers where it came from.',
  ],
  tests: [
    probe(
      'computes tanh of the weighted sum',
      1,
      [[{ w: [-3, 1], x: [2, 0], b: 6.5 }, near(Math.tanh(0.5))]],
      (answer, { w, x, b }, { autodiff: { Value } }) =>
        answer([new Value(w[0]), new Value(w[1])], [x[0], x[1]], new Value(b)).data,
      { call: neuronCall, result: 'holds' },
    ),
    probe(
      'lets backward reach both weights and the bias',
      1,
      [[{ w: [-3, 1], x: [2, 0], b: 6.5 }, near([2 * (1 - Math.tanh(0.5) ** 2), 0, 1 - Math.tanh(0.5) ** 2])]],
      (answer, { w, x, b }, { autodiff: { Value } }) => {
        const [first, second, bias] = [...w, b].map((number) => new Value(number));
        answer([first, second], [x[0], x[1]], bias).backward();
        return [first.gradient, second.gradient, bias.gradient];
      },
      {
        call: (input) => `${neuronCall(input)}.backward()`,
        result: 'left in the two weights and the bias the gradients',
        look: 'Compute with the methods of `Value` alone: what goes through `data` leaves the graph.',
      },
    ),
  ],
}));

export const fitLine = exercise<(x: number[], y: number[]) => { w: number; b: number }>('fitLine', ({ calls }) => ({
  title: 'fit a line',
  hints: [
    'The derivative of the loss by w is 2/m times the sum of error times x; by b it is 2/m times the sum of the errors.',
    "If it isn't exact enough yet, take more steps.",
  ],
  tests: [
    calls(
      'finds a line that meets all points',
      1,
      [
        [
          [
            [-1, 0, 2],
            [-1, 1, 5],
          ],
          near({ w: 2, b: 1 }, { atol: 1e-4 }),
        ],
        [
          [
            [1.5, 1.75, 2],
            [4, 3.5, 3],
          ],
          near({ w: -2, b: 7 }, { atol: 1e-4 }),
        ],
      ],
      {
        look: 'NaN comes from steps that are too large: look at the rate and at the mean. Where all x lie on one side, descent needs many more steps.',
      },
    ),
    calls(
      'finds the best line where none meets all, and one of many where many do',
      1,
      [
        [
          [
            [-1, 0, 1],
            [1, 0, 2],
          ],
          near({ w: 0.5, b: 1 }, { atol: 1e-4 }),
        ],
        [[[0.5], [1]], near({ w: 0.4, b: 0.8 }, { atol: 1e-4 })],
      ],
      { look: 'Many lines meet a single point; descent from 0 and 0 ends at one of them.' },
    ),
  ],
}));

export const ravineSteps = exercise<(momentum: number) => number>('ravineSteps', ({ calls }) => ({
  title: 'how much does momentum buy?',
  hints: [
    'The gradient of x² + 25y² is (2x, 50y).',
    'Without momentum the velocity is just minus the rate times the gradient.',
  ],
  tests: [
    calls('counts the steps of plain descent', 1, [[[0], exactly(184)]], {
      look: 'Steps are counted until the distance √(x² + y²) is below 0.001; the first place counts as 0 steps.',
    }),
    calls(
      'counts the steps with momentum',
      1,
      [
        [[0.9], exactly(103)],
        [[0.99], exactly(1072)],
      ],
      {
        look: 'If plain descent is right: the gradient is not multiplied by (1 − momentum), and the place moves by the new velocity. The distance is √(x² + y²), not the larger of |x| and |y|. With much momentum it may take long.',
      },
    ),
  ],
}));

export const exercises = [fate, bend, minimize, neuron, fitLine, ravineSteps];
