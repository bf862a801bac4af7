// Small inputs whose results can be worked out by hand.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DataNotFoundError,
  argMax,
  iteratedKFold,
  makeBlobs,
  makeCircles,
  makeMoons,
  makeSpirals,
  oneHot,
  parseIdx,
  parseTable,
  selectImages,
  stratifiedSplit,
  type LabeledPoints,
} from '../../../src/parts/data';
import { decompress } from '../../../src/parts/data/open-file';
import { generator } from '../../../src/parts/random';

const random = generator(1);

describe('points without noise', () => {
  const rounded = ({ x }: LabeledPoints): number[][] =>
    x.map((point) => point.map((value) => Math.round(value * 1e6) / 1e6 + 0));

  it('moons: the upper half circle from right to left, the lower one from (0, ½) over (1, −½) to (2, ½)', () => {
    expect(rounded(makeMoons({ count: 6, noise: 0, random }))).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, 0.5],
      [1, -0.5],
      [2, 0.5],
    ]);
  });

  it('circles: radius 1, then the factor', () => {
    expect(rounded(makeCircles({ count: 6, noise: 0, random }))).toEqual([
      [1, 0],
      [-1, 0],
      [1, 0],
      [0.5, 0],
      [-0.5, 0],
      [0.5, 0],
    ]);
    expect(rounded(makeCircles({ count: 2, noise: 0, random, factor: 0.25 }))).toEqual([
      [1, 0],
      [0.25, 0],
    ]);
  });

  it('spirals: from radius 0.1 to 1, a turn and a half, the second half a turn behind', () => {
    expect(rounded(makeSpirals({ count: 4, noise: 0, random }))).toEqual([
      [0.1, 0],
      [-1, 0],
      [-0.1, 0],
      [1, 0],
    ]);
    expect(rounded(makeSpirals({ count: 4, noise: 0, random, classes: 4, turns: 1 }))).toEqual([
      [0.1, 0],
      [0, 0.1],
      [-0.1, 0],
      [0, -0.1],
    ]);
  });

  it('blobs: at their centers, three unless they are given', () => {
    expect(rounded(makeBlobs({ count: 4, noise: 0, random }))).toEqual([
      [-2, -1],
      [-2, -1],
      [2, -1],
      [0, 2],
    ]);
    expect(makeBlobs({ count: 2, noise: 0, random, centers: [[5, 6]] }).y).toEqual([0, 0]);
  });

  it('200 of them with a noise of 0.1 unless that is given', () => {
    const { x, y } = makeBlobs({ random: generator(2), centers: [[3, 4]] });
    expect(y).toHaveLength(200);
    const spread = Math.sqrt(x.reduce((sum, [a, b]) => sum + (a - 3) ** 2 + (b - 4) ** 2, 0) / 400);
    expect(Math.abs(spread - 0.1)).toBeLessThan(0.015);
  });
});

