import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { studentVersion } from '../assignments/release/student-notebook';
import { notebookText, readNotebook, type NotebookContent } from '../notebook';
import { findNotebooks } from './find-notebooks';
import { inRoot } from '../paths';
import { placeNew } from './place-new';

/** What became of the learner's copy; paths from its folder. */
export interface LearnerCopy {
  /** Notebooks that were not there. */
  readonly given: readonly string[];
  /** Notebooks of the course that have changed since they were given: the new one lies beside the learner's. */
  readonly beside: readonly { readonly file: string; readonly newer: string }[];
  /** Notebooks that can't be given, and why. */
  readonly problems: readonly string[];
}

const RECORD = '.given.json';
const record = z.record(z.string(), z.string());

/** Of the cells alone: another version of the kernel's language doesn't make a chapter new. */
const versionOf = (content: NotebookContent): string =>
  createHash('sha256').update(JSON.stringify(content.cells)).digest('hex');

/**
 * Gives learners what they lack of the course: chapters, and exercises without answers. What lies in the folder is the
 * learner's: nothing of it is changed or removed.
 * Each version of a notebook is given once; a notebook that the learner has deleted or renamed comes anew.
 *
 * @param folder where the copy lies (default `work`).
 * @param notebooks the course's notebooks.
 */
export function giveLearnerCopy(folder = inRoot('work'), notebooks = inRoot('notebooks')): LearnerCopy {
  const given: string[] = [];
  const beside: { file: string; newer: string }[] = [];
  const problems: string[] = [];
  mkdirSync(folder, { recursive: true });
  const known = readRecord(folder);
  for (const source of [...findNotebooks('chapter', notebooks), ...findNotebooks('exercise', notebooks)]) {
    const file = path.relative(notebooks, source);
    try {
      const content = studentVersion(source);
      const version = versionOf(content);
      if (placeNew(path.join(folder, file), notebookText(content))) given.push(file);
      else if (known[file] !== version && !holds(path.join(folder, file), version))
        beside.push({ file, newer: placeBeside(folder, file, content) });
      known[file] = version;
    } catch (error) {
      problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  writeRecord(folder, known);
  giveImages(folder, notebooks);
  return { given, beside, problems };
}

function readRecord(folder: string): Record<string, string> {
  try {
    return record.parse(JSON.parse(readFileSync(path.join(folder, RECORD), 'utf8')));
  } catch {
    return {};
  }
}

function writeRecord(folder: string, known: Record<string, string>): void {
  const file = path.join(folder, RECORD);
  writeFileSync(`${file}.part`, `${JSON.stringify(known, undefined, 1)}\n`);
  renameSync(`${file}.part`, file);
}

function holds(file: string, version: string): boolean {
  try {
    return versionOf(readNotebook(file).content) === version;
  } catch {
    return false;
  }
}

/** Answers with the name of the new one: `02-tensors (new).ipynb`, or with a number. */
function placeBeside(folder: string, file: string, content: NotebookContent): string {
  for (let n = 1; ; n++) {
    const name = file.replace(/\.ipynb$/, ` (new${n === 1 ? '' : ` ${n}`}).ipynb`);
    if (placeNew(path.join(folder, name), notebookText(content)) || holds(path.join(folder, name), versionOf(content)))
      return name;
  }
}

/**
 * The pictures that chapters show. Copies, because JupyterLab serves no file that a link leads to outside of its
 * folder.
 */
function giveImages(folder: string, notebooks: string): void {
  const images = path.join(notebooks, 'images');
  for (const entry of existsSync(images) ? readdirSync(images, { withFileTypes: true }) : []) {
    if (entry.isFile()) placeNew(path.join(folder, 'images', entry.name), readFileSync(path.join(images, entry.name)));
  }
}
