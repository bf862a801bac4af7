import { readdirSync } from 'node:fs';
import path from 'node:path';
import { assignmentNames, notebookName } from '../assignment';
import { readFileSafely } from './read-notebook';
import { readArchive } from './zip';

/** A submission: one student's notebook for one assignment. */
export interface Submission {
  readonly student: string;
  readonly assignment: string;
  /** The notebook's bytes, or why they can't be had. Read when it is asked for. */
  readonly read: () => Buffer | { readonly problem: string };
}

export interface Found {
  readonly submissions: readonly Submission[];
  /** Files that are no submission, and why: for the teacher to look at. */
  readonly ignored: readonly { readonly file: string; readonly why: string }[];
}

const MOST_DEPTH = 4;

/**
 * The submissions in a folder with one folder a student: `<student>/…/<assignment>.ipynb`, as nbgrader collects them too,
 * or notebooks in zip archives, `<student>.zip` or `<student>/….zip`. Where a student has handed in the same notebook twice, the file counts and not the archive.
 *
 * @param only names of assignments begin so.
 * @throws Error where the folder can't be read.
 */
export async function findSubmissions(folder: string, only: readonly string[] = []): Promise<Found> {
  const wanted = assignmentNames().filter((name) => only.length === 0 || only.some((start) => name.startsWith(start)));
  if (wanted.length === 0) throw new Error(`there is no assignment that begins with ${only.join(' or ')}; there are ${assignmentNames().join(', ')}`);
  const submissions = new Map<string, Submission>();
  const ignored: { file: string; why: string }[] = [];
  const ignore = (file: string, why: string): void => void ignored.push({ file: path.relative(folder, file), why });
  const add = (file: string, submission: Submission): void => {
    if (!assignmentNames().includes(submission.assignment)) return ignore(file, `there is no assignment "${submission.assignment}"`);
    if (!wanted.includes(submission.assignment)) return;
    const key = `${submission.student}\0${submission.assignment}`;
    if (submissions.has(key)) return ignore(file, 'the student has handed in this assignment twice; the other one is graded');
    submissions.set(key, submission);
  };
  const archives: { file: string; student: string }[] = [];
  const walk = (place: string, student: string, depth: number): void => {
    for (const entry of readdirSync(place, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(place, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) {
        if (depth < MOST_DEPTH) walk(file, student, depth + 1);
        else ignore(file, 'it lies too deep');
      } else if (entry.name.endsWith('.ipynb')) add(file, { student, assignment: notebookName(file), read: () => readFileSafely(file) });
      else if (entry.name.endsWith('.zip')) archives.push({ file, student });
      else if (entry.isSymbolicLink()) ignore(file, 'it is a link, which is not followed');
    }
  };
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) walk(file, entry.name, 1);
    else if (entry.name.endsWith('.zip')) archives.push({ file, student: entry.name.slice(0, -4) });
    else if (entry.isSymbolicLink()) ignore(file, 'it is a link, which is not followed');
    else if (entry.name.endsWith('.ipynb')) ignore(file, 'a notebook should lie in a folder with the student\'s name');
  }
  for (const { file, student } of archives) for (const submission of await inArchive(file, student, wanted)) add(file, submission);
  return { submissions: [...submissions.values()].sort((a, b) => compare(a.assignment, b.assignment) || compare(a.student, b.student)), ignored };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An archive that can't be read is a submission with a problem, for the one assignment that is graded or for the one that it is named after. */
async function inArchive(file: string, student: string, wanted: readonly string[]): Promise<Submission[]> {
  const content = readFileSafely(file);
  const broken = (problem: string): Submission[] => {
    const named = wanted.find((name) => name === path.basename(file, '.zip')) ?? (wanted.length === 1 ? wanted[0] : undefined);
    return (named === undefined ? wanted : [named]).map((assignment) => ({ student, assignment, read: () => ({ problem: `its archive: ${problem}` }) }));
  };
  if ('problem' in content) return broken(content.problem);
  try {
    return (await readArchive(content)).map((notebook) => ({ student, assignment: notebookName(notebook.name), read: () => notebook.content }));
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}
