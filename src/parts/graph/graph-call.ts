import type * as tf from '@tensorflow/tfjs-node';

export type Layer = tf.layers.Layer;

/** Computes a layer in a graph. Answers undefined where it should compute as ever. */
export type GraphCall = (
  layer: Layer,
  x: tf.Tensor,
  options: Readonly<Record<string, unknown>>,
) => tf.Tensor | tf.Tensor[] | undefined;
