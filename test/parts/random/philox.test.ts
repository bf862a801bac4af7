import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seed, statelessNormal, statelessUniform } from '../../../src/parts/random';
import { philox } from '../../../src/parts/random/philox';
import { streamOf } from '../../../src/parts/random/streams';
import { inRoot } from '../../support/root';

const golden = z
  .array(
    z.object({
      seed: z.tuple([z.number(), z.number()]),
      count: z.number(),
      uniform: z.array(z.number()),
      normal: z.array(z.number()),
    }),
  )
  .parse(JSON.parse(readFileSync(inRoot('test/golden/philox.json'), 'utf8')));

describe('Philox', () => {
  it('gives the words that its authors list', () => {
    // Salmon et al., 2011: the file kat_vectors of Random123, philox4x32 with 10 rounds.
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = 0xffffffff;
    expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });

  it.each(golden)('draws what TensorFlow draws: seed $seed, $count numbers', ({ seed: pair, count, ...expected }) => {
    expect(Array.from(statelessUniform(count, pair))).toEqual(expected.uniform);
    const normal = statelessNormal(count, pair);
    expect(normal.length).toBe(count);
    normal.forEach((value, i) => expect(Math.abs(value - expected.normal[i])).toBeLessThan(2e-6));
  });

  it('begins each longer draw with the shorter one', () => {
    const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.tuple(whole, whole), fc.nat(30), fc.nat(30), (pair, a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        for (const draw of [statelessUniform, statelessNormal])
          expect(draw(long, pair).slice(0, short)).toEqual(draw(short, pair));
      }),
    );
  });

  it('refuses counts and seeds that are none', () => {
    expect(() => statelessUniform(-1, [0, 0])).toThrow('expected a whole number of draws from 0, got -1');
    expect(() => statelessNormal(2.5, [0, 0])).toThrow('expected a whole number of draws from 0, got 2.5');
    expect(() => statelessNormal(1, [0.5, 0])).toThrow('expected a seed of two whole numbers of 32 bits, got 0.5');
    expect(() => statelessUniform(1, [0, 2 ** 31])).toThrow('whole numbers of 32 bits, got 2147483648');
  });
});

describe('sequences of draws', () => {
  const [layer, other] = [{}, {}];

  it('follow from seed, whose they are and how often they drew', () => {
    const draws = (): unknown[] => {
      seed(3);
      return [streamOf(layer).next(), streamOf(other).next(), streamOf(layer).next(), streamOf(other).next()];
    };
    const first = draws();
    expect(draws()).toEqual(first);
    expect(new Set(first.map(String)).size).toBe(4);
    seed(4);
    expect(streamOf(layer).next()).not.toEqual(first[0]);
  });

  it('don’t depend on what others draw in between', () => {
    seed(5);
    const together = [streamOf(layer).next(), streamOf(other).next(), streamOf(other).next(), streamOf(layer).next()];
    seed(5);
    expect([streamOf(layer).next(), streamOf(layer).next()]).toEqual([together[0], together[3]]);
  });

  it('can be taken back by one', () => {
    const { next, back } = streamOf({});
    const [first, second] = [next(), next()];
    expect(second).not.toEqual(first);
    back();
    expect(next()).toEqual(second);
  });

  it('follow from a seed of their own alone, where they have one', () => {
    const draws = (global: number, own: number): unknown[] => {
      seed(global);
      streamOf(other).next();
      const owner = {};
      return [streamOf(owner, own).next(), streamOf(owner, own).next()];
    };
    expect(draws(1, 9)).toEqual(draws(2, 9));
    expect(draws(1, 9)).not.toEqual(draws(1, 8));
  });
});
