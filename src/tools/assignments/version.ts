import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { codeHash } from '../compiled-code';
import { lockedPackages } from '../locked-packages';
import { inRoot } from '../paths';
import { visibleFiles } from './sandbox/visible';

let known: string | undefined;

/**
 * Changes when anything changes that points depend on, besides the submission: our code that grades or that answers
 * use, the tests, the packages, the data. A comment changes nothing.
 * Neither the folder in which the project lies nor the machine is part of it: two clones of one commit have the same
 * version.
 */
export function graderVersion(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  const files = [
    ...visibleFiles(),
    ...[['tools', 'assignments'], ['parts', 'grading'], ['course']].map((folder) => inRoot('src', 'dist', ...folder)),
    inRoot('data', 'registry.json'),
  ];
  for (const file of new Set(files)) add(hash, file);
  for (const name of lockedPackages()) hash.update(name).update('\0');
  known = hash.digest('hex');
  return known;
}

function add(hash: Hash, file: string): void {
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) for (const name of readdirSync(file).sort()) add(hash, path.join(file, name));
  else if (file.endsWith('.js')) hash.update(path.relative(inRoot(), file)).update('\0').update(codeHash(file));
  else if (file.endsWith('.json')) hash.update(path.relative(inRoot(), file)).update('\0').update(readFileSync(file));
}
