import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { listDataSets, searchFolders, tier } from '../../parts/data';
import { findFile } from '../../parts/data/find-file';
import { codeHash, loadedFiles, typesOf } from '../compiled-code';
import { compiledFile, resultsFile } from '../course';
import { lockedPackages } from '../locked-packages';
import { codeCells, type Notebook } from '../notebook';
import { inRoot } from '../paths';
import type { Kernel } from './execute';

const dist = (...parts: string[]): string => inRoot('src', 'dist', ...parts);
const KERNEL = ['main', 'socket-thread'].map((name) => dist('tools', 'kernel', `${name}.js`));

/**
 * Changes when anything changes that an executed notebook depends on: the notebook, the parts that it imports, its
 * chapter's exercises and results, the kernel, the packages, the data found, the tier. Comments don't count, nor does
 * what makes handouts or grades.
 */
export function bookKey(notebook: Notebook, kernel: Kernel): string {
  const hash = createHash('sha256');
  const add = (...texts: readonly (string | Buffer)[]): void =>
    texts.forEach((text) => void hash.update(text).update('\0'));
  for (const file of loadedFiles([...KERNEL, ...partsOf(notebook), ...exercisesOf(notebook)])) {
    add(path.relative(inRoot(), file), codeHash(file));
    const types = typesOf(file);
    if (types !== undefined) add(codeHash(types));
  }
  const files = [
    notebook.file,
    resultsFile(notebook.name),
    inRoot('requirements.txt'),
    inRoot('data', 'registry.json'),
    inRoot('src', 'setup', 'node-shim.cjs'),
    inRoot('src', 'tools', 'book', 'execute.py'),
    ...readdirSync(OPERATIONS).map((name) => path.join(OPERATIONS, name)),
  ];
  for (const file of files.filter((file) => existsSync(file))) add(readFileSync(file));
  add(...lockedPackages(), kernel, tier(), process.version, dataFound());
  return hash.digest('hex');
}

const OPERATIONS = inRoot('src', 'parts', 'graph', 'operations');

/** The compiled parts of the package that its cells name. */
function partsOf(notebook: Notebook): string[] {
  const names = codeCells(notebook).flatMap(({ source }) =>
    [...source.matchAll(/['"]layerwise\/([\w-]+)['"]/g)].map(([, name]) => name),
  );
  return names.map((name) => dist('parts', name, 'index.js')).filter((file) => existsSync(file));
}

/** What `check` in a cell looks up. */
const exercisesOf = ({ name }: Notebook): string[] =>
  [compiledFile(name, 'exercises')].filter((file) => existsSync(file));

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
