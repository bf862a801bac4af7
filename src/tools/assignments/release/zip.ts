import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/**
 * Writes a folder's files as an archive, below `top`. One date for all files, and no other rights than to read or to
 * run them: the same files give the same bytes.
 */
export async function writeZip(folder: string, files: readonly string[], top: string, target: string): Promise<void> {
  const zip = new ZipFile();
  const mtime = new Date(2000, 0, 1);
  for (const file of files) {
    const mode = file === 'layerwise' || file.startsWith('src/bin/') ? 0o100755 : 0o100644;
    zip.addBuffer(readFileSync(path.join(folder, file)), `${top}/${file}`, { mtime, mode, forceDosTimestamp: true });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(target));
}
