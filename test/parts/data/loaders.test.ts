import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as data from '../../../src/parts/data';
import { files } from '../../../src/parts/files';
import { sharedData } from '../../support/shared-data';

const { embedded: embeddedFolder } = files();

describe('embedded sets', () => {
  // Counts and class sizes as in scikit-learn's documentation of its toy sets.
  it.each([
    ['iris', data.loadIris, 150, 4, { setosa: 50, versicolor: 50, virginica: 50 }],
    ['wine', data.loadWine, 178, 13, { class_0: 59, class_1: 71, class_2: 48 }],
    ['breast-cancer', data.loadBreastCancer, 569, 30, { malignant: 212, benign: 357 }],
    ['insurance', data.loadInsurance, 27, 2, { 'not bought': 9, bought: 18 }],
    ['moons', data.loadMoons, 200, 2, { upper: 100, lower: 100 }],
    ['circles', data.loadCircles, 200, 2, { outer: 100, inner: 100 }],
    ['spirals', data.loadSpirals, 200, 2, { first: 100, second: 100 }],
    ['blobs', data.loadBlobs, 150, 2, { left: 50, right: 50, top: 50 }],
  ])('%s has its rows, features and classes', (name, load, rows, features, classes) => {
    const set = load();
    const classSizes = Object.values(classes);
    expect([set.name, set.classNames]).toEqual([name, Object.keys(classes)]);
    expect(set.x.length).toBe(rows);
    expect(set.x.every((row) => row.length === features && row.every(Number.isFinite))).toBe(true);
    expect(classSizes.map((__, label) => set.y.filter((y) => y === label).length)).toEqual(classSizes);
    expect(set.featureNames.length).toBe(features);
  });

  it('diabetes is unscaled: ages in years, and the mean progression that scikit-learn states', () => {
    const { x, y } = data.loadDiabetes();
    expect(x.length).toBe(442);
    expect(y.reduce((a, b) => a + b) / 442).toBeCloseTo(152.133, 3);
    expect(Math.min(...x.map((row) => row[0]))).toBe(19);
  });

  it('digits are 1,797 images of 8×8 pixels from 0 to 16', () => {
    const digits = data.loadDigits();
    expect([digits.count, digits.images.length, digits.images.reduce((a, b) => Math.max(a, b), 0)]).toEqual([
      1797,
      1797 * 64,
      16,
    ]);
    expect(Array.from(digits.images.subarray(0, 8))).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
    expect(Array.from(digits.labels.subarray(0, 4))).toEqual([0, 1, 2, 3]);
  });

  it('digits are named, and their classes by their digits', () => {
    const { name, classNames, height, width, channels } = data.loadDigits();
    expect([name, height, width, channels]).toEqual(['digits', 8, 8, 1]);
    expect(classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('home prices are 20 homes by area and bedrooms, without classes', () => {
    const { x, y, featureNames, targetName, ...rest } = data.loadHomePrices();
    expect([x.length, y.length, featureNames, targetName]).toEqual([20, 20, ['area', 'bedrooms'], 'price']);
    expect(rest).toEqual({ name: 'home-prices' });
  });

  it('insurance is 27 people, of whom older ones buy', () => {
    const { x, y } = data.loadInsurance();
    const meanAge = (bought: number): number => {
      const ages = x.filter((_, i) => y[i] === bought).map(([age]) => age);
      return ages.reduce((a, b) => a + b) / ages.length;
    };
    expect(x.length).toBe(27);
    expect(meanAge(1) - meanAge(0)).toBeGreaterThan(10);
  });

  it('the moving digit is 16 frames in which the ink moves and is never lost', () => {
    const { frames, shape } = data.loadMovingDigit();
    expect(shape).toEqual([16, 32, 32]);
    const sums = Array.from({ length: 16 }, (_, frame) =>
      frames.subarray(frame * 1024, (frame + 1) * 1024).reduce((a, b) => a + b, 0),
    );
    expect(new Set(sums).size).toBe(1);
    expect(Buffer.compare(frames.subarray(0, 1024), frames.subarray(1024, 2048))).not.toBe(0);
  });

  it('the seasonal series covers three years day by day, warmer in July than in January', () => {
    const { dates, values } = data.loadSeasonalSeries();
    expect([dates.length, dates[0], dates[1094]]).toEqual([1095, '2021-01-01', '2023-12-31']);
    const mean = (month: string): number => {
      const chosen = values.filter((_, i) => dates[i].slice(5, 7) === month);
      return chosen.reduce((a, b) => a + b) / chosen.length;
    };
    expect(mean('07') - mean('01')).toBeGreaterThan(12);
  });

  it('the committed script makes the generated sets anew, byte for byte', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-made-'));
    execFileSync(process.execPath, [path.join(embeddedFolder, 'make', 'generated-sets.mjs'), folder]);
    const made = readdirSync(folder);
    expect(made.length).toBe(8);
    for (const name of made)
      expect(readFileSync(path.join(folder, name)).equals(readFileSync(path.join(embeddedFolder, name))), name).toBe(
        true,
      );
  });
});

describe('loadMnist and loadFashionMnist', () => {
  it('fall back to digits of the right shape in the quick tier, and say so', async () => {
    const notices: string[] = [];
    const { train, test, source } = await data.loadFashionMnist({
      folders: [embeddedFolder],
      mayDownload: false,
      onNotice: (text) => notices.push(text),
    });
    expect(source).toBe('digits');
    expect([train.count + test.count, train.height, train.width, train.channels]).toEqual([1797, 28, 28, 1]);
    expect(train.images.reduce((a, b) => Math.max(a, b), 0)).toBe(255);
    expect([train.images.length, test.images.length]).toEqual([1497 * 784, 300 * 784]);
    const digits = data.loadDigits();
    const known = new Set(Array.from({ length: 1797 }, (_, i) => digits.images.subarray(64 * i, 64 * i + 64).join()));
    const each = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    for (const image of each(20)) {
      const at = (row: number, column: number): number => test.images[image * 784 + row * 28 + column];
      // A margin of two, then each pixel of a digit three times three, 16 as 255.
      const small = each(64).map((i) => Math.round((at(3 + 3 * (i >> 3), 3 + 3 * (i % 8)) * 16) / 255));
      expect(known.has(small.join())).toBe(true);
      const drawn = each(784).map((i) => {
        const [row, column] = [Math.floor(i / 28) - 2, (i % 28) - 2];
        const isInside = Math.min(row, column) >= 0 && Math.max(row, column) < 24;
        return isInside ? Math.round((small[Math.floor(row / 3) * 8 + Math.floor(column / 3)] * 255) / 16) : 0;
      });
      expect(drawn).toEqual(Array.from(test.images.subarray(image * 784, image * 784 + 784)));
    }
    expect(notices).toEqual([
      'Fashion-MNIST is not on this machine: using the embedded digits instead (1497 training and 300 test images of 8×8 pixels, enlarged to 28×28).',
    ]);
  });

  const read = (size: 'full' | 'subset', load: typeof data.loadMnist): Promise<data.TrainTestImages> =>
    load({ size, folders: [sharedData ?? ''], mayDownload: false, onNotice: () => undefined });

  it.skipIf(!sharedData)('read all 60,000 and 10,000 images', async () => {
    const { train, test, source } = await read('full', data.loadMnist);
    expect([source, train.count, test.count, train.images.length]).toEqual(['mnist', 60_000, 10_000, 60_000 * 784]);
    // The first ten labels of the training file, as shown in countless tutorials.
    expect(Array.from(train.labels.subarray(0, 10))).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  });

  it.skipIf(!sharedData)(
    'take the first 500 and 100 of each class as the subset, from its own files or from the full ones',
    async () => {
      const subset = await read('subset', data.loadFashionMnist);
      const full = await read('full', data.loadFashionMnist);
      const kept = (set: data.ImageSet, perClass: number): number[] => {
        const seen = new Array<number>(10).fill(0);
        return Array.from({ length: set.count }, (_, i) => i).filter((i) => seen[set.labels[i]]++ < perClass);
      };
      const expected = data.selectImages(full.train, kept(full.train, 500));
      expect([subset.train.count, subset.test.count]).toEqual([5000, 1000]);
      expect(Buffer.compare(subset.train.images, expected.images)).toBe(0);
      expect(subset.train.classNames[9]).toBe('Ankle boot');
    },
  );
});

describe('selectImages', () => {
  it('refuses an index outside', () => {
    expect(() => data.selectImages(data.loadDigits(), [1797])).toThrow('expected indices from 0 to 1796, got 1797');
  });
});
