import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile, scan, stopGradient, type ScanStep, type Structure } from '../../../src/parts/graph';
import { rebuild, tensorsOf } from '../../../src/parts/graph/structure';
import { generator } from '../../../src/parts/random';
import { drawer } from '../../support/tensors';
import { expectClose } from './compare';

// Each program runs with a plain loop of JavaScript and with scan: eagerly, while it is traced, and as a graph.

const draw = drawer(generator(19));

type Scan = typeof scan;
const plainLoop: Scan = <S extends Structure, X extends Structure, Y extends Structure>(
  step: (state: S, x: X) => ScanStep<S, Y>,
  initial: S,
  xs: X,
  { axis = 0 } = {},
) => {
  const rows = tensorsOf(xs).map((x) => (x.shape[axis] === 1 ? [x.squeeze([axis])] : tf.unstack(x, axis)));
  let state = initial;
  const outputs = rows[0].map((_, t) => {
    const made = step(
      state,
      rebuild(
        xs,
        rows.map((row) => row[t]),
      ),
    );
    state = made.state;
    return made.output;
  });
  const all = outputs.map((output) => tensorsOf(output));
  const stacked = all[0].map((_, i) =>
    tf.stack(
      all.map((tensors) => tensors[i]),
      axis,
    ),
  );
  return { state, outputs: rebuild(outputs[0], stacked) };
};

type Program = (loop: Scan) => (...given: tf.Tensor[]) => tf.Tensor;
type Named = Record<string, tf.Tensor>;

/** The value of a program, and its gradients by some of what it is given. */
const withGradients =
  (program: (...given: tf.Tensor[]) => tf.Tensor, by: readonly number[]) =>
  (...given: tf.Tensor[]): Named => {
    const loss = (...some: tf.Tensor[]): tf.Scalar =>
      program(...given.map((tensor, i) => (by.includes(i) ? some[by.indexOf(i)] : tensor)))
        .sum()
        .asScalar();
    const { value, grads } = tf.valueAndGrads(loss)(by.map((i) => given[i]));
    return { value, ...Object.fromEntries(grads.map((grad, i) => [`d${by[i]}`, grad])) };
  };

/** Numbers by name, or the error's text; leaves no tensor. */
function outcome(work: () => Named): Record<string, number[]> | string {
  const before = tf.memory().numTensors;
  try {
    const made = tf.tidy(work);
    const values = Object.fromEntries(
      Object.entries(made).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]),
    );
    tf.dispose(made);
    expect(tf.memory().numTensors).toBe(before);
    return values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function expectSame(make: (loop: Scan) => (...given: tf.Tensor[]) => Named, given: () => tf.Tensor[]): boolean {
  const graph = compile(make(scan));
  for (let call = 0; call < 4; call++) {
    const args = given();
    const expected = outcome(() => make(plainLoop)(...args));
    for (const [form, made] of [
      ['eager', outcome(() => make(scan)(...args))],
      [`call ${call}`, outcome(() => graph(...args))],
    ] as const) {
      if (typeof expected === 'string' || typeof made === 'string') expect(made, form).toBe(expected);
      else
        for (const [name, values] of Object.entries(expected)) {
          expect(Object.keys(made)).toEqual(Object.keys(expected));
          expectClose(made[name], values, 1e-4, `${name}, ${form}`);
        }
    }
    tf.dispose(args);
  }
  const isLoop = graph.nodes.some(({ op }) => op === 'LoopCond');
  graph.dispose();
  return isLoop;
}

/** A state, rows, and what a step closes over. */
const vectors = (): tf.Tensor[] => [draw(3), draw(5, 3), draw(3)];
const sequences = (): tf.Tensor[] => [draw(2, 4), draw(6, 2, 3), draw(3, 4), draw(4, 4)];
const chain = (): tf.Tensor[] => [draw(4), draw(7, 4), draw(4, 4)];
const series = (): tf.Tensor[] => [tf.scalar(0.5), draw(9), tf.scalar(0.7)];
const total = ({ state, outputs }: { state: tf.Tensor; outputs: tf.Tensor }): tf.Tensor =>
  state.square().sum().add(outputs.sum());

type Row = readonly [string, Program, readonly number[], (() => tf.Tensor[])?];
type Pair = readonly tf.Tensor[];
const named = (
  rows: readonly Row[],
): { name: string; program: Program; by: readonly number[]; given: () => tf.Tensor[] }[] =>
  rows.map(([name, program, by, given = vectors]) => ({ name, program, by, given }));

