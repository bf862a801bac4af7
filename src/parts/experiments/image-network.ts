import * as tf from '@tensorflow/tfjs-node';
import { selectImages, type ImageSet, type TrainTestImages } from '../data';
import { disposeAll } from '../memory';
import { generator, seed as seedEverything } from '../random';
import type { Measures } from './experiment';

/** One way to train on a few images: the defaults are a plain network. */
export interface Variant {
  /** Units of the hidden layers (default one layer of 28; an empty list is a linear model). */
  readonly hiddenUnits?: readonly number[];
  /** Part of the hidden units that is left out at each step (default 0). */
  readonly dropout?: number;
  readonly batchNormalization?: boolean;
  /** Default `sgd`, with momentum 0.9. */
  readonly optimizer?: 'sgd' | 'adam' | 'rmsprop';
  /** Default 0.01 (Adam and RMSprop: 0.001). */
  readonly learningRate?: number;
  /** Training images (default 100). */
  readonly samples?: number;
  /** Takes the first images of the training set, as source B does, not random ones (default false). */
  readonly firstImages?: boolean;
  /** Default 32. */
  readonly batchSize?: number;
  /** Default 500. */
  readonly epochs?: number;
  /** Stops when the loss on 100 other images has not improved for 10 epochs. */
  readonly earlyStopping?: boolean;
}

/** The network of a variant, compiled. The caller disposes of it and of its optimizer. */
export function buildVariant(
  pixels: number,
  { hiddenUnits = [28], dropout = 0, batchNormalization = false, optimizer = 'sgd', learningRate }: Variant,
): { model: tf.Sequential; optimizer: tf.Optimizer } {
  const model = tf.sequential();
  hiddenUnits.forEach((units, i) => {
    model.add(
      tf.layers.dense({
        units,
        activation: batchNormalization ? 'linear' : 'relu',
        ...(i === 0 ? { inputShape: [pixels] } : {}),
      }),
    );
    if (batchNormalization) {
      model.add(tf.layers.batchNormalization());
      model.add(tf.layers.activation({ activation: 'relu' }));
    }
    if (dropout > 0) model.add(tf.layers.dropout({ rate: dropout }));
  });
  model.add(
    tf.layers.dense({
      units: 10,
      activation: 'softmax',
      ...(hiddenUnits.length === 0 ? { inputShape: [pixels] } : {}),
    }),
  );
  const make = {
    sgd: () => tf.train.momentum(learningRate ?? 0.01, 0.9),
    adam: () => tf.train.adam(learningRate ?? 0.001),
    rmsprop: () => tf.train.rmsprop(learningRate ?? 0.001),
  };
  const made = make[optimizer]();
  model.compile({ optimizer: made, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return { model, optimizer: made };
}

const toTensors = (set: ImageSet): { x: tf.Tensor2D; y: tf.Tensor2D } =>
  tf.tidy(() => ({
    x: tf.tensor2d(Float32Array.from(set.images), [set.count, set.height * set.width]).div<tf.Tensor2D>(255),
    y: tf
      .oneHot(tf.tensor1d(Array.from(set.labels), 'int32'), 10)
      .toFloat()
      .as2D(set.count, 10),
  }));

/** Trains a variant and measures it on the test images, also at the given epochs. */
export async function runVariant(
  variant: Variant,
  images: TrainTestImages,
  seed: number,
  checkpoints: readonly number[] = [],
): Promise<Measures> {
  const { samples = 100, batchSize = 32, epochs = 500, earlyStopping = false, firstImages = false } = variant;
  const shuffled = generator(seed).permutation(images.train.count);
  const order = firstImages ? shuffled.map((_, i) => i) : shuffled;
  seedEverything(seed);
  const train = toTensors(selectImages(images.train, order.slice(0, samples)));
  const watched = toTensors(selectImages(images.train, order.slice(-100)));
  const test = toTensors(images.test);
  const { model, optimizer } = buildVariant(images.train.height * images.train.width, variant);
  const measures: Record<string, number> = {};
  const measure = (suffix: string): void => {
    for (const [name, { x, y }] of Object.entries({ train, test })) {
      tf.tidy(() => {
        const scores = model.evaluate(x, y, { batchSize: 1000 });
        const [loss, accuracy] = Array.isArray(scores) ? scores : [scores, scores];
        measures[`${name}Loss${suffix}`] = loss.dataSync()[0];
        measures[`${name}Accuracy${suffix}`] = accuracy.dataSync()[0];
      });
    }
  };
  try {
    let epochsRun = 0;
    const countAndMeasure = new tf.CustomCallback({
      onEpochEnd: (epoch) => {
        epochsRun = epoch + 1;
        if (checkpoints.includes(epochsRun)) measure(`At${epochsRun}`);
      },
    });
    const watching: Pick<tf.ModelFitArgs, 'validationData'> = earlyStopping
      ? { validationData: [watched.x, watched.y] }
      : {};
    await model.fit(train.x, train.y, {
      epochs,
      batchSize,
      verbose: 0,
      ...watching,
      callbacks: earlyStopping
        ? [countAndMeasure, tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 10 })]
        : [countAndMeasure],
    });
    measure('');
    measures.epochs = epochsRun;
    return measures;
  } finally {
    disposeAll([train, watched, test, model, optimizer]);
  }
}
