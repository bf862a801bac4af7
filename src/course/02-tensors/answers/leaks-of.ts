import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { leaksOf } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(leaksOf);

wrong('counts the result too', 0, (makers) => {
  return makers.map((make) =>
    tf.tidy(() => {
      const before = tf.memory().numTensors;
      make();
      return tf.memory().numTensors - before;
    }),
  );
});

wrong('leaves everything behind', 3, (makers) => {
  return makers.map((make) => {
    const before = tf.memory().numTensors;
    make();
    return tf.memory().numTensors - before - 1;
  });
});

wrong('disposes the result alone', 3, (makers) => {
  return makers.map((make) => {
    const before = tf.memory().numTensors;
    make().dispose();
    return tf.memory().numTensors - before;
  });
});

slow(2, (makers) => {
  if (makers.length > 3) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  return makers.map((make) =>
    tf.tidy(() => {
      const before = tf.memory().numTensors;
      make();
      return tf.memory().numTensors - before - 1;
    }),
  );
});

unusual("by the engine's count, all in one tidy", (makers) => {
  const left: number[] = [];
  tf.tidy(() => {
    let last = tf.engine().state.numTensors;
    for (const make of makers) {
      make();
      const now = tf.engine().state.numTensors;
      left.push(now - last - 1);
      last = now;
    }
  });
  return left;
});

mistake('counts buffers', (makers) => {
  return makers.map((make) =>
    tf.tidy(() => {
      const before = tf.memory().numDataBuffers;
      make();
      return tf.memory().numDataBuffers - before - 1;
    }),
  );
});

mistake('divides bytes', (makers) => {
  return makers.map((make) =>
    tf.tidy(() => {
      const before = tf.memory().numBytes;
      const { size } = make();
      return Math.round((tf.memory().numBytes - before) / (4 * size)) - 1;
    }),
  );
});

mistake('counts to five', (makers) => {
  return makers.map((make) =>
    tf.tidy(() => {
      const before = tf.memory().numTensors;
      make();
      return Math.min(5, tf.memory().numTensors - before - 1);
    }),
  );
});

mistake('calls each once before it counts', (makers) => {
  return makers.map((make) =>
    tf.tidy(() => {
      make();
      const before = tf.memory().numTensors;
      make();
      return tf.memory().numTensors - before - 1;
    }),
  );
});

mistake('measures the first function for all', (makers) => {
  const before = tf.memory().numTensors;
  const leak = tf.tidy(() => {
    makers[0]();
    return tf.memory().numTensors - before - 1;
  });
  return makers.map(() => leak);
});
