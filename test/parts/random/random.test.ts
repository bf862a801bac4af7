import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { generator, seed } from '../../../src/parts/random';
import { fromUniform, watchDraws } from '../../../src/parts/random/generator';
import { unseeded } from '../../../src/parts/random/seed';

const mathRandom = Math.random;
afterEach(() => {
  Math.random = mathRandom;
});

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
/** A generator whose uniform numbers are these. */
const from = (numbers: readonly number[]): ReturnType<typeof fromUniform> => {
  const left = [...numbers];
  return fromUniform(() => {
    const next = left.shift();
    if (next === undefined) throw new Error('no number is left');
    return next;
  });
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('generator', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    fc.assert(
      fc.property(fc.integer(), (n) => {
        expect(draw(5, generator(n).uniform)).toEqual(draw(5, generator(n).uniform));
      }),
    );
    expect(draw(5, generator(1).uniform)).not.toEqual(draw(5, generator(2).uniform));
  });

  it('draws uniform numbers whose mean and variance are those of the distribution', () => {
    const values = draw(20_000, generator(3).uniform);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    // Four standard errors: 1/√12/√20000 · 4 and the like.
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.0082);
    expect(Math.abs(mean(values.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.0022);
  });

  it('draws normal numbers with the moments asked for', () => {
    const random = generator(4);
    const values = draw(20_000, () => random.normal(2, 3));
    const z = values.map((value) => (value - 2) / 3);
    expect(Math.abs(mean(z))).toBeLessThan(4 / Math.sqrt(20_000));
    expect(Math.abs(mean(z.map((v) => v ** 2)) - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(20_000));
    expect(Math.abs(mean(z.map((v) => v ** 4)) - 3)).toBeLessThan((4 * Math.sqrt(96)) / Math.sqrt(20_000));
    expect(Math.abs(z.filter((v) => Math.abs(v) < 1).length / 20_000 - 0.6827)).toBeLessThan(0.0132);
  });

  it('permutes: each number once, each order as likely', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 50 }), (n, count) => {
        expect(
          generator(n)
            .permutation(count)
            .sort((a, b) => a - b),
        ).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
    const random = generator(9);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000 * (5 / 6)));
  });

  it('chooses whole numbers below the limit, and between bounds', () => {
    const random = generator(5);
    expect(new Set(draw(200, () => random.integer(3)))).toEqual(new Set([0, 1, 2]));
    expect(draw(200, () => random.between(-2, 5)).every((value) => value >= -2 && value < 5)).toBe(true);
    expect(['x', 'y']).toContain(random.choice(['x', 'y']));
  });

  it('makes two normal numbers of two uniform ones inside the unit circle, by the polar method', () => {
    // (−1, 0) lies on the circle, (0, 0) at its center: both are thrown again. (0.5, 0.2) has s = 0.29.
    const random = from([0, 0.5, 0.5, 0.5, 0.75, 0.6]);
    const scale = Math.sqrt((-2 * Math.log(0.29)) / 0.29);
    expect(random.normal()).toBeCloseTo(0.5 * scale, 12);
    expect(random.normal(10, 2)).toBeCloseTo(10 + 2 * 0.2 * scale, 12);
    expect(() => random.normal()).toThrow('no number is left');
  });

  it('shuffles by n − 1 exchanges from the end (Fisher and Yates), and leaves what it was given', () => {
    const items = ['a', 'b', 'c'];
    // c changes places with a, then b with c.
    expect(from([0, 0]).shuffle(items)).toEqual(['b', 'c', 'a']);
    expect(from([0.99, 0.99]).shuffle(items)).toEqual(['a', 'b', 'c']);
    expect(items).toEqual(['a', 'b', 'c']);
  });

  it('spreads uniform numbers over bounds, limits and items', () => {
    expect(from([0.5]).between(2, 6)).toBe(4);
    expect(from([0.74]).integer(4)).toBe(2);
    expect(from([0.99]).integer(1)).toBe(0);
    expect(from([0.99, 0]).choice(['x'])).toBe('x');
  });

  it('refuses what makes no sense', () => {
    expect(() => generator(NaN)).toThrow('generator: expected a finite number as seed, got NaN');
    expect(() => generator(1).integer(0)).toThrow('integer: expected a whole number of at least 1 as limit, got 0');
    expect(() => generator(1).choice([])).toThrow('choice: expected at least one item, got an empty array');
  });
});

describe('watchDraws', () => {
  it('tells of draws from generators that were made before, until it ends', () => {
    const told: string[] = [];
    const old = generator(1);
    const end = watchDraws(() => told.push('outer'));
    const made = generator(2);
    // Two normal numbers come of one round: the second one is kept, and is a draw too.
    for (const draw of [old.uniform, () => old.normal(), () => old.normal()]) {
      told.length = 0;
      draw();
      expect(new Set(told)).toEqual(new Set(['outer']));
    }
    told.length = 0;
    made.uniform();
    expect(told).toEqual([]);
    const endInner = watchDraws(() => told.push('inner'));
    made.uniform();
    endInner();
    old.uniform();
    end();
    old.uniform();
    made.uniform();
    expect(told).toEqual(['inner', 'outer']);
  });
});

describe('seed', () => {
  it('makes Math.random repeat, apart from the generator that it returns', () => {
    const random = seed(7);
    const first = draw(3, Math.random);
    expect(draw(3, random.uniform)).not.toEqual(first);
    seed(7);
    expect(draw(3, Math.random)).toEqual(first);
  });

  it('is where a function without a generator draws from', () => {
    seed(3);
    const drawn = draw(3, Math.random);
    seed(3);
    expect(draw(3, unseeded.uniform)).toEqual(drawn);
  });

  it('makes training with initial weights, dropout and shuffling bit-equal in two fresh processes', () => {
    const train = `
      const tf = require('@tensorflow/tfjs-node');
      const { seed } = require('layerwise/random');
      (async () => {
        const random = seed(Number(process.argv[1]));
        const x = tf.tensor2d(Array.from({ length: 200 }, () => [random.normal(), random.normal()]));
        const y = x.square().sum(1, true).greater(2).toFloat();
        const model = tf.sequential({ layers: [tf.layers.dense({ units: 16, activation: 'relu', inputShape: [2] }), tf.layers.dropout({ rate: 0.3 }), tf.layers.dense({ units: 1, activation: 'sigmoid' })] });
        model.compile({ loss: 'binaryCrossentropy', optimizer: 'adam' });
        const { history } = await model.fit(x, y, { epochs: 3, batchSize: 32, shuffle: true, verbose: 0 });
        console.log(JSON.stringify([history.loss, ...model.getWeights().map((w) => Array.from(w.dataSync()))]));
      })();`;
    const run = (n: number): string =>
      execFileSync(process.execPath, ['--require', './src/setup/node-shim.cjs', '-e', train, String(n)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const first = run(1);
    expect(first).toMatch(/^\[\[0\.\d+/);
    expect(run(1)).toBe(first);
    expect(run(2)).not.toBe(first);
  });
});
