import { DataError } from './data-error';
import { openFile } from './open-file';

const BLOCK = 512;

/** A file in a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * Reads the files of a tar archive, in their order; folders and links are left out. A gzip file is decompressed on the
 * way.
 *
 * @throws DataError where the archive is cut or isn't tar.
 */
export async function readTar(file: string): Promise<TarEntry[]> {
  return parseTar(openFile(file), file);
}

/** The same for content that is already in memory; `file` is the name that errors show. */
export async function parseTar(content: Uint8Array, file: string): Promise<TarEntry[]> {
  if (content.length < BLOCK)
    throw new DataError(
      file,
      `not a tar archive: expected at least ${BLOCK} bytes, got ${content.length}`,
      content.length,
    );
  const entries: TarEntry[] = [];
  // Loaded here: it is made of streams, which pages do without until they read an archive.
  const { extract } = await import('tar-stream');
  const reader = extract();
  reader.end(content);
  let offset = 0;
  try {
    for await (const entry of reader) {
      const body = await contentOf(entry);
      const expected = entry.header.size ?? 0;
      if (body.length !== expected)
        throw new DataError(
          file,
          `the archive is cut: "${entry.header.name}" has ${expected} bytes, got ${body.length}`,
          content.length,
        );
      offset += BLOCK + Math.ceil(expected / BLOCK) * BLOCK;
      if (entry.header.type === 'file') entries.push({ name: entry.header.name, content: body });
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      file,
      `not a whole tar archive: ${error instanceof Error ? error.message : String(error)}`,
      offset,
    );
  }
  return entries;
}

async function contentOf(entry: AsyncIterable<unknown>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of entry) if (piece instanceof Uint8Array) pieces.push(piece);
  const content = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    content.set(piece, at);
    at += piece.length;
  }
  return content;
}
