import path from 'node:path';
import yauzl from 'yauzl';
import { MOST_BYTES } from './read-notebook';

const MOST_ENTRIES = 1000;

/** A notebook in an archive, or why it can't be read. */
export interface ArchivedNotebook {
  /** File name without folders. */
  readonly name: string;
  readonly content: Buffer | { readonly problem: string };
}

/**
 * The notebooks in a zip archive. Nothing is written anywhere, and nothing is unpacked beyond the limit on a notebook's size.
 *
 * @throws Error where the file is no archive, or has too many entries.
 */
export async function readArchive(content: Buffer): Promise<ArchivedNotebook[]> {
  const zip = await yauzl.fromBufferPromise(content, { lazyEntries: true, validateEntrySizes: true, strictFileNames: false });
  const found: ArchivedNotebook[] = [];
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    if (++count > MOST_ENTRIES) throw new Error(`it has more than ${MOST_ENTRIES} entries`);
    const name = path.posix.basename(entry.fileName);
    if (!name.endsWith('.ipynb') || entry.fileName.startsWith('__MACOSX/') || name.startsWith('.')) continue;
    found.push({ name, content: await readEntry(zip, entry) });
  }
  return found;
}

const UNIX_LINK = 0o120000;

async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<ArchivedNotebook['content']> {
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === UNIX_LINK) return { problem: 'it is a link, which is not followed' };
  if (entry.uncompressedSize > MOST_BYTES) return { problem: `it unpacks to more than ${MOST_BYTES / 2 ** 20} MB` };
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of await zip.openReadStreamPromise(entry)) {
      if (!(part instanceof Buffer)) continue;
      length += part.length;
      if (length > MOST_BYTES) return { problem: `it unpacks to more than ${MOST_BYTES / 2 ** 20} MB` };
      parts.push(part);
    }
  } catch (error) {
    return { problem: `it can't be unpacked: ${error instanceof Error ? error.message : String(error)}` };
  }
  return Buffer.concat(parts);
}
