import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { codeCells, notebookText, type Notebook } from '../notebook';

/** What we use of prettier. Only tests and authors need it, so it may be absent, its types too. */
interface Formatter {
  format(source: string, options: { parser: string; printWidth: number; singleQuote: boolean }): Promise<string>;
}

function formatter(): Formatter | undefined {
  try {
    const found: unknown = createRequire(__filename)('prettier');
    return isFormatter(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const isFormatter = (value: unknown): value is Formatter =>
  typeof value === 'object' && value !== null && 'format' in value && typeof value.format === 'function';

/** Whether prettier is installed. */
export const hasFormatter = (): boolean => formatter() !== undefined;

/** Handouts and JupyterLab show this many columns without a scroll bar. */
export const CELL_COLUMNS = 100;

/**
 * A cell's code as prettier formats it, at 100 columns. Code that prettier can't parse comes back as it is: what is
 * wrong with it is the compiler's to say.
 */
export async function formatCell(source: string): Promise<string> {
  const prettier = formatter();
  if (!prettier) throw new Error('prettier, which formats the cells, is not installed: npm run check installs it');
  try {
    const options = { parser: 'typescript', printWidth: CELL_COLUMNS, singleQuote: true };
    return (await prettier.format(source, options)).trimEnd();
  } catch (error) {
    if (error instanceof SyntaxError) return source;
    throw error;
  }
}

/** The ids of the code cells that are not formatted so. `fix` writes them anew in the notebook's file, and finds none. */
export async function unformattedCells(notebook: Notebook, { fix = false } = {}): Promise<string[]> {
  const formatted = new Map<string, string>();
  for (const cell of codeCells(notebook)) {
    const text = await formatCell(cell.source);
    if (text !== cell.source) formatted.set(cell.id, text);
  }
  if (!fix || formatted.size === 0) return [...formatted.keys()];
  const cells = notebook.content.cells.map((cell) => ({ ...cell, source: formatted.get(cell.id) ?? cell.source }));
  writeFileSync(notebook.file, notebookText({ ...notebook.content, cells }));
  return [];
}
