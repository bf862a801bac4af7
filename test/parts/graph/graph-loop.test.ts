// A loop in the graph: which operations it consists of, and what it gives, computed by hand.
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile, scan, stopGradient } from '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

type Step = (...given: tf.Tensor[]) => tf.Tensor[];

/** What the fourth call, a graph, gives, and its operations; the first three give the same. */
function graphOf(step: Step, ...given: tf.Tensor[]): { values: number[][]; ops: string[] } {
  const run = compile(step, { onNotice: (text) => expect.fail(text) });
  const all = [0, 1, 2, 3].map(() => run(...given).map((made) => Array.from(made.dataSync())));
  const ops = run.nodes.map(({ op }) => op);
  expect(run.traces).toBe(1);
  run.dispose();
  for (const values of all.slice(1)) expect(values).toEqual(all[0]);
  return { values: all[3], ops };
}

const LOOP = ['Enter', 'Merge', 'Less', 'LoopCond', 'Switch', 'Identity', 'NextIteration', 'Exit', 'AddV2'];
const ROWS = ['GatherV2', 'TensorListReserve', 'TensorListSetItem', 'TensorListStack'];

describe('a loop', () => {
  it('carries a state, reads rows and collects outputs', () => {
    // s = 2 s + x: from 1 by 1, 2, 3 it is 3, 8, 19; outputs s − x.
    const { values, ops } = graphOf(
      (start, xs) => {
        const { state, outputs } = scan(
          (s: tf.Tensor, x: tf.Tensor) => ({ state: s.mul(2).add(x), output: s.sub(x) }),
          start,
          xs,
        );
        return [state, outputs];
      },
      tf.scalar(1),
      tf.tensor1d([1, 2, 3]),
    );
    expect(values).toEqual([[19], [0, 1, 5]]);
    for (const op of [...LOOP, ...ROWS]) expect(ops).toContain(op);
    expect(ops.filter((op) => op === 'LoopCond')).toHaveLength(1);
  });

  it('uses what is outside, of other types too, and constants that are the same in each step', () => {
    const { values } = graphOf(
      (w, flags, xs) => {
        const { state, outputs } = scan(
          ([sum, count]: tf.Tensor[], x: tf.Tensor) => ({
            state: [sum.add(tf.where(flags, x.mul(w), w.square())), count.add(tf.scalar(2, 'int32'))],
            output: [sum, tf.ones([2]).mul(5), flags],
          }),
          [tf.zeros([2]), tf.scalar(0, 'int32')],
          xs,
        );
        return [...state, ...outputs];
      },
      tf.tensor1d([2, 3]),
      tf.tensor1d([1, 0], 'bool'),
      tf.tensor2d([
        [1, 1],
        [10, 10],
      ]),
    );
    expect(values).toEqual([[22, 18], [4], [0, 0, 2, 9], [5, 5, 5, 5], [1, 0, 1, 0]]);
  });

  it('goes along another axis, and once', () => {
    const add = (s: tf.Tensor, x: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => ({
      state: s.add(x),
      output: s.add(x),
    });
    const xs = tf.tensor2d([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    const { values } = graphOf((x) => {
      const { state, outputs } = scan(add, tf.zeros([2]), x, { axis: 1 });
      const once = scan(add, tf.zeros([2]), x.slice([0, 2], [2, 1]), { axis: 1 });
      return [state, outputs, once.state, once.outputs];
    }, xs);
    expect(values).toEqual([
      [6, 60],
      [1, 3, 6, 10, 30, 60],
      [3, 30],
      [3, 30],
    ]);
  });
});

describe('the gradient of a loop', () => {
  it('is a loop backward: of states, rows and what is outside', () => {
    // s₁ = w s₀ + x₁, s₂ = w s₁ + x₂. With s₀ = 1, w = 3, x = (2, 4): s₁ = 5, s₂ = 19. Of s₂ + 10 s₁ the derivative by
    // s₀ is w (w + 10) = 39, by x₁ 13, by x₂ 1, by w s₁ + 13 s₀ = 18.
    const loss = (start: tf.Tensor, xs: tf.Tensor, w: tf.Tensor): tf.Tensor => {
      const { state, outputs } = scan(
        (s: tf.Tensor, x: tf.Tensor) => ({ state: s.mul(w).add(x), output: s.mul(w).add(x) }),
        start,
        xs,
      );
      return state.add(outputs.mul(tf.tensor1d([10, 0])).sum());
    };
    const { values, ops } = graphOf(
      (...given) => tf.grads(loss)(given),
      tf.scalar(1),
      tf.tensor1d([2, 4]),
      tf.scalar(3),
    );
    expect(values).toEqual([[39], [13, 1], [18]]);
    expect(ops.filter((op) => op === 'LoopCond')).toHaveLength(2);
    expect(ops).toContain('Sub');
  });

  it('flows on from state to state, and not through what is stopped', () => {
    // The second state is a step behind the first: of b₃ = a₂ = 2 a₁ = 4 a₀ the derivative by a₀ is 4.
    const behind = (start: tf.Tensor, xs: tf.Tensor): tf.Tensor => {
      const { state } = scan(
        ([a, b, c]: tf.Tensor[], x: tf.Tensor) => ({
          state: [a.mul(2), a, stopGradient(b).add(c)],
          output: x.add(b),
        }),
        [start, tf.scalar(0), tf.scalar(0)],
        xs,
      );
      return state[1].add(state[2].mul(100));
    };
    const { values } = graphOf(
      (start, xs) => [tf.grad((s: tf.Tensor) => behind(s, xs))(start)],
      tf.scalar(1),
      tf.tensor1d([1, 1, 1]),
    );
    expect(values).toEqual([[4]]);
  });

  it('of an output alone, of one of two inputs, and of whole numbers beside it', () => {
    // yᵢ = xᵢ² k with k = 2, 4: Σ yᵢ has the derivatives 2 xᵢ k.
    const sum = (x: tf.Tensor, ks: tf.Tensor): tf.Tensor => {
      const { outputs } = scan(
        (n: tf.Tensor, [row, k]: tf.Tensor[]) => ({
          state: n.add(tf.scalar(1, 'int32')),
          output: row.square().mul(k.toFloat()),
        }),
        tf.scalar(0, 'int32'),
        [x, ks],
      );
      return outputs.sum();
    };
    const { values } = graphOf(
      (x, ks) => [tf.grad((given: tf.Tensor) => sum(given, ks))(x)],
      tf.tensor1d([3, 5]),
      tf.tensor1d([2, 4], 'int32'),
    );
    expect(values).toEqual([[12, 40]]);
  });
});

describe('a tensor of a step', () => {
  it('can’t be used outside of it', () => {
    const run = compile((x: tf.Tensor) => {
      const kept: tf.Tensor[] = [];
      const { outputs } = scan(
        (s: tf.Tensor, row: tf.Tensor) => {
          const made = s.add(row);
          kept.push(tf.keep(made));
          return { state: made, output: made };
        },
        tf.scalar(0),
        x,
      );
      try {
        return outputs.add(kept[0]);
      } finally {
        tf.dispose(kept);
      }
    });
    const x = tf.tensor1d([1, 2]);
    expect(Array.from(run(x).dataSync())).toEqual([2, 4]);
    expect(() => run(x)).toThrow('scan: a tensor that a step made is used outside of it');
    run.dispose();
  });
});
