import { cpSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { readNotebook } from '../../notebook';
import { assignment, assignmentNames, referenceFile } from '../assignment';
import { inRoot } from '../paths';
import { answersIn, findLeaks, typeProblems } from './leaks';
import { studentNotebook } from './student-notebook';
import { STUDENT_README } from './student-readme';

const TOP = ['.gitignore', 'LICENSE', 'package-lock.json', 'requirements.in', 'requirements.txt', 'tsconfig.json'];
const NAME = 'layerwise';
const TEACHERS_SCRIPTS = /^(?:test|bench)/;
const isHidden = (file: string): boolean => `${file}${path.sep}`.startsWith(path.join('grading', 'hidden') + path.sep);
const EMBEDDED = /\.csv$|^moving-digit\.idx$|^registry\.json$/;

export interface Released {
  readonly folder: string;
  readonly zip: string;
  readonly files: number;
}

/**
 * Makes the course as students get it, as a folder and a zip archive; the same sources give the same bytes.
 * Made aside and then put in place, so a release that is refused leaves the one before as it was.
 *
 * @param out the folder for both.
 * @param from the course (default this project).
 * @throws Error where an answer or a hidden test would leak, or a stub doesn't type-check; the message names each place.
 */
export async function release(out: string, from = inRoot()): Promise<Released> {
  mkdirSync(out, { recursive: true });
  const aside = mkdtempSync(path.join(out, '.making-'));
  try {
    const made = path.join(aside, NAME);
    copyCourse(from, made);
    const answers = assignmentNames().flatMap((name) => {
      const notebook = readNotebook(from === inRoot() ? referenceFile(name) : path.join(from, 'notebooks', 'exercises', `${name}.ipynb`));
      const content = studentNotebook(notebook, assignment(name));
      writeFileSync(path.join(made, 'notebooks', 'exercises', `${name}.ipynb`), `${JSON.stringify(content, undefined, 1)}\n`);
      return answersIn(notebook);
    });
    const problems = [...findLeaks(made, answers), ...checkTypes(made, from)];
    if (problems.length > 0) throw new Error(`release: refused, because students would get what they must not, or what doesn't run:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    const files = filesIn(made);
    await writeZip(made, files, path.join(aside, `${NAME}.zip`));
    for (const name of [NAME, `${NAME}.zip`]) {
      rmSync(path.join(out, name), { recursive: true, force: true });
      renameSync(path.join(aside, name), path.join(out, name));
    }
    return { folder: path.join(out, NAME), zip: path.join(out, `${NAME}.zip`), files: files.length };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function copyCourse(from: string, to: string): void {
  const copy = (name: string, keep: (relative: string) => boolean = () => true): void => {
    const source = path.join(from, name);
    if (existsSync(source)) cpSync(source, path.join(to, name), { recursive: true, filter: (file) => keep(path.relative(source, file)) });
  };
  for (const name of TOP) copy(name);
  copy('src', (file) => !/^dist/.test(file) && !isHidden(file) && !file.includes('node_modules') && !file.includes('__pycache__'));
  copy('data', (file) => file === '' || EMBEDDED.test(file));
  copy('notebooks', (file) => !file.startsWith('exercises') && !file.includes('.ipynb_checkpoints'));
  mkdirSync(path.join(to, 'notebooks', 'exercises'), { recursive: true });
  const manifest: unknown = JSON.parse(readFileSync(path.join(from, 'package.json'), 'utf8'));
  writeFileSync(path.join(to, 'package.json'), `${JSON.stringify(withoutTeachersScripts(manifest), undefined, 2)}\n`);
  writeFileSync(path.join(to, 'README.md'), STUDENT_README);
}

function withoutTeachersScripts(manifest: unknown): unknown {
  if (typeof manifest !== 'object' || manifest === null || !('scripts' in manifest) || typeof manifest.scripts !== 'object' || manifest.scripts === null) throw new Error('package.json: expected scripts');
  return { ...manifest, scripts: Object.fromEntries(Object.entries(manifest.scripts).filter(([name]) => !TEACHERS_SCRIPTS.test(name))) };
}

/** Types are looked up from inside the project, so the notebooks are checked as if they lay there. */
function checkTypes(made: string, from: string): string[] {
  const place = mkdtempSync(path.join(from, 'notebooks', 'exercises', '.checking-'));
  try {
    const notebooks = readdirSync(path.join(made, 'notebooks', 'exercises')).sort();
    return notebooks.flatMap((name) => {
      cpSync(path.join(made, 'notebooks', 'exercises', name), path.join(place, name));
      return typeProblems(path.join(place, name));
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

/** One date for all files, and no other rights than to read or to run them. */
async function writeZip(folder: string, files: readonly string[], target: string): Promise<void> {
  const zip = new ZipFile();
  const mtime = new Date(2000, 0, 1);
  for (const file of files) {
    const mode = file.startsWith(path.join('src', 'bin')) ? 0o100755 : 0o100644;
    zip.addBuffer(readFileSync(path.join(folder, file)), path.posix.join(NAME, ...file.split(path.sep)), { mtime, mode, forceDosTimestamp: true });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(target));
}
