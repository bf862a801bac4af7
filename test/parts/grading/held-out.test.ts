import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import * as autodiff from '../../../src/parts/autodiff';
import { exactly } from '../../../src/parts/grading/compare';
import { exercise, type Tools } from '../../../src/parts/grading/exercise';
import { heldOut, type Labeled } from '../../../src/parts/grading/held-out';
import { encode } from '../../../src/parts/grading/values';
import * as graph from '../../../src/parts/graph';
import { generator } from '../../../src/parts/random';

/** The answer: a class number for each row, after it has seen rows with theirs. */
type Nearest = (x: number[][], labels: number[], unseen: number[][]) => number[];

const train: Labeled = { x: [[0], [10]], labels: [4, 5] };
const kept: Labeled = { x: [[9], [1], [8]], labels: [71_717, 4, 5] };
let judged: Labeled | undefined;
const { tests } = exercise<Nearest>('nearest', (make) => ({
  title: 'nearest',
  hints: ['Look for the nearest row.'],
  tests: [
    heldOut(
      make,
      'predicts',
      1,
      () => [[{ train, heldOut: kept, settings: { shift: 1 } }, (part) => ((judged = part), exactly([5, 4, 5]))]],
      (answer, { train: { x, labels }, unseen, settings: { shift } }) =>
        answer(
          x,
          labels,
          unseen.map((row) => row.map((value) => value + shift - 1)),
        ),
    ),
  ],
}));
const [test] = tests;
const [{ input, expect: comparer }] = test.cases(generator(1));
const tools: Tools = { tf, autodiff, graph };

describe('heldOut', () => {
  it('gives the answer both parts, but no label of the one that is held out', () => {
    expect(input).toEqual({ train, unseen: kept.x, settings: { shift: 1 } });
    expect(encode(input)).toContain('10');
    expect(encode(input)).not.toContain('71717');
  });

  it('gives the judge the part that is held out, with its labels', () => {
    expect(judged).toBe(kept);
  });

  it('judges what is predicted', () => {
    const nearest: Nearest = (x, labels, unseen) =>
      unseen.map(([value]) => labels[Math.abs(value - x[0][0]) < Math.abs(value - x[1][0]) ? 0 : 1]);
    expect(comparer.accepts({ returned: test.run(nearest, input, tools) })).toBe(true);
    const remembers: Nearest = (x, labels, unseen) =>
      unseen.map((row) => labels[x.findIndex(([v]) => v === row[0])] ?? 4);
    expect(comparer.accepts({ returned: test.run(remembers, input, tools) })).toBe(false);
  });

  it('needs nothing but its arguments where the answer runs', () => {
    const run: unknown = (0, eval)(`(${String(test.run)})`);
    expect(typeof run === 'function' && Reflect.apply(run, undefined, [() => [5, 4, 5], input, tools])).toEqual([
      5, 4, 5,
    ]);
  });
});
