import * as tf from '@tensorflow/tfjs-node';
import { callHook, cellDropout, reluMembers } from '../tensorflow/private-members';
import type { GraphCall, Layer } from './graph-call';
import { NOISE_LAYERS } from './noise-layers';
import { NORMALIZATION_LAYERS } from './normalization-layers';
import { dropBy } from './random-ops';
import { isTracing } from './recorder';
import { RECURRENT_LAYERS } from './recurrent-layers';
import { refuseState } from './refusals';

/** In graphs alone: the same numbers, faster. */
const GRAPH_CALLS: Readonly<Record<string, GraphCall>> = {
  ReLU: (layer, x) => (reluMembers.of(layer).maxValue === 6 ? tf.relu6(x) : undefined),
  ...NORMALIZATION_LAYERS,
  // Also where a wrapper calls them past `apply`.
  RNN: withoutState,
  SimpleRNN: withoutState,
  ...RECURRENT_LAYERS,
};

function withoutState(layer: Layer): undefined {
  refuseState(layer);
}

/** The cells of recurrent layers, which drop values at each step. */
const CELLS = ['SimpleRNNCell', 'GRUCell', 'LSTMCell', 'ConvLSTM2DCell'];

let isDone = false;

/**
 * Lets TensorFlow.js's layers compute natively while they are traced. Those that draw random numbers draw them by our
 * own functions from now on, in a graph or not: eager and traced training then see the same ones.
 */
export function useNativeLayers(): void {
  if (isDone) return;
  isDone = true;
  for (const [className, call] of Object.entries(NOISE_LAYERS)) replaceCall(className, call);
  for (const [className, call] of Object.entries(GRAPH_CALLS))
    replaceCall(className, (...given) => (isTracing() ? call(...given) : undefined));
  for (const className of CELLS)
    replaceCall(className, (cell) => {
      cellDropout.of(cell).dropoutFunc ??= (x, rate) => dropBy({ owner: cell }, x, rate);
      return undefined;
    });
}

/** Where `replacement` answers undefined, the layer computes as ever. */
function replaceCall(className: string, replacement: GraphCall): void {
  const prototype = prototypeOf(className);
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { call } = prototype;
  prototype.call = function (this: Layer, inputs, kwargs) {
    const [x] = [inputs].flat();
    const result = tf.tidy(() => {
      const made = replacement(this, x, kwargs ?? {});
      if (made !== undefined) callHook.of(this).invokeCallHook(inputs, kwargs);
      return made ?? [];
    });
    return [result].flat().length > 0 ? result : call.call(this, inputs, kwargs);
  };
}

function prototypeOf(className: string): Layer {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const prototype: unknown = classNameMap[className]?.[0].prototype;
  if (!(prototype instanceof tf.layers.Layer))
    throw new Error(
      `layerwise/graph expected a layer ${className} in TensorFlow.js; npm start installs the version it needs`,
    );
  return prototype;
}
