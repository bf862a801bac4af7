import os from 'node:os';
import { computeRows, experimentsOf, places, rowIdOf, storeRow, type Place, type Task } from '../results';
import { checkResults } from './check-results';

export interface ResultsCommandOptions {
  /** How many seeds (default 10). */
  readonly seeds?: number;
  /** Only the row that is called so, or else those with this in their name. */
  readonly only?: string;
  /** How many rows at a time (default: as many as there are cores). */
  readonly jobs?: number;
  /** Says which rows are old instead. */
  readonly check?: boolean;
  /** With `check`: computes old rows again that take less than so many seconds together. */
  readonly recompute?: number;
}

/**
 * `layerwise results NN`: computes the rows of a chapter and stores each as it is done; returns the exit status, 1 where
 * one failed.
 *
 * `layerwise results --check`: says which rows are old and the command that computes them; 1 where there are any. With
 * `--recompute` 1 only where a row that was computed again failed or left its band.
 *
 * @param all the chapters that have experiments.
 */
export async function runResults(
  chapter: string | undefined,
  options: ResultsCommandOptions,
  all: readonly Place[] = places(),
): Promise<number> {
  const chosen = all.filter((place) => chapter === undefined || place.chapter === chapter);
  const known = all.map((place) => place.chapter).join(', ');
  const jobs = options.jobs ?? os.availableParallelism();
  try {
    if (chosen.length === 0) throw new Error(`results: expected one of ${known}, got "${chapter}"`);
    if (options.recompute !== undefined && !options.check)
      throw new Error('results: --recompute goes with --check; without it rows are computed and stored');
    if (options.check) return await checkResults(chosen, jobs, options.recompute);
    if (chapter === undefined) throw new Error(`results: expected a chapter, one of ${known}, or --check`);
    return await compute(chosen[0], jobs, options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function compute(place: Place, jobs: number, { seeds = 10, only }: ResultsCommandOptions): Promise<number> {
  if (seeds < 2) throw new Error(`results: expected at least 2 seeds, of which a band is made, got ${seeds}`);
  const all = await tasksOf(place, seeds);
  const exact = all.filter(({ rowId }) => rowId === only);
  const tasks = exact.length > 0 ? exact : all.filter(({ rowId }) => rowId.includes(only ?? ''));
  if (tasks.length === 0)
    throw new Error(
      `results: no row of chapter ${place.chapter} that this machine has the data for has "${only}" in its name; there are ${all.map(({ rowId }) => rowId).join(', ')}`,
    );
  const progress = progressOf(tasks.length * seeds);
  let failed = 0;
  await computeRows(tasks, {
    jobs,
    onRun: ({ rowId }, seed, measures) => console.log(progress(rowId, seed, measures)),
    onRow: (row) =>
      storeRow(
        place,
        row,
        all.map(({ rowId }) => rowId),
      ),
    onFailure: ({ rowId }, message) => {
      failed++;
      console.error(`${rowId}: ${message}`);
    },
  });
  console.log(`${place.results}: ${tasks.length - failed} of ${tasks.length} rows computed and stored`);
  return failed === 0 ? 0 : 1;
}

/** The rows that this machine has the data for. */
async function tasksOf(place: Place, seeds: number): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const experiment of experimentsOf(place)) {
    const rowId = await rowIdOf(experiment);
    if (rowId !== undefined) tasks.push({ module: place.module, id: experiment.id, rowId, seeds });
  }
  return tasks;
}

function progressOf(runs: number): (rowId: string, seed: number, measures: Readonly<Record<string, number>>) => string {
  const started = performance.now();
  let done = 0;
  return (rowId, seed, measures) => {
    done++;
    const left = ((performance.now() - started) / 1000 / done) * (runs - done);
    const measured = Object.entries(measures).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    return `[${done}/${runs}, ${left.toFixed(0)} s left] ${rowId}, seed ${seed}: ${measured.join(', ')}`;
  };
}
