import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KERNELSPEC, LANGUAGE_INFO } from '../../src/tools/notebook';
import { inRoot } from './root';

/** A cell for a notebook made in a test: code, or Markdown where `markdown` is set. */
export interface MadeCell {
  readonly id: string;
  readonly code?: string;
  readonly markdown?: string;
  readonly tags?: readonly string[];
}

/** A new folder inside the project, so that notebooks in it find the course's packages. */
export function notebookFolder(): string {
  const parent = inRoot('build', 'test');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(path.join(parent, 'notebooks-'));
}

/** Writes a valid notebook and returns its path. */
export function makeNotebook(
  folder: string,
  name: string,
  cells: readonly MadeCell[],
  change: (notebook: Record<string, unknown>) => void = () => undefined,
): string {
  const notebook = {
    cells: cells.map(({ id, code, markdown, tags }) => {
      const metadata = tags ? { tags } : {};
      return code === undefined
        ? { cell_type: 'markdown', id, metadata, source: markdown ?? '' }
        : { cell_type: 'code', execution_count: null, id, metadata, outputs: [], source: code };
    }),
    metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO },
    nbformat: 4,
    nbformat_minor: 5,
  };
  change(notebook);
  const file = path.join(folder, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}
