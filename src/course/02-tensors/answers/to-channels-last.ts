import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { toChannelsLast } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(toChannelsLast);

wrong('reshapes', 0, (images) => {
  const [n, c, h, w] = images.shape;
  return images.reshape([n, h, w, c]);
});

wrong('swaps rows and columns', 0, (images) => {
  return tf.transpose(images, [0, 3, 2, 1]);
});

slow(2, (images) => {
  if (images.shape[0] > 1) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return tf.transpose(images, [0, 2, 3, 1]);
});

unusual('by splitting and stacking', (images) => {
  return tf.tidy(() => tf.stack(tf.unstack(images, 1), 3) as tf.Tensor4D);
});

mistake('knows three channels', (images) => {
  return tf.tidy(() => {
    const planes = tf.unstack(images, 1);
    return tf.stack([planes[0], planes[1] ?? planes[0], planes[2] ?? planes[0]], 3) as tf.Tensor4D;
  });
});

mistake('makes whole numbers float', (images) => {
  return tf.tidy(() => images.transpose<tf.Tensor4D>([0, 2, 3, 1]).toFloat<tf.Tensor4D>());
});

mistake('leaves the planes', (images) => {
  return tf.stack(tf.unstack(images, 1), 3) as tf.Tensor4D;
});

mistake('forgets that there may be several images', (images) => {
  const [n, c, h, w] = images.shape;
  return tf.tidy(() =>
    images
      .reshape([c, n * h * w])
      .transpose()
      .reshape([n, h, w, c]),
  );
});
