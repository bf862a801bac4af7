import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { assignmentNames } from '../assignment';
import { inRoot } from '../../paths';

const LIST = '.course-files';
const TOP = [
  '.gitignore',
  'LICENSE',
  'layerwise',
  'package-lock.json',
  'package.json',
  'requirements.in',
  'requirements.txt',
  'tsconfig.json',
];
const EMBEDDED = /^data\/(?:[^/]+\.csv|moving-digit\.idx|registry\.json)$/;
const HIDDEN = /^src\/course\/[^/]+\/(?:hidden(?:\.ts$|\/)|answers\/)/;
const EXERCISES = 'notebooks/exercises/';
/** What the project makes, and what belongs to a learner: no files of the course. */
const MADE =
  /(?:^|\/)(?:node_modules|\.git|\.ipynb_checkpoints|__pycache__)(?:\/|$)|^(?:\.venv|\.native|\.course-files|build|work|src\/dist[^/]*)(?:\/|$)/;

export const isMade = (file: string): boolean => MADE.test(file);
export const isHidden = (file: string): boolean => HIDDEN.test(file);

/**
 * The course's files, as set-up listed them, with paths from the project's folder.
 *
 * @throws Error where there is no list.
 */
export function courseFiles(): string[] {
  const file = inRoot(LIST);
  if (!existsSync(file))
    throw new Error(`release: ${LIST}, the list of the course's files, is missing; run: npm run setup`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((name) => name !== '' && existsSync(inRoot(name)));
}

/** Whether students get a file of the course as it is. Notebooks with exercises are given without their answers. */
export function isForStudents(file: string): boolean {
  if (file.startsWith('src/')) return !isHidden(file);
  if (file.startsWith('notebooks/')) return !isExercise(file);
  return TOP.includes(file) || EMBEDDED.test(file);
}

export const isExercise = (file: string): boolean => file.startsWith(EXERCISES) && file.endsWith('.ipynb');

/** The notebooks with exercises that are given without their answers. */
export const exerciseFiles = (): string[] => assignmentNames().map((name) => `${EXERCISES}${name}.ipynb`);

/** Regular files below a folder, with paths from it; links aren't followed. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();

/** What is in the project but in no list, folders as wholes where they hold nothing else: `docs/ (3 files)`. */
export function leftOut(given: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(inRoot(folder), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const file = path.posix.join(folder, entry.name);
      if (isMade(file) || given.has(file)) continue;
      if (!entry.isDirectory()) found.push(file);
      else if ([...given].some((name) => name.startsWith(`${file}/`))) visit(file);
      else {
        const count = filesIn(inRoot(file)).filter((name) => !isMade(`${file}/${name}`)).length;
        if (count > 0) found.push(`${file}/ (${count} ${count === 1 ? 'file' : 'files'})`);
      }
    }
  };
  visit('');
  return found;
}
