import { z } from 'zod';
import type { SubmittedCell } from '../submission-run';
import { decodeJson } from './decode';
import type { Problem } from './read-file';

const MOST_CELLS = 1000;
const MOST_CHARACTERS = 100_000;
const TOO_LONG = `throw new Error('this cell has more than ${MOST_CHARACTERS} characters and was not run');`;
const OLD_NAMES = ['code', 'markdown', 'raw', 'heading', 'html'] as const;

/** A cell of a submission. */
export interface HandedInCell {
  /** Its id; for one without, its place. */
  readonly id: string;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  /** The id that nbgrader gave it, where that is still in its metadata. */
  readonly gradeId?: string;
}

/** A submission's cells, or why there are none. */
export type ReadNotebook = { readonly cells: readonly HandedInCell[] } | Problem;
/** A submission's code cells, or why there are none. */
export type ReadCells = { readonly cells: readonly SubmittedCell[] } | Problem;

const text = z.union([
  z.string(),
  z.array(z.unknown()).transform((lines) => lines.filter((line) => typeof line === 'string').join('')),
]);
const id = z
  .union([z.string().min(1), z.number().transform(String)])
  .optional()
  .catch(undefined);
const gradeId = z
  .object({ nbgrader: z.object({ grade_id: z.string() }) })
  .transform(({ nbgrader }) => nbgrader.grade_id)
  .optional()
  .catch(undefined);
const cell = z.looseObject({ cell_type: z.string().catch('raw'), source: text.catch(''), id, metadata: gradeId });
/** Up to version 3 a code cell's text was called `input`, and a title was a cell with a level. */
const oldCell = z.looseObject({
  cell_type: z.enum(OLD_NAMES).catch('raw'),
  source: text.optional().catch(undefined),
  input: text.optional().catch(undefined),
  level: z.int().min(1).max(6).catch(1),
  metadata: gradeId,
});
const version = z.looseObject({ nbformat: z.number().optional() });
const four = z.looseObject({ cells: z.array(cell) });
const three = z.looseObject({ worksheets: z.array(z.looseObject({ cells: z.array(oldCell) })) });

type ReadCell = Omit<HandedInCell, 'id'> & { readonly id?: string };

const cellOf = ({ cell_type: type, source, id: own, metadata }: z.infer<typeof cell>): ReadCell => ({
  type: type === 'code' || type === 'markdown' ? type : 'raw',
  source,
  id: own,
  gradeId: metadata,
});

function upgraded({ cell_type: type, source, input, level, metadata }: z.infer<typeof oldCell>): ReadCell {
  const words = source ?? input ?? '';
  if (type === 'heading') return { type: 'markdown', source: `${'#'.repeat(level)} ${words}` };
  return { type: type === 'html' ? 'markdown' : type, source: words, gradeId: metadata };
}

function cellsOf(json: unknown): readonly ReadCell[] | string {
  const read = version.safeParse(json);
  if (!read.success) return 'it is no notebook: expected an object with a list of cells';
  const { nbformat } = read.data;
  if (nbformat !== undefined && nbformat > 4 && nbformat < 5)
    return `it is no notebook: there is no nbformat ${nbformat}`;
  if (nbformat !== undefined && nbformat >= 5)
    return `it is a notebook in nbformat ${nbformat}, newer than version 4, which is read here: save it as version 4`;
  if (nbformat !== undefined && nbformat < 3)
    return `it is a notebook in nbformat ${nbformat}, of before 2012: open it in Jupyter and save it again`;
  if (nbformat === 3) {
    const old = three.safeParse(json);
    return old.success
      ? old.data.worksheets.flatMap(({ cells }) => cells.map(upgraded))
      : 'it says that it is a notebook in nbformat 3, but has no worksheets with cells';
  }
  const now = four.safeParse(json);
  return now.success
    ? now.data.cells.map(cellOf)
    : 'it is no notebook in nbformat 4: it needs a list of cells, each an object';
}

/**
 * The cells of a notebook as Jupyter reads it: with or without a byte order mark, in UTF-8 or UTF-16, of any minor
 * version, of version 3 too;
 * ids and metadata may be missing or odd.
 */
export function readHandedIn(content: Buffer): ReadNotebook {
  const decoded = decodeJson(content);
  if ('problem' in decoded) return decoded;
  const read = cellsOf(decoded.json);
  if (typeof read === 'string') return { problem: read };
  if (read.length > MOST_CELLS) return { problem: `it has ${read.length} cells; expected at most ${MOST_CELLS}` };
  return { cells: read.map((one, i) => ({ ...one, id: (one.id ?? one.gradeId ?? `cell ${i + 1}`).slice(0, 100) })) };
}

/**
 * The code cells of a notebook. In place of a cell that is far too long stands one that says so, and the others are
 * graded.
 */
export function readCells(content: Buffer): ReadCells {
  const read = readHandedIn(content);
  if ('problem' in read) return read;
  return {
    cells: read.cells.flatMap(({ id: own, type, source }) =>
      type === 'code' ? [{ id: own, source: source.length > MOST_CHARACTERS ? TOO_LONG : source }] : [],
    ),
  };
}
