import { readTable } from '../report/read-table';
import { studentName, type Owner } from './students';

/** A student whom the roster lists. */
export interface Listed {
  readonly id: string;
  readonly name?: string;
}

/** Who should have a row. */
export interface Roster {
  readonly students: readonly Listed[];
  /** The student that a folder, an archive or a file is named after; undefined where it is nobody, or more than one. */
  readonly find: (owner: Owner) => Listed | undefined;
}

const FORMAT =
  'expected a CSV file with a line of headings, among them "id" or "name" (and, if you like, "email"), and one line a student';

/** Words in any order and spelling: "Lee, Ann", "ann_lee" and "Canvas' leeann" are one. */
function spellings(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return words.map((_, i) => [...words.slice(i), ...words.slice(0, i)].join(''));
}

/**
 * Reads a roster.
 *
 * @throws Error where the file is no roster, or lists an id twice; the message names the line.
 */
export function readRoster(file: string): Roster {
  const rows = readTable(file, FORMAT);
  if (rows.length === 0 || !('id' in rows[0].cells || 'name' in rows[0].cells)) throw new Error(`${file}: ${FORMAT}`);
  const lines = new Map<string, number>();
  const bySpelling = new Map<string, Set<Listed>>();
  const students = rows.flatMap(({ line, cells }): Listed[] => {
    const name = studentName(cells.name ?? '');
    const id = studentName(cells.id ?? '') || name;
    if (id === '') throw new Error(`${file}, line ${line}: neither an id nor a name; ${FORMAT}`);
    const before = lines.get(id);
    if (before !== undefined)
      throw new Error(`${file}, line ${line}: "${id}" is in line ${before} too; each student needs an id of their own`);
    lines.set(id, line);
    const student: Listed = { id, ...(name === '' ? {} : { name }) };
    const email = (cells.email ?? '').trim();
    for (const text of [id, name, email, email.split('@')[0]])
      for (const key of spellings(text)) bySpelling.set(key, (bySpelling.get(key) ?? new Set()).add(student));
    return [student];
  });
  const byId = new Map(students.map((student) => [student.id, student]));
  return {
    students,
    find: ({ name }) => byId.get(name) ?? only(bySpelling.get(spellings(name)[0] ?? '')),
  };
}

const only = (students: ReadonlySet<Listed> | undefined): Listed | undefined =>
  students?.size === 1 ? [...students][0] : undefined;
