import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile, dropout, scan } from '../../../src/parts/graph';
import { generator } from '../../../src/parts/random';
import { expectClose } from './compare';

const random = generator(9);
const draw = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => random.normal()),
    shape,
  );
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** Runs a function four times: eagerly, traced, and twice as a graph. */
function runs(
  fn: (...given: tf.Tensor[]) => Record<string, tf.Tensor>,
  given: readonly tf.Tensor[][],
): { results: Record<string, number[]>[]; nodes: number } {
  const graph = compile(fn);
  const results = given.map((each) => {
    const made = tf.tidy(() => graph(...each));
    const values = Object.fromEntries(Object.entries(made).map(([name, tensor]) => [name, numbers(tensor)]));
    tf.dispose(made);
    return values;
  });
  const nodes = graph.nodes.length;
  expect(graph.traces).toBe(1);
  graph.dispose();
  return { results, nodes };
}

function expectSame(
  fn: (...given: tf.Tensor[]) => Record<string, tf.Tensor>,
  given: readonly tf.Tensor[][],
  tolerance = 1e-5,
): number {
  const { results, nodes } = runs(fn, given);
  results.forEach((result, i) => {
    const eager = tf.tidy(() =>
      Object.fromEntries(Object.entries(fn(...given[i])).map(([name, tensor]) => [name, numbers(tensor)])),
    );
    for (const [name, values] of Object.entries(result))
      expectClose(values, eager[name], tolerance, `${name}, run ${i}`);
  });
  return nodes;
}

