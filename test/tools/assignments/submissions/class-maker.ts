// Makes folders and archives as students and learning platforms do.
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';

export interface Entry {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly modified?: Date;
  readonly linkTo?: string;
}

const MODIFIED = new Date('2026-03-01T10:00:00Z');

/** A zip archive with these entries; names that end in `/` are folders. */
export async function zip(
  entries: readonly Entry[],
  options: { readonly forceDosTimestamp?: boolean } = {},
): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, content, modified = MODIFIED, linkTo } of entries) {
    if (name.endsWith('/')) file.addEmptyDirectory(name, { mtime: modified });
    else
      file.addBuffer(Buffer.from(content ?? linkTo ?? ''), name, {
        mtime: modified,
        mode: linkTo === undefined ? 0o100644 : 0o120777,
        ...options,
      });
  }
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) if (part instanceof Buffer) parts.push(part);
  return Buffer.concat(parts);
}

/** A tar archive with these entries. */
export async function tar(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content = '', modified = MODIFIED, linkTo } of entries) {
    if (linkTo !== undefined) archive.entry({ name, mtime: modified, type: 'symlink', linkname: linkTo });
    else if (name.endsWith('/')) archive.entry({ name, mtime: modified, type: 'directory' });
    else archive.entry({ name, mtime: modified }, Buffer.from(content));
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) if (part instanceof Buffer) parts.push(part);
  return Buffer.concat(parts);
}

export const tgz = async (entries: readonly Entry[]): Promise<Buffer> => gzipSync(await tar(entries));

/** Puts entries into a folder: files with their times, folders, links. */
export function lay(folder: string, entries: readonly Entry[]): void {
  for (const { name, content = '', modified = MODIFIED, linkTo } of entries) {
    const file = path.join(folder, name);
    mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (linkTo !== undefined) symlinkSync(linkTo, file);
    else if (!name.endsWith('/')) {
      writeFileSync(file, content);
      utimesSync(file, modified, modified);
    }
  }
}
