import * as tf from '@tensorflow/tfjs-node';

/** The tensors of a batch; sample weights may be missing. */
export type Batch = readonly (tf.Tensor | null | undefined)[];
export type BatchFunction = (data: Batch) => tf.Tensor[];

/** What is predicted for no rows. */
export function emptyOutputs({ outputs }: tf.LayersModel): tf.Tensor[] {
  const open = outputs.find(({ shape }) => shape.slice(1).includes(null));
  if (open)
    throw new RangeError(
      `predict: expected at least one row, got none; the output ${open.name} [${open.shape.map((length) => length ?? '?')}] has other open lengths than the batch, which only rows tell`,
    );
  return outputs.map(({ shape, dtype }) => tf.zeros([0, ...shape.slice(1).map(Number)], dtype));
}

/** Predicts batch after batch; the last one may be smaller. */
export function predictInBatches(inputs: readonly tf.Tensor[], batchSize: number, predict: BatchFunction): tf.Tensor[] {
  const count = inputs[0].shape[0] ?? 0;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`accelerate: expected a batch size of at least 1, got ${batchSize}`);
  return tf.tidy(() => {
    const starts = Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => i * batchSize);
    const batches = starts.map((start) =>
      predict(starts.length === 1 ? inputs : inputs.map((x) => x.slice(start, Math.min(batchSize, count - start)))),
    );
    return batches[0].map((first, i) =>
      batches.length === 1
        ? first
        : tf.concat(
            batches.map((outputs) => outputs[i]),
            0,
          ),
    );
  });
}
