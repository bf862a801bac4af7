import { generator } from '../random';
import { DataError, DataNotFoundError } from './data-error';
import { loadDigits } from './embedded';
import { readDataFile, tier, type ReadOptions } from './find-file';
import { parseIdx } from './idx';
import { selectImages, type ImageSet } from './image-set';
import { stratifiedSplit } from './split';

/** Training and test images of one data set, and where they came from. */
export interface TrainTestImages {
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** The set that was read: the one asked for, or `digits` where that isn't on this machine. */
  readonly source: string;
}

export interface ImageLoaderOptions extends ReadOptions {
  /**
   * `full`: 60,000 and 10,000 images; `subset`: the first 500 and 100 of each class. Default: full in the full tier,
   * else subset.
   */
  readonly size?: 'full' | 'subset';
  /** Told which set was read and why (default: a line on the console). */
  readonly onNotice?: (text: string) => void;
}

const SIDE = 28;
const SUBSET_PER_CLASS = { train: 500, test: 100 };
const FULL_FILES = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
};
const SUBSET_FILES = {
  train: { images: 'subset/train5000-images', labels: 'subset/train5000-labels' },
  test: { images: 'subset/t10k1000-images', labels: 'subset/t10k1000-labels' },
};

/** The class names of Fashion-MNIST, in the order of its labels (Xiao, Rasul and Vollgraf, 2017). */
export const FASHION_CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;
const DIGIT_CLASSES = Array.from({ length: 10 }, (_, digit) => String(digit));

/**
 * MNIST: handwritten digits, 28×28 pixels with values 0–255 (LeCun et al., 1998).
 * Where it isn't on this machine and the tier is quick, the embedded digits take its place, enlarged to 28×28, and a
 * line says so.
 *
 * @throws DataError where a file is damaged, or in the full tier not to be had.
 */
export const loadMnist = (options: ImageLoaderOptions = {}): Promise<TrainTestImages> =>
  load('mnist', 'MNIST', DIGIT_CLASSES, options);

/**
 * Fashion-MNIST: clothes in ten classes, in MNIST's format (Xiao, Rasul and Vollgraf, 2017). Falls back to digits as
 * {@link loadMnist} does.
 */
export const loadFashionMnist = (options: ImageLoaderOptions = {}): Promise<TrainTestImages> =>
  load('fashion-mnist', 'Fashion-MNIST', FASHION_CLASSES, options);

async function load(
  name: string,
  title: string,
  classNames: readonly string[],
  options: ImageLoaderOptions,
): Promise<TrainTestImages> {
  const { onNotice = (text: string) => console.log(text) } = options;
  const size = options.size ?? (tier() === 'full' ? 'full' : 'subset');
  const found =
    (size === 'subset' ? await tryRead(name, SUBSET_FILES, classNames, options, false) : undefined) ??
    (await readFull(name, classNames, options));
  if (!found) {
    const result = enlargedDigits();
    onNotice(
      `${title} is not on this machine: using the embedded digits instead (${result.train.count} training and ${result.test.count} test images of 8×8 pixels, enlarged to 28×28).`,
    );
    return result;
  }
  const result =
    size === 'subset'
      ? {
          train: firstOfEachClass(found.train, SUBSET_PER_CLASS.train),
          test: firstOfEachClass(found.test, SUBSET_PER_CLASS.test),
        }
      : found;
  onNotice(`${title}: ${result.train.count} training and ${result.test.count} test images.`);
  return { ...result, source: name };
}

interface Pair {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

async function readFull(
  name: string,
  classNames: readonly string[],
  options: ImageLoaderOptions,
): Promise<Pair | undefined> {
  return tryRead(name, FULL_FILES, classNames, options, options.mayDownload ?? tier() === 'full');
}

async function tryRead(
  name: string,
  files: typeof FULL_FILES,
  classNames: readonly string[],
  options: ImageLoaderOptions,
  mayDownload: boolean,
): Promise<Pair | undefined> {
  const read = async (part: 'train' | 'test'): Promise<ImageSet> =>
    imageSet(
      name,
      await readDataFile(name, `${name}/${files[part].images}`, { ...options, mayDownload }),
      await readDataFile(name, `${name}/${files[part].labels}`, { ...options, mayDownload }),
      files[part],
      classNames,
    );
  try {
    return { train: await read('train'), test: await read('test') };
  } catch (error) {
    if (error instanceof DataNotFoundError) return undefined;
    throw error;
  }
}

function imageSet(
  name: string,
  imageFile: Uint8Array,
  labelFile: Uint8Array,
  files: { images: string; labels: string },
  classNames: readonly string[],
): ImageSet {
  const images = parseIdx(imageFile, files.images);
  const labels = parseIdx(labelFile, files.labels);
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new DataError(
      files.images,
      `expected [count, height, width] images and as many labels, got shapes [${images.shape.join(', ')}] and [${labels.shape.join(', ')}]`,
    );
  }
  return {
    name,
    images: Uint8Array.from(images.values),
    labels: Uint8Array.from(labels.values),
    count,
    height,
    width,
    channels: 1,
    classNames,
  };
}

function firstOfEachClass(set: ImageSet, perClass: number): ImageSet {
  const seen = new Array<number>(set.classNames.length).fill(0);
  const kept = Array.from({ length: set.count }, (_, i) => i).filter((i) => seen[set.labels[i]]++ < perClass);
  return kept.length === set.count ? set : selectImages(set, kept);
}

/** The embedded digits as MNIST would have them: 28×28 (each pixel 3×3, a margin of 2), values 0–255. */
function enlargedDigits(): TrainTestImages {
  const digits = loadDigits();
  const images = new Uint8Array(digits.count * SIDE * SIDE);
  for (let i = 0; i < digits.count; i++) {
    for (let row = 0; row < 24; row++) {
      for (let column = 0; column < 24; column++) {
        const value = digits.images[i * 64 + Math.floor(row / 3) * 8 + Math.floor(column / 3)];
        images[(i * SIDE + row + 2) * SIDE + column + 2] = Math.round((value * 255) / 16);
      }
    }
  }
  const enlarged: ImageSet = { ...digits, images, height: SIDE, width: SIDE };
  const { train, test } = stratifiedSplit(digits.labels, { testFraction: 1 / 6, random: generator(0) });
  return { train: selectImages(enlarged, train), test: selectImages(enlarged, test), source: 'digits' };
}
