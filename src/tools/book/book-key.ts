import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { listDataSets, searchFolders, tier } from '../../parts/data';
import { findFile } from '../../parts/data/find-file';
import type { Notebook } from '../notebook';
import { chapterNames, resultsFile } from '../course';
import { inRoot } from '../paths';
import type { Kernel } from './execute';

/**
 * Changes when anything changes that an executed notebook depends on: the notebook, the package, the pins, the results
 * over seeds, the data found, the tier, the kernel.
 */
export function bookKey(notebook: Notebook, kernel: Kernel): string {
  const hash = createHash('sha256');
  const add = (text: string | Buffer): void => void hash.update(text).update('\0');
  for (const file of [
    notebook.file,
    inRoot('src', 'dist', 'made-from'),
    inRoot('requirements.txt'),
    inRoot('data', 'registry.json'),
    inRoot('src', 'tools', 'book', 'execute.py'),
    ...chapterNames()
      .map(resultsFile)
      .filter((file) => existsSync(file)),
  ])
    add(readFileSync(file));
  for (const text of [kernel, tier(), process.version, dataFound()]) add(text);
  return hash.digest('hex');
}

let found: string | undefined;

/** Which data files are on this machine, with size and time of change. */
function dataFound(): string {
  found ??= listDataSets()
    .flatMap((set) => set.files)
    .map((file) => {
      const place = findFile(file, searchFolders());
      if (!place) return `${file.path} missing`;
      const { size, mtimeMs } = statSync(place);
      return `${place} ${size} ${mtimeMs}`;
    })
    .join('\n');
  return found;
}
