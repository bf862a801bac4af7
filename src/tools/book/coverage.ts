import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { hasTag, readNotebook, type Cell, type Notebook } from '../notebook';

const covered = z.strictObject({ item: z.string().min(3), cells: z.array(z.string()).min(1) });
const worked = z.strictObject({ item: z.string().min(1), cell: z.string(), shows: z.array(z.string()).min(1) });
const schema = z.strictObject({ covers: z.array(covered).min(1), worked: z.array(worked) });

/** Of a chapter: which cells teach each item of the syllabus, and which cell's output shows each worked number. */
export type Coverage = z.infer<typeof schema>;

/** Where a chapter's coverage lies, from the folder of the course's content. */
export const coverageFile = (content: string, chapter: string): string => path.join(content, chapter, 'coverage.json');

/**
 * Reads a `coverage.json`.
 *
 * @throws Error where it is missing, or with the name of the wrong entry.
 */
export function readCoverage(file: string): Coverage {
  if (!existsSync(file))
    throw new Error(`${file} is missing: it says which cells teach each topic, and which outputs show worked numbers`);
  const result = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}

/**
 * What the coverage claims and the notebook or its exercises don't hold: cells that don't exist, items without prose or
 * without anything that runs.
 */
export function lintCoverage({ covers, worked: numbers }: Coverage, notebook: Notebook): string[] {
  const exerciseFile = path.join(path.dirname(notebook.file), 'exercises', `${notebook.name}.ipynb`);
  const exercises = existsSync(exerciseFile) ? readNotebook(exerciseFile).content.cells : [];
  const cells = new Map<string, Cell>([...exercises, ...notebook.content.cells].map((cell) => [cell.id, cell]));
  return [
    ...covers.flatMap(({ item, cells: ids }) => {
      const missing = ids.filter((id) => !cells.has(id));
      const found = ids.flatMap((id) => cells.get(id) ?? []);
      return [
        ...missing.map((id) => `coverage.json, "${item}": there is no cell "${id}"`),
        ...(found.some((cell) => cell.cell_type === 'markdown')
          ? []
          : [`coverage.json, "${item}": no cell with prose`]),
        ...(found.some((cell) => cell.cell_type === 'code' || hasTag(cell, 'figure') || /^\|.*\|$/m.test(cell.source))
          ? []
          : [`coverage.json, "${item}": no cell with code, a figure or a table`]),
      ];
    }),
    ...numbers
      .filter(({ cell }) => cells.get(cell)?.cell_type !== 'code')
      .map(({ item, cell }) => `coverage.json, worked "${item}": there is no code cell "${cell}"`),
  ];
}

/** The worked numbers that an executed notebook's outputs don't show. */
export function missingWorkedNumbers(coverage: Coverage, executed: Notebook): string[] {
  return coverage.worked.flatMap(({ item, cell: id, shows }) => {
    const cell = executed.content.cells.find((candidate) => candidate.id === id);
    const text = cell?.cell_type === 'code' ? normalized(JSON.stringify(cell.outputs)) : '';
    return shows
      .filter((expected) => !text.includes(normalized(expected)))
      .map((expected) => `${executed.name}, "${item}": the output of cell "${id}" doesn't show ${expected}`);
  });
}

/** Without line breaks, commas, brackets, quotes and tags, so that the same numbers match however they are laid out. */
const normalized = (text: string): string =>
  text
    .replace(/\\n|\\"/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s,[\]"]+/g, ' ');
