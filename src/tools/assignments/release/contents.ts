import { gunzipSync } from 'node:zlib';
import yauzl from 'yauzl';

/** A file, or one in an archive: `handouts.zip/index.html`. */
export interface Content {
  readonly name: string;
  readonly text: string;
}

/** What can't be read, and why. */
export interface Unread {
  readonly name: string;
  readonly reason: string;
}

const MOST_BYTES = 2 ** 30;
const DEEPEST = 8;
const OPAQUE: readonly (readonly [string, string])[] = [
  ['255044462d', 'a PDF'],
  ['377abcaf271c', 'a 7z archive'],
  ['fd377a585a00', 'an xz file'],
  ['425a68', 'a bzip2 file'],
  ['28b52ffd', 'a zstd file'],
  ['526172211a07', 'a rar archive'],
  ['d0cf11e0a1b11ae1', 'an old Office file'],
];
const startsWith = (bytes: Buffer, hex: string): boolean => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

/**
 * The texts in a file: of itself, or of all that it holds where it is a zip archive (Office files are some) or gzip,
 * also one in the other.
 *
 * @param onUnread told of what can't be looked into.
 */
export async function contentsOf(name: string, bytes: Buffer, onUnread: (unread: Unread) => void): Promise<Content[]> {
  const found: Content[] = [];
  let left = MOST_BYTES;
  const visit = async (at: string, content: Buffer, depth: number): Promise<void> => {
    const opaque = OPAQUE.find(([magic]) => startsWith(content, magic));
    if ((left -= content.length) < 0 || depth > DEEPEST)
      return onUnread({ name: at, reason: `more than ${MOST_BYTES / 2 ** 30} GiB or ${DEEPEST} levels of archives` });
    if (opaque) return onUnread({ name: at, reason: opaque[1] });
    if (startsWith(content, '504b0304'))
      for (const [inner, part] of await entriesOf(at, content, left, onUnread)) await visit(inner, part, depth + 1);
    else if (startsWith(content, '1f8b'))
      await visit(at.replace(/\.t?gz$/, ''), gunzipSync(content, { maxOutputLength: left }), depth + 1);
    else
      found.push({
        name: at,
        text: startsWith(content, 'fffe') ? content.toString('utf16le') : content.toString('latin1'),
      });
  };
  try {
    await visit(name, bytes, 0);
  } catch (error) {
    onUnread({ name, reason: error instanceof Error ? error.message : String(error) });
  }
  return found;
}

async function entriesOf(
  at: string,
  archive: Buffer,
  most: number,
  onUnread: (unread: Unread) => void,
): Promise<[string, Buffer][]> {
  const zip = await yauzl.fromBufferPromise(archive, {
    lazyEntries: true,
    validateEntrySizes: true,
    strictFileNames: false,
  });
  const entries: [string, Buffer][] = [];
  let left = most;
  for await (const entry of zip.eachEntry()) {
    const name = `${at}/${entry.fileName}`;
    if (entry.fileName.endsWith('/')) continue;
    if ((left -= entry.uncompressedSize) < 0) throw new Error(`it unpacks to more than ${MOST_BYTES / 2 ** 30} GiB`);
    try {
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) if (part instanceof Buffer) parts.push(part);
      entries.push([name, Buffer.concat(parts)]);
    } catch (error) {
      onUnread({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return entries;
}
