import { exactly, near } from '../../parts/grading/compare';
import {
  cheapestThreshold,
  epochsNeeded,
  oddsAndProbability,
  oneStep,
  precisionAndRecall,
  stableLoss,
} from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { matrix, numbers, times, wholes } from '../../parts/grading/draws';

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/** ln(1 + e^z) by its series where the exponential would overflow. */
const logOnePlusExp = (z: number): number => (z > 30 ? z + Math.exp(-z) : Math.log(1 + Math.exp(z)));

const stepOf = (
  w: readonly number[],
  b: number,
  x: readonly number[][],
  y: readonly number[],
  lr: number,
): { w: number[]; b: number } => {
  const loss = (weights: readonly number[], bias: number): number =>
    x.reduce(
      (sum, row, i) =>
        sum + logOnePlusExp((y[i] === 1 ? -1 : 1) * row.reduce((z, value, j) => z + weights[j] * value, bias)),
      0,
    ) / x.length;
  const h = 1e-5;
  const slope = (f: (shift: number) => number): number => (f(h) - f(-h)) / (2 * h);
  return {
    w: w.map(
      (value, j) =>
        value -
        lr *
          slope((shift) =>
            loss(
              w.map((other, k) => other + (k === j ? shift : 0)),
              b,
            ),
          ),
    ),
    b: b - lr * slope((shift) => loss(w, b + shift)),
  };
};

/** The thresholds with the lowest cost. */
function cheapest(
  y: readonly number[],
  probabilities: readonly number[],
  thresholds: readonly number[],
  alarm: number,
  miss: number,
): number[] {
  const costs = thresholds.map(
    (t) =>
      alarm * y.filter((label, i) => label === 0 && probabilities[i] > t).length +
      miss * y.filter((label, i) => label === 1 && !(probabilities[i] > t)).length,
  );
  return thresholds.filter((_, i) => costs[i] === Math.min(...costs));
}

/**
 * The first epoch without a mistake, from sums over rows alone: how often each row was added, and products of rows with
 * each other.
 */
function cleanEpoch(x: readonly (readonly number[])[], y: readonly number[], hasBias = true): number {
  const products = x.map((row) =>
    x.map((other) => row.reduce((sum, value, k) => sum + value * other[k], hasBias ? 1 : 0)),
  );
  const added = x.map(() => 0);
  for (let epoch = 1; epoch <= 1000; epoch++) {
    const before = String(added);
    for (const i of x.keys())
      added[i] += y[i] - (added.reduce((sum, count, k) => sum + count * products[k][i], 0) > 0 ? 1 : 0);
    if (String(added) === before) return epoch;
  }
  return Infinity;
}

const LOOP =
  'const errors = x.map((row, i) => 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i]);\n';
const COUNTS =
  'const [tp, said, are] = [y.filter((label, i) => label === 1 && predicted[i] === 1), predicted.filter((label) => label === 1), y.filter((label) => label === 1)].map(({ length }) => length);\n';
const COST =
  'const cost = (t: number): number => y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? alarm : 0) : label === 1 ? miss : 0), 0);\n';
const PERCEPTRON =
  'let w = x[0].map(() => 0);\nlet b = 0;\nfor (let epoch = 1; epoch <= MOST; epoch++) {\n  let mistakes = 0;\n  x.forEach((row, i) => {\n    const error = y[i] - (row.reduce((z, value, j) => z + w[j] * value, b) > 0 ? 1 : 0);\n    if (error !== 0) mistakes++;\n    w = w.map((value, j) => value + error * row[j]);\n    b += error;\n  });\n  if (mistakes === 0) return epoch;\n}\nreturn Infinity;';

