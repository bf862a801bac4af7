import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { readNotebook, type Notebook } from '../notebook';
import { bookKey } from './book-key';
import { executeNotebook, writeNotebook, type Failure, type Kernel } from './execute';
import { findNotebooks, type Kind } from './find-notebooks';
import { inRoot } from '../paths';
import { buildSite } from './site/build';

export interface BookOptions {
  /** Beginnings of the names of the notebooks to run, for example "02" (default all). */
  readonly only?: readonly string[];
  /** Runs notebooks again that are unchanged since they last succeeded. */
  readonly force?: boolean;
  /** How many notebooks run at a time (default: as many as there are cores, at most 8). */
  readonly jobs?: number;
  readonly kernel?: Kernel;
  readonly kind?: Kind;
  /** Seconds that one cell may take (default 120; full tier 3,600). */
  readonly cellSeconds?: number;
  /** Where the notebooks are (default the project's). */
  readonly folder?: string;
  /** Told of each notebook that begins, is in a cell, or ends. */
  readonly onProgress?: (progress: BookProgress) => void;
}

export interface BookProgress {
  readonly name: string;
  readonly state: 'running' | 'rendering' | 'done' | 'unchanged' | 'failed';
  readonly cell: number;
  readonly cells: number;
  /** What is being rendered. */
  readonly text?: string;
  readonly result?: BookResult;
}

/** What became of one notebook. */
export interface BookResult {
  readonly name: string;
  readonly status: 'ok' | 'failed';
  /** True where an earlier run's result still holds. */
  readonly unchanged: boolean;
  readonly seconds: number;
  readonly executedCells: number;
  readonly leakedTensors?: number;
  readonly failures: readonly Failure[];
}

const remembered = z.object({
  key: z.string(),
  seconds: z.number(),
  executedCells: z.number(),
  leakedTensors: z.number().optional(),
});

/**
 * Executes notebooks, several at a time, and makes the handouts of the chapters among them.
 * One that fails doesn't stop the others. The results are also written to `build/book.json`.
 */
export async function makeBook(options: BookOptions = {}): Promise<BookResult[]> {
  const { only = [], kind = 'chapter', kernel = 'tslab', onProgress = () => undefined } = options;
  const files = findNotebooks(kind, options.folder).filter(
    (file) => only.length === 0 || only.some((start) => path.basename(file).startsWith(start)),
  );
  if (files.length === 0)
    throw new RangeError(
      `book: no notebook${only.length > 0 ? ` begins with ${only.join(' or ')}` : ' was found'} in ${options.folder ?? inRoot('notebooks')}`,
    );
  const jobs = options.jobs ?? Math.min(8, os.availableParallelism());
  if (!Number.isInteger(jobs) || jobs < 1) throw new RangeError(`book: expected at least 1 job, got ${jobs}`);
  const results = new Array<BookResult>(files.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files.length) {
      const i = next++;
      results[i] = await makeOne(files[i], { ...options, kind, kernel, onProgress });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, files.length) }, worker));
  const complete =
    kind === 'chapter' && kernel === 'tslab'
      ? await withHandouts(results, { ...options, kind, kernel, onProgress })
      : results;
  mkdirSync(inRoot('build'), { recursive: true });
  writeFileSync(inRoot('build', 'book.json'), `${JSON.stringify({ kernel, kind, results: complete }, undefined, 2)}\n`);
  return complete;
}

/**
 * Makes the handouts of all chapters that have been executed without a failure. What is wrong with a page is a failure
 * of its notebook.
 */
async function withHandouts(
  results: readonly BookResult[],
  { folder, kind, kernel, onProgress }: Settled,
): Promise<BookResult[]> {
  const executed = findNotebooks(kind, folder)
    .map((file) => executedFile(path.basename(file, '.ipynb'), kind, kernel))
    .filter((file) => existsSync(`${file}.made-from`));
  const place = folder === undefined ? {} : { folder: path.join(folder, 'handouts'), notebooks: folder, pdf: false };
  const { problems, notices } = await buildSite(executed, {
    ...place,
    onProgress: (text) => onProgress({ name: 'handouts', state: 'rendering', cell: 0, cells: 0, text }),
  });
  for (const notice of notices) console.log(`[note] ${notice}`);
  return results.map((result) => {
    const failures = problems
      .filter(({ notebook }) => notebook === result.name)
      .map(({ cell, message }): Failure => ({ kind: 'handout', cell, message }));
    return failures.length === 0
      ? result
      : { ...result, status: 'failed', failures: [...result.failures, ...failures] };
  });
}

const executedFile = (name: string, kind: Kind, kernel: Kernel): string =>
  inRoot(
    'build',
    kernel === 'tslab' ? 'executed' : `executed-${kernel}`,
    ...(kind === 'exercise' ? ['exercises'] : []),
    `${name}.ipynb`,
  );

type Settled = BookOptions & Required<Pick<BookOptions, 'kind' | 'kernel' | 'onProgress'>>;

async function makeOne(file: string, options: Settled): Promise<BookResult> {
  const name = path.basename(file, '.ipynb');
  const start = performance.now();
  const failed = (failures: readonly Failure[], executedCells = 0): BookResult => ({
    name,
    status: 'failed',
    unchanged: false,
    seconds: (performance.now() - start) / 1000,
    executedCells,
    failures,
  });
  let result: BookResult;
  try {
    result = await makeNotebook(readNotebook(file), options, start);
  } catch (error) {
    result = failed([{ kind: 'kernel', message: error instanceof Error ? error.message : String(error) }]);
  }
  options.onProgress({
    name,
    state: result.status === 'failed' ? 'failed' : result.unchanged ? 'unchanged' : 'done',
    cell: 0,
    cells: 0,
    result,
  });
  return result;
}

async function makeNotebook(notebook: Notebook, options: Settled, start: number): Promise<BookResult> {
  const { kind, kernel, onProgress } = options;
  const { name } = notebook;
  const target = executedFile(name, kind, kernel);
  const memory = `${target}.made-from`;
  const key = bookKey(notebook, kernel);
  const known = recall(memory);
  if (!options.force && known?.key === key) {
    return {
      name,
      status: 'ok',
      unchanged: true,
      seconds: known.seconds,
      executedCells: known.executedCells,
      leakedTensors: known.leakedTensors,
      failures: [],
    };
  }
  rmSync(memory, { force: true });
  const full = process.env.LAYERWISE_TIER === 'full';
  const executed = await executeNotebook(notebook, {
    kernel,
    cellSeconds: options.cellSeconds ?? (full ? 3600 : 120),
    notebookSeconds: full ? 14_400 : 600,
    onCell: (cell, cells) => onProgress({ name, state: 'running', cell, cells }),
  });
  writeNotebook(target, executed.content);
  const { failures, executedCells, leakedTensors } = executed;
  const seconds = (performance.now() - start) / 1000;
  if (failures.length === 0) writeFileSync(memory, JSON.stringify({ key, seconds, executedCells, leakedTensors }));
  return {
    name,
    status: failures.length === 0 ? 'ok' : 'failed',
    unchanged: false,
    seconds,
    executedCells,
    leakedTensors,
    failures,
  };
}

function recall(file: string): z.infer<typeof remembered> | undefined {
  try {
    return remembered.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
