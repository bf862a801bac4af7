import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { hasTag, readNotebook, type Cell, type Notebook } from '../notebook';

const covered = z.strictObject({ item: z.string().min(3), cells: z.array(z.string()).min(1) });
const worked = z.strictObject({ item: z.string().min(1), cell: z.string(), shows: z.array(z.string()).min(1) });
const map = z.record(z.string(), z.strictObject({ covers: z.array(covered).min(1), worked: z.array(worked) }));

/** For each notebook: which cells teach each item of the syllabus, and which cell's output shows each worked number. */
export type CoverageMap = z.infer<typeof map>;

/** Reads `coverage.json`. Throws an Error that names the wrong entry. */
export function readCoverage(file: string): CoverageMap {
  if (!existsSync(file)) return {};
  const result = map.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** What the map claims and the notebooks don't hold: cells that don't exist, items without prose or without anything that runs. */
export function lintCoverage(coverage: CoverageMap, notebooks: readonly Notebook[], folder: string): string[] {
  const byName = new Map(notebooks.map((notebook) => [notebook.name, notebook]));
  return [
    ...notebooks.filter((notebook) => !(notebook.name in coverage)).map((notebook) => `coverage.json: "${notebook.name}" has no entry`),
    ...Object.entries(coverage).flatMap(([name, { covers, worked: numbers }]) => {
      const notebook = byName.get(name);
      if (!notebook) return [];
      const exerciseFile = path.join(folder, 'exercises', `${name}.ipynb`);
      const exercises = existsSync(exerciseFile) ? readNotebook(exerciseFile).content.cells : [];
      const cells = new Map<string, Cell>([...exercises, ...notebook.content.cells].map((cell) => [cell.id, cell]));
      const place = `coverage.json: ${name}`;
      return [
        ...covers.flatMap(({ item, cells: ids }) => {
          const missing = ids.filter((id) => !cells.has(id));
          const found = ids.flatMap((id) => cells.get(id) ?? []);
          return [
            ...missing.map((id) => `${place}, "${item}": there is no cell "${id}"`),
            ...(found.some((cell) => cell.cell_type === 'markdown') ? [] : [`${place}, "${item}": no cell with prose`]),
            ...(found.some((cell) => cell.cell_type === 'code' || hasTag(cell, 'figure') || /^\|.*\|$/m.test(cell.source)) ? [] : [`${place}, "${item}": no cell with code, a figure or a table`]),
          ];
        }),
        ...numbers.filter(({ cell }) => cells.get(cell)?.cell_type !== 'code').map(({ item, cell }) => `${place}, worked "${item}": there is no code cell "${cell}"`),
      ];
    }),
  ];
}

/** The worked numbers that an executed notebook's outputs don't show. */
export function missingWorkedNumbers(coverage: CoverageMap, executed: Notebook): string[] {
  return (coverage[executed.name]?.worked ?? []).flatMap(({ item, cell: id, shows }) => {
    const cell = executed.content.cells.find((candidate) => candidate.id === id);
    const text = cell?.cell_type === 'code' ? normalized(JSON.stringify(cell.outputs)) : '';
    return shows.filter((expected) => !text.includes(normalized(expected))).map((expected) => `${executed.name}, "${item}": the output of cell "${id}" doesn't show ${expected}`);
  });
}

/** Without line breaks, commas, brackets, quotes and tags, so that the same numbers match however they are laid out. */
const normalized = (text: string): string => text.replace(/\\n|\\"/g, ' ').replace(/<[^>]*>/g, ' ').replace(/[\s,[\]"]+/g, ' ');
