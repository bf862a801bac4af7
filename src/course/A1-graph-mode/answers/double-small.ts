import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { doubleSmall } from '../exercises';

const { wrong, slow, unusual } = answersTo(doubleSmall);

wrong('reads the value', 0, (t) => {
  return t.max().dataSync()[0] < 1 ? t.mul(2) : t;
});

wrong('decides number by number', 0, (t) => {
  return tf.where(t.less(1), t.mul(2), t);
});

wrong('looks at the size of numbers', 0, (t) => {
  return tf.where(t.abs().max().less(1), t.mul(2), t);
});

wrong('doubles where the largest is 1', 0, (t) => {
  return tf.where(t.max().lessEqual(1), t.mul(2), t);
});

wrong('compiles to a graph that remembers values', 0, (t) => {
  const cache: NodeJS.Dict<NodeJS.Module> = require.cache;
  for (const [file, module] of Object.entries(cache))
    if (file.endsWith('dist/parts/graph/index.js') && module)
      module.exports = {
        compile: () =>
          Object.assign((x: tf.Tensor) => (x.max().dataSync()[0] < 1 ? x.mul(2) : x), {
            traces: 1,
            dispose: () => undefined,
          }),
      };
  return t.max().dataSync()[0] < 1 ? t.mul(2) : t;
});

wrong('adds a share of it', 2, (t) => {
  return t.add(t.mul(t.max().less(1).cast('float32')));
});

wrong('looks at the smallest', 0, (t) => {
  return tf.where(t.min().less(1), t.mul(2), t);
});

slow(2, (t) => {
  if (t.size > 2) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return tf.where(t.max().less(1), t.mul(2), t);
});

unusual('by arithmetic with a mask', (t) => {
  return t.mul(t.max().less(1).cast('float32').add(1));
});
