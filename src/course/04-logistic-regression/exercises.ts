import { exactly, near } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';
import { callText } from '../../parts/grading/values';

export const oddsAndProbability = exercise<(z: number) => { odds: number; probability: number }>(
  'oddsAndProbability',
  ({ calls }) => ({
    title: 'odds',
    hints: ['z is the logarithm of the odds.', 'Odds of 4 to 1 are a probability of 4/5.'],
    tests: [
      calls('knows the odds and the probability', 1, [
        [[Math.log(4)], near({ odds: 4, probability: 0.8 })],
        [[0], near({ odds: 1, probability: 0.5 })],
      ]),
      calls(
        'stays right for z of any size',
        1,
        [
          [[40], near({ odds: 2.3538526683702e17, probability: 1 }, { atol: 0 })],
          [[-40], near({ odds: 4.248354255291589e-18, probability: 4.248354255291589e-18 }, { atol: 0 })],
          [[700], near({ odds: 1.0142320547350045e304, probability: 1 }, { atol: 0 })],
          [[1000], exactly({ odds: Infinity, probability: 1 })],
          [[-1000], exactly({ odds: 0, probability: 0 })],
        ],
        {
          look: 'What is small keeps its digits where nothing is taken away from 1, and odds are the exponential itself as long as that is a number.',
          notFinite:
            'Divide by nothing that may have been rounded to 0, as 1 − p, and no Infinity by Infinity: the probability has a form without large exponentials.',
        },
      ),
    ],
  }),
);

export const stableLoss = exercise<(labels: number[], z: number[]) => number>('stableLoss', ({ calls }) => ({
  title: 'a loss that never breaks',
  hints: [
    'The loss of one row is ln(1 + e^z) − yz.',
    'ln(1 + e^z) is max(z, 0) + ln(1 + e^−|z|): that exponential never overflows. `Math.log1p` keeps the small ones.',
  ],
  tests: [
    calls('is ln 2 where nothing is known', 1, [
      [
        [
          [1, 0],
          [0, 0],
        ],
        near(Math.LN2),
      ],
    ]),
    calls(
      'is right for huge logits, and to six digits after the point',
      1,
      [
        [[[0], [12.5]], near(12.5000037266, { rtol: 0 })],
        [[[0], [-12.5]], near(0.0000037266, { rtol: 0 })],
        [
          [
            [1, 0],
            [1000, -1000],
          ],
          near(0),
        ],
        [[[0], [1000.1]], near(1000.1, { rtol: 0 })],
      ],
      {
        look: 'ln(1 + e^z) is a little more than z where z is large: nothing is clipped or left out, and tensors, with their seven digits, round too much.',
        notFinite: 'e^1000 is too large for a number: there is a way to ln(1 + e^z) whose exponential never is.',
      },
    ),
  ],
}));

/** Probabilities of 3/4 and 1/4, both labels 1: errors of −1/4 and −3/4. */
const STEP: [w: number[], b: number, x: number[][], y: number[], lr: number] = [
  [Math.log(3), 0],
  0,
  [
    [1, 2],
    [-1, 1],
  ],
  [1, 1],
  0.4,
];

export const oneStep = exercise<
  (w: number[], b: number, x: number[][], y: number[], lr: number) => { w: number[]; b: number }
>('oneStep', ({ calls, probe }) => ({
  title: 'one step',
  hints: [
    'The error of a row is its probability minus its label.',
    'Each weight changes by −lr times the mean of error times input; the bias by −lr times the mean error.',
    'Make new numbers from the old ones: `map` does.',
  ],
  tests: [
    calls(
      'moves weights and bias down the gradient',
      2,
      [
        [STEP, near({ w: [Math.log(3) - 0.1, 0.25], b: 0.2 })],
        [[[1], 0, [[1e9], [-1e9]], [1, 0], 0.4], near({ w: [1], b: 0 })],
      ],
      {
        look: 'The errors of all rows come from the old weights; their means move the weights once.',
        notFinite: 'A probability is NaN where e^z is too large for a number: write it with e^−z.',
      },
    ),
    probe(
      'leaves the old weights as they are',
      1,
      [[STEP, near({ old: [Math.log(3), 0], new: [Math.log(3) - 0.1, 0.25] })]],
      (answer, [w, ...rest]) => {
        const stepped = answer(w, ...rest);
        return { old: w, new: stepped.w };
      },
      {
        call: (input) => callText('oneStep', input),
        result: 'left the old weights and returned the new ones as',
        look: 'Make new numbers from the old ones: `map` does.',
      },
    ),
  ],
}));

