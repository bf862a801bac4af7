import * as tf from '@tensorflow/tfjs-node';
import { sequentialModel, wrappedLayer, wrappedLayers } from '../tensorflow/private-members';

/** A sequential model hands its work to a model inside. */
export function innermost(model: tf.LayersModel): tf.LayersModel {
  const inner = sequentialModel.find(model)?.model;
  return inner instanceof tf.LayersModel ? inner : model;
}

/** A layer, the layers of a model that is used as one, and what wrappers hold. */
export function innerLayers(layer: tf.layers.Layer): tf.layers.Layer[] {
  const { forwardLayer, backwardLayer } = wrappedLayers.find(layer) ?? {};
  const held = [wrappedLayer.find(layer)?.layer, forwardLayer, backwardLayer, sequentialModel.find(layer)?.model];
  const inside = [...(layer instanceof tf.LayersModel ? layer.layers : []), ...held];
  return [...new Set([layer, ...inside.flatMap((item) => (item && item !== layer ? innerLayers(item) : []))])];
}
