import * as tf from '@tensorflow/tfjs-node';
import { answersTo } from '../../../parts/grading/known-answers';
import { fit } from '../../../parts/train';
import { dataStudy } from '../exercises';

declare function build(inputs: number, units: number, classes: number): tf.Sequential;

const { wrong, slow } = answersTo(dataStudy);

wrong('forgets to divide by 16', 0, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('divides by the largest', 3, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(Math.max(...images.flat()))), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('makes one model for equal counts', 3, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  const known = new Map<number, tf.LayersModel>();
  for (const count of counts) {
    const again = known.get(count);
    if (again) {
      models.push(again);
      continue;
    }
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });
    models.push(model);
    known.set(count, model);
  }
  return models;
});

wrong('holds rows back', 3, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0, validationSplit: 0.2 });
    models.push(model);
  }
  return models;
});

wrong('holds rows back, through graphs', 3, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await fit(model, tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, validationSplit: 0.2 });
    models.push(model);
  }
  return models;
});

wrong('takes a row more', 3, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(
      tf.slice(x, 0, Math.min(count + 1, images.length)),
      tf.slice(y, 0, Math.min(count + 1, images.length)),
      { epochs, verbose: 0 },
    );
    models.push(model);
  }
  return models;
});

wrong('trains for an epoch more', 0, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs: epochs + 1, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('stops early', 3, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), {
      epochs,
      verbose: 0,
      callbacks: tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 }),
    });
    models.push(model);
  }
  return models;
});

wrong('trains on all rows', 1, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count > 0 ? images.length : 0), tf.slice(y, 0, count > 0 ? images.length : 0), {
      epochs,
      verbose: 0,
    });
    models.push(model);
  }
  return models;
});

wrong('takes the last rows', 1, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, images.length - count), tf.slice(y, images.length - count), { epochs, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('goes on with one model', 1, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  const model = build(64, 32, 10);
  for (const count of counts) {
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('copies a model that goes on', 2, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    if (models.length > 0) model.setWeights(models[models.length - 1].getWeights());
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('has another number of units', 0, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 16, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('always trains for 30 epochs', 2, async (images, labels, counts, epochs) => {
  const [x, y] = [tf.tidy(() => tf.tensor2d(images).div<tf.Tensor2D>(16)), tf.tensor1d(labels)];
  const models: tf.LayersModel[] = [];
  for (const count of counts) {
    const model = build(64, 32, 10);
    await model.fit(tf.slice(x, 0, count), tf.slice(y, 0, count), { epochs: epochs > 0 ? 30 : 0, verbose: 0 });
    models.push(model);
  }
  return models;
});

wrong('trains nothing', 0, async (images, labels, counts) => {
  return Promise.resolve(counts.map(() => build(64, 32, 10)));
});

slow(0, async (images, labels, counts, epochs) => {
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return images.length + labels.length + counts.length + epochs > 0 ? [] : [build(64, 32, 10)];
});
