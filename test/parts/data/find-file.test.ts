// Where data files are looked for, and what is said and done where they are not.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  DataNotFoundError,
  cacheFolder,
  describeDataSet,
  findDataSets,
  readDataFile,
  searchFolders,
} from '../../../src/parts/data';
import { checkedFiles, findFile } from '../../../src/parts/data/find-file';
import { files, filesInMemory, provideFiles } from '../../../src/parts/files';

const onNode = files();
const { embedded } = onNode;
const iris = readFileSync(path.join(embedded, 'iris.csv'));
const [irisFile] = describeDataSet('iris').files;
const labels = 'mnist/train-labels-idx1-ubyte';
const empty = (): string => mkdtempSync(path.join(os.tmpdir(), 'layerwise-find-'));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** What a function gives where nothing of Node is there, as in a page. */
function inPage<T>(run: () => T): T {
  vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }));
  try {
    return run();
  } finally {
    vi.unstubAllGlobals();
  }
}

describe('folders', () => {
  it('are those of LAYERWISE_DATA, without empty names, the project, and the cache in the home folder', () => {
    const cache = path.join(os.homedir(), '.cache', 'layerwise');
    expect(cacheFolder({})).toBe(cache);
    expect(cacheFolder({ XDG_CACHE_HOME: '' })).toBe(cache);
    expect(searchFolders({})).toEqual([embedded, cache]);
    const given = ['', 'here', ''].join(path.delimiter);
    expect(searchFolders({ LAYERWISE_DATA: given, XDG_CACHE_HOME: '/c' })).toEqual([
      path.join(process.cwd(), 'here'),
      embedded,
      path.join('/c', 'layerwise'),
    ]);
  });

  it('are only what a page was packed with', () => {
    expect(inPage(() => searchFolders({ LAYERWISE_DATA: '/a' }))).toEqual([embedded]);
  });
});

describe('a file', () => {
  it('is found in the first folder that has it, as it is or in one of its variants', async () => {
    const [none, packed] = [empty(), empty()];
    expect(findFile(irisFile, [none, packed])).toBeUndefined();
    const [gz] = describeDataSet('mnist').files.filter((file) => file.path === labels);
    mkdirSync(path.join(packed, 'mnist'));
    writeFileSync(path.join(packed, `${labels}.gz`), gzipSync('x'));
    expect(findFile(gz, [none, packed])).toBe(path.join(packed, `${labels}.gz`));
    writeFileSync(path.join(packed, labels), 'x');
    expect(findFile(gz, [none, packed])).toBe(path.join(packed, labels));
  });

  it('that was read is known by its checksum', async () => {
    await readDataFile('iris', 'iris.csv', { folders: [embedded] });
    expect(checkedFiles().get('iris.csv')).toBe(irisFile.sha256);
  });

  it('that is nowhere is asked for in three ways, or in two where no address is known', async () => {
    vi.stubEnv('XDG_CACHE_HOME', '/cache');
    vi.stubEnv('LAYERWISE_TIER', undefined);
    const [a, b] = [empty(), empty()];
    const { title, homepage } = describeDataSet('mnist');
    await expect(readDataFile('mnist', labels, { folders: [a, b] })).rejects.toEqual(
      new DataNotFoundError(
        labels,
        `${title} is not on this machine (looked in ${a}, ${b}). You can set LAYERWISE_TIER=full to download it, or put it by hand into ${path.join('/cache', 'layerwise', labels)}, or name a folder that holds ${labels} in LAYERWISE_DATA. Its home is ${homepage}`,
      ),
    );
    const packed = readDataFile('mnist', 'mnist/subset/t10k1000-labels', { folders: [a] });
    await expect(packed).rejects.toThrow(`(looked in ${a}). You can put it by hand into`);
    const moons = describeDataSet('moons');
    expect([moons.files[0].variants, moons.homepage]).toEqual([[], undefined]);
    await expect(readDataFile('moons', 'moons.csv', { folders: [a] })).rejects.toEqual(
      new DataNotFoundError(
        'moons.csv',
        `Two moons is not on this machine (looked in ${a}). You can put it by hand into ${path.join('/cache', 'layerwise', 'moons.csv')}, or name a folder that holds moons.csv in LAYERWISE_DATA.`,
      ),
    );
  });

  it('that is no part of a page is in the notebook', async () => {
    provideFiles(filesInMemory({ 'registry.json': onNode.read(path.join(embedded, 'registry.json')) }));
    const asked = inPage(() => readDataFile('mnist', labels));
    provideFiles(onNode);
    await expect(asked).rejects.toEqual(
      new DataNotFoundError(labels, `${describeDataSet('mnist').title} is not part of this page; the notebook has it`),
    );
  });

  it('that the set has not is told from those that it has', async () => {
    await expect(readDataFile('iris', 'iris.tsv')).rejects.toThrow(
      new RangeError('readDataFile: iris has the files iris.csv, not "iris.tsv"'),
    );
  });
});

