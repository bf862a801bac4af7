import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { csv } from './csv';
import { writeWhole } from './write-whole';

const student = z.strictObject({
  student: z.string(),
  name: z.string().optional(),
  isListed: z.boolean(),
  leftOut: z.array(z.strictObject({ file: z.string(), why: z.string() })).readonly(),
});

/** A student whom a run has seen. */
export type KnownStudent = z.infer<typeof student>;

const fileIn = (out: string): string => path.join(out, 'students.json');

/** Everybody whom earlier runs into this folder have seen. */
export function readStudents(out: string): KnownStudent[] {
  if (!existsSync(fileIn(out))) return [];
  try {
    return z.array(student).parse(JSON.parse(readFileSync(fileIn(out), 'utf8')));
  } catch {
    return [];
  }
}

/** Adds whom this run has seen to those before, and tells what was left out in `left-out.csv`. */
export function writeStudents(
  out: string,
  {
    students,
    ignored,
  }: {
    readonly students: readonly KnownStudent[];
    readonly ignored: readonly { readonly file: string; readonly why: string }[];
  },
): void {
  const all = new Map([...readStudents(out), ...students].map((one) => [one.student, one]));
  writeWhole(
    fileIn(out),
    `${JSON.stringify(
      [...all.values()].sort((a, b) => (a.student < b.student ? -1 : 1)),
      undefined,
      1,
    )}\n`,
  );
  writeWhole(path.join(out, 'left-out.csv'), csv([['file', 'why'], ...ignored.map(({ file, why }) => [file, why])]));
}
