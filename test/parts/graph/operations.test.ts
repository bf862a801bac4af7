import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attention, compile, layerNorm, softmaxCrossEntropy } from '../../../src/parts/graph';
import { nativeOp } from '../../../src/parts/graph/native';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';
import { generator } from '../../../src/parts/random';
import { drawer } from '../../support/tensors';
import { expectClose } from './compare';

// Our own operations on inputs that don't fit. `npm run sanitize` runs this file with operations that end the process
// where they read or write beyond a tensor.

const random = generator(3);
const drawn = drawer(random);
const draw = (shape: readonly number[]): tf.Tensor => drawn(...shape);
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

type Shapes = readonly (readonly number[])[];
type Sizes = Readonly<Record<'a' | 'b' | 'c', number>>;
interface Operation {
  /** The shapes of its inputs that fit, in letters for sizes. */
  readonly inputs: (sizes: Sizes) => Shapes;
  readonly attributes: Parameters<typeof nativeOp>[2];
  readonly outputs: number;
  /** What its inputs hold (default: normal numbers). */
  readonly draw?: (shape: readonly number[], input: number) => tf.Tensor;
}
const hard = { hard: { bool: true } };
const heads = { heads: { int: 1 }, causal: { bool: true } };
const lists =
  (count: number, numbersAfter: number) =>
  ({ a, b }: Sizes): Shapes => [
    ...Array.from({ length: count }, () => [[a, b], [b]]).flat(),
    ...Array.from({ length: numbersAfter }, () => []),
  ];

/** All operations of ours. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  LayerwiseLstm: {
    inputs: ({ a, b, c }) => [
      [a, b, 4 * c],
      [c, 4 * c],
      [a, c],
      [a, c],
      [a, b],
    ],
    attributes: hard,
    outputs: 6,
  },
  LayerwiseLstmGrad: {
    inputs: ({ a, b, c }) => [
      [a, b, c],
      [a, c],
      [a, c],
      [c, 4 * c],
      [a, b, 4 * c],
      [a, b, c],
      [a, c],
      [a, b],
    ],
    attributes: hard,
    outputs: 3,
  },
  LayerwiseGru: {
    inputs: ({ a, b, c }) => [
      [a, b, 3 * c],
      [c, 3 * c],
      [a, c],
      [a, b],
    ],
    attributes: hard,
    outputs: 5,
  },
  LayerwiseGruGrad: {
    inputs: ({ a, b, c }) => [
      [a, b, c],
      [a, c],
      [c, 3 * c],
      [a, b, 3 * c],
      [a, b, c],
      [a, b],
    ],
    attributes: hard,
    outputs: 2,
  },
  LayerwiseLayerNorm: {
    inputs: ({ a, b, c }) => [[a, b, c], [c], [c]],
    attributes: { epsilon: { float: 1 } },
    outputs: 3,
  },
  LayerwiseLayerNormGrad: {
    inputs: ({ a, b, c }) => [[a, b, c], [a, b, c], [c], [a * b], [a * b]],
    attributes: {},
    outputs: 3,
  },
  LayerwiseBiasGrad: { inputs: ({ a, b }) => [[a, b]], attributes: {}, outputs: 1 },
  LayerwiseAttention: {
    inputs: ({ a, b, c }) => [
      [a, b, c],
      [a, c, c],
      [a, c, c],
      [a, b, c],
    ],
    attributes: heads,
    outputs: 1,
  },
  LayerwiseAttentionGrad: {
    inputs: ({ a, b, c }) => [
      [a, b, c],
      [a, b, c],
      [a, c, c],
      [a, c, c],
      [1, b, c],
      [a, b, c],
    ],
    attributes: heads,
    outputs: 3,
  },
  LayerwiseCtc: {
    inputs: ({ a, b, c }) => [[a, b, c + 2], [a, b], [a], [a]],
    attributes: { blank: { int: 0 } },
    outputs: 2,
    draw: (shape, input) => (input === 0 ? draw(shape) : tf.fill([...shape], input === 1 ? 1 : 0)),
  },
  LayerwiseAdam: {
    inputs: lists(4, 3),
    attributes: { n: { int: 2 }, beta1: { float: 0.9 }, beta2: { float: 0.9 }, epsilon: { float: 1 } },
    outputs: 6,
  },
  LayerwiseRmsProp: {
    inputs: lists(4, 1),
    attributes: { n: { int: 2 }, decay: { float: 0.9 }, momentum: { float: 0.9 }, epsilon: { float: 1 } },
    outputs: 6,
  },
  LayerwiseMomentum: { inputs: lists(3, 2), attributes: { n: { int: 2 }, nesterov: { bool: true } }, outputs: 4 },
};

/** A shape that isn't this one. */
const otherThan = (shape: readonly number[]): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }).filter((other) => other.join() !== shape.join());

