// The parsers on real files, where they are on this machine: counts as stated by those who published them.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCifar, readJson, readTable, readTar } from '../../../src/parts/data';
import { sharedData } from '../../support/shared-data';

const at = (...parts: string[]): string => path.join(sharedData ?? '', ...parts);

describe.skipIf(!sharedData)('real files', () => {
  it('Titanic: 891 passengers, of whom 177 have no age', () => {
    const { rows } = readTable(at('tabular', 'titanic_named.codebasics.csv'));
    expect([rows.length, rows.filter((row) => row.Age === null).length]).toEqual([891, 177]);
    expect(rows[0].Name).toBe('Braund, Mr. Owen Harris');
  });

  it('telephone customers: 7,043, of whom 11 have a blank total', () => {
    const { rows } = readTable(at('telco-churn', 'Telco-Customer-Churn.csv'));
    expect([rows.length, rows.filter((row) => row.TotalCharges === null).length]).toEqual([7043, 11]);
    expect(typeof rows[0].TotalCharges).toBe('number');
  });

  it('text messages: 5,572 with quotes and line breaks inside', () => {
    expect(readTable(at('sms-spam', 'spam.csv')).rows.length).toBe(5572);
  });

  it('CIFAR-10: 4,000 color images in ten classes', () => {
    const set = readCifar(at('cifar10', 'lossless4000.bin.gz'));
    expect([set.count, set.images.length]).toEqual([4000, 4000 * 3072]);
    expect(Array.from({ length: 10 }, (_, label) => set.labels.filter((value) => value === label).length)).toEqual([
      396, 366, 420, 384, 422, 393, 414, 385, 407, 413,
    ]);
  });

  it('an archive of 364 photos of blood cells', async () => {
    const entries = await readTar(at('bccd', 'small160x120.tar'));
    expect(entries.filter(({ name }) => name.endsWith('.jpg')).length).toBe(364);
    expect(Array.from(entries[0].content.subarray(0, 2))).toEqual([0xff, 0xd8]);
  });

  it('a compressed archive of 3,000 recordings', async () => {
    expect((await readTar(at('fsdd', 'recordings.tar.gz'))).filter(({ name }) => name.endsWith('.wav')).length).toBe(
      3000,
    );
  });

  it('a word index of 88,584 words, and 50,257 tokens', () => {
    expect(
      Object.keys(z.record(z.string(), z.number()).parse(readJson(at('imdb', 'imdb_word_index.json.gz')))).length,
    ).toBe(88_584);
    expect(Object.keys(z.record(z.string(), z.number()).parse(readJson(at('gpt2-bpe', 'encoder.json')))).length).toBe(
      50_257,
    );
  });
});
