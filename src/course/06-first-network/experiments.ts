import { classifiers, experiment, trainOnImages, variantData, variants } from '../../parts/experiments';

/** Source B's own listing: the first 100 images of the full MNIST. */
const listings: typeof variants = {
  listing: {
    label: "source B's listing without dropout: the first 100 images",
    variant: { firstImages: true },
    checkpoints: [50, 200],
  },
  'listing-dropout': {
    label: "source B's listing with dropout 0.5: the first 100 images",
    variant: { firstImages: true, dropout: 0.5 },
    checkpoints: [50, 200],
  },
};

const FULL_SIZE = 60_000;

const dataOf = (set: 'mnist' | 'fashion-mnist') => async (): Promise<string> => (await variantData(set)).id;

async function fullMnist(): Promise<string | undefined> {
  const { images, id } = await variantData();
  return images.train.count === FULL_SIZE ? id : undefined;
}

/** Experiments on the images that this machine has. */
export const experiments = [
  ...Object.entries(variants).map(([id, { label, variant, checkpoints = [] }]) =>
    experiment(id, label, trainOnImages, { variant, checkpoints }, dataOf('mnist')),
  ),
  ...Object.entries(listings).map(([id, { label, variant, checkpoints = [] }]) =>
    experiment(id, label, trainOnImages, { variant, checkpoints }, fullMnist),
  ),
  ...Object.entries(classifiers).map(([id, { label, set, variant }]) =>
    experiment(id, label, trainOnImages, { set, variant, allImages: true }, dataOf(set)),
  ),
];
