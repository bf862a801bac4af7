import path from 'node:path';
import { readNotebook, type Notebook } from '../notebook';
import { lintCoverage, readCoverage } from './coverage';
import { lintNotebook } from './lint';
import { findNotebooks, inRoot, root, type Kind } from './paths';

/** What `check` found in one notebook, or in the coverage map. */
export interface CheckResult {
  readonly name: string;
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Checks all chapters and exercise notebooks: form, types, style, coverage. Tells each result as it comes. */
export function checkNotebooks(onResult: (result: CheckResult) => void, folder = inRoot('notebooks')): CheckResult[] {
  const results: CheckResult[] = [];
  const chapters: Notebook[] = [];
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
        if (kind === 'chapter') chapters.push(notebook);
        return lintNotebook(notebook, kind, root);
      });
    }
  }
  timed('coverage.json', () => lintCoverage(readCoverage(path.join(folder, 'coverage.json')), chapters, folder));
  return results;
}

function attempt(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
