// MNIST's loaders on files of MNIST's lengths in memory, as a page has them: there their checksums aren't asked for.
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadFashionMnist, loadMnist, type ImageSet } from '../../../src/parts/data';
import { files, filesInMemory, provideFiles } from '../../../src/parts/files';

const SIZE = 28 * 28;
const onNode = files();

/** An IDX file of bytes: its header and zeros, or the values given. */
function idx(shape: readonly number[], valueOf?: (i: number) => number): Uint8Array {
  const start = 4 + 4 * shape.length;
  const content = new Uint8Array(start + shape.reduce((product, length) => product * length, 1));
  content.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => new DataView(content.buffer).setUint32(4 + 4 * axis, length));
  if (valueOf) for (let i = start; i < content.length; i++) content[i] = valueOf(i - start);
  return content;
}

/** Of each image only the first pixel is drawn, and the last one: the label, and a hundred more. */
function images(count: number, labelOf: (i: number) => number): Uint8Array {
  const content = idx([count, 28, 28]);
  for (let i = 0; i < count; i++) {
    content[16 + i * SIZE] = labelOf(i);
    content[16 + i * SIZE + SIZE - 1] = 100 + labelOf(i);
  }
  return content;
}

const pair = (count: number, labelOf: (i: number) => number): [Uint8Array, Uint8Array] => [
  images(count, labelOf),
  idx([count], labelOf),
];
/** The first 3,000 images are of class 0, then the classes take turns. */
const unevenly = (i: number): number => (i < 3000 ? 0 : i % 10);
const [trainImages, trainLabels] = pair(60_000, unevenly);
const [testImages, testLabels] = pair(10_000, (i) => 9 - (i % 10));
const [someTrainImages, someTrainLabels] = pair(5000, (i) => Math.floor(i / 500));
const [someTestImages, someTestLabels] = pair(1000, (i) => Math.floor(i / 100));

const full = {
  'train-images-idx3-ubyte': trainImages,
  'train-labels-idx1-ubyte': trainLabels,
  't10k-images-idx3-ubyte': testImages,
  't10k-labels-idx1-ubyte': testLabels,
};
const subset = {
  'subset/train5000-images': someTrainImages,
  'subset/train5000-labels': someTrainLabels,
  'subset/t10k1000-images': someTestImages,
  'subset/t10k1000-labels': someTestLabels,
};

const notices: string[] = [];
const options = { folders: ['data'], onNotice: (text: string): unknown => notices.push(text) };
/** What ships with the project, and these files of a set. */
function provide(name: string, contents: Readonly<Record<string, Uint8Array>>): void {
  const own = ['registry.json', 'digits.csv'].map((file) => [file, onNode.read(`${onNode.embedded}/${file}`)] as const);
  const given = Object.entries(contents).map(([file, content]) => [`${name}/${file}`, content] as const);
  provideFiles(filesInMemory(Object.fromEntries([...own, ...given])));
}
const labelsOf = (set: ImageSet, count: number): number[] => Array.from(set.labels.subarray(0, count));
const firstPixels = (set: ImageSet, count: number): number[] =>
  Array.from({ length: count }, (_, i) => set.images[i * SIZE]);

