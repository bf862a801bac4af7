import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { build } from '../exercises';

const { wrong, slow, unusual } = answersTo(build);

wrong('is never compiled', 1, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  return model;
});

wrong('has no ReLU', 1, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('has a ReLU that ends at 6', 3, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu6', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('has no bias at the end', 1, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax', useBias: false }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('has a regularizer', 3, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', kernelRegularizer: 'l1l2', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('has no ReLU, and a hidden kernel of zeros', 1, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, kernelInitializer: 'zeros', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('has no hidden layer', 1, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: classes + 0 * units, inputShape: [inputs], activation: 'softmax' })],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('wants one-hot labels', 1, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('descends without Adam', 2, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'rmsprop', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

wrong('measures no accuracy', 2, (inputs, units, classes) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy' });
  return model;
});

wrong('remembers the labels of the rows that it is given', 1, (inputs, units, classes) => {
  const known = new Map<string, number>();
  const model = {
    fit: async (x: tf.Tensor2D, y: tf.Tensor1D): Promise<object> => {
      x.arraySync().forEach((row, i) => known.set(row.join(), y.arraySync()[i]));
      return { history: {} };
    },
    predict: (x: tf.Tensor2D): tf.Tensor =>
      tf.oneHot(
        x.arraySync().map((row) => known.get(row.join()) ?? 0),
        classes,
      ),
    evaluate: (): tf.Scalar[] => [tf.scalar(0), tf.scalar(1)],
    getWeights: (): tf.Tensor[] =>
      [[inputs, units], [units], [units, classes], [classes]].map((shape) => tf.randomNormal(shape)),
    setWeights: (): void => undefined,
    optimizer: { getClassName: () => 'Adam' },
    metricsNames: ['loss', 'acc'],
  };
  return model as unknown as tf.Sequential;
});

slow(2, (inputs, units, classes) => {
  if (units === 256) {
    const end = Date.now() + 600_000;
    while (Date.now() < end);
  }
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
});

unusual('with the functional style inside a sequential model', (inputs, units, classes) => {
  const model = tf.sequential({ name: 'mine' });
  model.add(tf.layers.inputLayer({ inputShape: [inputs] }));
  model.add(tf.layers.dense({ units, kernelInitializer: 'heNormal' }));
  model.add(tf.layers.reLU());
  model.add(tf.layers.dense({ units: classes }));
  model.add(tf.layers.softmax());
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] });
  return model;
});