export const hidden = [
  hiddenTests(oddsAndProbability, ({ calls }) => ({
    tests: [
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
    ],
    wrong: {
      'takes z for the odds': { code: 'return { odds: z, probability: z / (1 + z) };', points: 0 },
      'divides the odds by 1 plus the odds': {
        code: 'const odds = Math.exp(z);\nreturn { odds, probability: odds / (1 + odds) };',
        points: 1,
      },
      'rounds before it divides': {
        code: 'const probability = 1 / (1 + Math.exp(-z));\nreturn { odds: probability / (1 - probability), probability };',
        points: 1,
      },
      'takes a hundred for too large': {
        code: 'return z > 100 ? { odds: Infinity, probability: 1 } : { odds: Math.exp(z), probability: 1 / (1 + Math.exp(-z)) };',
        points: 1,
      },
      'takes the small away from 1': {
        code: 'return { odds: Math.exp(z), probability: 1 - 1 / (1 + Math.exp(z)) };',
        points: 1,
      },
      'has the probability of the other class': {
        code: 'return { odds: Math.exp(z), probability: 1 / (1 + Math.exp(z)) };',
        points: 0,
      },
    },
    slow: { code: `${WAIT}return { odds: 1, probability: 0.5 };`, points: 0 },
  })),
  hiddenTests(stableLoss, ({ calls }) => ({
    tests: [
      calls(
        'is right for any logits',
        1,
        (draw) =>
          times(5, (i) => {
            const [labels, z] = [wholes(draw, i + 2, 2), numbers(draw, i + 2, 6)];
            return [
              [labels, z],
              near(z.reduce((sum, value, k) => sum + logOnePlusExp(labels[k] === 1 ? -value : value), 0) / z.length, {
                rtol: 0,
              }),
            ] as const;
          }),
        { look: 'Try logits of both signs with both labels.' },
      ),
      calls(
        'is right between the small and the huge',
        1,
        (draw) => {
          const pairs = [12, 40, 400, 4000].map((size): [labels: number[], z: number[]] => [
            [0, 1],
            [draw.between(0.85, 1) * size, -draw.between(0.85, 1) * size],
          ]);
          // Each alone, so that no mean makes an error smaller.
          const single = [10, 11, 12, 13].flatMap((from) =>
            [-1, 1].flatMap((sign) =>
              [0, 1].map((label): [labels: number[], z: number[]] => [
                [label],
                [sign * (from + draw.between(0.05, 0.45))],
              ]),
            ),
          );
          return [...pairs, ...single].map(
            ([labels, z]) =>
              [
                [labels, z],
                near(z.reduce((sum, value, i) => sum + logOnePlusExp(labels[i] === 1 ? -value : value), 0) / z.length, {
                  rtol: 0,
                }),
              ] as const,
          );
        },
        {
          look: 'The loss of a confident mistake is about |z|, but not quite; nothing is clipped, and nothing is rounded to the digits of a tensor.',
        },
      ),
    ],
    wrong: {
      overflows: {
        code: 'return labels.reduce((sum, y, i) => sum + Math.log(1 + Math.exp(z[i])) - y * z[i], 0) / labels.length;',
        points: 2,
      },
      'clips the probabilities': {
        code: 'const p = z.map((value) => Math.min(1 - 1e-7, Math.max(1e-7, 1 / (1 + Math.exp(-value)))));\nreturn -labels.reduce((sum, y, i) => sum + y * Math.log(p[i]) + (1 - y) * Math.log(1 - p[i]), 0) / labels.length;',
        points: 2,
      },
      'rounds to 32 bits': {
        code: 'return labels.reduce((sum, y, i) => sum + Math.fround(Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i])))), 0) / labels.length;',
        points: 2,
      },
      'leaves out what is small': {
        code: 'return labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + (Math.abs(z[i]) > 10 ? 0 : Math.log1p(Math.exp(-Math.abs(z[i])))), 0) / labels.length;',
        points: 2,
      },
      'takes z itself where it is above 12': {
        code: 'return labels.reduce((sum, y, i) => sum + (z[i] > 12 ? z[i] : Math.log1p(Math.exp(z[i]))) - y * z[i], 0) / labels.length;',
        points: 2,
      },
      'takes 0 where z is below −12': {
        code: 'return labels.reduce((sum, y, i) => {\n  const s = y === 1 ? -z[i] : z[i];\n  return sum + (s > 30 ? s : s > -12 ? Math.log(1 + Math.exp(s)) : 0);\n}, 0) / labels.length;',
        points: 2,
      },
      'sums instead of averaging': {
        code: 'return labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i]))), 0);',
        points: 1,
      },
    },
    slow: {
      code: `if (labels.length > 2) {\n${WAIT}}\nreturn labels.reduce((sum, y, i) => sum + Math.max(z[i], 0) - z[i] * y + Math.log1p(Math.exp(-Math.abs(z[i]))), 0) / labels.length;`,
      points: 2,
    },
  })),
  hiddenTests(oneStep, ({ calls }) => ({
    tests: [
      calls(
        'follows the gradient as differences give it, for rows of any size',
        2,
        (draw) => [
          ...times(4, (i) => {
            const [w, b, x, y, lr] = [
              numbers(draw, i + 1, 1),
              draw.between(-1, 1),
              matrix(draw, 5, i + 1),
              wholes(draw, 5, 2),
              draw.between(0.1, 1),
            ];
            return [[w, b, x, y, lr], near(stepOf(w, b, x, y, lr), { atol: 1e-5 })] as const;
          }),
          (() => {
            // Rows of large numbers are called 1 or 0 with certainty; the second and the third are wrong.
            const [first, second, third, lr] = [
              ...times(3, () => Math.round(draw.between(800, 2000))),
              draw.between(0.1, 1),
            ];
            return [
              [[1], 0.5, [[first], [second], [-third]], [1, 0, 1], lr],
              near({ w: [1 - (lr / 3) * (second + third)], b: 0.5 }),
            ] as const;
          })(),
          (() => {
            // Rows so large that even a tiny error of a probability moves the weight.
            const [first, second] = times(2, () => 1e12 * draw.between(1, 9));
            return [[[1], 0.5, [[first], [-second]], [1, 0], draw.between(0.1, 1)], near({ w: [1], b: 0.5 })] as const;
          })(),
        ],
        {
          look: 'Try weights and a bias that are not 0, more rows than two, and rows of very large numbers: where a probability is as good as 1, nothing is clipped.',
          notFinite: 'A probability is NaN where e^z is too large for a number: write it with e^−z.',
        },
      ),
    ],
    wrong: {
      'forgets to divide by the rows': {
        code: `${LOOP}return { w: w.map((value, j) => value - lr * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b - lr * errors.reduce((sum, error) => sum + error, 0) };`,
        points: 0,
      },
      'changes the old weights': {
        code: `${LOOP}w.forEach((value, j) => (w[j] = value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)));\nreturn { w, b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`,
        points: 0,
      },
      'clips z': {
        code: `${LOOP.replace('-row.reduce((z, value, j) => z + w[j] * value, b)', '-Math.min(20, Math.max(-20, row.reduce((z, value, j) => z + w[j] * value, b)))')}return { w: w.map((value, j) => value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`,
        points: 1,
      },
      'moves after each row': {
        code: 'for (const [i, row] of x.entries()) {\n  const error = 1 / (1 + Math.exp(-row.reduce((z, value, j) => z + w[j] * value, b))) - y[i];\n  w = w.map((value, j) => value - (lr / x.length) * error * row[j]);\n  b -= (lr / x.length) * error;\n}\nreturn { w, b };',
        points: 0,
      },
      'returns what it was given': { code: 'return { w, b };', points: 0 },
      'goes up': {
        code: `${LOOP}return { w: w.map((value, j) => value + (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b + (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`,
        points: 0,
      },
    },
    slow: {
      code: `if (x.length > 2) {\n${WAIT}}\n${LOOP}return { w: w.map((value, j) => value - (lr / x.length) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0)), b: b - (lr / x.length) * errors.reduce((sum, error) => sum + error, 0) };`,
      points: 3,
    },
  })),
  hiddenTests(precisionAndRecall, ({ calls }) => ({
    tests: [
      calls(
        'is right for any labels',
        2,
        (draw) => [
          ...times(6, (i) => {
            const [y, predicted] = [
              [1, 0, 1, ...wholes(draw, 20, 2 + (i % 3))],
              [1, 1, 0, ...wholes(draw, 20, 2 + (i % 3))],
            ];
            const both = y.filter((label, k) => label === 1 && predicted[k] === 1).length;
            const ones = (list: readonly number[]): number =>
              list.reduce((total, value) => total + (value === 1 ? 1 : 0), 0);
            return [[y, predicted], near({ precision: both / ones(predicted), recall: both / ones(y) })] as const;
          }),
          ...[
            [0, 1, 0],
            [2, 1, 2],
          ].map((labels) => [[labels, labels], exactly({ precision: 1, recall: 1 })] as const),
        ],
        {
          look: 'Precision divides by the rows that were called 1, recall by those that are 1, and by nothing more; every other class is not 1.',
        },
      ),
      calls(
        'is 0 where class 1 never occurs',
        1,
        [
          [
            [
              [0, 0],
              [1, 1],
            ],
            exactly({ precision: 0, recall: 0 }),
          ],
          [
            [
              [0, 0],
              [0, 0],
            ],
            exactly({ precision: 0, recall: 0 }),
          ],
        ],
        { look: 'Each of the two denominators can be 0.' },
      ),
    ],
    wrong: {
      'exchanges the two': {
        code: `${COUNTS}return { precision: are === 0 ? 0 : tp / are, recall: said === 0 ? 0 : tp / said };`,
        points: 2,
      },
      'divides by 0': { code: `${COUNTS}return { precision: tp / said, recall: tp / are };`, points: 3 },
      'takes every class but 0 for class 1': {
        code: 'const count = (of: (label: number, said: number) => number): number => y.filter((label, i) => of(label, predicted[i])).length;\nconst [tp, said, are] = [count((label, p) => label && p), count((_, p) => p), count((label) => label)];\nreturn { precision: tp / said || 0, recall: tp / are || 0 };',
        points: 2,
      },
      'adds something small below': {
        code: `${COUNTS}return { precision: tp / (said + 1e-9), recall: tp / (are + 1e-9) };`,
        points: 2,
      },
      'gives the accuracy': {
        code: 'const right = y.filter((label, i) => label === predicted[i]).length / y.length;\nreturn { precision: right, recall: right };',
        points: 0,
      },
    },
    slow: {
      code: `if (y.length > 5) {\n${WAIT}}\n${COUNTS}return { precision: tp / said || 0, recall: tp / are || 0 };`,
      points: 2,
    },
  })),
  hiddenTests(cheapestThreshold, ({ calls }) => ({
    tests: [
      calls(
        'is right for any rows and costs',
        2,
        (draw) =>
          times(6, () => {
            // Rows whose cheapest threshold is another one where the costs are exchanged or left out, and the only one.
            for (;;) {
              const [y, probabilities] = [wholes(draw, 15, 2), times(15, () => draw.integer(20) / 20)];
              const thresholds = draw.shuffle([0, 0.1, 0.25, 0.5, 0.75, 0.9]);
              const [alarm, miss] = draw.shuffle([1, 2 + draw.integer(4)]);
              const [right, exchanged, without] = [
                cheapest(y, probabilities, thresholds, alarm, miss),
                cheapest(y, probabilities, thresholds, miss, alarm),
                cheapest(y, probabilities, thresholds, 1, 1),
              ];
              if (right.length === 1 && !exchanged.includes(right[0]) && !without.includes(right[0]))
                return [[y, probabilities, thresholds, { alarm, miss }], exactly(right[0])] as const;
            }
          }),
        { look: 'Add up the costs of all rows for each threshold.' },
      ),
      calls(
        'takes the lowest of equally cheap ones, and a row at the threshold as negative',
        1,
        (draw) => {
          const [low, shift] = [0.02 + draw.uniform() / 10, draw.uniform() / 20];
          const rows = [0.3 + shift, 0.4 + shift, 0.5 + shift, 0.9 + shift];
          return [
            [[[0, 0, 1, 1], rows, [0.6, low], { alarm: 1, miss: 2 }], exactly(low)],
            [[[0, 0, 1, 1], rows, [low, 0.6], { alarm: 1, miss: 2 }], exactly(low)],
            [[[0, 0, 1, 1], rows, [0.85, low, 0.6], { alarm: 1, miss: 2 }], exactly(low)],
            // Without rows all cost nothing.
            [[[], [], [0.6, low], { alarm: 1, miss: 2 }], exactly(low)],
            // As texts these would stand in another order.
            [[[0, 0, 1, 1], rows, [low, low * 1e-6], { alarm: 1, miss: 2 }], exactly(low * 1e-6)],
            [[[0, 1], [rows[2], rows[3]], [low, rows[2]], { alarm: 2, miss: 3 }], exactly(rows[2])],
            [[[1, 0], [rows[2], rows[1]], [low, rows[2]], { alarm: 2, miss: 3 }], exactly(low)],
          ];
        },
        {
          look: 'Above the threshold means not at it; equal costs are decided by the thresholds, not by their order, also where there are no rows.',
        },
      ),
    ],
    wrong: {
      'ignores the costs': {
        code: 'const cost = (t: number): number => y.filter((label, i) => (probabilities[i] > t ? 1 : 0) !== label).length;\nreturn [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];',
        points: 0,
      },
      'takes the first of equal ones': {
        code: `${COST}return [...thresholds].sort((a, b) => cost(a) - cost(b))[0];`,
        points: 3,
      },
      'sorts the thresholds as texts': {
        code: `${COST}return [...thresholds].sort().reduce((best, t) => (cost(t) < cost(best) ? t : best));`,
        points: 3,
      },
      'takes the first where there are no rows': {
        code: `if (y.length === 0) return thresholds[0];\n${COST}return [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];`,
        points: 4,
      },
      'exchanges the costs': {
        code: 'const cost = (t: number): number => y.reduce((sum, label, i) => sum + (probabilities[i] > t ? (label === 0 ? miss : 0) : label === 1 ? alarm : 0), 0);\nreturn [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];',
        points: 0,
      },
    },
    slow: {
      code: `if (y.length > 6) {\n${WAIT}}\n${COST}return [...thresholds].sort((a, b) => cost(a) - cost(b) || a - b)[0];`,
      points: 2,
    },
  })),
  hiddenTests(epochsNeeded, ({ calls }) => ({
    tests: [
      calls(
        'counts the epochs of tables that a line separates',
        2,
        (draw) =>
          [
            [1, 10],
            [2, 110],
            [3, 40],
          ].map(([columns, least]) => {
            // Whole numbers, so that no rounding decides; the line lies far from the origin, so that the bias matters.
            for (;;) {
              const x = times(8, () => times(columns, () => 4 + draw.integer(12)));
              const y = x.map((row) => (row.reduce((sum, value) => sum + value, 0) > 9 * columns ? 1 : 0));
              const epochs = cleanEpoch(x, y);
              if (epochs >= least && epochs < 700 && cleanEpoch(x, y, false) !== epochs)
                return [[x, y], exactly(epochs)] as const;
            }
          }),
        {
          look: 'Go through the rows in order and change weights and bias at each mistake; some tables take hundreds of epochs. Rows may have one feature, two, or more.',
          notFinite:
            'Infinity is the answer only where none of 1,000 epochs is without a mistake: some tables take hundreds. Rows may have one feature, two, or more.',
        },
      ),
      calls(
        'counts by the rule',
        1,
        [
          [[[[2]], [1]], exactly(2)],
          [
            [
              [[1], [2]],
              [1, 1],
            ],
            exactly(2),
          ],
          [
            [
              [[1], [-1]],
              [1, 0],
            ],
            exactly(2),
          ],
          [
            [
              [
                [0, 0],
                [0, 1],
                [1, 0],
                [1, 1],
              ],
              [0, 1, 1, 1],
            ],
            exactly(4),
          ],
          [
            [
              [
                [38, 1],
                [34, 0],
                [39, 34],
              ],
              [1, 0, 0],
            ],
            exactly(1000),
          ],
          [
            [
              [
                [33, 4],
                [27, 0],
                [34, 27],
              ],
              [1, 0, 0],
            ],
            exactly(Infinity),
          ],
        ],
        {
          look: 'A sum of 0 is class 0; the answer is the number of the first epoch without a mistake, and the 1,000th still counts.',
          notFinite:
            'Infinity is the answer only where none of 1,000 epochs is without a mistake: the 1,000th still counts. A sum of 0 is class 0; rows may have one feature.',
        },
      ),
    ],
    wrong: {
      'counts from 0': {
        code: PERCEPTRON.replace('MOST', '1000').replace('return epoch;', 'return epoch - 1;'),
        points: 1,
      },
      'stops after three epochs': { code: PERCEPTRON.replace('MOST', '3'), points: 1 },
      'gives up after 20': { code: PERCEPTRON.replace('MOST', '20'), points: 2 },
      'stops before the 1,000th epoch': { code: PERCEPTRON.replace('MOST', '999'), points: 4 },
      'goes on after the 1,000th epoch': { code: PERCEPTRON.replace('MOST', '1001'), points: 4 },
      'knows the examples': {
        code: "return new Map([['0001', 6], ['0111', 4], ['11', 2], ['10', 2]]).get(y.join('')) ?? Infinity;",
        points: 2,
      },
      'gives up after 100': { code: PERCEPTRON.replace('MOST', '100'), points: 2 },
      'has no bias': { code: PERCEPTRON.replace('MOST', '1000').replace('b += error;', 'b += 0;'), points: 1 },
    },
    slow: { code: PERCEPTRON.replace('MOST', '1e12'), points: 1 },
  })),
];
