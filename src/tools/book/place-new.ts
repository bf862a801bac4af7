import { constants, copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Writes a file where there is none, whole or not at all, and never over another. Returns whether it did. */
export function placeNew(file: string, content: string | Buffer): boolean {
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  try {
    writeFileSync(aside, content);
    try {
      linkSync(aside, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      // Some file systems know no links.
      copyFileSync(aside, file, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
