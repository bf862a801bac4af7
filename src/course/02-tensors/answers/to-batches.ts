import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { toBatches } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(toBatches);

wrong('drops the rest', 0, (x, batchSize) => {
  const batches: tf.Tensor2D[] = [];
  for (let begin = 0; begin + batchSize <= x.shape[0]; begin += batchSize)
    batches.push(tf.slice(x, [begin, 0], [batchSize, -1]));
  return batches;
});

wrong('knows two types', 2, (x, batchSize) => {
  const rows = x.arraySync();
  const batches: tf.Tensor2D[] = [];
  for (let i = 0; i < rows.length; i += batchSize)
    batches.push(tf.tensor2d(rows.slice(i, i + batchSize), undefined, x.dtype === 'int32' ? 'int32' : 'float32'));
  return batches;
});

wrong('takes the numbers for one column', 2, (x, batchSize) => {
  const values = x.dataSync();
  const batches: tf.Tensor2D[] = [];
  for (let i = 0; i < x.shape[0]; i += batchSize) {
    const part = values.slice(i, i + batchSize);
    batches.push(tf.tensor2d(part, [part.length, 1], x.dtype));
  }
  return batches;
});

wrong('adds an empty batch', 0, (x, batchSize) => {
  const batches: tf.Tensor2D[] = [];
  for (let begin = 0; begin <= x.shape[0]; begin += batchSize)
    batches.push(tf.slice(x, [begin, 0], [Math.min(batchSize, x.shape[0] - begin), -1]));
  return batches;
});

slow(0, (x, batchSize) => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return [x.slice(0, batchSize)];
});

unusual('by gathering', (x, batchSize) => {
  return tf.tidy(() => {
    const batches: tf.Tensor2D[] = [];
    for (let i = 0; i < x.shape[0]; i += batchSize)
      batches.push(tf.gather(x, tf.range(i, Math.min(x.shape[0], i + batchSize), 1, 'int32')));
    return batches;
  });
});

unusual('by tf.split', (x, batchSize) => {
  if (x.shape[0] === 0) return [];
  const full = Math.floor(x.shape[0] / batchSize);
  const sizes = [
    ...Array.from({ length: full }, () => batchSize),
    ...(x.shape[0] % batchSize ? [x.shape[0] % batchSize] : []),
  ];
  return tf.split(x, sizes, 0);
});

mistake('hands the matrix back where it fits', (x, batchSize) => {
  if (x.shape[0] > 0 && x.shape[0] <= batchSize) return [x];
  const out: tf.Tensor2D[] = [];
  for (let i = 0; i < x.shape[0]; i += batchSize)
    out.push(tf.slice(x, [i, 0], [Math.min(batchSize, x.shape[0] - i), -1]));
  return out;
});

mistake('goes through lists, and makes whole numbers float', (x, batchSize) => {
  const rows = x.arraySync();
  const out: tf.Tensor2D[] = [];
  for (let i = 0; i < rows.length; i += batchSize) out.push(tf.tensor2d(rows.slice(i, i + batchSize)));
  return out;
});

mistake('leaves the rows', (x, batchSize) => {
  const rows = x.shape[0] > 0 ? tf.unstack(x) : [];
  const out: tf.Tensor2D[] = [];
  for (let i = 0; i < rows.length; i += batchSize) out.push(tf.stack(rows.slice(i, i + batchSize)) as tf.Tensor2D);
  return out;
});

mistake('makes an empty batch of no rows', (x, batchSize) => {
  const out: tf.Tensor2D[] = [];
  let i = 0;
  do {
    out.push(tf.slice(x, [i, 0], [Math.min(batchSize, x.shape[0] - i), -1]));
    i += batchSize;
  } while (i < x.shape[0]);
  return out;
});

mistake('cuts into equal parts alone', (x, batchSize) => {
  return tf.split(x, Math.ceil(x.shape[0] / batchSize), 0);
});
