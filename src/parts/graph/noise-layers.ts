import * as tf from '@tensorflow/tfjs-node';
import { alphaDropoutMembers, dropoutMembers, dropoutRate, gaussianNoise } from '../tensorflow/private-members';
import type { GraphCall, Layer } from './graph-call';
import { draw, dropBy } from './random-ops';

/** Layers that draw random numbers in training, by their class names. */
export const NOISE_LAYERS: Readonly<Record<string, GraphCall>> = {
  // Of SpatialDropout1D too, which differs by its noise shape.
  Dropout(layer, x, { training }) {
    const members = dropoutMembers.of(layer);
    const { rate, seed } = members;
    if (training !== true || rate <= 0 || rate >= 1) return undefined;
    return dropBy({ owner: layer, seed: seed ?? undefined }, x, rate, lengthsOf(members.getNoiseShape(x)));
  },
  GaussianNoise: (layer, x, { training }) =>
    training === true ? x.add(normal(layer, x).mul(gaussianNoise.of(layer).stddev)) : undefined,
  GaussianDropout(layer, x, { training }) {
    const { rate } = dropoutRate.of(layer);
    if (training !== true || rate <= 0 || rate >= 1) return undefined;
    return x.mul(
      normal(layer, x)
        .mul(Math.sqrt(rate / (1 - rate)))
        .add(1),
    );
  },
  AlphaDropout(layer, x, { training }) {
    const { rate, noiseShape } = alphaDropoutMembers.of(layer);
    if (training !== true || rate <= 0 || rate >= 1) return undefined;
    return alphaDropout(layer, x, rate, lengthsOf(noiseShape));
  },
};

const normal = (owner: Layer, x: tf.Tensor): tf.Tensor => draw('normal', x.shape, { owner });

const lengthsOf = (shape: readonly unknown[] | null | undefined): number[] | undefined => shape?.map(Number);

/** Self-normalizing dropout (Klambauer et al., 2017), with the constants of TensorFlow.js. */
function alphaDropout(owner: Layer, x: tf.Tensor, rate: number, noiseShape = x.shape): tf.Tensor {
  const dropped = -1.6732632423543772 * 1.0507009873554805;
  const scale = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
  const kept = dropBy({ owner }, tf.ones(noiseShape), rate).mul(1 - rate);
  return x
    .mul(kept)
    .add(kept.mul(-1).add(1).mul(dropped))
    .mul(scale)
    .add(-scale * dropped * rate);
}
