import * as tf from '@tensorflow/tfjs-node';
import { sequentialModel } from '../tensorflow/private-members';

/** A sequential model hands its work to a model inside. */
export function innermost(model: tf.LayersModel): tf.LayersModel {
  const inner = sequentialModel.find(model)?.model;
  return inner instanceof tf.LayersModel ? inner : model;
}
