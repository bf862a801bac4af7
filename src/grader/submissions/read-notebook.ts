import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import type { SubmittedCell } from '../submission-run';

/** The largest notebook that is read, in bytes. */
export const MOST_BYTES = 20 * 2 ** 20;
const MOST_CELLS = 1000;
const MOST_CHARACTERS = 100_000;
const TOO_LONG = `throw new Error('this cell has more than ${MOST_CHARACTERS} characters and was not run');`;

/** A submission's code cells, or why there are none. */
export type ReadCells = { readonly cells: readonly SubmittedCell[] } | { readonly problem: string };

const notebook = z.looseObject({ nbformat: z.literal(4), cells: z.array(z.looseObject({ cell_type: z.string(), source: z.union([z.string(), z.array(z.string())]), id: z.string().optional(), metadata: z.unknown() })) });

/** A file's bytes, without following a link and never more than {@link MOST_BYTES}; or why not. */
export function readFileSafely(file: string): Buffer | { readonly problem: string } {
  let descriptor: number | undefined;
  try {
    // Without waiting: a named pipe would never answer.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile()) return { problem: 'it is no ordinary file' };
    if (size > MOST_BYTES) return { problem: `it has ${Math.round(size / 2 ** 20)} MB; expected at most ${MOST_BYTES / 2 ** 20}` };
    const content = Buffer.alloc(size);
    let length = 0;
    for (let got = 1; got > 0 && length < size; length += got) got = readSync(descriptor, content, length, size - length, null);
    return content.subarray(0, length);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { problem: code === 'ELOOP' ? 'it is a link, which is not followed' : `it can't be read: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The code cells of a notebook in nbformat 4. In place of a cell that is far too long stands one that says so, and the others are graded. */
export function readCells(content: Buffer): ReadCells {
  let json: unknown;
  try {
    json = JSON.parse(content.toString('utf8'));
  } catch {
    return { problem: 'it is no notebook: its content is not JSON' };
  }
  const read = notebook.safeParse(json);
  if (!read.success) return { problem: 'it is no notebook in nbformat 4: it needs a list of cells, each with a type and a source' };
  if (read.data.cells.length > MOST_CELLS) return { problem: `it has ${read.data.cells.length} cells; expected at most ${MOST_CELLS}` };
  const cells = read.data.cells.flatMap(({ cell_type: type, source, id }, i): SubmittedCell[] => {
    if (type !== 'code') return [];
    const text = Array.isArray(source) ? source.join('') : source;
    return [{ id: (id ?? `cell ${i + 1}`).slice(0, 100), source: text.length > MOST_CHARACTERS ? TOO_LONG : text }];
  });
  return { cells };
}
