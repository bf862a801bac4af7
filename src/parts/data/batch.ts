import type { RandomGenerator } from '../random';

export interface BatchOptions {
  /** Rows in a batch, at least 1. */
  readonly batchSize: number;
  /** Shuffles the rows first (default: they stay in order). */
  readonly random?: RandomGenerator;
  /** Leaves out a last batch that is smaller (default false). */
  readonly dropLast?: boolean;
}

/**
 * Cuts rows into mini-batches: arrays of row numbers, for {@link pick} or `tf.gather`. Each row occurs once.
 *
 * @example
 * import { batches } from 'layerwise/data';
 * batches(5, { batchSize: 2 }); // [[0, 1], [2, 3], [4]]
 */
export function batches(count: number, options: BatchOptions): number[][] {
  const { batchSize, random, dropLast = false } = options;
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`batches: expected a whole number of rows, got ${count}`);
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batches: expected a batchSize of at least 1, got ${batchSize}`);
  const order = random ? random.permutation(count) : Array.from({ length: count }, (_, i) => i);
  const result: number[][] = [];
  for (let start = 0; start < count; start += batchSize) result.push(order.slice(start, start + batchSize));
  if (dropLast && result.length > 0 && result[result.length - 1].length < batchSize) result.pop();
  return result;
}
