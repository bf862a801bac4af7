import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readNotebook } from '../notebook';
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

/**
 * Checks all chapters and exercise notebooks: form, types, style, coverage. Tells each result as it comes.
 *
 * @param content the folder with a folder for each chapter; by default `src/course` beside that of the notebooks.
 */
export function checkNotebooks(
  onResult: (result: CheckResult) => void,
  folder = inRoot('notebooks'),
  content = path.join(folder, '..', 'src', 'course'),
): CheckResult[] {
  const results: CheckResult[] = [];
  const timed = (name: string, work: () => string[]): void => {
    const start = performance.now();
    const problems = attempt(work);
    const result = { name, problems, seconds: (performance.now() - start) / 1000 };
    results.push(result);
    onResult(result);
  };
  const kinds: readonly Kind[] = ['chapter', 'exercise'];
  for (const kind of kinds) {
    for (const file of findNotebooks(kind, folder)) {
      timed(path.relative(folder, file), () => {
        const notebook = readNotebook(file);
        return [
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
    return [error instanceof Error ? error.message : String(error)];
  }
}
