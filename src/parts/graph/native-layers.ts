import * as tf from '@tensorflow/tfjs-node';
import {
  cellDropout,
  recurrentLayer,
  reluMembers,
  restoreMethods,
  sequentialModel,
  wrappedLayer,
  wrappedLayers,
} from '../tensorflow/private-members';
import type { GraphCall, Layer } from './graph-call';
import { NOISE_LAYERS } from './noise-layers';
import { NORMALIZATION_LAYERS } from './normalization-layers';
import { dropout } from './random-ops';
import { isTracing } from './recorder';
import { RECURRENT_LAYERS } from './recurrent-layers';

const GRAPH_CALLS: Readonly<Record<string, GraphCall>> = {
  ...NOISE_LAYERS,
  ReLU: (layer, x) => (reluMembers.of(layer).maxValue === 6 ? tf.relu6(x) : undefined),
  ...NORMALIZATION_LAYERS,
  ...RECURRENT_LAYERS,
};

/** Layers that compute natively now: for how many models, and how they get their own functions back. */
const inUse = new WeakMap<Layer, { users: number; readonly undo: readonly (() => void)[] }>();

/**
 * Lets layers compute natively while they are traced, also those inside of others. Returns how to undo it, once: a
 * layer that several models share stays native until the last of them is done.
 */
export function withNativeLayers(layers: readonly Layer[]): () => void {
  const taken = new Set(layers.flatMap(innerLayers));
  for (const layer of taken) {
    const known = inUse.get(layer);
    if (known) known.users++;
    else inUse.set(layer, { users: 1, undo: [callNatively(layer), dropNatively(layer)] });
  }
  return () => {
    for (const layer of taken) {
      const held = inUse.get(layer);
      if (!held || --held.users > 0) continue;
      inUse.delete(layer);
      for (const step of held.undo) step();
    }
    taken.clear();
  };
}

function callNatively(layer: Layer): () => void {
  const className = layer.getClassName();
  if (!Object.hasOwn(GRAPH_CALLS, className)) return () => undefined;
  const graphCall = GRAPH_CALLS[className];
  const original: Layer['call'] = layer.call.bind(layer);
  layer.call = (inputs, kwargs) =>
    (isTracing() ? graphCall(layer, [inputs].flat()[0], kwargs ?? {}) : undefined) ?? original(inputs, kwargs);
  return () => restoreMethods(layer, 'call');
}

/** A recurrent layer's cell drops values at each step. */
function dropNatively(layer: Layer): () => void {
  const cell = recurrentLayer.find(layer)?.cell;
  if (!cell) return () => undefined;
  cellDropout.of(cell).dropoutFunc = (x, rate) => (isTracing() ? dropout(x, rate) : tf.dropout(x, rate));
  return () => restoreMethods(cell, 'dropoutFunc');
}

/** A layer, the layers of a model that is used as one, and what wrappers hold. */
export function innerLayers(layer: Layer): Layer[] {
  const { forwardLayer, backwardLayer } = wrappedLayers.find(layer) ?? {};
  const held = [wrappedLayer.find(layer)?.layer, forwardLayer, backwardLayer, sequentialModel.find(layer)?.model];
  const inside = [...(layer instanceof tf.LayersModel ? layer.layers : []), ...held];
  return [...new Set([layer, ...inside.flatMap((item) => (item && item !== layer ? innerLayers(item) : []))])];
}