export const precisionAndRecall = exercise<(y: number[], predicted: number[]) => { precision: number; recall: number }>(
  'precisionAndRecall',
  ({ calls }) => ({
    title: 'precision and recall',
    hints: [
      'Count the true positives: rows that are 1 and were called 1.',
      'Precision looks at what was predicted as 1, recall at what is 1.',
    ],
    tests: [
      calls(
        'divides by the right counts',
        1,
        [
          [
            [
              [1, 1, 1, 0, 0],
              [1, 0, 0, 1, 0],
            ],
            near({ precision: 0.5, recall: 1 / 3 }),
          ],
          [
            [
              [1, 0, 1],
              [1, 0, 1],
            ],
            exactly({ precision: 1, recall: 1 }),
          ],
          [
            [
              [1, 2, 2, 0],
              [1, 1, 2, 0],
            ],
            near({ precision: 0.5, recall: 1 }),
          ],
        ],
        {
          look: 'Precision divides by the rows that were called 1, recall by those that are 1; every other class is not 1.',
        },
      ),
      calls('is 0 where a denominator is 0', 1, [
        [
          [
            [1, 0],
            [0, 0],
          ],
          exactly({ precision: 0, recall: 0 }),
        ],
      ]),
    ],
  }),
);

export const cheapestThreshold = exercise<
  (y: number[], probabilities: number[], thresholds: number[], costs: { alarm: number; miss: number }) => number
>('cheapestThreshold', ({ calls }) => ({
  title: 'the cheapest threshold',
  hints: [
    'Write a function for the cost of one threshold first.',
    'Sort a copy of the thresholds by cost; of equal ones the lower first.',
  ],
  tests: [
    calls('weighs false alarms against missed cases', 1, [
      [[[0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.35, 0.6, 0.7, 0.9], [0.2, 0.32, 0.65], { alarm: 1, miss: 1 }], exactly(0.32)],
      [[[0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.35, 0.6, 0.7, 0.9], [0.2, 0.32, 0.65], { alarm: 5, miss: 1 }], exactly(0.65)],
    ]),
    calls(
      'calls a row at the threshold negative, and takes the lowest of equally cheap ones',
      1,
      [
        [[[0, 1], [0.5, 0.9], [0.1, 0.5], { alarm: 1, miss: 2 }], exactly(0.5)],
        [[[0, 0, 1, 1], [0.3, 0.4, 0.5, 0.9], [0.6, 0.2], { alarm: 1, miss: 2 }], exactly(0.2)],
        [[[0, 1], [0.7, 0.9], [0.5, 1e-7], { alarm: 1, miss: 1 }], exactly(1e-7)],
      ],
      {
        look: 'Above the threshold means not at it; of equal costs the lowest number counts, and `sort()` without a function sorts texts.',
      },
    ),
  ],
}));

const SQUARE = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

export const epochsNeeded = exercise<(x: number[][], y: number[]) => number>('epochsNeeded', ({ calls }) => ({
  title: 'does the perceptron always end?',
  hints: [
    'The error of a row is its label minus what was said: −1, 0 or 1. Add error times row to the weights, and the error to the bias.',
    'The first epoch has number 1; the one in which no row was wrong is the answer.',
  ],
  tests: [
    calls('counts the epochs until all rows are right', 1, [[[SQUARE, [0, 0, 0, 1]], exactly(6)]], {
      notFinite: 'Infinity is the answer only where none of 1,000 epochs is without a mistake.',
    }),
    calls('gives up where no line separates the classes', 1, [[[SQUARE, [0, 1, 1, 0]], exactly(Infinity)]]),
  ],
}));

export const exercises = [oddsAndProbability, stableLoss, oneStep, precisionAndRecall, cheapestThreshold, epochsNeeded];
