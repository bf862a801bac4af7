import * as tf from '@tensorflow/tfjs-node';
import { runFused } from './fused';
import { nativeOp } from './native';
import { dropout as drop, type RandomOptions } from './random-ops';
import { stopGradient } from './stop-gradient';
import { canFuse } from './tape';

/** How attention weighs. */
export interface AttentionOptions {
  /** The width is split among so many heads (default 1). */
  readonly heads?: number;
  /** Whether a query sees only the keys up to its own place (default false). */
  readonly causal?: boolean;
  /**
   * Which keys may be seen: [batch, keys], by all queries alike, or [batch or 1, queries, keys]; 1 or true where they
   * may, 0 or false where not (default: all). It counts as given: no gradient flows to it.
   */
  readonly mask?: tf.Tensor;
  /** Sets a random part of the weights to 0, at this rate, as `dropout` does it (default: none). */
  readonly dropout?: RandomOptions & { readonly rate: number };
}

const operation: Parameters<typeof runFused>[1] = {
  forward: ({ query, key, value, mask }, attributes) =>
    nativeOp('LayerwiseAttention', [query, key, value, mask], native(attributes)),
  saves: { inputs: ['query', 'key', 'value', 'mask'], outputs: [true] },
  backward: ([dy], saved, attributes) => {
    const [query, key, value] = nativeOp('LayerwiseAttentionGrad', [dy, ...saved], native(attributes), 3);
    return { query, key, value };
  },
};

const native = ({ heads, causal }: tf.NamedAttrMap): Parameters<typeof nativeOp>[2] => ({
  heads: { int: Number(heads) },
  causal: { bool: causal === true },
});

/**
 * Scaled dot-product attention of several heads (Vaswani et al., 2017): softmax(q kᵀ / √depth) v for each head, the
 * heads side by side. A query that may see no key gives zeros.
 * Without dropout, the weights are not kept for the gradient but computed again, one head at a time: memory holds the
 * tables of the heads that are being worked on, not of all.
 *
 * @param query [batch, queries, width].
 * @param key [batch, keys, width].
 * @param value [batch, keys, width].
 * @returns [batch, queries, width].
 * @throws RangeError where heads don't divide the width, or shapes don't fit.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { attention } from 'layerwise/graph';
 * const x = tf.tensor3d([[[1, 0], [0, 1]]]);
 * attention(x, x, x, { causal: true }); // the first row is [1, 0]: it sees itself alone
 * attention(x, x, x, { mask: tf.tensor2d([[1, 0]]) }); // [1, 0] twice: the second place is padding
 */
export function attention(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  options: AttentionOptions = {},
): tf.Tensor3D {
  checkShapes('attention', query, key, value, options);
  const { heads = 1, causal = false, dropout } = options;
  return tf.tidy(() => {
    if (!canFuse() || (dropout && dropout.rate !== 0)) return composed(query, key, value, options).output;
    const mask = visibleKeys(options.mask) ?? tf.tensor1d([]);
    const inputs = { query: query.toFloat(), key: key.toFloat(), value: value.toFloat(), mask };
    return runFused('LayerwiseAttention', operation, inputs, { heads, causal })[0].as3D(...query.shape);
  });
}

/**
 * `attention` that also tells how much each query took from each key, to draw it: many small operations instead of one.
 *
 * @param query [batch, queries, width].
 * @param key [batch, keys, width].
 * @param value [batch, keys, width].
 * @returns output [batch, queries, width], and weights [batch, heads, queries, keys], before dropout: a query's weights
 *   add up to 1, or are all 0 where it may see no key.
 * @throws RangeError where heads don't divide the width, or shapes don't fit.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { attentionWithWeights } from 'layerwise/graph';
 * const x = tf.tensor3d([[[1, 0], [0, 1]]]);
 * attentionWithWeights(x, x, x, { causal: true }).weights; // about [[[[1, 0], [0.33, 0.67]]]]
 */
export function attentionWithWeights(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  options: AttentionOptions = {},
): { readonly output: tf.Tensor3D; readonly weights: tf.Tensor4D } {
  checkShapes('attentionWithWeights', query, key, value, options);
  return tf.tidy(() => composed(query, key, value, options));
}

function checkShapes(
  name: string,
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  { heads = 1, mask }: AttentionOptions,
): void {
  const [batch, queries, width] = query.shape;
  const keys = key.shape[1];
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new RangeError(`${name}: expected a number of heads that divides the width ${width}, got ${heads}`);
  if (key.shape[0] !== batch || key.shape[2] !== width || value.shape.join() !== key.shape.join())
    throw new RangeError(
      `${name}: expected keys and values [${batch}, keys, ${width}] for queries [${query.shape}], got [${key.shape}] and [${value.shape}]`,
    );
  const fitting = [
    [batch, keys],
    [batch, queries, keys],
    [1, queries, keys],
  ];
  if (mask && !fitting.some((shape) => shape.join() === mask.shape.join()))
    throw new RangeError(
      `${name}: expected a mask [${batch}, ${keys}], by key, or [${batch} or 1, ${queries}, ${keys}], by query and key, got [${mask.shape}]`,
    );
}

/** A mask as [batch or 1, queries or 1, keys], 1 where a key may be seen. */
function visibleKeys(mask: AttentionOptions['mask']): tf.Tensor | undefined {
  const visible = mask && stopGradient(mask).toBool().toFloat();
  return visible?.rank === 2 ? visible.expandDims(1) : visible;
}

/** The same from TensorFlow.js's own operations. */
function composed(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  { heads = 1, causal = false, mask, dropout }: AttentionOptions,
): { output: tf.Tensor3D; weights: tf.Tensor4D } {
  const [batch, queries, width] = query.shape;
  const depth = width / heads;
  const [q, k, v] = [query, key, value].map((x) =>
    x.toFloat().reshape([batch, -1, heads, depth]).transpose([0, 2, 1, 3]),
  );
  const scores = tf.matMul(q, k, false, true).mul<tf.Tensor4D>(1 / Math.sqrt(depth));
  const past = causal ? tf.linalg.bandPart(tf.ones([queries, key.shape[1]]), -1, 0) : undefined;
  const given = visibleKeys(mask)?.expandDims(1);
  const visible = past && given ? past.mul(given) : (past ?? given);
  const shares = tf.softmax(visible ? scores.add<tf.Tensor4D>(visible.sub(1).mul(1e9)) : scores);
  // Where nothing may be seen, the softmax has shared out what isn't there.
  const weights = given && visible ? shares.mul<tf.Tensor4D>(visible) : shares;
  const used = dropout && dropout.rate !== 0 ? drop(weights, dropout.rate, dropout) : weights;
  return { output: tf.matMul(used, v).transpose([0, 2, 1, 3]).reshape(query.shape), weights };
}
