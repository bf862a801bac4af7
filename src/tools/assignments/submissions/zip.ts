import { closeSync } from 'node:fs';
import yauzl from 'yauzl';
import type { ArchiveEntry, ArchiveSource } from './archive-entry';
import { megabytes, openSafely, type Content, type Problem } from './read-file';

const OPTIONS = { lazyEntries: true, validateEntrySizes: true, decodeStrings: false } as const;
const UNIX_TYPE = 0o170000;
const UNIX_LINK = 0o120000;

async function open(source: ArchiveSource): Promise<yauzl.ZipFile> {
  if ('content' in source) return yauzl.fromBufferPromise(await source.content(), OPTIONS);
  const opened = openSafely(source.file);
  if ('problem' in opened) throw new Error(opened.problem);
  try {
    return await yauzl.fromFdPromise(opened.descriptor, { ...OPTIONS, autoClose: true });
  } catch (error) {
    closeSync(opened.descriptor);
    throw error;
  }
}

/** Many programs write names in UTF-8 and don't say so. */
function nameOf(entry: yauzl.Entry): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(entry.fileNameRaw).replaceAll('\\', '/');
  } catch {
    return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  }
}

/** What is in a zip archive, without unpacking anything. At most `most` entries. */
export async function listZip(source: ArchiveSource, most: number): Promise<ArchiveEntry[]> {
  const zip = await open(source);
  const entries: ArchiveEntry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= most) throw new Error(`it has more than ${most} entries`);
      const name = nameOf(entry);
      const index = entries.length;
      const isLink = ((entry.externalFileAttributes >>> 16) & UNIX_TYPE) === UNIX_LINK;
      entries.push({
        name,
        kind: isLink ? 'link' : name.endsWith('/') ? 'folder' : 'file',
        modified: entry.getLastModDate().getTime(),
        read: (limit) => readZip(source, index, limit),
      });
    }
  } finally {
    zip.close();
  }
  return entries;
}

async function readZip(source: ArchiveSource, index: number, most: number): Promise<Content> {
  const zip = await open(source);
  try {
    let i = 0;
    for await (const entry of zip.eachEntry()) if (i++ === index) return await unpack(zip, entry, most);
    return { problem: 'its archive was changed while it was read' };
  } catch (error) {
    return cannotUnpack(error);
  } finally {
    zip.close();
  }
}

const cannotUnpack = (error: unknown): Problem => ({
  problem: `it can't be unpacked: ${error instanceof Error ? error.message : String(error)}`,
});

async function unpack(zip: yauzl.ZipFile, entry: yauzl.Entry, most: number): Promise<Content> {
  const tooLarge = { problem: `it unpacks to more than ${megabytes(most)}` };
  if (entry.isEncrypted()) return { problem: 'its archive is locked with a password: hand it in without one' };
  if (entry.uncompressedSize > most) return tooLarge;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of await zip.openReadStreamPromise(entry)) {
    if (!(part instanceof Buffer)) continue;
    length += part.length;
    if (length > most) return tooLarge;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