beforeEach(() => {
  notices.length = 0;
  vi.stubEnv('LAYERWISE_TIER', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});
afterAll(() => provideFiles(onNode));

describe('loadMnist on files of its lengths', () => {
  it('takes the subset from its own files in the quick tier', async () => {
    provide('mnist', subset);
    const { train, test, source } = await loadMnist(options);
    expect([source, train.name, train.count, test.count]).toEqual(['mnist', 'mnist', 5000, 1000]);
    expect([train.height, train.width, train.channels]).toEqual([28, 28, 1]);
    expect(train.classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect([train.images.length, test.images.length]).toEqual([5000 * SIZE, 1000 * SIZE]);
    for (const [set, each] of [
      [train, 500],
      [test, 100],
    ] as const) {
      expect([set.labels[each - 1], set.labels[each], set.labels[10 * each - 1]]).toEqual([0, 1, 9]);
      expect([set.images[each * SIZE - 1], set.images[each * SIZE], set.images.at(-1)]).toEqual([100, 1, 109]);
    }
    expect(notices).toEqual(['MNIST: 5000 training and 1000 test images.']);
  });

  it('takes the first 500 and 100 of each class from the full files where the subset has none', async () => {
    provide('mnist', full);
    const { train, test } = await loadMnist({ ...options, size: 'subset' });
    expect([train.count, test.count]).toEqual([5000, 1000]);
    // 500 of class 0 first: of the 300 that come each 3,000 images later none is needed.
    expect(labelsOf(train, 503)).toEqual([...new Array<number>(500).fill(0), 1, 2, 3]);
    expect(train.labels.filter((label) => label === 0)).toHaveLength(500);
    expect([train.labels[4999], train.images.at(-1)]).toEqual([9, 109]);
    expect(firstPixels(train, 503)).toEqual(labelsOf(train, 503));
    expect(labelsOf(test, 12)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8]);
    expect(notices).toEqual(['MNIST: 5000 training and 1000 test images.']);
  });

  it('takes all images in the full tier, or where they are asked for', async () => {
    provide('mnist', { ...subset, ...full });
    const asked = await loadMnist({ ...options, size: 'full' });
    vi.stubEnv('LAYERWISE_TIER', 'full');
    const inTier = await loadMnist(options);
    for (const { train, test } of [asked, inTier]) {
      expect([train.count, test.count]).toEqual([60_000, 10_000]);
      expect([train.labels[2999], train.labels[3001], train.labels[59_999]]).toEqual([0, 1, 9]);
    }
    expect(notices).toEqual(new Array(2).fill('MNIST: 60000 training and 10000 test images.'));
  });

  it('is Fashion-MNIST by its own name, files and classes', async () => {
    provide('fashion-mnist', subset);
    const { train, source } = await loadFashionMnist(options);
    expect([source, train.name, train.classNames[0], train.classNames[9]]).toEqual([
      'fashion-mnist',
      'fashion-mnist',
      'T-shirt/top',
      'Ankle boot',
    ]);
    expect(notices).toEqual(['Fashion-MNIST: 5000 training and 1000 test images.']);
    expect((await loadMnist(options)).source).toBe('digits');
  });

  it('writes its notice on the console where nobody listens', async () => {
    provide('mnist', subset);
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
    await loadMnist({ folders: ['data'] });
    expect(log.mock.calls).toEqual([['MNIST: 5000 training and 1000 test images.']]);
    log.mockRestore();
  });

  it.each([
    ['images in one axis', 'images', idx([784_008]), '784008', '1000'],
    ['fewer images than labels', 'images', idx([500, 56, 28]), '500, 56, 28', '1000'],
    ['labels in two axes', 'labels', idx([498, 2]), '1000, 28, 28', '498, 2'],
    // Of the right lengths and counts: only the number of axes is wrong.
    ['images in many axes', 'images', idx([1000, 783, ...ones(251)]), `1000, 783, ${ones(251).join(', ')}`, '1000'],
    ['labels in many axes', 'labels', idx([1000, 0, ...ones(249)]), '1000, 28, 28', `1000, 0, ${ones(249).join(', ')}`],
  ])('refuses %s', async (_, kind, content, imageShape, labelShape) => {
    provide('mnist', { ...subset, [`subset/t10k1000-${kind}`]: content });
    await expect(loadMnist(options)).rejects.toThrow(
      `subset/t10k1000-images: expected [count, height, width] images and as many labels, got shapes [${imageShape}] and [${labelShape}]`,
    );
  });
});

describe('what may be downloaded', () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    provide('mnist', {});
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      throw new Error('there is no network');
    });
  });

  it('nothing in the quick tier', async () => {
    expect((await loadMnist({ ...options, size: 'full' })).source).toBe('digits');
    expect(asked).toEqual([]);
  });

  it('the full files in the full tier or where a call allows it', async () => {
    await expect(loadMnist({ ...options, mayDownload: true })).rejects.toThrow('there is no network');
    vi.stubEnv('LAYERWISE_TIER', 'full');
    await expect(loadMnist(options)).rejects.toThrow('there is no network');
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.every((address) => address.includes('train-images-idx3-ubyte'))).toBe(true);
  });

  it('nothing where a call forbids it', async () => {
    vi.stubEnv('LAYERWISE_TIER', 'full');
    expect((await loadMnist({ ...options, mayDownload: false })).source).toBe('digits');
    expect(asked).toEqual([]);
  });
});

function ones(count: number): number[] {
  return new Array<number>(count).fill(1);
}
