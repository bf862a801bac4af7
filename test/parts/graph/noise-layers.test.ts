import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/parts/graph';
import { withNativeLayers } from '../../../src/parts/graph/native-layers';

const ROWS = 20_000;

/** What a layer makes of values at each of three calls: the first is eager, the second traces, the third is a graph. */
function calls(layer: tf.layers.Layer, x: tf.Tensor, training = true): number[][] {
  const restore = withNativeLayers([layer]);
  const graph = compile((given: tf.Tensor) => [layer.call(given, { training })].flat()[0]);
  const values = tf.tidy(() => [1, 2, 3].map(() => Array.from(graph(x).dataSync())));
  if (training) expect(graph.nodes.some(({ op }) => op.startsWith('Random'))).toBe(true);
  graph.dispose();
  restore();
  return values;
}

/** What a layer makes of values as a graph. */
const trained = (layer: tf.layers.Layer, x: tf.Tensor, training = true): number[] => calls(layer, x, training)[2];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** `make` runs on a tensor of ROWS equal values. */
function onEqual<T>(value: number, make: (x: tf.Tensor) => T): T {
  const x = tf.fill([ROWS, 1], value);
  try {
    return make(x);
  } finally {
    x.dispose();
  }
}

describe('layers that draw random numbers, as graphs', () => {
  it('Gaussian noise has mean 0 and the standard deviation that was asked for', () => {
    const values = onEqual(3, (x) => trained(tf.layers.gaussianNoise({ stddev: 0.5 }), x));
    expect(Math.abs(mean(values) - 3)).toBeLessThan(0.025);
    expect(Math.abs(deviation(values) - 0.5)).toBeLessThan(0.02);
  });

  it('Gaussian dropout multiplies by noise around 1 whose variance is rate / (1 − rate)', () => {
    // Srivastava et al., 2014, section 10: for a rate of 0.2 the standard deviation is 0.5.
    const values = onEqual(4, (x) => trained(tf.layers.gaussianDropout({ rate: 0.2 }), x));
    expect(Math.abs(mean(values) / 4 - 1)).toBeLessThan(0.025);
    expect(Math.abs(deviation(values) / 4 - 0.5)).toBeLessThan(0.02);
  });

  it('alpha dropout puts −λα in the place of what it drops, and then scales and shifts', () => {
    // Klambauer et al., 2017: a = (q + α′² q (1 − q))^−½ and b = −a (1 − q) α′, with q kept and α′ = −1.7580993408473766.
    const [kept, rate, alpha] = [0.7, 0.3, -1.7580993408473766];
    const a = 1 / Math.sqrt(kept + alpha ** 2 * kept * rate);
    const b = -a * rate * alpha;
    const values = onEqual(2, (x) => trained(tf.layers.alphaDropout({ rate }), x));
    const dropped = values.filter((value) => Math.abs(value - (a * alpha + b)) < 1e-5);
    const others = values.filter((value) => Math.abs(value - (2 * a + b)) < 1e-5);
    expect(dropped.length + others.length).toBe(ROWS);
    expect(Math.abs(dropped.length / ROWS - rate)).toBeLessThan(0.02);
  });

  it('alpha dropout keeps mean 0 and standard deviation 1', () => {
    const x = tf.randomNormal([ROWS, 1], 0, 1, 'float32', 5);
    const values = trained(tf.layers.alphaDropout({ rate: 0.4 }), x);
    x.dispose();
    expect(Math.abs(mean(values))).toBeLessThan(0.05);
    expect(Math.abs(deviation(values) - 1)).toBeLessThan(0.05);
  });

  it('spatial dropout drops whole channels', () => {
    const x = tf.ones([50, 4, 8]);
    const values = trained(tf.layers.spatialDropout1d({ rate: 0.5 }), x);
    x.dispose();
    const at = (row: number, step: number, channel: number): number => values[(row * 4 + step) * 8 + channel];
    const channels = Array.from({ length: 50 * 8 }, (_, i) =>
      [0, 1, 2, 3].map((step) => at(Math.floor(i / 8), step, i % 8)),
    );
    for (const channel of channels) expect([0, 2]).toContain(channel[0]);
    for (const channel of channels) expect(new Set(channel).size).toBe(1);
    const dropped = channels.filter(([first]) => first === 0).length;
    expect(dropped).toBeGreaterThan(130);
    expect(dropped).toBeLessThan(270);
  });

  it('dropout drops together what its noise shape holds once', () => {
    const x = tf.ones([40, 3, 5]);
    const values = trained(tf.layers.dropout({ rate: 0.5, noiseShape: [40, 1, 5] }), x);
    x.dispose();
    for (let row = 0; row < 40; row++)
      for (let channel = 0; channel < 5; channel++)
        expect(new Set([0, 1, 2].map((step) => values[(row * 3 + step) * 5 + channel])).size).toBe(1);
    expect(new Set(values)).toEqual(new Set([0, 2]));
    expect(new Set(values.slice(0, 5)).size + new Set(values.slice(15, 20)).size).toBeGreaterThan(2);
  });

  it.each([
    ['dropout', (): tf.layers.Layer => tf.layers.dropout({ rate: 0.5 })],
    ['Gaussian noise', (): tf.layers.Layer => tf.layers.gaussianNoise({ stddev: 1 })],
    ['Gaussian dropout', (): tf.layers.Layer => tf.layers.gaussianDropout({ rate: 0.5 })],
    ['alpha dropout', (): tf.layers.Layer => tf.layers.alphaDropout({ rate: 0.5 })],
  ])('%s changes nothing outside of training', (_, make) => {
    const values = onEqual(1.5, (x) => trained(make(), x, false));
    expect(new Set(values)).toEqual(new Set([1.5]));
  });

  it.each([
    ['dropout', (): tf.layers.Layer => tf.layers.dropout({ rate: 0.5 })],
    ['Gaussian noise', (): tf.layers.Layer => tf.layers.gaussianNoise({ stddev: 1 })],
    ['Gaussian dropout', (): tf.layers.Layer => tf.layers.gaussianDropout({ rate: 0.5 })],
    ['alpha dropout', (): tf.layers.Layer => tf.layers.alphaDropout({ rate: 0.5 })],
  ])('%s draws anew at each call of the graph', (_, make) => {
    const [, second, third] = onEqual(1, (x) => calls(make(), x));
    expect(third).not.toEqual(second);
  });
});
