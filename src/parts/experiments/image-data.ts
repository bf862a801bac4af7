import { loadFashionMnist, loadMnist, type TrainTestImages } from '../data';
import type { Measures } from './experiment';
import { runVariant, type Variant } from './image-network';

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

export interface ImageTraining {
  readonly variant: Variant;
  /** Default MNIST. */
  readonly set?: 'mnist' | 'fashion-mnist';
  /** Trains on all images of the set, not on the variant's number of them (default false). */
  readonly allImages?: boolean;
  /** Epochs after which it is measured too. */
  readonly checkpoints?: readonly number[];
}

/** Trains a variant on images as this machine has them, and measures it on the test images. */
export async function trainOnImages(
  seed: number,
  { variant, set = 'mnist', allImages = false, checkpoints = [] }: ImageTraining,
): Promise<Measures> {
  const { images } = await variantData(set);
  return runVariant(allImages ? { ...variant, samples: images.train.count } : variant, images, seed, checkpoints);
}
