import { pick, shuffledSplit, standardScaler } from '../data';
import { f1Score } from '../metrics';
import { fitLogistic, predictClasses } from '../nn';
import { generator } from '../random';
import type { Measures } from './experiment';

/**
 * 100 rows of four features, of which the last two are sums of the first two: what the source's generator makes by
 * default.
 */
export function redundantFeatures(seed: number): { x: number[][]; y: number[] } {
  const random = generator(seed);
  const y = Array.from({ length: 100 }, (_, i) => i % 2);
  const x = y.map((label) => {
    const [a, b] = [random.normal(label === 1 ? 1.5 : -1.5, 0.9), random.normal(label === 1 ? 0.7 : -0.7)];
    return [a, b, 0.8 * a - 0.3 * b, 0.4 * a + 0.9 * b];
  });
  return { x, y };
}

/**
 * The source's setting: 90 rows, learning rate 0.001 on the summed gradient, 400 steps, threshold 0.5; scaled with the
 * training rows' numbers.
 */
export function fitRedundantFeatures(
  seed: number,
  { steps = 400, learningRate = 0.001 }: { readonly steps?: number; readonly learningRate?: number } = {},
): Measures {
  const { x, y } = redundantFeatures(seed);
  const { train, test } = shuffledSplit(x.length, { testFraction: 0.1, random: generator(seed + 1000) });
  const scaler = standardScaler(pick(x, train));
  const model = fitLogistic(scaler.transform(pick(x, train)), pick(y, train), {
    steps,
    learningRate,
    reduction: 'sum',
  });
  const f1 = (rows: number[]): number => f1Score(pick(y, rows), predictClasses(model, scaler.transform(pick(x, rows))));
  return {
    trainF1: f1(train),
    testF1: f1(test),
    loss: model.losses[steps - 1],
    largestWeight: Math.max(...model.weights.map(Math.abs)),
  };
}
