import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { content } from '../../../src/parts/content';
import {
  bandOf,
  bandText,
  buildVariant,
  compareRows,
  computeBands,
  fitRedundantFeatures,
  isInBand,
  readResults,
  resultRow,
  runVariant,
  trainDigitNetwork,
  trainGreedily,
} from '../../../src/parts/experiments';
import { loadDigits, type TrainTestImages } from '../../../src/parts/data';
import { disposeAll } from '../../../src/parts/memory';
import { seed } from '../../../src/parts/random';

describe('bandOf', () => {
  it('is mean ± 3 standard deviations of the sample', () => {
    // 1, 2, 3: mean 2, variance (1 + 0 + 1) / 2 = 1.
    const band = bandOf([1, 2, 3]);
    expect(band).toEqual({ mean: 2, standardDeviation: 1, low: -1, high: 5 });
    expect(bandText(band, 1)).toBe('2.0 ± 3.0');
    expect([isInBand(-1, band), isInBand(5.01, band), isInBand(NaN, band)]).toEqual([true, false, false]);
  });

  it('needs two seeds', () => expect(() => bandOf([1])).toThrow('expected results of at least 2 seeds, got 1'));
});

describe('results', () => {
  it('are computed from the seeds 0, 1, 2 …', async () => {
    const seeds: number[] = [];
    const measures = await computeBands(
      { id: 'a', label: 'A', run: (seed) => Promise.resolve({ value: seed * 10 }) },
      3,
      (seed) => seeds.push(seed),
    );
    expect(seeds).toEqual([0, 1, 2]);
    expect(measures.value.mean).toBe(10);
    await expect(computeBands({ id: 'a', label: 'A', run: () => Promise.resolve({}) }, 1)).rejects.toThrow(
      'computeBands: expected at least 2 seeds, got 1',
    );
  });

  it('name what is missing, and what there is', () => {
    expect(() => readResults('99')).toThrow('compute them with: ./layerwise results 99');
    expect(() => resultRow('05', 'nothing')).toThrow('expected one of linear, relu');
    expect(() => compareRows('05', 'relu', 'linear', 'speed')).toThrow('it measured testAccuracy, loss');
    expect(() => compareRows('05', 'relu', 'nothing', 'loss')).toThrow('expected one of linear, relu');
  });

  it('are compared seed by seed', () => {
    const differences = compareRows('05', 'relu', 'linear', 'loss', { better: 'lower' });
    const [relu, linear] = ['relu', 'linear'].map((id) => resultRow('05', id));
    expect(differences.n).toBe(relu.seeds);
    expect(differences.mean).toBeCloseTo(relu.measures.loss.mean - linear.measures.loss.mean, 12);
    // Their bands lie far apart.
    expect(relu.measures.loss.high).toBeLessThan(linear.measures.loss.low);
    expect(differences).toMatchObject({ wins: relu.seeds, verdict: 'better' });
  });

  it.each(
    content()
      .chapters.filter((name) => content().read(name, 'results') !== undefined)
      .map((name) => name.replace(/-.*/, '')),
  )('of chapter %s come from ten seeds and name their versions, code and data', (chapter) => {
    for (const { seeds, date, versions, code, data, measures, values = {} } of readResults(chapter).rows) {
      expect(code).toMatch(/^[0-9a-f]{64}$/);
      for (const sha256 of Object.values(data)) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const [name, bySeed] of Object.entries(values)) {
        expect(bySeed).toHaveLength(seeds);
        expect(bandOf(bySeed)).toEqual(measures[name]);
      }
      expect(seeds).toBeGreaterThanOrEqual(10);
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(Object.keys(versions)).toEqual(['node', 'tensorflow', 'library']);
      for (const { low, mean, high } of Object.values(measures)) expect(low <= mean && mean <= high).toBe(true);
    }
  });
});