function call(name: string, shapes: Shapes): tf.Tensor[] {
  const { attributes, outputs, draw: fill = draw } = OPERATIONS[name];
  return nativeOp(name, shapes.map(fill), attributes, outputs);
}

describe('our own operations', () => {
  it('are there', () => {
    expect(hasOwnOperations()).toBe(true);
  });

  it.each(Object.keys(OPERATIONS))(
    '%s takes all sizes that fit, none too, and names the input that doesn’t',
    (name) => {
      const size = fc.integer({ min: 0, max: 20 });
      fc.assert(
        fc.property(fc.record({ a: size, b: size, c: size }), (sizes) => {
          tf.tidy(() => {
            expect(call(name, OPERATIONS[name].inputs(sizes)).length).toBe(OPERATIONS[name].outputs);
          });
        }),
        { numRuns: 30, seed: 4 },
      );
      const small = fc.integer({ min: 1, max: 5 });
      const wrong = fc
        .record({ a: small, b: small, c: small })
        .map((sizes) => OPERATIONS[name].inputs(sizes))
        .chain((fitting) =>
          fc
            .integer({ min: 0, max: fitting.length - 1 })
            .chain((at) =>
              otherThan(fitting[at]).map((other) => fitting.map((shape, i) => (i === at ? other : shape))),
            ),
        );
      let refused = 0;
      fc.assert(
        fc.property(wrong, (shapes) => {
          tf.tidy(() => {
            try {
              call(name, shapes);
            } catch (error) {
              refused++;
              expect(String(error)).toMatch(new RegExp(`${name}: expected \\S+ .*(?:got|heads)`));
            }
          });
        }),
        { numRuns: 100, seed: 5 },
      );
      // Of one input, or where the first one alone says the sizes, another shape is another fitting one.
      if (name !== 'LayerwiseBiasGrad') expect(refused).toBeGreaterThan(60);
    },
  );
});

describe('a recurrent layer’s initial state', () => {
  it.each([
    ['LSTM', 2],
    ['GRU', 1],
  ] as const)('%s: of any shape, gives what eager gives, or fails as eager does', (kind, count) => {
    const units = 4;
    const layer = kind === 'LSTM' ? tf.layers.lstm({ units }) : tf.layers.gru({ units });
    layer.build([5, 3, 2]);
    const shape = fc.constantFrom(
      [5, units],
      [1, units],
      [units],
      [1],
      [5, 1],
      [],
      [4, units],
      [5, units + 1],
      [2, 5, units],
    );
    const type = fc.constantFrom('float32' as const, 'int32' as const);
    fc.assert(
      fc.property(fc.array(shape, { minLength: count, maxLength: count }), type, (shapes, dtype) => {
        const forward = (...[x, ...initialState]: tf.Tensor[]): tf.Tensor =>
          [layer.call(x, { initialState })].flat()[0];
        tf.engine().startScope();
        const graph = compile(forward);
        try {
          const given = [draw([5, 3, 2]), ...shapes.map((each) => draw(each).cast(dtype))];
          let eager: number[] | undefined;
          try {
            eager = numbers(forward(...given));
          } catch {
            expect(() => graph(...given)).toThrow();
            return;
          }
          for (let run = 0; run < 4; run++)
            expectClose(numbers(graph(...given)), eager, 1e-5, `${run}: ${shapes.join(';')}`);
        } finally {
          graph.dispose();
          tf.engine().endScope();
        }
      }),
      { numRuns: 25, seed: 6 },
    );
    tf.dispose(layer.getWeights());
  });

  it('of one row serves a whole batch', () => {
    const layer = tf.layers.lstm({ units: 64, recurrentInitializer: 'glorotNormal' });
    layer.build([64, 5, 3]);
    const sum = compile((x: tf.Tensor, h: tf.Tensor, c: tf.Tensor) =>
      [layer.call(x, { initialState: [h, c] })].flat()[0].sum(),
    );
    tf.tidy(() => {
      const given = [draw([64, 5, 3]), draw([1, 64]), draw([1, 64])] as const;
      const [eager, ...graph] = [0, 1, 2, 3].map(() => numbers(sum(...given))[0]);
      for (const value of graph) expectClose([value], [eager], 1e-5, 'sum');
    });
    sum.dispose();
    tf.dispose(layer.getWeights());
  });
});

