import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { layer } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(layer);

wrong('forgets ReLU', 0, (x, w, b) => {
  return tf.tidy(() => x.matMul(w).add<tf.Tensor2D>(b));
});

wrong('adds the bias after ReLU', 0, (x, w, b) => {
  return tf.tidy(() => x.matMul(w).relu().add<tf.Tensor2D>(b));
});

wrong('forgets the bias', 0, (x, w) => {
  return tf.tidy(() => x.matMul(w).relu<tf.Tensor2D>());
});

slow(2, (x, w, b) => {
  if (x.shape[0] > 1) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return tf.tidy(() => x.matMul(w).add(b).relu<tf.Tensor2D>());
});

unusual('with one fused operation', (x, w, b) => {
  return tf.fused.matMul({ a: x, b: w, bias: b, activation: 'relu' }) as tf.Tensor2D;
});

mistake('clips at 1000', (x, w, b) => {
  return tf.tidy(() => x.matMul(w).add(b).clipByValue(0, 1000) as tf.Tensor2D);
});

mistake('leaves the product', (x, w, b) => {
  const z = x.matMul<tf.Tensor2D>(w);
  return tf.tidy(() => z.add<tf.Tensor2D>(b).relu());
});

mistake('clips at 6', (x, w, b) => {
  return tf.tidy(() => x.matMul(w).add(b).clipByValue(0, 6) as tf.Tensor2D);
});