const ENDING: readonly Row[] = [
  [
    'the next state is a tensor from outside',
    (loop) => (h, xs, w) => total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: w, output: a.mul(x) }), h, xs)),
    [0, 1, 2],
  ],
  [
    'the next state is computed of such ones alone',
    (loop) => (h, xs, w) =>
      total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: w.square().add(1), output: a.mul(x) }), h, xs)),
    [0, 1, 2],
  ],
  [
    'the next state is a constant',
    (loop) => (h, xs) =>
      total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: tf.ones([3]), output: a.mul(x) }), h, xs)),
    [0, 1],
  ],
  [
    'the output is a tensor from outside',
    (loop) => (h, xs, w) => total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.add(x), output: w }), h, xs)),
    [0, 1, 2],
  ],
  [
    'the output is computed of such ones alone',
    (loop) => (h, xs, w) => total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.add(x), output: w.exp() }), h, xs)),
    [0, 1, 2],
  ],
  [
    'a step uses nothing that it is given',
    (loop) => (h, xs, w) => total(loop(() => ({ state: w, output: w.square() }), h, xs)),
    [2],
  ],
  [
    'a step ignores its row',
    (loop) => (h, xs, w) => total(loop((a: tf.Tensor) => ({ state: a.mul(w), output: a }), h, xs)),
    [0, 2],
  ],
  [
    'the output doesn’t depend on the state',
    (loop) => (h, xs, w) =>
      loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.mul(w), output: x.square() }), h, xs).outputs,
    [1],
  ],
  [
    'all gradients are 0',
    (loop) => (h, xs, w) =>
      total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.mul(0).add(x.mul(0)), output: w.mul(0) }), h, xs)),
    [0, 1, 2],
  ],
  [
    'state and row are handed on',
    (loop) => (h, xs) => {
      const { state, outputs } = loop(([a, b]: Pair, x: tf.Tensor) => ({ state: [b, x], output: a }), [h, h], xs);
      return state[0].square().add(outputs.square().sum());
    },
    [0, 1],
  ],
  [
    'there is one step',
    (loop) => (h, xs, w) =>
      total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.mul(w).add(x), output: a.mul(x) }), h, xs)),
    [0, 1, 2],
    () => [draw(3), draw(1, 3), draw(3)],
  ],
  [
    'there is one step of tensors from outside',
    (loop) => (h, xs, w) => total(loop(() => ({ state: w, output: tf.ones([2]) }), h, xs)),
    [2],
    () => [draw(3), draw(1, 3), draw(3)],
  ],
];

const MISSING: readonly Row[] = [
  [
    'rows that no step uses',
    (loop) => (h, xs, w) => total(loop((a: tf.Tensor) => ({ state: a.mul(w), output: a }), h, xs)),
    [1],
  ],
  [
    'a state that the output doesn’t need',
    (loop) => (h, xs, w) =>
      loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.mul(w), output: x.square() }), h, xs).outputs,
    [0, 1],
  ],
  [
    'an initial state that has left after three steps',
    (loop) => (h, xs, w) => loop(([a, b]: Pair, x: tf.Tensor) => ({ state: [b, x], output: a }), [h, w], xs).state[0],
    [0, 1],
  ],
  [
    'what only another output uses',
    (loop) => (h, xs, w) =>
      loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.add(x), output: [a, w.mul(x)] }), h, xs).outputs[0],
    [0, 2],
  ],
];

