import { gzipSync } from 'node:zlib';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  numberColumn,
  openFile,
  parseCifar,
  parseJson,
  parseTable,
  parseTar,
  readTable,
  readTar,
} from '../../../src/parts/data';

const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-parsers-'));
const write = (name: string, content: Buffer | string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('openFile', () => {
  it('refuses content above the limit, compressed or not, before it fills the memory', () => {
    const bomb = write('bomb.gz', gzipSync(Buffer.alloc(10_000_000)));
    expect(() => openFile(bomb, 1000)).toThrow(
      'expected at most 1000 bytes of decompressed content, got more (at byte 1000)',
    );
    expect(() => openFile(write('plain', Buffer.alloc(20)), 10)).toThrow('expected at most 10 bytes, got 20');
  });

  it('says where damaged gzip content breaks', () => {
    const bytes = gzipSync(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 31) % 251)));
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 20);
    expect(() => openFile(write('damaged.gz', bytes))).toThrow(
      /damaged\.gz: the gzip file is damaged .*\(at byte \d+\)/,
    );
  });
});

describe('parseCifar', () => {
  const record = Buffer.alloc(3073);
  record[0] = 7;
  record[1] = 10; // red of the first pixel
  record[1 + 1024] = 20; // green
  record[1 + 2048] = 30; // blue

  it('brings channels last', () => {
    const set = parseCifar(Buffer.concat([record, record]), 'batch.bin');
    expect([set.count, set.height, set.width, set.channels]).toEqual([2, 32, 32, 3]);
    expect(Array.from(set.images.subarray(0, 3))).toEqual([10, 20, 30]);
    expect(set.classNames[set.labels[1]]).toBe('horse');
  });

  it('takes 1,024 red, then green, then blue bytes of each image', () => {
    const value = (image: number, channel: number, pixel: number): number =>
      (7 * image + 83 * channel + 3 * pixel) % 251;
    const pixels = Array.from({ length: 1024 }, (_, pixel) => pixel);
    const planes = [0, 1].map((image) => [
      image,
      ...[0, 1, 2].flatMap((channel) => pixels.map((p) => value(image, channel, p))),
    ]);
    const { images, labels } = parseCifar(Buffer.from(planes.flat()), 'batch.bin');
    expect(Array.from(labels)).toEqual([0, 1]);
    expect(Array.from(images)).toEqual(
      [0, 1].flatMap((image) => pixels.flatMap((p) => [0, 1, 2].map((c) => value(image, c, p)))),
    );
  });

  it('has a hundred classes by number where there are two label bytes', () => {
    const fine = (label: number): Buffer => Buffer.concat([Buffer.from([3, label]), Buffer.alloc(3072)]);
    const { classNames, labels } = parseCifar(fine(99), 'x', 2);
    expect(labels[0]).toBe(99);
    expect([classNames.length, classNames[0], classNames[99]]).toEqual([100, '0', '99']);
    expect(() => parseCifar(fine(100), 'x', 2)).toThrow('x: expected a label below 100, got 100 (at byte 1)');
  });

  it('takes the last of two label bytes', () => {
    expect(parseCifar(Buffer.concat([Buffer.from([3]), record]), 'x', 2).labels[0]).toBe(7);
  });

  it('names the offset of a part of a record and of a wrong label', () => {
    expect(() => parseCifar(Buffer.concat([record, Buffer.alloc(5)]), 'x')).toThrow(
      'got 1 and 5 bytes more (at byte 3073)',
    );
    expect(() => parseCifar(Buffer.alloc(10), 'x')).toThrow(
      'expected records of 3073 bytes, got 10 bytes (at byte 10)',
    );
    const wrong = Buffer.from(record);
    wrong[0] = 10;
    expect(() => parseCifar(Buffer.concat([record, wrong]), 'x')).toThrow(
      'expected a label below 10, got 10 (at byte 3073)',
    );
  });
});

