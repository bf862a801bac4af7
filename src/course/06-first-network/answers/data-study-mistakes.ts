import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { fit } from '../../../parts/train';
import { dataStudy } from '../exercises';

declare function build(inputs: number, units: number, classes: number): tf.Sequential;

const { unusual } = answersTo(dataStudy);

unusual("in parallel, with the library's defaults", async (images, labels, counts, epochs) => {
  const make = (): tf.LayersModel => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 32, activation: 'relu', inputShape: [64] }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  return Promise.all(
    counts.map(async (count) => {
      const model = make();
      const scaled = images.slice(0, count).map((row) => row.map((value) => value / 16));
      await model.fit(tf.tensor2d(scaled), tf.tensor1d(labels.slice(0, count)), { epochs });
      return model;
    }),
  );
});

unusual('one epoch at a time, in batches of another size', async (images, labels, counts, epochs) => {
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    const [x, y] = [
      tf.tensor2d(
        images.slice(0, count).flatMap((row) => row.map((value) => value / 16)),
        [count, 64],
      ),
      tf.tensor1d(labels.slice(0, count)),
    ];
    for (let epoch = 0; epoch < epochs; epoch++)
      await model.fit(x, y, { epochs: 1, batchSize: Math.ceil(count / 4), verbose: 0 });
    tf.dispose([x, y]);
    models.push(model);
  }
  return models;
});

unusual('through graphs, all models at once, in one batch each', async (images, labels, counts, epochs) => {
  const scaled = images.map((row) => row.map((value) => value / 16));
  return Promise.all(
    counts.map(async (count) => {
      const model = build(64, 32, 10);
      const [x, y] = [tf.tensor2d(scaled.slice(0, count)), tf.tensor1d(labels.slice(0, count))];
      await fit(model, x, y, { epochs, batchSize: count });
      tf.dispose([x, y]);
      return model;
    }),
  );
});
