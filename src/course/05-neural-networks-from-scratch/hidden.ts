import { exactly, near } from '../../parts/grading/compare';
import { countParameters, errorBelow, fewestUnits, hiddenLayer, softmaxRows, softplus } from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { matrix, numbers, times } from '../../parts/grading/draws';

const LAYER = 'const a = matMul(x, w).map((row) => row.map((sum, j) => Math.max(0, sum + b[j])));\n';

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const classes = (...labels: readonly number[]): number[][] => labels.map((label) => [label]);
const SEARCH =
  "for (let units = 1; units <= 6; units++) {\n  for (let seed = 0; seed < 5; seed++) {\n    const random = generator(seed);\n    const network = new NeuralNetwork({ sizes: [2, units, 1], output: 'sigmoid', hidden: activations.tanh, initializer: 'xavier', random });\n    network.train(x, y, { epochs: 500, learningRate: 1, random });\n    if (network.predict(x).every(([p], i) => (p > 0.5 ? 1 : 0) === y[i][0])) return units;\n  }\n}\nreturn Infinity;";

export const hidden = [
  hiddenTests(countParameters, ({ calls }) => ({
    tests: [
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
    ],
    wrong: {
      'forgets the biases': {
        code: 'return sizes.slice(1).reduce((sum, units, l) => sum + sizes[l] * units, 0);',
        points: 0,
      },
      'gives the inputs biases': {
        code: 'return sizes.slice(1).reduce((sum, units, l) => sum + sizes[l] * units, 0) + sizes.reduce((sum, units) => sum + units, 0);',
        points: 0,
      },
      'knows two layers': { code: 'const [a, b, c = 0] = sizes;\nreturn (a + 1) * b + (b + 1) * c;', points: 1 },
    },
    slow: {
      code: `if (sizes.length > 3) {\n${WAIT}}\nconst [a, b, c = 0] = sizes;\nreturn (a + 1) * b + (b + 1) * c;`,
      points: 1,
    },
  })),
  hiddenTests(softplus, ({ probe }) => ({
    tests: [
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
    ],
    wrong: {
      overflows: {
        code: "return { name: 'softplus', value: (z) => Math.log(1 + Math.exp(z)), derivative: activations.sigmoid.value };",
        points: 3,
      },
      'is ReLU where |z| is above 10': {
        code: "return { name: 'softplus', value: (z) => (z > 10 ? z : z < -10 ? 0 : Math.log(1 + Math.exp(z))), derivative: (z) => (z > 10 ? 1 : z < -10 ? 0 : 1 / (1 + Math.exp(-z))) };",
        points: 2,
      },
      'is ReLU where |z| is above 12': {
        code: "return { name: 'softplus', value: (z) => (z > 12 ? z : z < -12 ? 0 : Math.log(1 + Math.exp(z))), derivative: activations.sigmoid.value };",
        points: 3,
      },
      'has a derivative that overflows': {
        code: "return { name: 'softplus', value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), derivative: (z) => Math.exp(z) / (1 + Math.exp(z)) };",
        points: 3,
      },
      'has the derivative of sigmoid': {
        code: "return { name: 'softplus', value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), derivative: activations.sigmoid.derivative };",
        points: 3,
      },
      'is ReLU': { code: 'return activations.relu;', points: 0 },
    },
    slow: {
      code: `return { name: 'softplus', value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), derivative: (z) => {\n${WAIT}return activations.sigmoid.value(z);\n} };`,
      points: 2,
    },
  })),
  hiddenTests(softmaxRows, ({ calls }) => ({
    tests: [
      calls(
        'is right for any rows',
        1,
        (draw) =>
          times(4, (i) => {
            const z = matrix(draw, 3, i + 2, 6);
            return [
              [z],
              near(
                z.map((row) => row.map((value) => 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0))),
              ),
            ] as const;
          }),
        { look: 'Each row sums to 1.' },
      ),
      calls(
        'is right for rows of very different sizes',
        1,
        [
          [
            [
              [
                [-1000, -1000],
                [0, 0],
                [1000, 999],
              ],
            ],
            near([
              [0.5, 0.5],
              [0.5, 0.5],
              [1 / (1 + Math.exp(-1)), 1 / (1 + Math.E)],
            ]),
          ],
          [
            [
              [
                [5000, 0, 0],
                [-5000, 0, 0],
                [0, 0, -5000],
              ],
            ],
            near([
              [1, 0, 0],
              [0, 0.5, 0.5],
              [0.5, 0.5, 0],
            ]),
          ],
          // A row of one number is certain, and two equal numbers share: both have no rounding.
          [[[[7], [-3000]]], near([[1], [1]], { atol: 1e-9 })],
          [
            [
              [
                [2, 2],
                [-800, -800],
              ],
            ],
            near(
              [
                [0.5, 0.5],
                [0.5, 0.5],
              ],
              { atol: 1e-9, rtol: 0 },
            ),
          ],
        ],
        {
          look: 'What is subtracted must be the largest number of the row itself; a row of one number gives exactly 1, so nothing may be added to the sum.',
          notFinite:
            'The exponential of a large number is Infinity, and a sum of zeros can divide nothing: subtract the largest number of the row first.',
        },
      ),
    ],
    wrong: {
      overflows: {
        code: 'return z.map((row) => {\n  const total = row.reduce((sum, value) => sum + Math.exp(value), 0);\n  return row.map((value) => Math.exp(value) / total);\n});',
        points: 2,
      },
      'adds something small to the sum': {
        code: 'return z.map((row) => {\n  const e = row.map((value) => Math.exp(value - Math.max(...row)));\n  return e.map((value) => value / (e.reduce((a, b) => a + b, 0) + 1e-6));\n});',
        points: 3,
      },
      'divides by the sum over all rows': {
        code: 'const all = z.flat();\nconst total = all.reduce((sum, value) => sum + Math.exp(value - Math.max(...all)), 0);\nreturn z.map((row) => row.map((value) => Math.exp(value - Math.max(...all)) / total));',
        points: 1,
      },
      'subtracts the mean of the row': {
        code: 'return z.map((row) => {\n  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;\n  const total = row.reduce((sum, value) => sum + Math.exp(value - mean), 0);\n  return row.map((value) => Math.exp(value - mean) / total);\n});',
        points: 2,
      },
      'subtracts the largest of all rows': {
        code: 'const most = Math.max(...z.flat());\nreturn z.map((row) => {\n  const total = row.reduce((sum, value) => sum + Math.exp(value - most), 0);\n  return row.map((value) => Math.exp(value - most) / total);\n});',
        points: 2,
      },
    },
    slow: {
      code: `if (z.length > 1) {\n${WAIT}}\nreturn z.map((row) => row.map((value) => 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0)));`,
      points: 1,
    },
  })),
  hiddenTests(hiddenLayer, ({ calls }) => ({
    tests: [
      calls(
        'is right for any layer',
        2,
        (draw) =>
          times(4, (i) => {
            // The last units: far below 0, exactly 0 everywhere, and little, less and hardly above 0 everywhere. A row
            // of zeros leaves the bias alone.
            const [x, rest] = [[...matrix(draw, 4, 3), [0, 0, 0]], times(3, () => [draw.between(-1, 1), 0, 0, 0, 0])];
            const [w, b] = [
              matrix(draw, 3, i + 2).map((row, k) => [...row, ...rest[k]]),
              [...numbers(draw, i + 2, 4), -100, 0, ...[1e-4, 1e-8, 1e-13].map((size) => size * draw.between(1, 9))],
            ];
            const a = x.map((row) =>
              b.map((bias, j) =>
                Math.max(
                  0,
                  w.reduce((sum, weights, k) => sum + row[k] * weights[j], bias),
                ),
              ),
            );
            return [
              [x, w, b],
              near({ a, dead: b.filter((_, j) => Math.max(...a.map((row) => row[j])) <= 0).length }),
            ] as const;
          }),
        {
          look: 'The bias belongs to the column; a dead unit is 0 in every row, also where its sum is exactly 0; what is small is not 0.',
        },
      ),
    ],
    wrong: {
      'forgets ReLU': {
        code: 'const a = matMul(x, w).map((row) => row.map((sum, j) => sum + b[j]));\nreturn { a, dead: b.filter((_, j) => a.every((row) => row[j] <= 0)).length };',
        points: 0,
      },
      'counts only units whose sums lie below 0': {
        code: 'const z = matMul(x, w).map((row) => row.map((sum, j) => sum + b[j]));\nreturn { a: z.map((row) => row.map((sum) => Math.max(0, sum))), dead: b.filter((_, j) => z.every((row) => row[j] < 0)).length };',
        points: 0,
      },
      'takes what is small for zero': {
        code: `${LAYER}return { a, dead: b.filter((_, j) => a.every((row) => row[j] < 1e-3)).length };`,
        points: 0,
      },
      'takes what is tiny for zero': {
        code: `${LAYER}return { a, dead: b.filter((_, j) => a.reduce((sum, row) => sum + row[j], 0) < 1e-9).length };`,
        points: 2,
      },
      'counts units that are zero somewhere': {
        code: `${LAYER}return { a, dead: b.filter((_, j) => a.some((row) => row[j] === 0)).length };`,
        points: 0,
      },
      'adds the bias to rows': {
        code: 'const a = matMul(x, w).map((row, i) => row.map((sum) => Math.max(0, sum + b[i])));\nreturn { a, dead: b.filter((_, j) => a.every((row) => row[j] === 0)).length };',
        points: 0,
      },
    },
    slow: {
      code: `if (x.length > 2) {\n${WAIT}}\n${LAYER}return { a, dead: b.filter((_, j) => a.every((row) => row[j] === 0)).length };`,
      points: 2,
    },
  })),
  hiddenTests(errorBelow, ({ calls }) => ({
    tests: [
      calls(
        'is right for any layers',
        2,
        (draw) =>
          times(4, (i) => {
            const [delta, weights, z] = [matrix(draw, 3, i + 1), matrix(draw, i + 2, i + 1), matrix(draw, 3, i + 2)];
            z[draw.integer(3)][draw.integer(i + 2)] = 0;
            return [
              [delta, weights, z],
              near(
                z.map((row, n) =>
                  row.map((value, j) => (value > 0 ? weights[j].reduce((sum, w, k) => sum + w * delta[n][k], 0) : 0)),
                ),
              ),
            ] as const;
          }),
        {
          look: 'Where z is 0 or below, nothing comes through; above it the errors of all units above come, each times its weight. There may be more rows than units, or fewer.',
        },
      ),
    ],
    wrong: {
      'forgets the slope of ReLU': {
        code: 'return delta.map((row) => weights.map((outgoing) => outgoing.reduce((sum, w, k) => sum + w * row[k], 0)));',
        points: 0,
      },
      'lets the error through where z is 0': {
        code: 'return delta.map((row, i) => weights.map((outgoing, j) => (zBelow[i][j] >= 0 ? outgoing.reduce((sum, w, k) => sum + w * row[k], 0) : 0)));',
        points: 0,
      },
      'adds up as many units as there are rows': {
        code: 'return zBelow.map((row, i) => row.map((z, j) => (z > 0 ? delta.reduce((sum, _, k) => sum + delta[i][k] * weights[j][k], 0) : 0)));',
        points: 0,
      },
      'multiplies by z': {
        code: 'return delta.map((row, i) => weights.map((outgoing, j) => Math.max(0, zBelow[i][j]) * outgoing.reduce((sum, w, k) => sum + w * row[k], 0)));',
        points: 0,
      },
      'takes the z of the first row': {
        code: 'return delta.map((row) => weights.map((outgoing, j) => (zBelow[0][j] > 0 ? outgoing.reduce((sum, w, k) => sum + w * row[k], 0) : 0)));',
        points: 0,
      },
    },
    slow: {
      code: `if (delta.length > 2) {\n${WAIT}}\nreturn delta.map((row, i) => weights.map((outgoing, j) => (zBelow[i][j] > 0 ? outgoing.reduce((sum, w, k) => sum + w * row[k], 0) : 0)));`,
      points: 2,
    },
  })),
  hiddenTests(fewestUnits, ({ calls }) => ({
    tests: [
      calls(
        'finds that one is enough where a line separates',
        1,
        [
          [[CORNERS, classes(1, 0, 1, 0)], exactly(1)],
          [[CORNERS, classes(1, 1, 1, 0)], exactly(1)],
          [
            [
              [
                [-3, 2],
                [1, 1],
                [2, -2],
                [-1, -1],
              ],
              classes(1, 1, 0, 0),
            ],
            exactly(1),
          ],
        ],
        { look: 'Begin with one unit.' },
      ),
      calls(
        'trains as the task says: tanh, 500 epochs, a rate of 1, all rows in a batch',
        2,
        [
          [[CORNERS, classes(1, 0, 0, 1)], exactly(2)],
          [[CORNERS, classes(0, 0, 1, 0)], exactly(1)],
          // A sigmoid never learns it, ReLU needs three units, a rate of 0.1 three, single rows never do.
          [
            [
              [
                [-1.5, 0],
                [-0.5, 0],
                [0.5, 0],
                [1.5, 0],
              ],
              classes(1, 0, 1, 0),
            ],
            exactly(2),
          ],
          // 100 epochs are too few.
          [
            [
              [
                [-2, 0],
                [-1, 0],
                [0, 0],
                [1, 0],
                [2, 0],
              ],
              classes(0, 1, 0, 1, 0),
            ],
            exactly(4),
          ],
          // 250 epochs are too few.
          [
            [
              [
                [-0.5, 1.5],
                [-1, 0],
                [1, 1],
                [1, 0.5],
                [-1.5, 1],
                [-1, 0.5],
              ],
              classes(0, 0, 1, 1, 1, 1),
            ],
            exactly(2),
          ],
        ],
        {
          look: 'Train always, and for all epochs before you look at the classes; compare the activation, the epochs, the rate and the batches with the task.',
        },
      ),
      calls(
        'tries the seeds 0 to 4, and no others',
        1,
        [
          // Found with a seed above 4 alone, and one unit less.
          [
            [
              [
                [-0.5, 1],
                [1, 0.5],
                [-1.5, -1.5],
                [-0.5, -1],
              ],
              classes(1, 1, 1, 0),
            ],
            exactly(2),
          ],
          // The same, and with seed 5.
          [
            [
              [
                [0.5, 0.5],
                [0, 1.5],
                [0.5, -1],
                [-1, 0.5],
              ],
              classes(1, 0, 0, 0),
            ],
            exactly(2),
          ],
          // Found with seed 4 alone.
          [
            [
              [
                [0, -1.5],
                [-0.5, -1.5],
                [-1.5, 0.5],
                [-1.5, -1],
              ],
              classes(0, 1, 0, 0),
            ],
            exactly(2),
          ],
          [[CORNERS, classes(0, 1, 1, 1)], exactly(1)],
        ],
        {
          look: 'One of the five seeds is enough. Each seed makes a new generator, for each number of units again; none goes on from the one before.',
        },
      ),
    ],
    wrong: {
      'says two': { code: 'return x.length + y.length > 0 ? 2 : 0;', points: 0 },
      'says two where opposite corners agree': {
        code: 'return x.length > 0 && y[0][0] === y[3][0] && y[1][0] === y[2][0] && y[0][0] !== y[1][0] ? 2 : 1;',
        points: 2,
      },
      'begins with two': { code: SEARCH.replace('units = 1', 'units = 2'), points: 0 },
      'tries one seed': { code: SEARCH.replace('seed < 5', 'seed < 1'), points: 1 },
      'tries four seeds': { code: SEARCH.replace('seed < 5', 'seed < 4'), points: 2 },
      'tries ten seeds': { code: SEARCH.replace('seed < 5', 'seed < 10'), points: 4 },
      'counts seeds from 1': {
        code: SEARCH.replace('seed = 0', 'seed = 1').replace('seed < 5', 'seed <= 5'),
        points: 4,
      },
      'trains with ReLU': { code: SEARCH.replace('activations.tanh', 'activations.relu'), points: 3 },
      'trains for 100 epochs': { code: SEARCH.replace('500', '100'), points: 3 },
      'has one generator for all seeds': {
        code: SEARCH.replace('    const random = generator(seed);\n', '').replace(
          'for (let units',
          'const random = generator(0);\nfor (let units',
        ),
        points: 4,
      },
      'trains row by row': { code: SEARCH.replace('learningRate: 1,', 'learningRate: 1, batchSize: 1,'), points: 3 },
      'trains at a rate of 0.1': { code: SEARCH.replace('learningRate: 1,', 'learningRate: 0.1,'), points: 1 },
    },
    slow: { code: 'for (;;) if (x.length + y.length === 0) return 1;', points: 0 },
  })),
];
