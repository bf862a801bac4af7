import { environment, files, isOnNode, joinPath, node } from '../files';
import { DataError, DataNotFoundError } from './data-error';
import { downloadFile, type DownloadOptions } from './download';
import { openFile } from './open-file';
import { describeDataSet, listDataSets, type DataFile, type DataSet } from './registry';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `quick` never downloads and keeps each chapter under a minute; `full` runs on the complete sets. From
 * `LAYERWISE_TIER`.
 */
export type Tier = 'quick' | 'full';

/**
 * The tier in force: `LAYERWISE_TIER`, or quick.
 *
 * @throws RangeError where the variable holds another word.
 */
export function tier(env: Environment = environment()): Tier {
  const value = env.LAYERWISE_TIER ?? 'quick';
  if (value !== 'quick' && value !== 'full')
    throw new RangeError(`LAYERWISE_TIER: expected quick or full, got "${value}"`);
  return value;
}

/** Where downloaded files are kept: `$XDG_CACHE_HOME/layerwise`, else `~/.cache/layerwise`. */
export function cacheFolder(env: Environment = environment()): string {
  return joinPath(env.XDG_CACHE_HOME || joinPath(node('os').homedir(), '.cache'), 'layerwise');
}

/**
 * The folders in which data files are looked for, in order: those of `LAYERWISE_DATA` (separated as in PATH), the
 * project's `data/`, the user's cache. In a page only what it was packed with.
 */
export function searchFolders(env: Environment = environment()): string[] {
  const { embedded } = files();
  if (!isOnNode()) return [embedded];
  const path = node('path');
  const own = (env.LAYERWISE_DATA ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return [...own.map((folder) => path.resolve(folder)), embedded, cacheFolder(env)];
}

/** The first place where the file lies, in any of its variants, or undefined. */
export function findFile(file: DataFile, folders: readonly string[] = searchFolders()): string | undefined {
  const names = [file.path, ...file.variants.map((variant) => file.path + variant.suffix)];
  for (const folder of folders) {
    for (const name of names) {
      const candidate = joinPath(folder, name);
      if (files().exists(candidate)) return candidate;
    }
  }
  return undefined;
}

const checked = new Map<string, string>();

/** SHA-256 of the registry's files that this process has read, by path: what its results depend on. */
export const checkedFiles = (): ReadonlyMap<string, string> => checked;

/**
 * Reads a file that the registry knows, decompressed and checked against its length and SHA-256.
 *
 * @throws DataError where its content is not what the registry says.
 */
export function readChecked(found: string, file: DataFile): Uint8Array {
  const content = openFile(found, file.bytes);
  if (content.length !== file.bytes)
    throw new DataError(
      found,
      `expected ${file.bytes} bytes of content, got ${content.length}: the file is cut; delete it and get it again`,
      content.length,
    );
  const sha256 = files().sha256(content);
  if (sha256 !== undefined && sha256 !== file.sha256)
    throw new DataError(
      found,
      `its content is not ${file.path}: expected SHA-256 ${file.sha256}, got ${sha256}; delete the file and get it again`,
    );
  checked.set(file.path, file.sha256);
  return content;
}

export interface ReadOptions extends DownloadOptions {
  /** Whether the file may be downloaded (default: in the full tier). */
  readonly mayDownload?: boolean;
  /** Where to look (default {@link searchFolders}). */
  readonly folders?: readonly string[];
  /** Where a download is kept (default {@link cacheFolder}). */
  readonly cache?: string;
}

/**
 * Reads a file of a data set: from the first search folder that has it, else, in the full tier, from its address, and
 * keeps it in the user's cache.
 *
 * @param set name of the set in the registry.
 * @param filePath the file's path in the registry.
 * @throws DataError where it is not to be had, or wrong; the message says where to put it by hand.
 */
export async function readDataFile(set: string, filePath: string, options: ReadOptions = {}): Promise<Uint8Array> {
  const description = describeDataSet(set);
  const file = description.files.find((candidate) => candidate.path === filePath);
  if (!file)
    throw new RangeError(
      `readDataFile: ${set} has the files ${description.files.map((known) => known.path).join(', ')}, not "${filePath}"`,
    );
  const folders = options.folders ?? searchFolders();
  const found = findFile(file, folders);
  if (found) return readChecked(found, file);
  const mayDownload = options.mayDownload ?? tier() === 'full';
  if (!mayDownload) throw notHere(description, file, folders);
  return readChecked(await downloadFile(description, file, options.cache ?? cacheFolder(), options), file);
}

function notHere(set: DataSet, file: DataFile, folders: readonly string[]): DataNotFoundError {
  if (!isOnNode())
    return new DataNotFoundError(file.path, `${set.title} is not part of this page; the notebook has it`);
  const canDownload = file.variants.some((variant) => variant.addresses.length > 0);
  const ways = [
    ...(canDownload ? ['set LAYERWISE_TIER=full to download it'] : []),
    `put it by hand into ${joinPath(cacheFolder(), file.path)}`,
    `name a folder that holds ${file.path} in LAYERWISE_DATA`,
  ];
  return new DataNotFoundError(
    file.path,
    `${set.title} is not on this machine (looked in ${folders.join(', ')}). You can ${ways.join(', or ')}.${set.homepage ? ` Its home is ${set.homepage}` : ''}`,
  );
}

/** Which data sets are complete here, which are not, and what is wrong with embedded files. Doctor shows it. */
export function findDataSets(folders: readonly string[] = searchFolders()): {
  found: string[];
  missing: string[];
  broken: string[];
} {
  const result: { found: string[]; missing: string[]; broken: string[] } = { found: [], missing: [], broken: [] };
  for (const set of listDataSets()) {
    const files = set.files.map((file) => ({ file, found: findFile(file, folders) }));
    (files.every(({ found }) => found !== undefined) ? result.found : result.missing).push(set.name);
    if (!set.embedded) continue;
    for (const { file, found } of files) {
      try {
        if (found === undefined) throw new DataError(file.path, 'ships with the project but is missing');
        readChecked(found, file);
      } catch (error) {
        result.broken.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return result;
}
