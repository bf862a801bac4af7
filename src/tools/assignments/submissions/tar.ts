import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { ArchiveEntry, ArchiveSource } from './archive-entry';
import { megabytes, openSafely, type Content } from './read-file';

/** The largest tar archive, unpacked: it is read from its beginning each time. */
const MOST_UNPACKED = 500 * 2 ** 20;

async function bytesOf(source: ArchiveSource): Promise<Readable> {
  if ('content' in source) return Readable.from([await source.content()]);
  const opened = openSafely(source.file);
  if ('problem' in opened) throw new Error(opened.problem);
  return createReadStream('', { fd: opened.descriptor, autoClose: true });
}

type Entry = ReturnType<typeof extract> extends AsyncIterable<infer E> ? E : never;

/** Goes through an archive until `visit` returns something. */
async function through<T>(
  source: ArchiveSource,
  isCompressed: boolean,
  visit: (entry: Entry, index: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  const from = await bytesOf(source);
  const unpacked = isCompressed ? from.pipe(createGunzip()) : from;
  const archive = extract();
  let length = 0;
  const stop = (error: Error): void => void archive.destroy(error);
  unpacked.on('data', (part: Buffer) => {
    length += part.length;
    if (length > MOST_UNPACKED)
      stop(new Error(`it unpacks to more than ${megabytes(MOST_UNPACKED)}: unpack it, and name the folder`));
  });
  from.once('error', stop);
  unpacked.once('error', stop);
  unpacked.pipe(archive);
  let index = 0;
  try {
    for await (const entry of archive) {
      const found = await visit(entry, index++);
      if (found !== undefined) return found;
      entry.resume();
    }
    return undefined;
  } finally {
    from.destroy();
    unpacked.destroy();
    archive.destroy();
  }
}

const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'link',
};

/** What is in a tar archive, compressed with gzip or not. At most `most` entries. */
export async function listTar(source: ArchiveSource, isCompressed: boolean, most: number): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  await through(source, isCompressed, async ({ header }, index) => {
    if (entries.length >= most) throw new Error(`it has more than ${most} entries`);
    entries.push({
      name: header.name,
      kind: KINDS[header.type ?? 'file'] ?? 'special',
      modified: header.mtime?.getTime(),
      read: (limit) => readTar(source, isCompressed, index, limit),
    });
    return undefined;
  });
  return entries;
}

async function readTar(source: ArchiveSource, isCompressed: boolean, wanted: number, most: number): Promise<Content> {
  try {
    const found = await through(source, isCompressed, async (entry, index): Promise<Content | undefined> => {
      if (index !== wanted) return undefined;
      if ((entry.header.size ?? 0) > most) return { problem: `it unpacks to more than ${megabytes(most)}` };
      const parts: Buffer[] = [];
      for await (const part of entry) if (part instanceof Buffer) parts.push(part);
      return Buffer.concat(parts);
    });
    return found ?? { problem: 'its archive was changed while it was read' };
  } catch (error) {
    return { problem: `it can't be unpacked: ${error instanceof Error ? error.message : String(error)}` };
  }
}
