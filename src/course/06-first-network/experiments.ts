import { classifiers, runVariant, variantData, variants, type Experiment } from '../../parts/experiments';

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

/** Experiments on the images that this machine has. */
export async function experiments(): Promise<readonly Experiment[]> {
  const few = await variantData();
  const chosen = few.images.train.count === FULL_SIZE ? { ...variants, ...listings } : variants;
  const onFew = Object.entries(chosen).map(([id, { label, variant, checkpoints }]): Experiment => ({
    id: `${few.id}/${id}`,
    label,
    run: (seed) => runVariant(variant, few.images, seed, checkpoints),
  }));
  const onAll = Object.entries(classifiers).map(async ([id, { label, set, variant }]): Promise<Experiment> => {
    const { images, id: name } = await variantData(set);
    return {
      id: `${name}/${id}`,
      label,
      run: (seed) => runVariant({ ...variant, samples: images.train.count }, images, seed),
    };
  });
  return [...onFew, ...(await Promise.all(onAll))];
}
