import * as tf from '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';
import { generator } from '../../../src/parts/random';
import { drawer } from '../../support/tensors';
import { expectClose, expectSame } from './compare';

const { layers } = tf;
const random = generator(17);
const draw = drawer(random);
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

interface Options {
  readonly units: number;
  readonly recurrentActivation: 'sigmoid' | 'hardSigmoid';
  readonly useBias: boolean;
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
}
const KINDS = {
  LSTM: { make: (options: Options) => layers.lstm(options), states: 2, gradient: 'LayerwiseLstmGrad' },
  GRU: { make: (options: Options) => layers.gru(options), states: 1, gradient: 'LayerwiseGruGrad' },
};
const kind = fc.constantFrom<keyof typeof KINDS>('LSTM', 'GRU');
const options: fc.Arbitrary<Options> = fc.record({
  units: fc.integer({ min: 1, max: 19 }),
  recurrentActivation: fc.constantFrom('sigmoid', 'hardSigmoid'),
  useBias: fc.boolean(),
  goBackwards: fc.boolean(),
  returnSequences: fc.boolean(),
  returnState: fc.boolean(),
});
// TensorFlow.js itself has no gradient of a single step.
const sizes = fc.record({ batch: fc.integer({ min: 1, max: 17 }), length: fc.integer({ min: 2, max: 7 }) });

/** Which steps count, in the ways that padding and holes make. */
const PATTERNS: Readonly<Record<string, (row: number, step: number, length: number) => boolean>> = {
  all: () => true,
  none: () => false,
  'rows of different length': (row, step, length) => step < row % (length + 1),
  'padded in front': (row, step, length) => step >= row % (length + 1),
  holes: () => random.integer(2) === 1,
};
const pattern = fc.constantFrom(...Object.keys(PATTERNS));

/** A mask as numbers: what is not 0 counts. */
const maskOf = (name: string, batch: number, length: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: batch }, (_, row) =>
      Array.from({ length }, (_step, step) => (PATTERNS[name](row, step, length) ? 1 + random.integer(3) : 0)),
    ),
  );

/** All that a layer gives, then the gradients of a mix of it: of the inputs, the initial states, and the weights. */
function allOf(layer: tf.layers.Layer, mask: tf.Tensor, given: readonly tf.Tensor[]): tf.Tensor[] {
  const results = ([x, ...initialState]: readonly tf.Tensor[]): tf.Tensor[] =>
    [layer.call(x, { mask, initialState: initialState.length > 0 ? initialState : undefined })].flat();
  const mixed = (tensors: readonly tf.Tensor[]): tf.Scalar =>
    tf.addN(results(tensors).map((y) => y.mul(tf.range(0, y.size).mul(0.7).cos().reshape(y.shape)).sum())).asScalar();
  const byWeights = Object.values(tf.variableGrads(() => mixed(given)).grads);
  return [...results(given), ...tf.grads((...tensors: tf.Tensor[]) => mixed(tensors))([...given]), ...byWeights];
}

