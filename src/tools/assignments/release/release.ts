import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { notebookText, readNotebook } from '../../notebook';
import { inRoot } from '../../paths';
import { answersIn, hiddenTestsIn, knownAnswersIn, type Secret } from './answer-search';
import type { Unread } from './contents';
import { courseFiles, exerciseFiles, filesIn, isExercise, isForStudents, isHidden, leftOut } from './course-files';
import { extraFiles } from './extra-folders';
import { findLeaks, typeProblems } from './leaks';
import { missingImports } from './missing-imports';
import { studentVersion } from './student-notebook';
import { STUDENT_README } from './student-readme';
import { writeZip } from './zip';

const NAME = 'layerwise';
const TEACHERS_SCRIPTS = /^(?:test|bench|trials|mutants)/;

export interface Released {
  readonly folder: string;
  readonly zip: string;
  readonly files: number;
  /** Files of the course that are the teacher's, and files that are no part of it. */
  readonly teachers: readonly string[];
  readonly leftOut: readonly string[];
  /** What is given but could not be searched for answers. */
  readonly unread: readonly Unread[];
}

/**
 * Makes the course as students get it, as a folder and a zip archive; the same sources give the same bytes.
 * It holds the files that set-up listed and the folders that the teacher names. Made aside and then put in place, so a
 * release that is refused leaves the one before as it was.
 *
 * @param out the folder for both.
 * @param folders what students get besides.
 * @throws Error where an answer or a hidden test would leak, or a stub doesn't type-check; the message names each
 *   place.
 */
export async function release(out: string, folders: readonly string[] = []): Promise<Released> {
  const listed = courseFiles();
  const extra = extraFiles(folders);
  mkdirSync(out, { recursive: true });
  const aside = mkdtempSync(path.join(out, '.making-'));
  try {
    const made = path.join(aside, NAME);
    const given = new Set(listed.filter(isForStudents));
    for (const file of given) copy(inRoot(file), path.join(made, file));
    for (const file of exerciseFiles()) {
      write(path.join(made, file), notebookText(studentVersion(inRoot(file))));
      given.add(file);
    }
    for (const { from, to } of extra)
      if (!given.has(to) && !(isExercise(to) && listed.includes(to))) copy(from, path.join(made, to));
    write(path.join(made, 'package.json'), packageJson());
    write(path.join(made, 'README.md'), STUDENT_README);
    const files = filesIn(made);
    const { leaks, unread } = await findLeaks(made, files, secretsOf(listed));
    const problems = [...leaks, ...missingImports(made, files), ...checkTypes(made)];
    if (problems.length > 0)
      throw new Error(
        `release: refused, because students would get what they must not, or what doesn't run:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      );
    await writeZip(made, files, NAME, path.join(aside, `${NAME}.zip`));
    for (const name of [NAME, `${NAME}.zip`]) {
      rmSync(path.join(out, name), { recursive: true, force: true });
      renameSync(path.join(aside, name), path.join(out, name));
    }
    const known = new Set([...files, ...listed]);
    return {
      folder: path.join(out, NAME),
      zip: path.join(out, `${NAME}.zip`),
      files: files.length,
      teachers: topsOf(listed.filter((file) => !files.includes(file))),
      leftOut: leftOut(known),
      unread,
    };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to);
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const secretsOf = (listed: readonly string[]): Secret[] => [
  ...exerciseFiles().flatMap((file) => answersIn(readNotebook(inRoot(file)))),
  ...listed.filter(isHidden).flatMap((file) => {
    const [chapter, text] = [file.split('/')[2], readFileSync(inRoot(file), 'latin1')];
    return [...hiddenTestsIn(chapter, text), ...knownAnswersIn(chapter, text)];
  }),
];

/** Folders, files at the top, and files of every chapter's folder. */
const topsOf = (files: readonly string[]): string[] => [...new Set(files.map(topOf))].sort();

function topOf(file: string): string {
  if (file.startsWith('src/course/')) return file.replace(/^(src\/course\/)[^/]+(\/(?:[^/]+$|[^/]+\/)).*/, '$1*$2');
  return file.includes('/')
    ? `${path.posix
        .dirname(file)
        .split('/')
        .slice(0, file.startsWith('test/') ? 1 : 3)
        .join('/')}/`
    : file;
}

function packageJson(): string {
  const manifest: unknown = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  if (
    typeof manifest !== 'object' ||
    manifest === null ||
    !('scripts' in manifest) ||
    typeof manifest.scripts !== 'object' ||
    manifest.scripts === null
  )
    throw new Error('package.json: expected scripts');
  const scripts = Object.fromEntries(Object.entries(manifest.scripts).filter(([name]) => !TEACHERS_SCRIPTS.test(name)));
  return `${JSON.stringify({ ...manifest, scripts }, undefined, 2)}\n`;
}

/** Types are looked up from inside the project, so the notebooks are checked as if they lay there. */
function checkTypes(made: string): string[] {
  const place = mkdtempSync(inRoot('notebooks', 'exercises', '.checking-'));
  try {
    return exerciseFiles().flatMap((file) => {
      const copied = path.join(place, path.basename(file));
      cpSync(path.join(made, file), copied);
      return typeProblems(copied);
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