describe('gradients of another shape or type than the weight', () => {
  const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
    momentum: () => tf.train.momentum(0.1, 0.9),
    'Nesterov’s momentum': () => tf.train.momentum(0.1, 0.9, true),
    Adam: () => tf.train.adam(0.1),
    RMSprop: () => tf.train.rmsprop(0.1, 0.9, 0.5),
    SGD: () => tf.train.sgd(0.1),
  };
  it.each(Object.keys(optimizers))('%s: they are stretched as eagerly, or refused', (name) => {
    const shape = fc.constantFrom<number[]>([3, 4], [], [1], [4], [3, 1], [1, 4], [3], [3, 5], [2, 3, 4]);
    fc.assert(
      fc.property(shape, fc.constantFrom('float32' as const, 'int32' as const), (given, dtype) => {
        const after = (asGraph: boolean): number[] | string => {
          const w = tf.tidy(() => tf.variable(tf.ones([3, 4])));
          const gradient = tf.tidy(() =>
            tf
              .range(1, 1 + given.reduce((a, b) => a * b, 1))
              .reshape(given)
              .cast(dtype),
          );
          const optimizer = optimizers[name]();
          const step = (g: tf.Tensor): tf.Tensor => {
            optimizer.applyGradients([{ name: w.name, tensor: g }]);
            return w.sum();
          };
          const graph = asGraph ? compile(step) : undefined;
          try {
            for (let call = 0; call < 4; call++) tf.tidy(() => void (graph ?? step)(gradient));
            return numbers(w);
          } catch {
            return 'refused';
          } finally {
            graph?.dispose();
            optimizer.dispose();
            tf.dispose([w, gradient]);
          }
        };
        const [eager, graph] = [after(false), after(true)];
        if (typeof eager === 'string' || typeof graph === 'string') expect(graph).toBe(eager);
        else expectClose(graph, eager, 1e-5, `${name} of ${given.join()}`);
      }),
      { numRuns: 18, seed: 7 },
    );
  });

  it('a scalar moves a thousand weights alike: hand-computed', () => {
    const w = tf.tidy(() => tf.variable(tf.zeros([1000])));
    const optimizer = tf.train.momentum(0.1, 0.9);
    const step = compile((g: tf.Scalar) => {
      optimizer.applyGradients([{ name: w.name, tensor: g }]);
      return w.sum();
    });
    tf.tidy(() => {
      for (let call = 0; call < 4; call++) step(tf.scalar(1));
    });
    // Velocities 1, 1.9, 2.71, 3.439 add up to 9.049.
    expect(Math.max(...numbers(w).map((value) => Math.abs(value + 0.9049)))).toBeLessThan(1e-6);
    step.dispose();
    optimizer.dispose();
    w.dispose();
  });
});

describe('whole numbers and truth values', () => {
  it.each(['int32', 'bool'] as const)('%s: as the same values in float32, values and gradients', (dtype) => {
    tf.tidy(() => {
      const x = tf.tensor3d([1, 0, 2, -1, 3, 1, 0, 1, 1, 2, 0, 1], [2, 3, 2]).cast(dtype);
      const y = x.toFloat();
      const [gain, shift] = [tf.tensor1d([1, 2], 'int32'), tf.tensor1d([0, 1], 'int32')];
      const pairs: [tf.Tensor, tf.Tensor][] = [
        [layerNorm(x, gain, shift), layerNorm(y, gain.toFloat(), shift.toFloat())],
        [
          attention(x.as3D(2, 3, 2), x.as3D(2, 3, 2), x.as3D(2, 3, 2)),
          attention(y.as3D(2, 3, 2), y.as3D(2, 3, 2), y.as3D(2, 3, 2)),
        ],
        [softmaxCrossEntropy(x.as2D(6, 2), x.as2D(6, 2)), softmaxCrossEntropy(y.as2D(6, 2), y.as2D(6, 2))],
        [
          tf.grad((scale: tf.Tensor) =>
            attention(x.as3D(2, 3, 2), y.mul(scale).as3D(2, 3, 2), x.as3D(2, 3, 2))
              .square()
              .sum(),
          )(tf.scalar(2)),
          tf.grad((scale: tf.Tensor) =>
            attention(y.as3D(2, 3, 2), y.mul(scale).as3D(2, 3, 2), y.as3D(2, 3, 2))
              .square()
              .sum(),
          )(tf.scalar(2)),
        ],
      ];
      pairs.forEach(([made, expected], i) => {
        expect(made.dtype).toBe('float32');
        expectClose(numbers(made), numbers(expected), 1e-6, `${i}`);
      });
    });
  });
});
