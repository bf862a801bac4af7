import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { codeHash, loadedFiles } from '../compiled-code';
import { lockedPackages } from '../locked-packages';
import { inRoot } from '../paths';
import { publicFiles } from './sandbox/visible';

const known = new Map<string, string>();

/**
 * Changes when anything changes that points for this assignment depend on, besides the submission: the code that judges
 * or that answers use, the assignment's own tests, the packages, the data. Neither a comment changes it nor another
 * chapter's tests nor what only writes reports.
 * Neither the folder in which the project lies nor the machine is part of it: two clones of one commit have the same
 * version.
 */
export function assignmentVersion(assignment: string): string {
  const made = known.get(assignment) ?? versionOf(assignment, inRoot('src', 'dist'));
  known.set(assignment, made);
  return made;
}

/** The version of an assignment by a compiled package and the packages and data of this project. */
export function versionOf(assignment: string, dist: string): string {
  const hash = createHash('sha256').update(readFileSync(inRoot('data', 'registry.json')));
  for (const file of judgingFiles(assignment, dist))
    hash.update(
      `\0${path.relative(dist, file)}\0${file.endsWith('.js') ? codeHash(file) : readFileSync(file, 'utf8')}`,
    );
  for (const name of lockedPackages()) hash.update(`\0${name}`);
  return hash.digest('hex');
}

/** Compiled files that judging an assignment reaches: found by following `require` from those that begin it. */
export function judgingFiles(assignment: string, dist: string): string[] {
  const here = path.join(dist, 'tools', 'assignments');
  const all = (folder: string): string[] => readdirSync(folder).map((name) => path.join(folder, name));
  const entries = [
    ...publicFiles(dist),
    ...['grade-one', 'runner', 'compiler'].map((name) => path.join(here, `${name}.js`)),
    ...['inside', 'sandbox'].flatMap((folder) => all(path.join(here, folder))),
    ...['exercises', 'hidden'].map((name) => path.join(dist, 'course', path.basename(assignment), `${name}.js`)),
  ];
  return [...loadedFiles(entries.filter((file) => file.endsWith('.js') && existsSync(file)))].sort();
}
