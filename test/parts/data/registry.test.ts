import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  describeDataSet,
  findDataSets,
  listDataSets,
  readDataFile,
  searchFolders,
  tier,
} from '../../../src/parts/data';
import { files } from '../../../src/parts/files';
import { parseRegistry } from '../../../src/parts/data/registry';
import { sharedData } from '../../support/shared-data';

const { embedded: embeddedFolder } = files();

const empty = (): string => mkdtempSync(path.join(os.tmpdir(), 'layerwise-registry-'));

describe('the registry', () => {
  it('names license and citation of each set, and an address or a home for what does not ship', () => {
    for (const set of listDataSets()) {
      expect(set.license.length, set.name).toBeGreaterThan(2);
      expect(set.citation.length, set.name).toBeGreaterThan(5);
      if (!set.embedded) expect(set.homepage ?? set.files[0].variants.length, set.name).toBeTruthy();
    }
    expect(new Set(listDataSets().map((set) => set.name)).size).toBe(listDataSets().length);
  });

  it('refuses an entry without a checksum, by name of the field', () => {
    expect(() =>
      parseRegistry(
        '{"sets":[{"name":"x","title":"X","license":"MIT","citation":"me","embedded":true,"files":[{"path":"x","bytes":1,"variants":[]}]}]}',
      ),
    ).toThrow(/sha256/);
  });

  it('lists the known names where one is unknown', () => {
    expect(() => describeDataSet('mnits')).toThrow(/expected one of digits, iris, .*mnist.*, got "mnits"/);
  });
});

describe('searchFolders', () => {
  it('looks in LAYERWISE_DATA first, then in the project, then in the cache', () => {
    const folders = searchFolders({ LAYERWISE_DATA: ['/a', '/b'].join(path.delimiter), XDG_CACHE_HOME: '/cache' });
    expect(folders).toEqual(['/a', '/b', embeddedFolder, '/cache/layerwise']);
  });
});

describe('tier', () => {
  it('is quick unless told otherwise, and refuses other words', () => {
    expect(tier({})).toBe('quick');
    expect(tier({ LAYERWISE_TIER: 'full' })).toBe('full');
    expect(() => tier({ LAYERWISE_TIER: 'fast' })).toThrow('LAYERWISE_TIER: expected quick or full, got "fast"');
  });
});

describe('readDataFile', () => {
  it('takes the file from the first folder that has it', async () => {
    const first = empty();
    cpSync(path.join(embeddedFolder, 'iris.csv'), path.join(first, 'iris.csv'));
    const content = await readDataFile('iris', 'iris.csv', { folders: [first, embeddedFolder] });
    expect(Buffer.from(content).equals(readFileSync(path.join(embeddedFolder, 'iris.csv')))).toBe(true);
  });

  it.each([
    [
      'cut',
      (content: Buffer) => content.subarray(0, 100),
      /iris\.csv: expected 2628 bytes of content, got 100: the file is cut/,
    ],
    [
      'changed',
      (content: Buffer) => Buffer.from(content.toString().replace('5.1', '5.2')),
      /iris\.csv: its content is not iris\.csv: expected SHA-256/,
    ],
    [
      'too large',
      (content: Buffer) => Buffer.concat([content, content]),
      /iris\.csv: expected at most 2628 bytes, got 5256/,
    ],
  ])('refuses a %s file by name', async (_, change, message) => {
    const folder = empty();
    writeFileSync(path.join(folder, 'iris.csv'), change(readFileSync(path.join(embeddedFolder, 'iris.csv'))));
    await expect(readDataFile('iris', 'iris.csv', { folders: [folder] })).rejects.toThrow(message);
  });

  it('says where to put a file that is nowhere, and how to download it', async () => {
    const promise = readDataFile('mnist', 'mnist/train-labels-idx1-ubyte', { folders: [empty()], mayDownload: false });
    await expect(promise).rejects.toThrow(
      /is not on this machine.*set LAYERWISE_TIER=full to download it, or put it by hand into .*mnist\/train-labels-idx1-ubyte, or name a folder/,
    );
    await expect(readDataFile('mnist', 'nothing')).rejects.toThrow('mnist has the files mnist/');
  });
});

describe('findDataSets', () => {
  it('finds every embedded set whole, and names what is missing or damaged', () => {
    const here = findDataSets([embeddedFolder]);
    expect(here.found).toEqual(
      listDataSets()
        .filter((set) => set.embedded)
        .map((set) => set.name),
    );
    expect(here.missing).toContain('mnist');
    expect(here.broken).toEqual([]);
    const folder = empty();
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'iris.csv'), 'not iris');
    expect(findDataSets([folder]).broken.join()).toMatch(/iris\.csv: expected 2628 bytes/);
  });

  it.skipIf(!sharedData)('reads and checks every file of the large sets where they are', async () => {
    for (const set of listDataSets().filter((known) => !known.embedded)) {
      for (const file of set.files) {
        const content = await readDataFile(set.name, file.path, { folders: [sharedData ?? ''], mayDownload: false });
        expect(content.length, file.path).toBe(file.bytes);
      }
    }
  });
});