describe('parseTable', () => {
  const parse = (text: string, options = {}): ReturnType<typeof parseTable> =>
    parseTable(Buffer.from(text), 'people.csv', options);

  it('infers types column by column, and makes blanks null', () => {
    const { columns, rows } = parse('name,age,member\n"Ada, Countess",36,true\n"said ""no""",,FALSE\n');
    expect(columns).toEqual(['name', 'age', 'member']);
    expect(rows).toEqual([
      { name: 'Ada, Countess', age: 36, member: true },
      { name: 'said "no"', age: null, member: false },
    ]);
  });

  it('keeps quoted line breaks, skips a byte order mark and Windows line ends', () => {
    expect(parse('\uFEFFa,b\r\n"x\ny",1\r\n').rows).toEqual([{ a: 'x\ny', b: 1 }]);
  });

  it('takes types, blanks, delimiter and column names from the options', () => {
    expect(parse('zip;income\n01234;?\n', { delimiter: ';', blanks: ['?'], types: { zip: 'string' } }).rows).toEqual([
      { zip: '01234', income: null },
    ]);
    expect(parse('1,2\n', { columns: ['a', 'b'] }).rows).toEqual([{ a: 1, b: 2 }]);
  });

  it('reads .tsv with tabs, and .gz', () => {
    expect(readTable(write('x.tsv', 'a\tb\n1\t2\n')).rows).toEqual([{ a: 1, b: 2 }]);
    expect(readTable(write('x.tsv.gz', gzipSync('a\tb\n1\t2\n'))).rows).toEqual([{ a: 1, b: 2 }]);
  });

  it('names row and column of what is wrong', () => {
    expect(() => parse('a,b\n1,2\n3\n')).toThrow('people.csv: row 2: expected 2 values (a, b), got 1');
    expect(() => parse('a\nx\n', { types: { a: 'number' } })).toThrow(
      'people.csv: row 1, column "a": expected a number, got "x"',
    );
    expect(() => parse('a,a\n1,2\n')).toThrow('the column name "a" occurs twice');
    expect(() => parse('')).toThrow('the file is empty: expected a header line (at byte 0)');
    expect(() => parse('a\n"open\n')).toThrow(/people\.csv: .*quot.*\(at byte \d+\)/i);
  });

  it('reads back what any CSV writer wrote', () => {
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
          { minLength: 1, maxLength: 8 },
        ),
        (values) => {
          const { rows } = parse(`a\n${values.map(quoted).join('\n')}\n`, { types: { a: 'string' } });
          expect(rows.map((row) => row.a)).toEqual(values);
        },
      ),
    );
  });
});

describe('numberColumn', () => {
  it('names the row of a blank and lists the columns where the name is wrong', () => {
    const table = parseTable(Buffer.from('a,b\n1,2\n,3\n'), 'x.csv');
    expect(numberColumn(table, 'b')).toEqual([2, 3]);
    expect(() => numberColumn(table, 'a')).toThrow('column "a", row 2, got a blank');
    expect(() => numberColumn(table, 'c')).toThrow('expected one of the columns a, b, got "c"');
  });
});

describe('parseJson', () => {
  it('reads, and says at which byte the text is wrong', () => {
    expect(parseJson(Buffer.from('\uFEFF{"a":[1]}'), 'x.json')).toEqual({ a: [1] });
    expect(() => parseJson(Buffer.from('{"é": nope}'), 'x.json')).toThrow(/x\.json: not valid JSON: .*\(at byte 7\)/);
    expect(() => parseJson(Buffer.from('[1, 2'), 'x.json')).toThrow(/x\.json: not valid JSON: .*\(at byte 5\)/);
  });
});

describe('parseTar', () => {
  const archive = async (): Promise<Buffer> => {
    const writer = pack();
    writer.entry({ name: 'a.txt' }, 'hello');
    writer.entry({ name: 'folder', type: 'directory' });
    writer.entry({ name: 'folder/b.bin' }, Buffer.alloc(1500, 7));
    writer.finalize();
    return buffer(writer);
  };

  it('reads files in order and leaves folders out', async () => {
    const entries = await parseTar(await archive(), 'x.tar');
    expect(entries.map(({ name, content }) => [name, content.length])).toEqual([
      ['a.txt', 5],
      ['folder/b.bin', 1500],
    ]);
    expect(Buffer.from(entries[0].content).toString()).toBe('hello');
  });

  it('reads an archive from a file, compressed or not', async () => {
    const whole = await archive();
    for (const file of [write('x.tar', whole), write('x.tar.gz', gzipSync(whole))])
      expect((await readTar(file)).map(({ name }) => name)).toEqual(['a.txt', 'folder/b.bin']);
  });

  it('names the file and an offset where the archive is cut or none', async () => {
    const whole = await archive();
    await expect(parseTar(whole.subarray(0, 3000), 'x.tar')).rejects.toThrow(/^x\.tar: .*\(at byte \d+\)$/);
    await expect(parseTar(Buffer.from('hello'), 'x.tar')).rejects.toThrow(
      'not a tar archive: expected at least 512 bytes, got 5 (at byte 5)',
    );
    await expect(parseTar(Buffer.alloc(1024, 'a'), 'x.tar')).rejects.toThrow(
      /^x\.tar: not a whole tar archive: .*\(at byte 0\)$/,
    );
  });
});
