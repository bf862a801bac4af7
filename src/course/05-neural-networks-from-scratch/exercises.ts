import type { Activation } from '../../parts/nn';
import { exactly, near } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';
import { describe } from '../../parts/grading/values';

export const countParameters = exercise<(sizes: number[]) => number>('countParameters', ({ calls }) => ({
  title: 'count the parameters',
  hints: ['A layer has a weight for each pair of an input and a unit, and a bias for each unit.'],
  tests: [
    calls('counts weights and biases of every layer', 1, [
      [[[784, 28, 10]], exactly(22_270)],
      [[[784, 512, 10]], exactly(407_050)],
      [[[3, 1]], exactly(4)],
    ]),
  ],
}));

export const softplus = exercise<() => Activation>('softplus', ({ probe }) => ({
  title: 'another activation',
  hints: [
    'ln(1 + e^z) is max(z, 0) + ln(1 + e^−|z|), which never overflows.',
    'Its derivative is an old friend from chapter 04.',
  ],
  tests: [
    probe(
      'has the value of softplus',
      1,
      [[[0, 1, -3], near([Math.LN2, Math.log1p(Math.E), Math.log1p(Math.exp(-3))])]],
      (answer, at: number[]) => at.map((z) => answer().value(z)),
      { call: (at) => `${describe(at)}.map(softplus().value)` },
    ),
    probe(
      'is right for large and huge numbers',
      1,
      [[[12.5, -12.5, 1000, -1000], near([12.5000037266, 0.0000037266, 1000, 0], { rtol: 0 })]],
      (answer, at: number[]) => at.map((z) => answer().value(z)),
      {
        call: (at) => `${describe(at)}.map(softplus().value)`,
        look: 'It comes close to ReLU, but is no ReLU there.',
        notFinite: 'e^1000 is too large for a number: there is a way to ln(1 + e^z) whose exponential never is.',
      },
    ),
    probe(
      'has its derivative',
      1,
      [[[0, 2, 1000, -1000], near([0.5, 1 / (1 + Math.exp(-2)), 1, 0], { atol: 1e-5 })]],
      (answer, at: number[]) => at.map((z) => answer().derivative(z)),
      {
        call: (at) => `${describe(at)}.map(softplus().derivative)`,
        notFinite: 'Infinity divided by Infinity is not a number: write the derivative with e^−z.',
      },
    ),
  ],
}));

export const softmaxRows = exercise<(z: number[][]) => number[][]>('softmaxRows', ({ calls }) => ({
  title: 'softmax of a batch',
  hints: [
    'Each row for itself: exponentials, divided by their sum.',
    "Subtract the row's largest number first: the result is the same, and no exponential is too large.",
  ],
  tests: [
    calls('gives the worked example of the chapter', 1, [
      [[[[5, 2, -1, 3]]], near([[0.842, 0.042, 0.002, 0.114]], { atol: 5e-4 })],
    ]),
    calls(
      'is right for large numbers',
      1,
      [
        [[[[1000, 1000, 0, 0]]], near([[0.5, 0.5, 0, 0]])],
        [
          [
            [
              [1000, 0, 0, 0],
              [-1000, -1000, -2000, -2000],
            ],
          ],
          near([
            [1, 0, 0, 0],
            [0.5, 0.5, 0, 0],
          ]),
        ],
      ],
      {
        look: 'Each row for itself: what is subtracted comes from that row, and leaves no number above 0.',
        notFinite: 'The exponential of a large number is Infinity: subtract the largest number of the row first.',
      },
    ),
  ],
}));

export const hiddenLayer = exercise<(x: number[][], w: number[][], b: number[]) => { a: number[][]; dead: number }>(
  'hiddenLayer',
  ({ calls }) => ({
    title: 'a hidden layer, forward',
    hints: [
      '`matMul(x, w)` is the product; the bias of a unit is added to its whole column.',
      'A unit is dead where its activation is 0 in every row.',
    ],
    tests: [
      calls(
        'computes the activations and counts the dead units',
        2,
        [
          [
            [
              [
                [1, 2],
                [-3, 4],
              ],
              [
                [1, -1, 0],
                [0, 0, 1],
              ],
              [0, 1, -10],
            ],
            near({
              a: [
                [1, 0, 0],
                [0, 4, 0],
              ],
              dead: 1,
            }),
          ],
          [
            [[[1], [2]], [[1, 0, 0]], [-2, 0, 1e-9]],
            near({
              a: [
                [0, 0, 1e-9],
                [0, 0, 1e-9],
              ],
              dead: 2,
            }),
          ],
        ],
        {
          look: 'A dead unit is 0 in every row: a column of zeros. A sum of exactly 0 becomes 0 too; what is small is not 0.',
        },
      ),
    ],
  }),
);

export const errorBelow = exercise<(delta: number[][], weights: number[][], zBelow: number[][]) => number[][]>(
  'errorBelow',
  ({ calls }) => ({
    title: 'one layer back',
    hints: [
      'A unit below gets the errors of the units above, each times the weight between them.',
      'ReLU lets the error through where its z was above 0, and nothing elsewhere.',
    ],
    tests: [
      calls(
        'carries the error back through weights and ReLU',
        2,
        [
          [
            [
              [
                [1, -1],
                [2, 0.5],
              ],
              [
                [2, 3],
                [4, 1],
                [5, 2],
              ],
              [
                [0.5, 0, -1],
                [-2, 3, 1],
              ],
            ],
            near([
              [-1, 0, 0],
              [0, 8.5, 11],
            ]),
          ],
          [
            [
              [[1, -1]],
              [
                [2, 3],
                [4, 1],
              ],
              [[0.5, -2]],
            ],
            near([[-1, 0]]),
          ],
        ],
        { look: 'Where z is 0 or below, ReLU lets nothing through; each row has its own z.' },
      ),
    ],
  }),
);

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

export const fewestUnits = exercise<(x: number[][], y: number[][]) => number>('fewestUnits', ({ calls }) => ({
  title: 'how few units?',
  seconds: 30,
  hints: [
    'Two loops: over the number of units, and over the seeds 0 to 4.',
    "A network with sizes [2, units, 1], output `'sigmoid'` and `hidden: activations.tanh` will do; give it and `train` the same generator.",
  ],
  tests: [
    calls(
      'finds the smallest number for exclusive or, and for and',
      1,
      [
        [[CORNERS, [[0], [1], [1], [0]]], exactly(2)],
        [[CORNERS, [[0], [0], [0], [1]]], exactly(1)],
      ],
      { look: 'Begin with one unit; try all five seeds before you take one more, each with a new generator.' },
    ),
  ],
}));

export const exercises = [countParameters, softplus, softmaxRows, hiddenLayer, errorBelow, fewestUnits];
