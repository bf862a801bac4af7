import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile, dropout, scan, stopGradient } from '../../../src/parts/graph';
import { generator } from '../../../src/parts/random';
import { drawer } from '../../support/tensors';
import { expectClose } from './compare';

const draw = drawer(generator(9));
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
          [0, 1, 2, 3].map(() => [draw(3), draw(3), draw(steps, 3)]),
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
          [0, 1, 2, 3].map(() => [draw(steps, 3), lengths, draw(3)]),
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
        [0, 1, 2, 3].map(() => [
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
        [0, 1, 2, 3].map(() => [draw(4, 5, 3), draw(3)]),
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
        [0, 1, 2, 3].map(() => [tf.scalar(3), tf.tensor1d([5, 7, 1])]),
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
    tf.tidy(() => {
      const xs = tf.zeros([4, 2]);
      dropping(xs);
      expect(() => dropping(xs)).toThrow(/would be the same at each step .*; draw it before and pass it as an input/);
      leaking(xs);
      expect(() => leaking(xs)).toThrow(
        /^scan: a tensor that a step made is used outside of it; return it as state or output \(/,
      );
    });
    dropping.dispose();
    leaking.dispose();
    tf.dispose(held);
  });

  type Vectors = (h: tf.Tensor, xs: tf.Tensor, w: tf.Tensor) => tf.Tensor;
  /** A step that is another one each time, in a function of JavaScript that starts anew at each call. */
  const changing = (
    step: (t: number, h: tf.Tensor, x: tf.Tensor, w: tf.Tensor, twice: tf.Tensor) => tf.Tensor,
  ): Vectors => {
    return (h, xs, w) => {
      let t = 0;
      const twice = w.mul(2);
      return scan((state: tf.Tensor, x: tf.Tensor) => ({ state: step(t++, state, x, w, twice), output: x }), h, xs)
        .state;
    };
  };
  const CHANGING: readonly (readonly [string, Vectors, RegExp])[] = [
    [
      'another number',
      changing((t, h, x) => h.add(x.mul(t + 0.5))),
      /uses the number 1\.5, which the first one doesn't/,
    ],
    ['another whole number', changing((t, h, x) => h.add(x.mul(tf.scalar(t, 'int32')))), /uses the number 1, which/],
    ['other numbers', changing((t, h) => h.add(tf.tensor1d([t, 1, 2]))), /uses a constant of shape \[3\], which/],
    [
      'another operation, late',
      changing((t, h, x) => (t === 3 ? h.sub(x) : h.add(x))),
      /computes Sub where the first one computes Add/,
    ],
    ['another order', changing((t, h, x) => (t === 1 ? h.sub(x) : x.sub(h))), /computes Sub of another tensor/],
    [
      'another tensor from outside',
      changing((t, h, _, w, twice) => h.mul(t === 2 ? twice : w)),
      /computes Mul of another tensor/,
    ],
    [
      'another tensor from outside alone',
      changing((t, _, __, w, twice) => (t === 2 ? twice : w)),
      /gives other tensors than the first one/,
    ],
    [
      'other settings',
      changing((t, h, x) =>
        tf
          .matMul(h.as2D(3, 1), x.as2D(3, 1), t === 1, t !== 1)
          .sum()
          .add(h),
      ),
      /computes MatMul with other settings/,
    ],
    [
      'the first step alone',
      changing((t, h, x) => (t === 0 ? h.sub(x) : h.add(x))),
      /computes Add where the first one/,
    ],
    ['more', changing((t, h, x) => (t === 4 ? h.add(x).add(x) : h.add(x))), /does more than the first one \(Add/],
  ];

  it.each(CHANGING.flatMap(([name, fn, text]) => [false, true].map((asks) => ({ name, fn, text, asks }))))(
    'refuses a step that does another thing each time: $name, gradient: $asks',
    ({ fn, text, asks }) => {
      const all = (h: tf.Tensor, xs: tf.Tensor, w: tf.Tensor): tf.Tensor[] =>
        asks
          ? tf.grads((...given: tf.Tensor[]) =>
              tf.addN([fn(given[0], given[1], given[2]), ...given].map((x) => x.sum())),
            )([h, xs, w])
          : [fn(h, xs, w)];
      const graph = compile(all);
      const given = [draw(3), draw(5, 3), draw(3)] as const;
      tf.dispose(graph(...given));
      const before = tf.memory().numTensors;
      expect(() => graph(...given)).toThrow(text);
      expect(() => graph(...given)).toThrow(
        /^scan: a later step .* \(at graph\/scan\.test\.ts:\d+\); a graph repeats the first step, so hold what changes in the state, or pass it as an input$/,
      );
      expect(tf.memory().numTensors).toBe(before);
      graph.dispose();
      tf.dispose([...given]);
    },
  );

  it('takes the parts of a state by their names', () => {
    tf.tidy(() => {
      const { state, outputs } = scan(
        ({ h, c }: { h: tf.Tensor; c: tf.Tensor }, x: tf.Tensor) => ({
          state: { c: c.add(1), h: h.add(x) },
          output: x.dataSync()[0] > 1 ? { one: x, two: x.mul(2) } : { two: x.mul(2), one: x },
        }),
        { h: tf.scalar(10), c: tf.scalar(0) },
        tf.tensor1d([1, 2, 3]),
      );
      expect([state.h, state.c, outputs.one, outputs.two].map(numbers)).toEqual([[16], [3], [1, 2, 3], [2, 4, 6]]);
      let t = 0;
      expect(() =>
        scan(
          (h: tf.Tensor, x: tf.Tensor) => ({ state: h, output: t++ === 0 ? [x] : [x, x] }),
          tf.scalar(0),
          tf.tensor1d([1, 2]),
        ),
      ).toThrow('scan: expected an output as that of the first step, [float32 []], got [float32 [], float32 []]');
    });
  });

  it('takes gradients within a step, and refuses a gradient of that', () => {
    // h − ½ (h² x)′ = h − h x.
    const descended = (h: tf.Tensor, xs: tf.Tensor): tf.Tensor =>
      scan(
        (state: tf.Tensor, x: tf.Tensor) => ({
          state: state.sub(
            tf
              .grad((v: tf.Tensor) => v.square().mul(x))(state)
              .mul(0.5),
          ),
          output: x,
        }),
        h,
        xs,
      ).state;
    const graph = compile(descended);
    const differentiated = compile((h: tf.Tensor, xs: tf.Tensor) => tf.grad((x: tf.Tensor) => descended(h, x))(xs));
    const given = [tf.scalar(1), tf.tensor1d([2, 3, 4])] as const;
    tf.tidy(() => {
      for (let call = 0; call < 4; call++) expect(numbers(graph(...given))).toEqual([-6]);
      expect(numbers(differentiated(...given))).toEqual([-6, -3, -2]);
    });
    const before = tf.memory().numTensors;
    expect(() => differentiated(...given)).toThrow(
      /^scan: in a graph no gradient is taken of a step that takes gradients itself \(at graph\/scan\.test\.ts:\d+\); write it as a for of JavaScript$/,
    );
    expect(tf.memory().numTensors).toBe(before);
    graph.dispose();
    differentiated.dispose();
    tf.dispose([...given]);
  });

  it('refuses a gradient through a loop that is differentiated again', () => {
    const graph = compile((w: tf.Tensor, xs: tf.Tensor) =>
      tf.grad((v: tf.Tensor) => {
        const { state } = scan(
          (h: tf.Tensor, x: tf.Tensor) => ({ state: h.mul(v).add(x), output: x }),
          tf.scalar(1),
          xs,
        );
        return tf.grad((u: tf.Tensor) => u.mul(state))(v);
      })(w),
    );
    tf.tidy(() => {
      const given = [tf.scalar(2), tf.tensor1d([1, 2])] as const;
      graph(...given);
      expect(() => graph(...given)).toThrow(
        /^scan: in a graph it has no second derivative here; compute it inside of the function whose gradient is taken \(at graph\/scan\.test\.ts/,
      );
    });
    graph.dispose();
  });

  it('refuses a variable that is assigned before the gradient is taken', () => {
    const w = tf.variable(tf.scalar(2));
    const graph = compile(
      (xs: tf.Tensor) =>
        tf.variableGrads(() => {
          const { state } = scan(
            (h: tf.Tensor, x: tf.Tensor) => ({ state: h.mul(w).add(x), output: x }),
            tf.scalar(1),
            xs,
          );
          w.assign(w.add(1));
          return state.asScalar();
        }, [w]).grads[w.name],
    );
    tf.tidy(() => {
      const xs = tf.tensor1d([1, 2]);
      graph(xs);
      expect(() => graph(xs)).toThrow(
        /^scan: the variable \S+ that the step uses was assigned before the gradient was taken; assign it afterwards/,
      );
      expect(numbers(w)).toEqual([3]);
    });
    graph.dispose();
    w.dispose();
  });

  it.each([
    ['number', (t: number): tf.Tensor => tf.scalar(t)],
    ['tensor', (t: number, given: readonly tf.Tensor[]): tf.Tensor => given[t]],
  ] as const)('refuses a step that closes over another %s when the gradient is taken', (_, factor) => {
    const graph = compile((h: tf.Tensor, xs: tf.Tensor, w: tf.Tensor) =>
      tf.grad((start: tf.Tensor) => {
        let by = factor(1, [h, w, h]);
        const step = (state: tf.Tensor, x: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => ({
          state: state.mul(by).add(x),
          output: x,
        });
        const one = scan(step, start, xs).state;
        by = factor(2, [h, w, h]);
        return one.add(scan(step, start, xs).state);
      })(h),
    );
    tf.tidy(() => {
      const given = [draw(3), draw(5, 3), draw(3)] as const;
      graph(...given);
      expect(() => graph(...given)).toThrow(
        /^scan: for the gradient a step does something else than before \(at graph\/scan\.test\.ts:\d+\); what it closes over must stay what it was$/,
      );
    });
    graph.dispose();
  });

  it.each([false, true])('tells a number that a step found changed, gradient: %s', (asks) => {
    let rate = 2;
    const notices: string[] = [];
    const sum = (h: tf.Tensor, xs: tf.Tensor): tf.Tensor =>
      scan((state: tf.Tensor, x: tf.Tensor) => ({ state: state.mul(rate).add(x), output: x }), h, xs).state.sum();
    const graph = compile((h: tf.Tensor, xs: tf.Tensor) => (asks ? tf.grad((v) => sum(v, xs))(h) : sum(h, xs)), {
      onNotice: (text) => notices.push(text),
    });
    tf.tidy(() => {
      const given = [draw(3), draw(4, 3)] as const;
      graph(...given);
      rate = 3;
      graph(...given);
    });
    expect(notices).toEqual([expect.stringContaining('the number 2 had become 3')]);
    graph.dispose();
  });

  it('is one graph for any number of steps', () => {
    const gradients = (h: tf.Tensor, xs: tf.Tensor): Record<string, tf.Tensor> => {
      const [dh, dxs] = tf.grads((a: tf.Tensor, b: tf.Tensor) => scan(cell(a), a, b).outputs.sum())([h, xs]);
      return { dh, dxs };
    };
    const graph = compile(gradients);
    tf.tidy(() => {
      for (const steps of [3, 4, 5, 6, 6, 40, 1, 1, 40]) {
        const given = [draw(3), draw(steps, 3)] as const;
        const [made, eager] = [graph(...given), gradients(...given)];
        for (const name of ['dh', 'dxs'])
          expectClose(numbers(made[name]), numbers(eager[name]), 1e-5, `${name} of ${steps}`);
      }
    });
    expect(graph.history.slice(-2)).toEqual([
      expect.stringContaining('that length is open from now on'),
      expect.stringContaining('[1,3] instead of'),
    ]);
    graph.dispose();
  });

  it('leaves no tensor in a gradient that nothing flows back through', () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(2)));
    const cost = (rows: tf.Tensor): tf.Tensor => {
      const step = (s: tf.Tensor, x: tf.Tensor): { state: tf.Tensor; output: tf.Tensor } => {
        const next = stopGradient(s.mul(0.9).add(x));
        return { state: next, output: next };
      };
      return tf.variableGrads(() => scan(step, tf.scalar(0), rows).outputs.sub(weight).square().mean().asScalar())
        .value;
    };
    const graph = compile(cost);
    const rows = [3, 4, 5].map((length) => tf.ones([length]));
    rows.forEach((x) => graph(x).dispose());
    const before = tf.memory().numTensors;
    for (const x of [...rows, tf.ones([6]), tf.ones([7])]) graph(x).dispose();
    expect(tf.memory().numTensors - before).toBe(2);
    graph.dispose();
    tf.disposeVariables();
  });

  it('leaves no tensor where it is stopped while it is traced', () => {
    const checkpoint = Symbol.for('layerwise.checkpoint');
    const graph = compile((h: tf.Tensor, xs: tf.Tensor) =>
      tf.grad((v: tf.Tensor) => scan(cell(v), v, xs).outputs.sum())(h),
    );
    const given = [draw(3), draw(10, 3)] as const;
    tf.dispose(graph(...given));
    const before = tf.memory().numTensors;
    let left = 0;
    try {
      for (const after of [1, 4, 16, 64, 128]) {
        left = after;
        Reflect.set(globalThis, checkpoint, () => {
          if (--left === 0) throw new Error('stopped');
        });
        expect(() => graph(...given)).toThrow('stopped');
        expect(tf.memory().numTensors).toBe(before);
      }
    } finally {
      Reflect.deleteProperty(globalThis, checkpoint);
    }
    graph.dispose();
    tf.dispose([...given]);
  });
});
