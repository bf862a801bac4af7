import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths';
import { visibleFiles } from './sandbox/visible';

let known: string | undefined;

/**
 * Changes when anything changes that points depend on, besides the submission: our code that grades or that answers
 * use, the tests, the packages, the data.
 * Neither the folder in which the project lies nor the machine is part of it: two clones of one commit have the same
 * version.
 */
export function graderVersion(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  const files = [
    ...visibleFiles(),
    ...[['tools', 'assignments'], ['parts', 'grading'], ['course']].map((folder) => inRoot('src', 'dist', ...folder)),
    inRoot('package-lock.json'),
    inRoot('data', 'registry.json'),
  ];
  for (const file of new Set(files)) add(hash, file);
  known = hash.digest('hex');
  return known;
}

const COUNTS = /\.(?:js|json)$/;

function add(hash: Hash, file: string): void {
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) for (const name of readdirSync(file).sort()) add(hash, path.join(file, name));
  else if (COUNTS.test(file))
    hash.update(path.relative(inRoot(), file)).update('\0').update(readFileSync(file)).update('\0');
}