describe('scan', () => {
  it('hand-computed: a running sum and its gradient, eagerly and as a graph', () => {
    // Sums s₁ = 2 + a, s₂ = s₁ + b, s₃ = s₂ + c; of Σ sᵢ² the derivative by c is 2 s₃, by b 2 (s₂ + s₃), by a and the start 2 (s₁ + s₂ + s₃).
    const add = (sum: tf.Tensor, x: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => ({
      state: sum.add(x),
      output: sum.add(x),
    });
    const fn = (start: tf.Tensor, xs: tf.Tensor): Record<string, tf.Tensor> => {
      const { state, outputs } = scan(add, start, xs);
      const [dStart, dXs] = tf.grads((s: tf.Tensor, x: tf.Tensor) => scan(add, s, x).outputs.square().sum())([
        start,
        xs,
      ]);
      return { state, outputs, dStart, dXs };
    };
    tf.tidy(() => {
      const given = Array.from({ length: 4 }, () => [tf.scalar(2), tf.tensor1d([1, 2, 3])]);
      for (const result of runs(fn, given).results)
        expect(result).toEqual({ state: [8], outputs: [3, 5, 8], dStart: [32], dXs: [32, 26, 16] });
    });
  });

  it('has the gradients of weights that the step closes over, variables too', () => {
    tf.tidy(() => {
      const w = tf.variable(draw(3, 3));
      const fn = (u: tf.Tensor, h: tf.Tensor, xs: tf.Tensor): Record<string, tf.Tensor> => {
        const loss = (kernel: tf.Tensor, start: tf.Tensor, inputs: tf.Tensor): tf.Scalar => {
          const doubled = kernel.mul(2);
          const { state, outputs } = scan(
            (before: tf.Tensor, x: tf.Tensor) => {
              const state = tf.tanh(
                tf
                  .matMul(before.as2D(2, 3), w.as2D(3, 3))
                  .add(tf.matMul(x.as2D(2, 4), doubled.as2D(4, 3)))
                  .mul(0.5),
              );
              return { state, output: { squared: state.square(), cut: tf.relu(state) } };
            },
            start,
            inputs,
            { axis: 1 },
          );
          expect(outputs.squared.shape).toEqual([2, 5, 3]);
          return outputs.squared.mean().add(outputs.cut.sum()).add(state.sum()).asScalar();
        };
        const { value, grads } = tf.variableGrads(() => loss(u, h, xs), [w]);
        const [du, dh, dxs] = tf.grads(loss)([u, h, xs]);
        return { value, dw: grads[w.name], du, dh, dxs };
      };
      const given = Array.from({ length: 4 }, () => [draw(4, 3), draw(2, 3), draw(2, 5, 4)]);
      expectSame(fn, given);
      w.dispose();
    });
  });

  const cell =
    (w: tf.Tensor) =>
    (h: tf.Tensor, x: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => {
      const state = tf.tanh(h.add(x).mul(w));
      return { state, output: state };
    };

  it('has as many nodes for 300 steps as for three', () => {
    const count = (steps: number): number =>
      tf.tidy(() =>
        expectSame(
          (w, h, xs) => {
            const loss = (...[v, s, x]: tf.Tensor[]): tf.Scalar => scan(cell(v), s, x).outputs.mean().asScalar();
            const [dw, dh, dxs] = tf.grads(loss)([w, h, xs]);
            return { dw, dh, dxs };
          },
          [0, 1, 2].map(() => [draw(3), draw(3), draw(steps, 3)]),
        ),
      );
    expect(count(300)).toBe(count(3));
  });

  it('takes structures, whole numbers and masks from outside, and one step', () => {
    const fn = (xs: tf.Tensor, lengths: tf.Tensor, w: tf.Tensor): Record<string, tf.Tensor> => {
      const loss = (kernel: tf.Tensor): tf.Scalar => {
        const shown = lengths.greater(0);
        const { state, outputs } = scan(
          ({ h, t }: { h: tf.Tensor; t: tf.Tensor }, [x]: readonly tf.Tensor[]) => {
            const next = tf.where(shown.logicalAnd(t.less(lengths)), tf.tanh(x.mul(kernel).add(h)), h);
            return { state: { h: next, t: t.add(tf.scalar(1, 'int32')) }, output: [next, t] };
          },
          { h: tf.zerosLike(kernel), t: tf.scalar(0, 'int32') },
          [xs],
        );
        expect(state.t.dtype).toBe('int32');
        return state.h.sum().add(outputs[0].square().mean()).add(outputs[1].sum()).asScalar();
      };
      const { value, grad } = tf.valueAndGrad(loss)(w);
      return { value, grad };
    };
    for (const steps of [1, 4])
      tf.tidy(() => {
        const lengths = tf.tensor1d([3, 0, 1], 'int32');
        expectSame(
          fn,
          [0, 1, 2].map(() => [draw(steps, 3), lengths, draw(3)]),
        );
      });
  });

  it('maps without a state', () => {
    const fn = (xs: tf.Tensor): Record<string, tf.Tensor> => {
      const squares = (x: tf.Tensor): tf.Tensor =>
        scan((none: readonly tf.Tensor[], row: tf.Tensor) => ({ state: none, output: row.square() }), [], x).outputs;
      return { squares: squares(xs), slope: tf.grad(squares)(xs) };
    };
    tf.tidy(() => {
      for (const result of runs(
        fn,
        [0, 1, 2].map(() => [
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
        ]),
      ).results)
        expect(result).toEqual({ squares: [1, 4, 9, 16], slope: [2, 4, 6, 8] });
    });
  });

  it('goes through loops in loops', () => {
    const fn = (xs: tf.Tensor, w: tf.Tensor): Record<string, tf.Tensor> => {
      const loss = (v: tf.Tensor): tf.Scalar =>
        scan(
          (sum: tf.Tensor, row: tf.Tensor) => {
            const { state } = scan(cell(v), sum, row);
            return { state: state.mul(v), output: state };
          },
          tf.zerosLike(w),
          xs,
        )
          .outputs.sum()
          .asScalar();
      const { value, grad } = tf.valueAndGrad(loss)(w);
      return { value, grad };
    };
    tf.tidy(() =>
      expectSame(
        fn,
        [0, 1, 2].map(() => [draw(4, 5, 3), draw(3)]),
      ),
    );
  });

  it('trains: the same weights after the same steps, and nothing is left behind', () => {
    const trained = (asGraph: boolean): number[] => {
      const w = tf.tidy(() => tf.variable(tf.tensor1d([0.5, -0.25, 1])));
      const optimizer = tf.train.adam(0.1);
      const step = (h: tf.Tensor, xs: tf.Tensor): tf.Scalar | null =>
        optimizer.minimize(() => scan(cell(w), h, xs).outputs.sub(0.5).square().mean().asScalar(), true);
      const graph = asGraph ? compile(step) : undefined;
      const [h, xs] = [tf.zeros([3]), tf.linspace(-1, 1, 60).reshape([20, 3])];
      let before = 0;
      for (let call = 0; call < 6; call++) {
        (graph ?? step)(h, xs)?.dispose();
        if (call === 2) before = tf.memory().numTensors;
      }
      expect(tf.memory().numTensors).toBe(before);
      const values = numbers(w);
      graph?.dispose();
      optimizer.dispose();
      tf.dispose([w, h, xs]);
      return values;
    };
    const eager = trained(false);
    expect(eager[0]).not.toBe(0.5);
    expectClose(trained(true), eager, 1e-5, 'weights');
  });

  it('is differentiated twice as eagerly', () => {
    const double = (w: tf.Tensor, xs: tf.Tensor): Record<string, tf.Tensor> => {
      const last = (v: tf.Tensor): tf.Scalar =>
        scan(
          (s: tf.Tensor, x: tf.Tensor) => ({ state: s.mul(v).add(x), output: s }),
          tf.scalar(0),
          xs,
        ).state.asScalar();
      return { second: tf.grad((v: tf.Tensor) => tf.grad(last)(v).square())(w) };
    };
    // The last of three states is a w² + b w + c, its slope s = 2 a w + b, and of s² the slope 4 a s.
    tf.tidy(() => {
      for (const { second } of runs(
        double,
        [0, 1, 2].map(() => [tf.scalar(3), tf.tensor1d([5, 7, 1])]),
      ).results)
        expect(second).toEqual([4 * 5 * (2 * 5 * 3 + 7)]);
    });
  });

  it('refuses what it can’t do, by name', () => {
    tf.tidy(() => {
      const xs = tf.zeros([4, 2]);
      const same = (h: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => ({ state: h, output: h });
      expect(() => scan(same, tf.zeros([2]), [xs, tf.zeros([3, 2])])).toThrow(
        'scan: expected inputs of one length of at least 1 along the axis 0, got the shapes [4,2], [3,2]',
      );
      const wider = (h: tf.Tensor, x: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => ({
        state: h.concat(x),
        output: h,
      });
      expect(() => scan(wider, tf.zeros([2]), xs)).toThrow(
        'scan: expected a state as the initial one, float32 [2], got float32 [4] from the step',
      );
    });
    const dropping = compile(
      (xs: tf.Tensor) =>
        scan((h: tf.Tensor, x: tf.Tensor) => ({ state: dropout(h.add(x), 0.5), output: h }), tf.zeros([2]), xs).outputs,
    );
    const held: tf.Tensor[] = [];
    const leaking = compile((xs: tf.Tensor) => {
      scan(
        (h: tf.Tensor, x: tf.Tensor) => {
          held.push(tf.keep(h.add(x)));
          return { state: h, output: x };
        },
        tf.zeros([2]),
        xs,
      );
      return held[held.length - 1].mul(2);
    });
    const counting = compile((xs: tf.Tensor) => {
      let t = 0.5;
      return scan((h: tf.Tensor, x: tf.Tensor) => ({ state: h.add(x.mul(t++)), output: h }), tf.zeros([2]), xs).outputs;
    });
    tf.tidy(() => {
      const xs = tf.zeros([4, 2]);
      counting(xs);
      expect(() => counting(xs)).toThrow(
        /^scan: the number 0\.5 had become 1\.5 \(at .*\) by the second step; hold what changes in the state, or pass it as an input$/,
      );
      dropping(xs);
      expect(() => dropping(xs)).toThrow(/would be the same at each step .*; draw it before and pass it as an input/);
      leaking(xs);
      expect(() => leaking(xs)).toThrow(
        /^scan: a tensor that a step made is used outside of it; return it as state or output \(/,
      );
    });
    dropping.dispose();
    leaking.dispose();
    counting.dispose();
    tf.dispose(held);
  });
});
