import path from 'node:path';
import { makeBook, type BookProgress, type BookResult } from '../book';
import { inRoot } from '../paths';
import { bar, clearLine, drawLine } from './progress-line';

/** The words of the command line. */
export interface BookCommandOptions {
  readonly only?: string[];
  readonly force?: boolean;
  readonly jobs?: number;
  readonly exercises?: boolean;
  readonly kernel: 'tslab' | 'tslab-plain';
  readonly cellSeconds?: number;
  readonly folder?: string;
}

/**
 * `layerwise book`: runs the notebooks with a progress line, prints a table of the results, and returns the exit
 * status.
 */
export async function runBook(options: BookCommandOptions): Promise<number> {
  // An exit, unlike a signal, lets running notebooks end their kernels.
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => process.exit(status));
  const start = performance.now();
  const running = new Map<string, BookProgress>();
  const onProgress = (progress: BookProgress): void => {
    if (progress.result) {
      running.delete(progress.name);
      clearLine();
      console.log(describe(progress.result));
    } else running.set(progress.name, progress);
    if (running.size > 0) drawLine(line([...running.values()], start));
  };
  try {
    const results = await makeBook({
      ...options,
      folder: options.folder && path.resolve(options.folder),
      kind: options.exercises ? 'exercise' : 'chapter',
      onProgress,
    });
    clearLine();
    const failed = results.filter((result) => result.status === 'failed');
    for (const result of failed)
      if (result.failures.some(({ kind }) => kind === 'handout')) console.log(describe(result));
    console.log(`\n${table(results)}\n`);
    console.log(
      `${results.length - failed.length} of ${results.length} notebooks are fine, ${((performance.now() - start) / 1000).toFixed(1)} s. Results: build/book.json`,
    );
    if (!options.exercises && options.kernel === 'tslab')
      console.log(
        `Handouts: ${path.relative(process.cwd(), options.folder === undefined ? inRoot('build', 'handouts', 'index.html') : path.resolve(options.folder, 'handouts', 'index.html'))}`,
      );
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    clearLine();
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function describe(result: BookResult): string {
  if (result.status === 'ok')
    return `[ok]   ${result.name}${result.unchanged ? ' (unchanged)' : ` (${result.seconds.toFixed(1)} s)`}`;
  const failures = result.failures.map(
    ({ kind, cell, message }) =>
      `  ${kind}${cell ? ` in cell "${cell}"` : ''}: ${message.trim().split('\n').join('\n    ')}`,
  );
  return [`[fail] ${result.name} (${result.seconds.toFixed(1)} s)`, ...failures].join('\n');
}

function table(results: readonly BookResult[]): string {
  const rows = [
    ['notebook', 'result', 'cells', 'tensors left', 'seconds'],
    ...results.map((result) => [
      result.name,
      result.unchanged ? 'unchanged' : result.status,
      String(result.executedCells),
      String(result.leakedTensors ?? '–'),
      result.seconds.toFixed(1),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row.map((text, column) => (column < 2 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join('  '),
    )
    .join('\n');
}

function line(running: readonly BookProgress[], start: number): string {
  const text = running
    .map(
      ({ name, state, cell, cells, text: rendered = 'rendering' }) =>
        `${bar(cell / Math.max(1, cells))} ${name} ${state === 'rendering' ? rendered : `cell ${cell + 1} of ${cells}`}`,
    )
    .join('   ');
  return `${text}   ${((performance.now() - start) / 1000).toFixed(0)} s`;
}
