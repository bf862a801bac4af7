import { gzipSync } from 'node:zlib';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdx, readIdx } from '../../../src/parts/data';

const twoByThree = Buffer.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]);

describe('parseIdx', () => {
  it('reads shape and values', () => {
    const { shape, values } = parseIdx(twoByThree, 'x');
    expect(shape).toEqual([2, 3]);
    expect(Array.from(values)).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it('reads every element type, big-endian', () => {
    const header = (type: number): number[] => [0, 0, type, 1, 0, 0, 0, 1];
    const read = (type: number, bytes: number[]): number =>
      parseIdx(Buffer.from([...header(type), ...bytes]), 'x').values[0];
    expect(read(0x09, [0xff])).toBe(-1);
    expect(read(0x0b, [0x01, 0x02])).toBe(258);
    expect(read(0x0c, [0xff, 0xff, 0xff, 0xfe])).toBe(-2);
    expect(read(0x0d, [0x3f, 0xc0, 0, 0])).toBe(1.5);
    expect(read(0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0])).toBe(1.5);
  });

  it.each([
    [0x08, [7, 255], [7, 255]],
    [0x09, [7, 0x80], [7, -128]],
    [0x0b, [1, 0, 0xff, 0xfe], [256, -2]],
    [0x0c, [0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff], [65536, -1]],
    [0x0d, [0x3f, 0xc0, 0, 0, 0xbf, 0x80, 0, 0], [1.5, -1]],
    [0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0], [1.5, -1]],
  ])('reads the values of type %i one after another', (type, bytes, expected) => {
    // The bytes begin in the middle of a buffer, as a file's do.
    const content = Buffer.from([9, 9, 9, 0, 0, type, 1, 0, 0, 0, 2, ...bytes]).subarray(3);
    expect(Array.from(parseIdx(content, 'x').values)).toEqual(expected);
  });

  it('tells a header that is cut from a magic number that is cut, and wants an axis', () => {
    expect(() => parseIdx(Buffer.from([0, 0, 8]), 'x')).toThrow('expected an IDX header of 4 bytes, got 3 bytes');
    expect(() => parseIdx(Buffer.from([0, 0, 8, 2]), 'x')).toThrow('the header is cut: 2 axes need 12 bytes, got 4');
    expect(() => parseIdx(Buffer.from([0, 0, 8, 0]), 'x')).toThrow('expected at least one axis, got 0 (at byte 3)');
  });

  it('names the file and the offset where a file is cut at any byte', () => {
    for (let length = 0; length < twoByThree.length; length++) {
      expect(() => parseIdx(twoByThree.subarray(0, length), 'digits.idx')).toThrow(
        new RegExp(`^digits\\.idx: .*\\(at byte ${length}\\)$`),
      );
    }
  });

  it('names the offset where a file is too long', () => {
    expect(() => parseIdx(Buffer.concat([twoByThree, Buffer.from([9])]), 'x')).toThrow(
      'needs 18 bytes, got 19 (at byte 18)',
    );
  });

  it('refuses a wrong magic number and lists the known element types', () => {
    expect(() => parseIdx(Buffer.from([1, 0, 8, 1, 0, 0, 0, 0]), 'x')).toThrow(
      'should begin with two zero bytes, got 1 and 0 (at byte 0)',
    );
    expect(() => parseIdx(Buffer.from([0, 0, 7, 1, 0, 0, 0, 0]), 'x')).toThrow(
      'unknown IDX element type 0x07; known: 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e (at byte 2)',
    );
  });

  it('never does anything but read or throw a DataError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const { shape, values } = parseIdx(Buffer.from(bytes), 'x');
          return values.length === shape.reduce((a, b) => a * b, 1);
        } catch (error) {
          return error instanceof Error && error.name === 'DataError';
        }
      }),
    );
  });
});

describe('readIdx', () => {
  it('reads a gzip file as the plain one, and says where a cut one ends', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-idx-'));
    const whole = gzipSync(twoByThree);
    writeFileSync(path.join(folder, 'a.gz'), whole);
    writeFileSync(path.join(folder, 'cut.gz'), whole.subarray(0, whole.length - 9));
    expect(readIdx(path.join(folder, 'a.gz')).shape).toEqual([2, 3]);
    expect(() => readIdx(path.join(folder, 'cut.gz'))).toThrow(/cut\.gz: the gzip file is cut.*\(at byte \d+\)/);
    expect(() => readIdx(path.join(folder, 'none'))).toThrow('there is no such file');
  });
});
