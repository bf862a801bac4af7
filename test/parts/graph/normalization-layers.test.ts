import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { expectNoTensorsLeft } from '../../support/tensors';
import { expectClose } from './compare';

expectNoTensorsLeft();

const values = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 3 * Math.sin(2 * i + 1) + 1),
    shape,
  );

type Make = () => tf.layers.Layer;
const { batchNormalization, layerNormalization } = tf.layers;

/** Results, gradients by input and weights, and all weights after five calls, of a layer that normalizes. */
function calls(
  make: Make,
  shape: readonly number[],
  training: boolean,
  hasGradients: boolean,
  isGraph: boolean,
): { noted: number[]; ops: string[] } {
  const noted: number[] = [];
  const ops: string[] = [];
  tf.tidy(() => {
    const layer = make();
    layer.build([null, ...shape.slice(1)]);
    layer.setWeights(
      layer.getWeights().map((weight, i) =>
        values(...weight.shape)
          .abs()
          .add(0.5 + i),
      ),
    );
    const made = (x: tf.Tensor): tf.Tensor => [layer.apply(x, { training })].flat()[0] as tf.Tensor;
    const weights = layer.trainableWeights.flatMap((weight) => {
      const variable = Object.values(tf.engine().registeredVariables).find(({ name }) => name === weight.name);
      return variable ? [variable] : [];
    });
    const both = (x: tf.Tensor): tf.Tensor[] => {
      if (!hasGradients) return [made(x)];
      const slope = tf.grad((t: tf.Tensor) =>
        made(t)
          .mul(values(...shape))
          .sum(),
      )(x);
      const { value, grads } = tf.variableGrads(() => made(x).square().mul(values(...shape)).sum().asScalar(), weights); // prettier-ignore
      return [made(x), slope, value, ...weights.map(({ name }) => grads[name])];
    };
    const run = compile(both);
    for (let call = 0; call < 5; call++)
      for (const tensor of [...(isGraph ? run : both)(values(...shape).mul(call + 1)), ...layer.getWeights()])
        noted.push(...tensor.dataSync());
    ops.push(...run.nodes.map(({ op }) => op));
    run.dispose();
  });
  tf.disposeVariables();
  return { noted, ops };
}

const cases: Readonly<Record<string, readonly [Make, readonly number[], boolean]>> = {
  'the last axis': [() => batchNormalization(), [6, 3], true],
  'the last axis by its number': [() => batchNormalization({ axis: 2 }), [2, 4, 3], true],
  'a momentum and an epsilon of its own': [() => batchNormalization({ momentum: 0.5, epsilon: 0.1 }), [6, 3], true],
  'what it has learned': [() => batchNormalization({ momentum: 0.5 }), [6, 3], false],
  'each row': [() => layerNormalization(), [4, 5], true],
  'each row, by its axis’ number': [() => layerNormalization({ axis: 2 }), [2, 3, 5], true],
  'two axes': [() => layerNormalization({ axis: [1, 2] }), [2, 3, 4], true],
};

/** Their gradients fail in TensorFlow.js itself. */
const forwardAlone: typeof cases = {
  'another axis': [() => batchNormalization({ axis: 1 }), [2, 4, 3], true],
  'each row, without gain and shift': [() => layerNormalization({ center: false, scale: false }), [4, 5], true],
};

describe('normalization in a graph', () => {
  it.each(Object.entries({ ...cases, ...forwardAlone }))(
    'over %s has eager’s numbers',
    (name, [make, shape, training]) => {
      const run = (isGraph: boolean): ReturnType<typeof calls> => calls(make, shape, training, name in cases, isGraph);
      const [eager, graph] = [run(false), run(true)];
      expectClose(graph.noted, eager.noted, 2e-5, name);
      expect(graph.ops.length).toBeGreaterThan(0);
    },
  );
});
