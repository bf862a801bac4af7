import * as tf from '@tensorflow/tfjs-node';

/** The loss, and the metrics that the model was compiled with, by their names; `acc` is called `accuracy`. */
export type Scores = Readonly<Record<string, number>> & { readonly loss: number };

/** TensorFlow.js shortens one name, Keras doesn't. */
export const metricName = (name: string): string => name.replace(/(^|_)acc$/, '$1accuracy');

/**
 * The loss and metrics of a model as numbers. Nothing is left to be freed.
 *
 * @param batchSize rows at a time (default 1,000); the numbers don't depend on it but for rounding.
 * @throws Error where the model isn't compiled.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { evaluate } from 'layerwise/train';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * const { loss } = evaluate(model, tf.ones([4, 1]), tf.fill([4, 1], 3)); // 9
 */
export function evaluate(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor | tf.Tensor[],
  { batchSize = 1000 }: { readonly batchSize?: number } = {},
): Scores {
  const numbers = tf.tidy(() => [model.evaluate(x, y, { batchSize })].flat().map((score) => score.dataSync()[0]));
  const named = model.metricsNames.map((name, i) => [metricName(name), numbers[i]] as const);
  return { ...Object.fromEntries(named), loss: numbers[0] };
}
