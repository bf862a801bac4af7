import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const source = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (Array.isArray(text) ? text.join('') : text));
const metadata = z.looseObject({ tags: z.array(z.string()).optional() });
const output = z.looseObject({ output_type: z.enum(['stream', 'display_data', 'execute_result', 'error']) });

const cell = z.discriminatedUnion('cell_type', [
  z.strictObject({
    cell_type: z.literal('markdown'),
    id: z.string(),
    metadata,
    source,
    attachments: z.unknown().optional(),
  }),
  z.strictObject({
    cell_type: z.literal('raw'),
    id: z.string(),
    metadata,
    source,
    attachments: z.unknown().optional(),
  }),
  z.strictObject({
    cell_type: z.literal('code'),
    id: z.string(),
    metadata,
    source,
    outputs: z.array(output),
    execution_count: z.number().nullable(),
  }),
]);

const notebook = z.strictObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int().min(5),
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.string(), display_name: z.string() }),
    language_info: z.looseObject({ name: z.string(), file_extension: z.string(), mimetype: z.string() }),
  }),
  cells: z.array(cell),
});

export type NotebookContent = z.infer<typeof notebook>;
export type Cell = NotebookContent['cells'][number];
export type CodeCell = Extract<Cell, { cell_type: 'code' }>;
export type Output = z.infer<typeof output>;

/** A notebook and where it lies. */
export interface Notebook {
  /** Absolute path. */
  readonly file: string;
  /** File name without `.ipynb`, for example "02-tensors". */
  readonly name: string;
  readonly content: NotebookContent;
}

/**
 * Reads a notebook in nbformat 4.5 or later 4.x.
 *
 * @throws Error where the file is no such notebook; the message names the file and the place.
 */
export function readNotebook(file: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: not a notebook: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = notebook.safeParse(json);
  if (!result.success) throw new Error(`${file}: not a notebook in nbformat 4.5: ${z.prettifyError(result.error)}`);
  return { file, name: path.basename(file, '.ipynb'), content: result.data };
}

export const tagsOf = (cell: Cell): readonly string[] => cell.metadata.tags ?? [];
export const hasTag = (cell: Cell, tag: string): boolean => tagsOf(cell).includes(tag);
export const codeCells = (book: Notebook): CodeCell[] =>
  book.content.cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