describe('a download', () => {
  const asked: string[] = [];
  const stub = (): void => {
    asked.length = 0;
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return new Response('not what was asked for');
    });
  };

  it('begins in the full tier, or where a call allows it, and keeps nothing that is wrong', async () => {
    stub();
    const cache = empty();
    const options = { folders: [empty()], cache, onProgress: () => undefined };
    await expect(readDataFile('mnist', labels, { ...options, mayDownload: true })).rejects.toThrow(
      `put the file by hand into ${path.join(cache, labels)}`,
    );
    vi.stubEnv('LAYERWISE_TIER', 'full');
    await expect(readDataFile('mnist', labels, options)).rejects.toThrow('no address gave it');
    const { addresses } = describeDataSet('mnist').files.flatMap(({ path: name, variants }) => name === labels ? variants : [])[0]; // prettier-ignore
    expect(asked).toEqual([...addresses, ...addresses]);
    expect(readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
  });

  it('does not begin in the quick tier, nor where a call forbids it', async () => {
    stub();
    const options = { folders: [empty()], cache: empty() };
    vi.stubEnv('LAYERWISE_TIER', 'quick');
    await expect(readDataFile('mnist', labels, options)).rejects.toThrow('is not on this machine');
    vi.stubEnv('LAYERWISE_TIER', 'full');
    await expect(readDataFile('mnist', labels, { ...options, mayDownload: false })).rejects.toThrow(
      'is not on this machine',
    );
    expect(asked).toEqual([]);
  });

  it('lies in the cache, where it is found the next time', async () => {
    const { sha256, bytes } = irisFile;
    const cache = empty();
    vi.stubGlobal('fetch', async () => new Response(iris));
    const set = describeDataSet('iris');
    const [file] = set.files;
    const variant = { suffix: '', sha256, bytes, addresses: ['https://example.org/iris.csv'], verified: true };
    vi.spyOn(set.files, 'find').mockReturnValue({ ...file, variants: [variant] });
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const options = { folders: [empty()], mayDownload: true, onProgress: () => undefined };
    expect(Buffer.from(await readDataFile('iris', 'iris.csv', options)).equals(iris)).toBe(true);
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    expect(findFile(file, searchFolders({ XDG_CACHE_HOME: cache }).slice(1))).toBe(
      path.join(cache, 'layerwise', 'iris.csv'),
    );
  });
});

describe('findDataSets', () => {
  it('names the sets that ship with the project and are missing', () => {
    const folder = empty();
    writeFileSync(path.join(folder, 'iris.csv'), iris);
    const { found, missing, broken } = findDataSets([folder]);
    expect(found).toEqual(['iris']);
    expect(missing).toContain('digits');
    expect(missing).toContain('mnist');
    expect(broken).toContain('digits.csv: ships with the project but is missing');
    expect(broken).toHaveLength(readdirSync(embedded).filter((name) => /\.(csv|idx)$/.test(name)).length - 1);
  });

  it('finds a set only where all its files are', () => {
    const folder = empty();
    mkdirSync(path.join(folder, 'mnist'));
    writeFileSync(path.join(folder, labels), 'x');
    expect(findDataSets([folder]).missing).toContain('mnist');
  });
});
