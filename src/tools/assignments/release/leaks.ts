import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatDiagnostic, readNotebook, typeCheck } from '../../notebook';
import { root } from '../../paths';
import { secretsIn, type Secret } from './answer-search';
import { contentsOf, type Unread } from './contents';
import { isHidden } from './course-files';
import { MARK } from './solutions';

/** What students must not get but would, a line each, and what couldn't be looked into. */
export interface Leaks {
  readonly leaks: readonly string[];
  readonly unread: readonly Unread[];
}

const mayHaveMarks = (name: string): boolean => name.endsWith('.ipynb') || name.startsWith('src/course/');

/**
 * Looks into every file, also in archives, for answers, hidden tests, and marks of answers.
 *
 * @param files paths from `folder`.
 */
export async function findLeaks(folder: string, files: readonly string[], secrets: readonly Secret[]): Promise<Leaks> {
  const leaks: string[] = [];
  const unread: Unread[] = [];
  for (const file of files) {
    if (isHidden(file)) leaks.push(`${file}: is a file with hidden tests`);
    for (const { name, text } of await contentsOf(file, readFileSync(path.join(folder, file)), (what) =>
      unread.push(what),
    )) {
      const mark = mayHaveMarks(name) ? MARK.exec(text)?.[0] : undefined;
      if (mark !== undefined) leaks.push(`${name}: has the mark "${mark}"`);
      leaks.push(...secretsIn(text, secrets).map((secret) => `${name}: holds ${secret}`));
    }
  }
  return { leaks, unread };
}

/** What the compiler says of a student notebook: a stub must not be the first error that a learner meets. */
export const typeProblems = (file: string): string[] => typeCheck(readNotebook(file), root).map(formatDiagnostic);
