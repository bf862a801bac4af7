import * as tf from '@tensorflow/tfjs-node';
import { runFused } from './fused';
import { nativeOp } from './native';
import { canFuse } from './tape';

/** How attention weighs. */
export interface AttentionOptions {
  /** The width is split among so many heads (default 1). */
  readonly heads?: number;
  /** Whether a query sees only the keys up to its own place (default false). */
  readonly causal?: boolean;
}

const operation: Parameters<typeof runFused>[1] = {
  forward: ({ query, key, value }, attributes) =>
    nativeOp('LayerwiseAttention', [query, key, value], native(attributes)),
  saves: { inputs: ['query', 'key', 'value'], outputs: [true] },
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
 * heads side by side.
 * The weights are not kept for the gradient but computed again, one head at a time: memory holds the tables of the
 * heads that are being worked on, not of all.
 *
 * @param query [batch, queries, width].
 * @param key [batch, keys, width].
 * @param value [batch, keys, width].
 * @returns [batch, queries, width].
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { attention } from 'layerwise/graph';
 * const x = tf.tensor3d([[[1, 0], [0, 1]]]);
 * attention(x, x, x, { causal: true }); // the first row is [1, 0]: it sees itself alone
 */
export function attention(
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  value: tf.Tensor3D,
  { heads = 1, causal = false }: AttentionOptions = {},
): tf.Tensor3D {
  const [batch, queries, width] = query.shape;
  const keys = key.shape[1];
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new RangeError(`attention: expected a number of heads that divides the width ${width}, got ${heads}`);
  if (key.shape[0] !== batch || key.shape[2] !== width || value.shape.join() !== key.shape.join())
    throw new RangeError(
      `attention: expected keys and values [${batch}, keys, ${width}] for queries [${query.shape}], got [${key.shape}] and [${value.shape}]`,
    );
  return tf.tidy(() => {
    const inputs = { query: query.toFloat(), key: key.toFloat(), value: value.toFloat() };
    if (canFuse())
      return runFused('LayerwiseAttention', operation, inputs, { heads, causal })[0].as3D(batch, queries, width);
    const depth = width / heads;
    const [q, k, v] = Object.values(inputs).map((x) => x.reshape([batch, -1, heads, depth]).transpose([0, 2, 1, 3]));
    const scores = tf.matMul(q, k, false, true).mul(1 / Math.sqrt(depth));
    const masked = causal
      ? scores.add(
          tf.linalg
            .bandPart(tf.ones([queries, keys]), -1, 0)
            .sub(1)
            .mul(1e9),
        )
      : scores;
    return tf.matMul(tf.softmax(masked), v).transpose([0, 2, 1, 3]).reshape([batch, queries, width]);
  });
}
