import * as tf from '@tensorflow/tfjs-node';

/**
 * What a model answers to each example: `[count][numbers]`. Answers of a higher rank come as one row each. Nothing is
 * left to be freed.
 *
 * @param batchSize examples at a time (default 1,000).
 * @throws RangeError where the model has several outputs: ask `model.predict` for these.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { predict } from 'layerwise/train';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: 'ones' })] });
 * const rows = predict(model, tf.ones([1, 3])); // [[3, 3]]
 */
export function predict(
  model: tf.LayersModel,
  x: tf.Tensor | tf.Tensor[],
  { batchSize = 1000 }: { readonly batchSize?: number } = {},
): number[][] {
  if (model.outputs.length !== 1)
    throw new RangeError(
      `predict: expected a model with one output, "${model.name}" has ${model.outputs.length}; use model.predict, and free what it gives`,
    );
  return tf.tidy(() => {
    const [output] = [model.predict(x, { batchSize })].flat();
    return output.reshape<tf.Tensor<tf.Rank.R2>>([output.shape[0], -1]).arraySync();
  });
}