describe('a recurrent layer with a mask', () => {
  it('outputs, states and gradients are those of eager, whatever is masked', () => {
    const type = fc.constantFrom('bool' as const, 'int32' as const, 'float32' as const);
    fc.assert(
      fc.property(
        fc.tuple(kind, options, sizes, pattern, type, fc.boolean(), fc.boolean()),
        ([name, given, { batch, length }, masked, dtype, hasInitial, isDeep]) => {
          const { make, states, gradient } = KINDS[name];
          tf.engine().startScope();
          const layer = make({ ...given });
          layer.build([batch, length, 3]);
          const graph = compile((mask: tf.Tensor, ...tensors: tf.Tensor[]) => allOf(layer, mask, tensors));
          const initial = hasInitial ? Array.from({ length: states }, () => draw(batch, given.units)) : [];
          for (let call = 0; call < 4; call++) {
            const mask = maskOf(masked, batch, length).cast(dtype);
            const inputs = [isDeep ? mask.expandDims(-1) : mask, draw(batch, length, 3), ...initial] as const;
            const expected = tf.tidy(() => allOf(layer, inputs[0], inputs.slice(1)));
            graph(...inputs).forEach((made, i) => {
              expectClose(numbers(made), numbers(expected[i]), 1e-5, `result ${i} of call ${call}`);
            });
          }
          if (hasOwnOperations()) expect(graph.nodes.map(({ op }) => op)).toContain(gradient);
          graph.dispose();
          tf.dispose(layer.getWeights());
          tf.engine().endScope();
        },
      ),
      { numRuns: 12, seed: 1 },
    );
  });

  it.each(['LSTM', 'GRU'] as const)(
    '%s: masked from the first step on, the initial state stays: hand-computed',
    (name) => {
      const { make, states } = KINDS[name];
      const layer = make({
        units: 2,
        recurrentActivation: 'sigmoid',
        useBias: true,
        goBackwards: false,
        returnSequences: true,
        returnState: true,
      });
      layer.build([1, 3, 1]);
      const run = compile((x: tf.Tensor, mask: tf.Tensor, ...initialState: tf.Tensor[]) => {
        const call = (...state: tf.Tensor[]): tf.Tensor[] => [layer.call(x, { mask, initialState: state })].flat();
        return [
          ...call(...initialState),
          ...tf.grads((...state: tf.Tensor[]) => call(...state)[0].sum())(initialState),
        ];
      });
      tf.tidy(() => {
        const state = Array.from({ length: states }, (_, i) => tf.tensor2d([[i + 0.25, i - 0.5]]));
        for (let call = 0; call < 4; call++) {
          const made = run(tf.ones([1, 3, 1]), tf.zeros([1, 3]), ...state).map(numbers);
          // The output of each of the three steps is h; c, where there is one, has no part in it.
          const expected = [
            [0.25, -0.5, 0.25, -0.5, 0.25, -0.5],
            [0.25, -0.5],
            [1.25, 0.5],
          ].slice(0, 1 + states);
          expect(made).toEqual([...expected, [3, 3], [0, 0]].slice(0, 1 + 2 * states));
        }
      });
      run.dispose();
      tf.dispose(layer.getWeights());
    },
  );

  it.each(['LSTM', 'GRU'] as const)('%s: padded rows end as their own steps alone', (name) => {
    const layer = KINDS[name].make({
      units: 5,
      recurrentActivation: 'hardSigmoid',
      useBias: true,
      goBackwards: false,
      returnSequences: false,
      returnState: false,
    });
    layer.build([3, 6, 2]);
    const last = (x: tf.Tensor, mask?: tf.Tensor): tf.Tensor => [layer.call(x, { mask })].flat()[0];
    const graph = compile((x: tf.Tensor, mask: tf.Tensor) => last(x, mask));
    tf.tidy(() => {
      const x = draw(3, 6, 2);
      const lengths = [1, 4, 6];
      const mask = tf.tensor2d(lengths.map((length) => Array.from({ length: 6 }, (_, t) => (t < length ? 1 : 0))));
      const alone = tf.concat(lengths.map((length, row) => last(x.slice([row, 0, 0], [1, length, 2]))));
      for (let call = 0; call < 4; call++) expectClose(numbers(graph(x, mask)), numbers(alone), 1e-6, `call ${call}`);
    });
    graph.dispose();
    tf.dispose(layer.getWeights());
  });

  it.each(['LSTM', 'GRU'] as const)(
    '%s: a mask of any shape gives what eager gives, or fails as eager does',
    (name) => {
      const [batch, length] = [5, 3];
      const layer = KINDS[name].make({
        units: 4,
        recurrentActivation: 'sigmoid',
        useBias: true,
        goBackwards: false,
        returnSequences: true,
        returnState: false,
      });
      layer.build([batch, length, 2]);
      const forward = (x: tf.Tensor, mask: tf.Tensor): tf.Tensor => [layer.call(x, { mask })].flat()[0];
      const shape = fc.constantFrom<number[]>(
        [batch, length],
        [batch, length, 1],
        [batch, length, 4],
        [batch, length, 3],
        [1, length],
        [batch, 1],
        [batch, length + 2],
        [batch, length - 1],
        [batch + 1, length],
        [length],
        [0],
        [],
        [batch, length, 1, 1],
      );
      fc.assert(
        fc.property(shape, (given) => {
          tf.engine().startScope();
          const graph = compile(forward);
          try {
            const inputs = [draw(batch, length, 2), draw(...given).greater(0)] as const;
            let eager: number[] | undefined;
            try {
              eager = numbers(forward(...inputs));
            } catch {
              expect(() => graph(...inputs)).toThrow();
              return;
            }
            for (let call = 0; call < 4; call++)
              expectClose(numbers(graph(...inputs)), eager, 1e-5, `call ${call} with [${given}]`);
          } finally {
            graph.dispose();
            tf.engine().endScope();
          }
        }),
        { numRuns: 20, seed: 2 },
      );
      tf.dispose(layer.getWeights());
    },
  );
});

describe('models whose layers hand masks on: losses, predictions and gradients as without graphs', () => {
  const tokens = (batch: number, length: number): tf.Tensor =>
    tf.tensor2d(
      Array.from({ length: batch }, (_, row) =>
        Array.from({ length }, (_step, step) => (step < 1 + (row % length) ? random.integer(9) : 0)),
      ),
    );
  const embedding = (): tf.layers.Layer =>
    layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6, maskZero: true });
  const MODELS: Readonly<Record<string, () => tf.layers.Layer[]>> = {
    'LSTM, bidirectional GRU, LSTM': () => [
      embedding(),
      layers.lstm({ units: 3, returnSequences: true }),
      layers.bidirectional({ layer: layers.gru({ units: 4, returnSequences: true }), mergeMode: 'concat' }),
      layers.lstm({ units: 2, goBackwards: true, recurrentActivation: 'sigmoid' }),
    ],
    'GRU, then steps of its own, under the mask that TensorFlow.js still hands on': () => [
      embedding(),
      layers.gru({ units: 3 }),
      layers.repeatVector({ n: 6 }),
      layers.lstm({ units: 2 }),
    ],
  };
  it.each(Object.keys(MODELS))('%s', async (name) => {
    const [x, target] = [tokens(7, 6), draw(7, 2)];
    await expectSame(() => tf.sequential({ layers: MODELS[name]() }), [x], target);
    tf.dispose([x, target]);
  });

  it('Masking, LSTM', async () => {
    const x = tf.tidy(() => draw(5, 4, 2).mul(tf.tensor3d([1, 1, 0, 1], [1, 4, 1])));
    const target = draw(5, 3);
    await expectSame(
      () => tf.sequential({ layers: [layers.masking({ inputShape: [4, 2] }), layers.lstm({ units: 3 })] }),
      [x],
      target,
    );
    tf.dispose([x, target]);
  });
});
