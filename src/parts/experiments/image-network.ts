import * as tf from '@tensorflow/tfjs-node';
import { selectImages, type ImageSet, type TrainTestImages } from '../data';
import { disposeAll } from '../memory';
import { generator, seed as seedEverything } from '../random';
import { evaluate, fit, imageTensors } from '../train';
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
  model.compile({ optimizer: made, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return { model, optimizer: made };
}

/** Trains a variant and measures it on the test images, also at the given epochs. */
export async function runVariant(
  variant: Variant,
  images: TrainTestImages,
  seed: number,
  checkpoints: readonly number[] = [],
): Promise<Measures> {
  const { samples = 100, batchSize, epochs = 500, earlyStopping = false, firstImages = false } = variant;
  const shuffled = generator(seed).permutation(images.train.count);
  const order = firstImages ? shuffled.map((_, i) => i) : shuffled;
  seedEverything(seed);
  const tensorsOf = (set: ImageSet): { x: tf.Tensor2D; y: tf.Tensor1D } => imageTensors(set, { flat: true });
  const train = tensorsOf(selectImages(images.train, order.slice(0, samples)));
  const validation = tensorsOf(selectImages(images.train, order.slice(-100)));
  const test = tensorsOf(images.test);
  const { model, optimizer } = buildVariant(images.train.height * images.train.width, variant);
  const measures: Record<string, number> = {};
  const measure = (suffix: string): void => {
    for (const [name, { x, y }] of Object.entries({ train, test })) {
      const { loss, accuracy } = evaluate(model, x, y);
      measures[`${name}Loss${suffix}`] = loss;
      measures[`${name}Accuracy${suffix}`] = accuracy;
    }
  };
  try {
    const { loss } = await fit(model, train.x, train.y, {
      epochs,
      batchSize,
      ...(earlyStopping && {
        validation,
        callbacks: tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 10 }),
      }),
      onEpoch: (epoch) => {
        if (checkpoints.includes(epoch)) measure(`At${epoch}`);
      },
    });
    measure('');
    return { ...measures, epochs: loss.length };
  } finally {
    disposeAll([train, validation, test, model, optimizer]);
  }
}
