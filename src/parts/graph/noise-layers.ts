import * as tf from '@tensorflow/tfjs-node';
import { dropoutMembers, dropoutRate, gaussianNoise } from '../tensorflow/private-members';
import type { GraphCall } from './graph-call';
import { dropout, randomNormal } from './random-ops';

/** Layers that draw random numbers in training, by their class names. */
export const NOISE_LAYERS: Readonly<Record<string, GraphCall>> = {
  Dropout: (layer, x, { training }) => {
    if (training !== true) return undefined;
    const { rate, noiseShape } = dropoutMembers.of(layer);
    return dropout(x, rate, { noiseShape: stretched(noiseShape, x) });
  },
  SpatialDropout1D: (layer, x, { training }) =>
    training === true
      ? dropout(x, dropoutRate.of(layer).rate, { noiseShape: [x.shape[0] ?? 1, 1, x.shape[2] ?? 1] })
      : undefined,
  GaussianNoise: (layer, x, { training }) =>
    training === true ? x.add(randomNormal(x.shape).mul(gaussianNoise.of(layer).stddev)) : undefined,
  GaussianDropout: (layer, x, { training }) => {
    const { rate } = dropoutRate.of(layer);
    if (training !== true || rate <= 0 || rate >= 1) return undefined;
    return x.mul(
      randomNormal(x.shape)
        .mul(Math.sqrt(rate / (1 - rate)))
        .add(1),
    );
  },
  AlphaDropout: (layer, x, { training }) => {
    const { rate } = dropoutRate.of(layer);
    return training === true && rate > 0 && rate < 1 ? alphaDropout(x, rate) : undefined;
  },
};

/** A dropout layer's own noise shape; null stands for the length that the values have there. */
function stretched(given: readonly unknown[] | null | undefined, x: tf.Tensor): number[] {
  return x.shape.map((length, i) => {
    const own = given?.[i];
    return typeof own === 'number' ? own : length;
  });
}

/** Self-normalizing dropout (Klambauer et al., 2017), with the constants of TensorFlow.js. */
function alphaDropout(x: tf.Tensor, rate: number): tf.Tensor {
  const dropped = -1.6732632423543772 * 1.0507009873554805;
  const scale = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
  const kept = dropout(tf.onesLike(x), rate).mul(1 - rate);
  return x
    .mul(kept)
    .add(kept.mul(-1).add(1).mul(dropped))
    .mul(scale)
    .add(-scale * dropped * rate);
}
