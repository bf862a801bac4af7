import { exactly, near, throws } from '../../../parts/grading/compare';
import { minimize } from '../exercises';
import { hiddenTests } from '../../../parts/grading/hidden-tests';
import { numbers, times } from '../../../parts/grading/draws';

export const minimizeTests = hiddenTests(minimize, ({ probe }) => [
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
      answer(isBell ? (x) => (scale * (x - at)) / (1 + (x - at) ** 2) : (x) => scale * Math.tanh(x - at), start, 0.2),
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
      answer(curve === 'cube' ? (x) => x ** 3 : curve === 'inverse' ? (x) => 1 / x : (x) => -Math.exp(-x), start, lr, {
        most: 1e12,
      }),
    {
      look: 'Throw a RangeError as soon as x or the slope is no finite number, also at the start, and whatever the slope is there: they never come back.',
    },
  ),
]);
