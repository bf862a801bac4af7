/** What has memory of its own to give back: tensors, variables, models, layers, optimizers. */
interface Disposable {
  dispose(): unknown;
}

const hasDispose = (value: object): value is Disposable => 'dispose' in value && typeof value.dispose === 'function';
const isGone = (value: object): boolean =>
  ('isDisposed' in value && value.isDisposed === true) || ('disposed' in value && value.disposed === true);
const MAX_DEPTH = 8;

/**
 * Frees all that the given values hold: tensors, models, optimizers and the graphs of compiled functions, also inside arrays, maps, sets and plain
 * objects or instances.
 * A chapter ends with it (in a hidden cell): what is alive after it is a leak.
 *
 * @returns how many things were freed. What was freed before doesn't count.
 * @example
 * import * as tf from '@tensorflow/tfjs-node';
 * import { disposeAll } from 'layerwise/memory';
 * disposeAll([tf.scalar(1), { weights: tf.zeros([2]) }]); // 2
 */
export function disposeAll(values: unknown): number {
  const seen = new Set<object>();
  let freed = 0;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'function' && hasDispose(value) && !isGone(value)) {
      // A compiled function has graphs.
      value.dispose();
      freed++;
    }
    if (
      typeof value !== 'object' ||
      value === null ||
      ArrayBuffer.isView(value) ||
      seen.has(value) ||
      depth > MAX_DEPTH
    )
      return;
    seen.add(value);
    if (hasDispose(value)) {
      if (isGone(value)) return;
      try {
        value.dispose();
        freed++;
      } catch {
        // A layer may be gone already, freed by itself or with another model: what else the model holds is freed one by
        // one.
        if ('layers' in value) visit(value.layers, depth + 1);
      }
      // A model doesn't free an optimizer that was handed to it.
      if ('optimizer' in value) visit(value.optimizer, depth + 1);
      // Momentum's own dispose forgets the tensor of its learning rate.
      if ('applyGradients' in value) for (const item of Object.values(value)) visit(item, depth + 1);
      return;
    }
    const inside = value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);
    for (const item of inside) visit(item, depth + 1);
  };
  visit(values, 0);
  return freed;
}