describe('a new seed lies in the band, a sabotaged run outside', () => {
  const accuracyBand = (id: string): { low: number; high: number } => resultRow('05', id).measures.testAccuracy;

  it('for the source’s logistic regression', () => {
    const band = resultRow('04', 'redundant-features').measures.trainF1;
    expect(isInBand(fitRedundantFeatures(77).trainF1, band)).toBe(true);
    expect(
      isInBand(
        fitRedundantFeatures(77, { steps: 1, learningRate: 1e-9 }).loss,
        resultRow('04', 'redundant-features').measures.loss,
      ),
    ).toBe(false);
  });

  it('for a network on the digits', () => {
    expect(isInBand(trainDigitNetwork(77).testAccuracy, accuracyBand('relu'))).toBe(true);
    expect(isInBand(trainDigitNetwork(77, { epochs: 1, learningRate: 1e-6 }).testAccuracy, accuracyBand('relu'))).toBe(
      false,
    );
    expect(isInBand(trainGreedily(77, { jointly: true }).testAccuracy, accuracyBand('joint'))).toBe(true);
  });

  it('for the plain network of chapter 06, on the embedded digits', async () => {
    const images = enlargedDigits();
    const { trainAccuracy } = await runVariant({ epochs: 50 }, images, 77);
    expect(trainAccuracy).toBeGreaterThan(0.95);
    const sabotaged = await runVariant({ epochs: 1, learningRate: 1e-6 }, images, 77);
    expect(isInBand(sabotaged.testAccuracy, resultRow('06', 'digits-1497/plain').measures.testAccuracy)).toBe(false);
  });
});

describe('runVariant', () => {
  const images = enlargedDigits();

  it('measures what model.fit and model.evaluate of TensorFlow.js give, at checkpoints too', async () => {
    const measures = await runVariant({ samples: 40, epochs: 3, firstImages: true }, images, 5, [2]);
    seed(5);
    const rows = (set: TrainTestImages['test'], count: number): tf.Tensor2D =>
      tf.tensor2d(
        Array.from(set.images.subarray(0, count * 64), (value) => value / 255),
        [count, 64],
      );
    const classes = (set: TrainTestImages['test'], count: number): tf.Tensor =>
      tf.oneHot(Array.from(set.labels.subarray(0, count)), 10);
    const [x, y] = [rows(images.train, 40), classes(images.train, 40)];
    const [xTest, yTest] = [rows(images.test, images.test.count), classes(images.test, images.test.count)];
    const { model, optimizer } = buildVariant(64, {});
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const scores: number[] = [];
    await model.fit(x, y, {
      epochs: 3,
      batchSize: 32,
      verbose: 0,
      callbacks: {
        onEpochEnd: () => {
          scores.push(...[model.evaluate(xTest, yTest)].flat().map((score) => score.dataSync()[0]));
        },
      },
    });
    expect(measures.epochs).toBe(3);
    expect(measures.testLossAt2).toBeCloseTo(scores[2], 5);
    expect(measures.testAccuracyAt2).toBeCloseTo(scores[3], 5);
    expect(measures.testLoss).toBeCloseTo(scores[4], 5);
    expect(measures.testAccuracy).toBeCloseTo(scores[5], 5);
    disposeAll([x, y, xTest, yTest, model, optimizer]);
  });

  it('stops early where it is told to, and leaves no tensors', async () => {
    const before = tf.memory().numTensors;
    const { epochs } = await runVariant({ samples: 40, epochs: 60, learningRate: 2, earlyStopping: true }, images, 5);
    expect(epochs).toBeGreaterThanOrEqual(10);
    expect(epochs).toBeLessThan(60);
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** The digits with pixel values up to 255, in a training and a test part. */
function enlargedDigits(): TrainTestImages {
  const digits = loadDigits();
  const part = (from: number, to: number): TrainTestImages['train'] => ({
    ...digits,
    count: to - from,
    images: digits.images.slice(from * 64, to * 64).map((value) => Math.round((value * 255) / 16)),
    labels: digits.labels.slice(from, to),
  });
  return { train: part(0, 1437), test: part(1437, 1797), source: 'digits' };
}