const GRADIENTS: readonly Row[] = [
  [
    'an output without a gradient that nobody needs',
    (loop) => (h, xs, w) =>
      loop(
        (a: tf.Tensor, x: tf.Tensor) => ({ state: a.mul(w), output: { y: a.mul(x), z: tf.topk(a.mul(x), 2).values } }),
        h,
        xs,
      ).outputs.y,
    [0, 1, 2],
  ],
  [
    'rows without a gradient that nobody asks for',
    (loop) => (h, xs, w) =>
      total(loop((a: tf.Tensor, x: tf.Tensor) => ({ state: a.mul(w).add(tf.topk(x, 3).values), output: a }), h, xs)),
    [0, 2],
  ],
  [
    'an infinite slope after which nothing comes',
    (loop) => (h, xs, w) =>
      loop((a: tf.Tensor, x: tf.Tensor) => ({ state: x.mul(w).square().sqrt(), output: a.mul(x) }), h, xs).outputs,
    [0, 1, 2],
    () => [draw(3), tf.tidy(() => tf.concat([draw(4, 3), tf.zeros([1, 3])])), draw(3)],
  ],
  [
    'a shift register, whose infinite slopes come last',
    (loop) => (h, xs, w) =>
      loop(([a, b]: Pair, x: tf.Tensor) => ({ state: [b, x.mul(w).square().sqrt()], output: a.mul(x) }), [h, h], xs)
        .outputs,
    [0, 1, 2],
    () => [draw(3), tf.tidy(() => tf.concat([draw(4, 3), tf.zeros([2, 3])])), draw(3)],
  ],
  [
    'through whole numbers',
    (loop) => (h, xs) =>
      loop(
        ([a, n]: Pair, x: tf.Tensor) => ({ state: [a.mul(x), n.add(x.toInt())], output: n.toFloat().mul(a) }),
        [h, tf.zeros([3], 'int32')],
        xs,
      ).outputs,
    [0, 1],
  ],
  [
    'masks and choices as outputs',
    (loop) => (h, xs, w) => {
      const { state, outputs } = loop(
        ([a, n]: Pair, x: tf.Tensor) => {
          const on = n.logicalOr(x.greater(0.5));
          return { state: [tf.where(on, a.mul(w), a.add(x.mul(w))), on], output: [a, a.argMax(), on] };
        },
        [h, tf.zeros([3], 'bool')],
        xs,
      );
      return state[0].sum().add(outputs[0].sum()).add(outputs[1].sum());
    },
    [0, 2],
  ],
  [
    'one tensor as state, as row and from outside',
    (loop) => (h, xs, w) => {
      const { state, outputs } = loop(
        ([a, b]: Pair, [x, y]: Pair) => ({ state: [a.mul(w).add(x).add(y), b.mul(h)], output: a.add(b).add(w) }),
        [w, w],
        [xs, xs],
      );
      return state[0].sum().add(outputs.sum());
    },
    [0, 1, 2],
  ],
  [
    'stopGradient, of a tensor from outside too',
    (loop) => (h, xs, w) => {
      const k = w.mul(3);
      return total(
        loop(
          (a: tf.Tensor, x: tf.Tensor) => ({
            state: a.mul(stopGradient(k)).add(x.mul(w)),
            output: a.add(stopGradient(a.round().sub(a))),
          }),
          h,
          xs,
        ),
      );
    },
    [0, 1, 2],
  ],
  [
    'a tensor that only a custom gradient uses',
    (loop) => (h, xs, w) => {
      const k = w.mul(2);
      const scaled = tf.customGrad((x) => ({
        value: tf.mul(k, x instanceof tf.Tensor ? x : 1),
        gradFunc: (dy: tf.Tensor) => dy.mul(2),
      }));
      return loop(
        (a: tf.Tensor, x: tf.Tensor) => {
          const next = scaled(a.add(x)).mul(0.3);
          return { state: next, output: next };
        },
        h,
        xs,
      ).outputs;
    },
    [0, 1],
  ],
  [
    'rows chosen by whole numbers',
    (loop) => (h, xs, w) =>
      total(
        loop(
          (a: tf.Tensor, i: tf.Tensor) => {
            const row = tf.gather(xs, i.as1D()).as1D();
            return { state: a.mul(w).add(row), output: a.mul(row) };
          },
          h,
          tf.tensor1d([2, 0, 1, 1], 'int32'),
        ),
      ),
    [0, 1, 2],
  ],
];