describe('images, classes and rows', () => {
  const set = {
    name: 'three',
    images: Uint8Array.from({ length: 36 }, (_, i) => i),
    labels: Uint8Array.of(4, 5, 6),
    count: 3,
    height: 2,
    width: 3,
    channels: 2,
    classNames: [],
  };

  it('selectImages takes whole images in the order asked for', () => {
    const { images, labels, count, height } = selectImages(set, [2, 0]);
    expect([count, height]).toEqual([2, 2]);
    expect(Array.from(labels)).toEqual([6, 4]);
    expect(Array.from(images)).toEqual([
      24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
    for (const index of [3, -1, 0.5])
      expect(() => selectImages(set, [index])).toThrow(`selectImages: expected indices from 0 to 2, got ${index}`);
  });

  it('oneHot is as deep as the largest label asks; argMax refuses rows without numbers', () => {
    expect(oneHot([2, 0])).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(argMax([[1, 3, 3]])).toEqual([1]);
    expect(() => argMax([[]])).toThrow('argMax: expected numbers in each row, got [] in row 0');
    expect(() => argMax([[1], [NaN]])).toThrow('in row 1');
  });

  it('a stratified split gives what is left over to the classes with the largest remainders', () => {
    // A third of 5, 4 and 3 rows: 1.67, 1.33 and 1; the fourth row goes to the first class.
    const labels = [...'aaaaabbbbccc'];
    const { test } = stratifiedSplit(labels, { testFraction: 1 / 3, random });
    const counts = ['a', 'b', 'c'].map((name) => test.filter((row) => labels[row] === name).length);
    expect(counts).toEqual([2, 1, 1]);
    // The same classes in another order: the largest remainder is that of the second one.
    const turned = [...'bbbbaaaaaccc'];
    const second = stratifiedSplit(turned, { testFraction: 1 / 3, random }).test;
    expect(['b', 'a', 'c'].map((name) => second.filter((row) => turned[row] === name).length)).toEqual([1, 2, 1]);
    // Half of 3, 3 and 4 rows: 1.5, 1.5 and 2; of equal remainders the first class comes first.
    const even = [...'aaabbbcccc'];
    const half = stratifiedSplit(even, { testFraction: 0.5, random }).test;
    expect(['a', 'b', 'c'].map((name) => half.filter((row) => even[row] === name).length)).toEqual([2, 1, 2]);
  });

  it('iterated cross-validation refuses no iteration and a part of one', () => {
    for (const iterations of [0, 1.5])
      expect(() => iteratedKFold(4, { folds: 2, iterations, random })).toThrow(
        `iteratedKFold: expected at least 1 iteration, got ${iterations}`,
      );
  });
});

describe('files', () => {
  const table = (text: string, options = {}): unknown => parseTable(Buffer.from(text), 'x.csv', options).rows;

  it('a column of a table is a number or a boolean only where each value is one', () => {
    expect(table('a\ntrue\nmaybe\n')).toEqual([{ a: 'true' }, { a: 'maybe' }]);
    expect(table('a\ntrue\ntrueish\n')).toEqual([{ a: 'true' }, { a: 'trueish' }]);
    expect(table('a\nTRUE\n false \n')).toEqual([{ a: true }, { a: false }]);
    expect(table('a\n1\nx\n')).toEqual([{ a: '1' }, { a: 'x' }]);
    expect(table('a,b\n1, \n2,3\n')).toEqual([
      { a: 1, b: null },
      { a: 2, b: 3 },
    ]);
    expect(table('a,b\n?,1\n', { blanks: ['?'] })).toEqual([{ a: null, b: 1 }]);
    expect(table('a,b\n ,1\n', { types: { a: 'string' } })).toEqual([{ a: ' ', b: 1 }]);
    expect(() => parseTable(Buffer.from(''), 'x.csv')).toThrow('x.csv: the file is empty: expected a header line');
  });

  it('an IDX file begins with two zero bytes', () => {
    for (const [first, second] of [
      [1, 0],
      [0, 1],
    ])
      expect(() => parseIdx(Uint8Array.of(first, second, 8, 1, 0, 0, 0, 1, 7), 'x')).toThrow(
        `should begin with two zero bytes, got ${first} and ${second} (at byte 0)`,
      );
  });

  it('only both bytes of its magic number make a gzip file', () => {
    for (const bytes of [Uint8Array.of(1, 0x8b, 5), Uint8Array.of(0x1f, 1, 5)])
      expect(decompress(bytes, 'x')).toEqual(bytes);
  });

  it('the damage of a gzip file is where its checksum is wrong', () => {
    const bytes = gzipSync(Buffer.from('a text'));
    // The last eight bytes are the checksum and the length of the content (RFC 1952): with the fourth byte of the
    // checksum it is known to be wrong.
    bytes[bytes.length - 8] ^= 0xff;
    expect(() => decompress(bytes, 'x.gz')).toThrow(
      `x.gz: the gzip file is damaged (incorrect data check); get it again (at byte ${bytes.length - 5})`,
    );
  });

  it('what is nowhere is an error of its own', () => {
    const error = new DataNotFoundError('x', 'is nowhere');
    expect([error.name, error.message]).toEqual(['DataNotFoundError', 'x: is nowhere']);
  });
});
