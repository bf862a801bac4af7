import * as tf from '@tensorflow/tfjs-node';

/** A sequential model hands its work to a model inside. */
export function innermost(model: tf.LayersModel): tf.LayersModel {
  const inner: unknown = Reflect.get(model, 'model');
  return inner instanceof tf.LayersModel ? inner : model;
}
