import { existsSync, statSync } from 'node:fs';
import { assignmentNames } from '../assignment';
import { classIn } from './class';
import { collect, type HandIn, type LeftOut } from './collect';
import { chooseCopy } from './copies';
import { assignmentNamed, kindOf } from './names';
import { People, type Person } from './people';
import type { Content } from './read-file';
import type { Roster } from './roster';
import { assignmentInside, countSolved } from './solved';
import { rootAt } from './tree';

/** A submission: one student's notebook for one assignment. */
export interface Submission {
  readonly student: string;
  readonly assignment: string;
  /** Where it lay. */
  readonly file: string;
  /** Where it was handed in more than once: which counts, and why. */
  readonly copies?: string;
  /** The notebook's bytes, or why they can't be had. Read when it is asked for. */
  readonly read: () => Promise<Content>;
}

/** A student who has a row. */
export interface Student {
  readonly student: string;
  /** As the roster says. */
  readonly name?: string;
  /** False where there is a roster, and they aren't on it. */
  readonly isListed: boolean;
  /** What of theirs was left out, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface Found {
  readonly submissions: readonly Submission[];
  readonly students: readonly Student[];
  /** Files that are no submission, and why: for the teacher to look at. */
  readonly ignored: readonly LeftOut[];
}

export interface FindOptions {
  /** Names of assignments begin so. */
  readonly only?: readonly string[];
  readonly roster?: Roster;
}

/** Why nothing can be looked for in a place; undefined where it can. */
export function whyNoClass(place: string): string | undefined {
  if (existsSync(place) && (statSync(place).isDirectory() || kindOf(place) === 'archive')) return undefined;
  return `${place}: expected a folder with one folder or archive a student, or one archive of the whole class`;
}

/**
 * The submissions of a class: a folder with one folder or archive a student, or an archive of such a folder, also as
 * learning platforms give them out.
 * Whatever lies there is a submission or is left out with the reason. Every student is listed, the roster's too.
 *
 * @throws Error where the place can't be read.
 */
export async function findSubmissions(place: string, { only = [], roster }: FindOptions = {}): Promise<Found> {
  const all = assignmentNames();
  const wanted = all.filter((name) => only.length === 0 || only.some((start) => name.startsWith(start)));
  if (wanted.length === 0)
    throw new Error(`there is no assignment that begins with ${only.join(' or ')}; there are ${all.join(', ')}`);
  const entries = await classIn(rootAt(place), roster, all).catch((error: unknown) => {
    throw new Error(`${place}: it can't be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { handIns, leftOut } = await collect(entries, all);
  const people = new People(
    entries.flatMap(({ owner }) => owner ?? []),
    roster,
  );
  for (const { owner, file, why } of leftOut) if (owner) people.of(owner).leftOut.push({ file, why });
  for (const handIn of handIns) await sort(handIn, people.of(handIn.owner), all, wanted);
  const submissions: Submission[] = [];
  for (const person of people.all) submissions.push(...(await submissionsOf(person)));
  const students = people.all.map(({ id, listed, leftOut: left }): Student => ({
    student: id,
    ...(listed?.name === undefined ? {} : { name: listed.name }),
    isListed: listed !== undefined || !roster,
    leftOut: left,
  }));
  return {
    submissions: submissions.sort((a, b) => compare(a.assignment, b.assignment) || compare(a.student, b.student)),
    students: students.sort((a, b) => compare(a.student, b.student)),
    ignored: [
      ...leftOut.filter(({ owner }) => !owner).map(({ file, why }) => ({ file, why })),
      ...students.flatMap((student) => student.leftOut),
    ].sort((a, b) => compare(a.file, b.file)),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Puts a hand-in to its assignment: the one that it is named after, else the one whose exercises it holds. */
async function sort(handIn: HandIn, person: Person, all: readonly string[], wanted: readonly string[]): Promise<void> {
  const { name, file, refused } = handIn;
  const assignment = assignmentNamed(name, all) ?? (await inside(handIn));
  if (assignment === undefined)
    person.leftOut.push({
      file,
      why:
        refused ??
        `there is no assignment "${name.replace(/\.ipynb$/i, '')}", and it holds the exercises of none; expected a name such as ${wanted[0]}.ipynb`,
    });
  else if (!wanted.includes(assignment))
    person.leftOut.push({ file, why: 'another assignment than those that were asked for' });
  else person.handIns.set(assignment, [...(person.handIns.get(assignment) ?? []), handIn]);
}

async function inside({ read }: HandIn): Promise<string | undefined> {
  const content = await read();
  return 'problem' in content ? undefined : assignmentInside(content);
}

async function submissionsOf(person: Person): Promise<Submission[]> {
  const submissions: Submission[] = [];
  for (const [assignment, handIns] of person.handIns) {
    const notebooks = handIns.filter(({ refused }) => refused === undefined);
    if (notebooks.length > 0)
      for (const { file, refused } of handIns) if (refused !== undefined) person.leftOut.push({ file, why: refused });
    const { copy, said } = await chooseCopy(notebooks.length > 0 ? notebooks : handIns, (content) =>
      countSolved(content, assignment),
    );
    for (const { file } of notebooks)
      if (file !== copy.file) person.leftOut.push({ file, why: `another copy counts: ${copy.file}` });
    submissions.push({
      student: person.id,
      assignment,
      file: copy.file,
      ...(said === undefined ? {} : { copies: said }),
      read: copy.read,
    });
  }
  return submissions;
}
