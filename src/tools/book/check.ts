import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readNotebook } from '../notebook';
import { CELL_COLUMNS, unformattedCells } from './cell-format';
import { withChapterTable } from './chapter-table';
import { coverageFile, lintCoverage, readCoverage } from './coverage';
import { lintNotebook } from './lint';
import { findNotebooks, type Kind } from './find-notebooks';
import { inRoot, root } from '../paths';

/** What `check` found in one notebook. */
export interface CheckResult {
  readonly name: string;
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Where and how to check. */
export interface CheckOptions {
  /** Where the notebooks are; default the course's. */
  readonly folder?: string;
  /** The folder with a folder for each chapter; default `src/course` beside that of the notebooks. */
  readonly content?: string;
  /** Formats the cells that are not formatted. */
  readonly fix?: boolean;
}

/** Checks all chapters and exercise notebooks: format, form, types, style, coverage. Tells each result as it comes. */
export async function checkNotebooks(
  onResult: (result: CheckResult) => void,
  { folder = inRoot('notebooks'), content = path.join(folder, '..', 'src', 'course'), fix = false }: CheckOptions = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const timed = async (name: string, work: () => Promise<string[]>): Promise<void> => {
    const start = performance.now();
    const problems = await work().catch(asProblems);
    const result = { name, problems, seconds: (performance.now() - start) / 1000 };
    results.push(result);
    onResult(result);
  };
  const kinds: readonly Kind[] = ['chapter', 'exercise'];
  for (const kind of kinds) {
    for (const file of findNotebooks(kind, folder)) {
      await timed(path.relative(folder, file), async () => {
        const unformatted = await unformattedCells(readNotebook(file), { fix });
        const notebook = readNotebook(file);
        return [
          ...unformatted.map(
            (id) => `${path.basename(file)}:${id}: not formatted at ${CELL_COLUMNS} columns: npm run check -- --fix`,
          ),
          ...lintNotebook(notebook, kind, root),
          ...(kind === 'chapter'
            ? attempt(() => lintCoverage(readCoverage(coverageFile(content, notebook.name)), notebook))
            : []),
        ];
      });
    }
  }
  return results;
}

/**
 * What is wrong with the table of chapters in the project's README: it must be as the notebooks' heads are.
 *
 * @param fix writes it anew where it is not.
 */
export function checkChapterTable(
  { fix = false } = {},
  readme = inRoot('README.md'),
  folder = inRoot('notebooks'),
): string[] {
  return attempt(() => {
    const text = readFileSync(readme, 'utf8');
    const wanted = withChapterTable(text, findNotebooks('chapter', folder).map(readNotebook));
    if (wanted === text) return [];
    if (!fix) return ["its table of chapters is not as the notebooks' heads are: npm run check -- --fix"];
    writeFileSync(readme, wanted);
    return [];
  });
}

function attempt(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    return asProblems(error);
  }
}

const asProblems = (error: unknown): string[] => [error instanceof Error ? error.message : String(error)];
