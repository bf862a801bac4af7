import { exactly, near, throws } from '../../parts/grading/compare';
import { bend, fate, fitLine, minimize, neuron, ravineSteps } from './exercises';
import { hiddenTests, WAIT } from '../../parts/grading/hidden-tests';
import { numbers, times } from '../../parts/grading/draws';

/** Walks in the ravine x² + 25y², as the task says. */
function walk(momentum: number): number {
  const place = [-1.8, 0.6];
  const velocity = [0, 0];
  for (let steps = 0; ; steps++) {
    if (Math.sqrt(place[0] ** 2 + place[1] ** 2) < 0.001) return steps;
    const gradient = [2 * place[0], 50 * place[1]];
    for (const i of [0, 1]) {
      velocity[i] = momentum * velocity[i] - 0.02 * gradient[i];
      place[i] += velocity[i];
    }
  }
}

const DESCENT =
  "let x = start;\nfor (let step = 0; step <= most; step++) {\n  const s = slope(x);\n  if (!Number.isFinite(x) || !Number.isFinite(s)) break;\n  if (Math.abs(s) < tolerance) return x;\n  x -= lr * s;\n}\nthrow new RangeError('not flat');";

export const hidden = [
  hiddenTests(fate, ({ calls }) => ({
    tests: [
      calls(
        'is right for any bend and rate',
        2,
        (draw) =>
          draw
            .shuffle([
              0.1,
              0.9,
              1,
              1.5,
              1.9375,
              2,
              2,
              2.0625,
              3,
              10,
              2 ** -9,
              2 ** -30,
              2 ** 20,
              2 - 2 ** -20,
              2 + 2 ** -20,
              -(2 ** -20),
              -0.5,
              -2,
              -3,
            ])
            .map((product) => {
              const curve = 2 ** (draw.integer(9) - 4);
              return [
                [curve, product / curve],
                exactly(product > 0 && product < 2 ? 'converges' : product === 2 ? 'oscillates' : 'diverges'),
              ] as const;
            }),
        {
          look: 'What counts is the size of the factor 1 − bend · lr: below 1, 1, or above, even if by a millionth. A negative rate makes it larger than 1, a tiny one only a little smaller.',
        },
      ),
    ],
    wrong: {
      'takes a factor below 0 for diverging': {
        code: "const factor = 1 - bend * lr;\nreturn factor > 0 ? 'converges' : factor === -1 ? 'oscillates' : 'diverges';",
        points: 0,
      },
      'forgets that it can oscillate': {
        code: "return Math.abs(1 - bend * lr) < 1 ? 'converges' : 'diverges';",
        points: 0,
      },
      'looks at the rate alone': {
        code: "return lr < 1 ? 'converges' : lr === 1 ? 'oscillates' : 'diverges';",
        points: 0,
      },
    },
    slow: {
      code: `if (bend !== 2 && bend !== 50) {\n${WAIT}}\nconst factor = Math.abs(1 - bend * lr);\nreturn factor < 1 ? 'converges' : factor === 1 ? 'oscillates' : 'diverges';`,
      points: 2,
    },
  })),
  hiddenTests(bend, ({ probe }) => ({
    tests: [
      probe(
        'is right for cubics',
        1,
        (draw) =>
          times(5, (i) => {
            const [, b, c, x] = numbers(draw, 4, 2);
            // The last ones are steep: a difference to one side is off by the third derivative times h.
            const a = i < 3 ? draw.between(-2, 2) : draw.between(60, 70);
            return [{ a, b, c, x }, near(6 * a * x + 2 * b, { atol: 1e-3 })] as const;
          }),
        (answer, { a, b, c, x }) => answer((t) => a * t ** 3 + b * t ** 2 + c * t, x),
        {
          look: 'The points must lie on both sides of x, at the same distance; an h that is too small leaves mostly rounding.',
        },
      ),
      probe(
        'is right where the function turns fast, at 0 and far from it',
        1,
        (draw) =>
          [
            0,
            draw.choice([-1, 1]) * draw.between(0.01, 0.03),
            draw.between(2, 3),
            draw.choice([-1, 1]) * draw.between(80, 120),
            draw.between(800, 1200),
          ].map((x) => {
            const [speed, shift] = [draw.between(20, 25), draw.between(0.8, 1.2)];
            return [{ speed, shift, x, at: x }, near(-(speed ** 2) * Math.sin(shift), { atol: 0.1 })] as const;
          }),
        (answer, { speed, shift, x, at }) => answer((t) => Math.sin(speed * (t - at) + shift), x),
        {
          look: 'Take an h of 1e-4, wherever x is: a larger one misses the turns, and one in proportion to x is 0 at 0 and too large far away.',
        },
      ),
    ],
    wrong: {
      'gives the slope': { code: 'return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4;', points: 0 },
      'uses a step that is too small': {
        code: 'const h = 1e-9;\nreturn (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;',
        points: 0,
      },
      'takes an h that grows with x': {
        code: 'const h = 1e-4 * Math.max(1, Math.abs(x));\nreturn (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;',
        points: 3,
      },
      'forgets to square h': { code: 'const h = 1e-4;\nreturn (f(x + h) - 2 * f(x) + f(x - h)) / h;', points: 0 },
    },
    slow: { code: `${WAIT}return f(x);`, points: 0 },
  })),
  hiddenTests(minimize, ({ probe }) => ({
    tests: [
      probe(
        'finds minima of other curves',
        1,
        (draw) =>
          times(6, (i) => {
            const [at, start] = numbers(draw, 2, 5);
            return [
              {
                isBell: i > 3,
                at,
                start: i > 3 ? at + draw.choice([-1, 1]) * draw.between(3, 5) : start,
                scale: draw.between(0.5, 3),
              },
              near(at, { atol: 1e-4 }),
            ] as const;
          }),
        (answer, { isBell, at, start, scale }) =>
          answer(
            isBell ? (x) => (scale * (x - at)) / (1 + (x - at) ** 2) : (x) => scale * Math.tanh(x - at),
            start,
            0.2,
          ),
        { look: 'Go against the slope, by lr times the slope; on the way the slope may grow.' },
      ),
      probe(
        'obeys the tolerance and the most moves',
        1,
        (draw) => {
          // Each move halves x; the slope, 2x, is below 2^below for the first time after so many.
          const [start, below] = [3 + draw.integer(7), -draw.integer(9)];
          const moves = start - below + 2;
          const options = { start: 2 ** start, tolerance: 2 ** below };
          return [
            [{ ...options, most: moves }, exactly(2 ** (below - 2))],
            [{ ...options, most: 10 * moves }, exactly(2 ** (below - 2))],
            [{ ...options, most: moves - 1 }, throws('RangeError')],
            [{ ...options, most: 0 }, throws('RangeError')],
            [{ start: options.start, tolerance: 0, most: 100 }, throws('RangeError')],
            [{ ...options, tolerance: 2 ** (start + 1) + 1, most: 0 }, exactly(2 ** start)],
            [{ start: 2 ** (start + 80), tolerance: 2 ** (below + 80), most: moves }, exactly(2 ** (below + 78))],
          ];
        },
        (answer, { start, ...options }) => answer((x) => 2 * x, start, 0.25, options),
        {
          look: 'The slope at the start counts too; the place after the last move still counts; a slope that equals the tolerance is not below it; an option of 0 was given, too; places and slopes may be large.',
        },
      ),
      probe(
        'allows 10,000 moves and a tolerance of 1e-6 where nothing else is said',
        1,
        (draw) => {
          // After n moves x is (1 − 2 lr)ⁿ: some 5,600 to 9,100 moves, and then twice as many.
          const lr = draw.between(0.0008, 0.0013);
          const moves = Math.ceil(Math.log(2 / 1e-6) / -Math.log(1 - 2 * lr));
          return [
            [{ lr }, near((1 - 2 * lr) ** moves, { atol: 1e-12 })],
            [{ lr: lr / 2.5 }, throws('RangeError')],
          ];
        },
        (answer, { lr }) => answer((x) => 2 * x, 1, lr),
        { look: 'The defaults in the first line of the stub belong to the task.' },
      ),
      probe(
        'refuses a path that leaves the finite numbers',
        1,
        [
          [{ curve: 'cube', start: 1, lr: 100 }, throws('RangeError')],
          [{ curve: 'exponential', start: -690, lr: 1e20 }, throws('RangeError')],
          [{ curve: 'inverse', start: Infinity, lr: 0.1 }, throws('RangeError')],
          [{ curve: 'inverse', start: -Infinity, lr: 0.1 }, throws('RangeError')],
          [{ curve: 'inverse', start: 0, lr: 0.1 }, throws('RangeError')],
          [{ curve: 'cube', start: Number.NaN, lr: 0.1 }, throws('RangeError')],
        ],
        (answer, { curve, start, lr }) =>
          answer(
            curve === 'cube' ? (x) => x ** 3 : curve === 'inverse' ? (x) => 1 / x : (x) => -Math.exp(-x),
            start,
            lr,
            { most: 1e12 },
          ),
        {
          look: 'Throw a RangeError as soon as x or the slope is no finite number, also at the start, and whatever the slope is there: they never come back.',
        },
      ),
    ],
    wrong: {
      'never gives up': {
        code: 'let x = start;\nfor (;;) {\n  const s = slope(x);\n  if (Math.abs(s) < tolerance || Number.isNaN(s)) return x;\n  x -= lr * s;\n}',
        points: 1,
      },
      'ignores the tolerance given': { code: DESCENT.replace('< tolerance', '< 1e-6'), points: 5 },
      'takes the tolerance for below it': { code: DESCENT.replace('< tolerance', '<= tolerance'), points: 5 },
      'makes one move too few': { code: DESCENT.replace('step <= most', 'step < most'), points: 5 },
      'makes one move too many': { code: DESCENT.replace('step <= most', 'step <= most + 1'), points: 5 },
      'takes a limit of 0 for none': { code: DESCENT.replace('step <= most', 'step <= (most || 10_000)'), points: 5 },
      'takes a tolerance of 0 for none': { code: DESCENT.replace('< tolerance', '< (tolerance || 1e-6)'), points: 6 },
      'returns Infinity': { code: DESCENT.replace('!Number.isFinite(x) || ', ''), points: 5 },
      climbs: { code: DESCENT.replace('x -=', 'x +='), points: 2 },
    },
    slow: {
      code: DESCENT.replace('!Number.isFinite(x) || !Number.isFinite(s)', 'x === Infinity && s === 0'),
      points: 6,
    },
  })),
  hiddenTests(neuron, ({ probe }) => ({
    tests: [
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
    ],
    wrong: {
      'leaves the graph': {
        code: 'return new Value(Math.tanh(w[0].data * x[0] + w[1].data * x[1] + b.data));',
        points: 2,
      },
      'forgets the bias': { code: 'return w[0].mul(x[0]).add(w[1].mul(x[1])).tanh();', points: 0 },
      'forgets tanh': { code: 'return w[0].mul(x[0]).add(w[1].mul(x[1])).add(b);', points: 0 },
    },
    slow: { code: `if (x[1] !== 0) {\n${WAIT}}\nreturn w[0].mul(x[0]).add(w[1].mul(x[1])).add(b).tanh();`, points: 2 },
  })),
  hiddenTests(fitLine, ({ calls }) => ({
    tests: [
      calls(
        'is right for any points',
        1,
        (draw) =>
          times(4, (i) => {
            // Of many points the sum of errors is large, the more so near both ends.
            const places = i < 3 ? [-2, -1.1, -0.2, 0.5, 1.3, 2] : times(32, (k) => (k % 2 === 0 ? -2 : 2));
            const x = places.map((value) => value + draw.between(0, 0.1) * (value < 0 ? 1 : -1));
            const y = x.map((value) => draw.between(-2, 2) + 0.7 * value);
            const [meanX, meanY] = [x, y].map((list) => list.reduce((sum, value) => sum + value, 0) / list.length);
            const w =
              x.reduce((sum, value, k) => sum + (value - meanX) * (y[k] - meanY), 0) /
              x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
            return [[x, y], near({ w, b: meanY - w * meanX }, { atol: 1e-4 })] as const;
          }),
        {
          look: 'No line meets these points; take steps until the numbers stand still. The loss is a mean, so many points make no larger steps than few.',
          notFinite:
            'The numbers grow without end: the learning rate is too large for these points, or the loss is no mean.',
        },
      ),
      calls(
        'ends where descent from 0 and 0 ends',
        1,
        (draw) =>
          [1, 3, 2].map((count, i) => {
            // All x are the same: w and b then grow together, as x to 1. Near 0 that takes the most steps; the last
            // ones are as far from it as can be.
            const at = [draw.between(0.4, 0.6), draw.between(0.6, 1.8), 2][i] * draw.choice([-1, 1]);
            const y = times(count, () => draw.choice([-1, 1]) * draw.between(1, 3));
            const share = y.reduce((sum, value) => sum + value, 0) / count / (at ** 2 + 1);
            return [[y.map(() => at), y], near({ w: share * at, b: share }, { atol: 1e-4 })] as const;
          }),
        {
          look: 'Where all x are the same, many lines are best, and no formula with a quotient finds one: begin at 0 and 0, and take steps small enough for x of 2 and −2.',
          notFinite: 'A quotient by 0 gives NaN, and so does a learning rate that is too large for x of 2 and −2.',
        },
      ),
    ],
    wrong: {
      'has no bias': {
        code: 'const top = x.reduce((sum, value, i) => sum + value * y[i], 0);\nreturn { w: top / x.reduce((sum, value) => sum + value * value, 0), b: 0 };',
        points: 0,
      },
      'joins the first and the last point': {
        code: 'const w = (y[y.length - 1] - y[0]) / (x[x.length - 1] - x[0]);\nreturn { w, b: y[0] - w * x[0] };',
        points: 1,
      },
      'stops too early': {
        code: 'let [w, b] = [0, 0];\nfor (let step = 0; step < 20; step++) {\n  const errors = x.map((value, i) => w * value + b - y[i]);\n  w -= (0.1 * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;\n  b -= (0.1 * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;\n}\nreturn { w, b };',
        points: 0,
      },
    },
    slow: {
      code: 'let [w, b] = [0, 0];\nfor (let step = 0; step < (x.length > 3 ? 1e12 : 20_000); step++) {\n  const errors = x.map((value, i) => w * value + b - y[i]);\n  w -= (0.1 * 2 * errors.reduce((sum, error, i) => sum + error * x[i], 0)) / x.length;\n  b -= (0.1 * 2 * errors.reduce((sum, error) => sum + error, 0)) / x.length;\n}\nreturn { w, b };',
      points: 2,
    },
  })),
  hiddenTests(ravineSteps, ({ calls }) => ({
    tests: [
      calls(
        'counts for any momentum',
        2,
        (draw) =>
          [0.985, draw.between(0.988, 0.998), 0.999, 0.67, ...times(4, () => draw.between(0.1, 0.95))].map(
            (momentum) =>
              [[Math.round(momentum * 1000) / 1000], exactly(walk(Math.round(momentum * 1000) / 1000))] as const,
          ),
        {
          look: 'Gradient at the old place, then the velocity, then the place; the first place counts as 0 steps. The distance is √(x² + y²), and with much momentum it may take thousands of steps.',
        },
      ),
    ],
    wrong: {
      'shrinks the gradient by 1 − momentum': {
        code: 'let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];\nwhile (Math.hypot(x, y) >= 0.001) {\n  vx = momentum * vx - (1 - momentum) * 0.02 * 2 * x;\n  vy = momentum * vy - (1 - momentum) * 0.02 * 50 * y;\n  x += vx;\n  y += vy;\n  steps++;\n}\nreturn steps;',
        points: 1,
      },
      'moves before the velocity changes': {
        code: 'let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, 0];\nwhile (Math.hypot(x, y) >= 0.001) {\n  x += vx;\n  y += vy;\n  vx = momentum * vx - 0.02 * 2 * x;\n  vy = momentum * vy - 0.02 * 50 * y;\n  steps++;\n}\nreturn steps;',
        points: 0,
      },
      'knows one number': { code: 'return momentum === 0 ? 184 : 100;', points: 1 },
      'counts one too few': {
        code: 'let [x, y, vx, vy, steps] = [-1.8, 0.6, 0, 0, -1];\nwhile (Math.hypot(x, y) >= 0.001) {\n  vx = momentum * vx - 0.02 * 2 * x;\n  vy = momentum * vy - 0.02 * 50 * y;\n  x += vx;\n  y += vy;\n  steps++;\n}\nreturn steps;',
        points: 0,
      },
    },
    slow: { code: `if (momentum > 0) {\n${WAIT}}\nreturn 184;`, points: 1 },
  })),
];