const PROGRAMS: readonly Row[] = [
  [
    'a recurrent network with attention over its inputs',
    (loop) => (h, xs, u, w) => {
      const keys = xs.transpose([1, 0, 2]).matMul(u.expandDims(0).tile([2, 1, 1]));
      return loop(
        (a: tf.Tensor, x: tf.Tensor) => {
          const score = keys.matMul(a.expandDims(2)).squeeze([2]).softmax();
          const next = tf.tanh(
            x
              .matMul(u)
              .add(a.matMul(w))
              .add(score.expandDims(1).matMul(keys).squeeze([1])),
          );
          return { state: next, output: next.sum(1) };
        },
        h,
        xs,
      ).outputs.square();
    },
    [0, 1, 2, 3],
    sequences,
  ],
  [
    'a gated cell',
    (loop) => (h, xs, u, w) =>
      loop(
        (a: tf.Tensor, x: tf.Tensor) => {
          const z = tf.sigmoid(x.matMul(u).add(a.matMul(w)));
          const next = z.mul(a).add(tf.sub(1, z).mul(tf.tanh(x.matMul(u).sub(a.matMul(w)))));
          return { state: next, output: next };
        },
        h,
        xs,
      ).outputs.square(),
    [0, 1, 2, 3],
    sequences,
  ],
  [
    'the best path’s score (Viterbi)',
    (loop) => (start, xs, moves) =>
      loop(
        (best: tf.Tensor, x: tf.Tensor) => {
          const all = best.expandDims(1).add(moves);
          return { state: all.max(0).add(x), output: all.argMax(0) };
        },
        start,
        xs,
      ).state.max(),
    [0, 1, 2],
    chain,
  ],
  [
    'the sum over paths, in logarithms',
    (loop) => (start, xs, moves) =>
      loop(
        (alpha: tf.Tensor, x: tf.Tensor) => {
          const next = tf.logSumExp(alpha.expandDims(1).add(moves), 0).add(x);
          return { state: next, output: next };
        },
        start,
        xs.logSoftmax(),
      ).state.logSumExp(),
    [0, 1, 2],
    chain,
  ],
  [
    'a Kalman filter, of which mean and variance are used',
    (loop) => (q, xs, r) => {
      const { state, outputs } = loop(
        ({ m, p }: { m: tf.Tensor; p: tf.Tensor }, x: tf.Tensor) => {
          const before = p.add(q.square());
          const gain = before.div(before.add(r.square()));
          const mean = m.add(gain.mul(x.sub(m)));
          return { state: { p: tf.sub(1, gain).mul(before), m: mean }, output: { mean, before } };
        },
        { m: tf.scalar(0), p: tf.scalar(1) },
        xs,
      );
      return outputs.mean.square().sum().add(outputs.before.sum()).add(state.p).add(state.m);
    },
    [0, 1, 2],
    series,
  ],
  [
    'a largest value so far',
    (loop) => (h, xs) =>
      loop(
        (a: tf.Tensor, x: tf.Tensor) => {
          const next = tf.maximum(a, x);
          return { state: next, output: next };
        },
        h,
        xs,
      ).outputs.square(),
    [0, 1],
  ],
  [
    'a scan back over another’s outputs',
    (loop) => (h, xs, w) => {
      const step = (a: tf.Tensor, x: tf.Tensor): ScanStep<tf.Tensor, tf.Tensor> => {
        const next = tf.tanh(a.mul(w).add(x));
        return { state: next, output: next };
      };
      const there = loop(step, h, xs);
      return loop(step, there.state, there.outputs.reverse(0)).outputs.add(there.outputs);
    },
    [0, 1, 2],
  ],
  [
    'lengths as masks, along another axis',
    (loop) => (h, xs, w) => {
      const lengths = tf.tensor1d([2, 5, 0], 'int32');
      const { outputs } = loop(
        ([a, t]: Pair, x: tf.Tensor) => {
          const next = tf.where(t.less(lengths), tf.tanh(a.mul(w).add(x)), a);
          return { state: [next, t.add(tf.scalar(1, 'int32'))], output: next };
        },
        [h, tf.scalar(0, 'int32')],
        xs,
        { axis: 1 },
      );
      return outputs.square().mean();
    },
    [0, 1, 2],
    () => [draw(3), draw(3, 5), draw(3)],
  ],
  [
    'a scan in a scan',
    (loop) => (h, xs, w) =>
      total(
        loop(
          (a: tf.Tensor, row: tf.Tensor) => {
            const inner = loop(
              (b: tf.Tensor, x: tf.Tensor) => ({ state: tf.tanh(b.mul(x).add(w.mean())), output: b }),
              tf.scalar(1),
              row,
            );
            return { state: a.add(inner.outputs).mul(w), output: inner.state };
          },
          h,
          xs,
        ),
      ),
    [0, 1, 2],
  ],
  [
    'a buffer that is filled row by row',
    (loop) => (h, xs) =>
      loop(
        ([buffer, t]: Pair, x: tf.Tensor) => {
          const here = tf.oneHot(t.as1D(), 5).transpose().toFloat();
          const next = buffer.mul(tf.sub(1, here)).add(here.mul(x.expandDims(0)));
          return { state: [next, t.add(tf.scalar(1, 'int32'))], output: next.sum(0) };
        },
        [tf.zeros([5, 3]), tf.scalar(0, 'int32')],
        xs.mul(h),
      ).outputs.square(),
    [0, 1],
  ],
];

describe('scan as a plain loop', () => {
  it.each(named(ENDING))('ends where $name', ({ program, by, given }) => {
    expect(expectSame((loop) => withGradients(program(loop), by), given)).toBe(true);
  });

  it.each(named(MISSING))('has no gradient by $name, as eagerly', ({ program, by, given }) => {
    const text = /^Cannot compute gradient of y=f\(x\) with respect to x/;
    const args = given();
    expect(outcome(() => withGradients(program(plainLoop), by)(...args))).toMatch(text);
    let asks = false;
    const graph = compile((...all: tf.Tensor[]): Named =>
      asks ? withGradients(program(scan), by)(...all) : { value: program(scan)(...all) },
    );
    tf.dispose(graph(...args));
    asks = true;
    const before = tf.memory().numTensors;
    expect(outcome(() => graph(...args))).toMatch(text);
    expect(tf.memory().numTensors).toBe(before);
    graph.dispose();
    tf.dispose(args);
  });

  it.each(named(GRADIENTS))('has gradients: $name', ({ program, by, given }) => {
    expect(expectSame((loop) => withGradients(program(loop), by), given)).toBe(true);
  });

  it.each(named(PROGRAMS))('computes $name', ({ program, by, given }) => {
    expect(expectSame((loop) => withGradients(program(loop), by), given)).toBe(true);
  });
});
