import * as tf from '@tensorflow/tfjs-node';
import { loadFashionMnist, loadMnist, selectImages, type ImageSet, type TrainTestImages } from '../data';
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

/** Variants of the plain network: each changes one thing about the network or its training. */
export const variants: Readonly<
  Record<string, { readonly label: string; readonly variant: Variant; readonly checkpoints?: readonly number[] }>
> = {
  plain: {
    label: '784-28-10, SGD 0.01 with momentum 0.9, 100 images, 500 epochs',
    variant: {},
    checkpoints: [50, 200],
  },
  linear: { label: 'no hidden layer', variant: { hiddenUnits: [] } },
  dropout: { label: 'dropout 0.5', variant: { dropout: 0.5 }, checkpoints: [50, 200] },
  'batch-normalization': { label: 'batch normalization', variant: { batchNormalization: true } },
  'early-stopping': { label: 'early stopping', variant: { earlyStopping: true } },
  adam: { label: 'Adam 0.001', variant: { optimizer: 'adam' } },
  'bigger-batch': { label: 'batches of 100 (all images)', variant: { batchSize: 100 } },
  'smaller-batch': { label: 'batches of 8', variant: { batchSize: 8 } },
  'fewer-epochs': { label: '50 epochs', variant: { epochs: 50 } },
  'higher-rate': { label: 'learning rate 0.5', variant: { learningRate: 0.5 } },
  'lower-rate': { label: 'learning rate 0.0001', variant: { learningRate: 0.0001 } },
  'more-data': { label: '1,000 images, 62 epochs (about as many steps)', variant: { samples: 1000, epochs: 62 } },
  'bigger-model': { label: '784-256-128-10', variant: { hiddenUnits: [256, 128] } },
};

/** Classifiers that train on all images of a set. */
export const classifiers: Readonly<
  Record<string, { readonly label: string; readonly set: 'mnist' | 'fashion-mnist'; readonly variant: Variant }>
> = {
  'mnist-linear': {
    label: 'MNIST, no hidden layer, Adam, 5 epochs, batches of 32',
    set: 'mnist',
    variant: { hiddenUnits: [], optimizer: 'adam', epochs: 5 },
  },
  'mnist-512': {
    label: 'MNIST, 512 units, Adam, 5 epochs, batches of 128',
    set: 'mnist',
    variant: { hiddenUnits: [512], optimizer: 'adam', epochs: 5, batchSize: 128 },
  },
  'fashion-512': {
    label: 'Fashion-MNIST, 512 units, Adam, 5 epochs, batches of 128',
    set: 'fashion-mnist',
    variant: { hiddenUnits: [512], optimizer: 'adam', epochs: 5, batchSize: 128 },
  },
  'fashion-128': {
    label: 'Fashion-MNIST, 128 units, Adam, 10 epochs, batches of 32',
    set: 'fashion-mnist',
    variant: { hiddenUnits: [128], optimizer: 'adam', epochs: 10 },
  },
  'fashion-64-64': {
    label: 'Fashion-MNIST, 64 + 64 units, RMSprop, 5 epochs, batches of 64',
    set: 'fashion-mnist',
    variant: { hiddenUnits: [64, 64], optimizer: 'rmsprop', epochs: 5, batchSize: 64 },
  },
};

const loaders = { mnist: loadMnist, 'fashion-mnist': loadFashionMnist };
const loaded = new Map<string, Promise<TrainTestImages>>();

/**
 * A set as this machine has it, and what its rows in the results are called: the set's name and how many images it has
 * to train on.
 */
export async function variantData(
  set: 'mnist' | 'fashion-mnist' = 'mnist',
): Promise<{ images: TrainTestImages; id: string }> {
  const loading = loaded.get(set) ?? loaders[set]({ onNotice: () => undefined });
  loaded.set(set, loading);
  const images = await loading;
  return { images, id: `${images.source}-${images.train.count}` };
}
