import * as tf from '@tensorflow/tfjs-node';
import { batchNormalization, layerNormalization } from '../tensorflow/private-members';
import { batchNorm, layerNorm } from './fused';
import type { GraphCall } from './graph-call';
import { canFuse, isDifferentiatedTwice } from './tape';

/** Layers that normalize, by their class names. */
export const NORMALIZATION_LAYERS: Readonly<Record<string, GraphCall>> = {
  BatchNormalization(layer, x, { training }) {
    const members = batchNormalization.of(layer);
    const { axis, epsilon, momentum, movingMean, movingVariance } = members;
    if (training !== true || isDifferentiatedTwice() || (axis !== -1 && axis !== x.rank - 1)) return undefined;
    const { y, mean, variance } = batchNorm(x, ...scaleOf(members, x), epsilon);
    movingMean.write(moved(movingMean.read(), mean, momentum));
    movingVariance.write(moved(movingVariance.read(), variance, momentum));
    return y;
  },
  LayerNormalization(layer, x) {
    const members = layerNormalization.of(layer);
    const isLastAxis = members.axis.every((axis, i) => i === 0 && (axis === -1 || axis === x.rank - 1));
    if (!canFuse() || !isLastAxis) return undefined;
    const [gain, shift] = scaleOf(members, x);
    return layerNorm(x, gain.as1D(), shift.as1D(), members.epsilon);
  },
};

type Scaling = Pick<ReturnType<(typeof batchNormalization)['of']>, 'gamma' | 'beta'>;

/** Gain and shift of the last axis: what was learned, or none. */
function scaleOf({ gamma, beta }: Scaling, x: tf.Tensor): [gain: tf.Tensor, shift: tf.Tensor] {
  const width = x.shape[x.rank - 1];
  return [gamma?.read() ?? tf.ones([width]), beta?.read() ?? tf.zeros([width])];
}

/** A moving average, a step nearer to the value. */
const moved = (average: tf.Tensor, value: tf.Tensor, momentum: number): tf.Tensor =>
  average.sub(average.sub(value).mul(1 - momentum));
