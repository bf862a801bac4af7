import { isInBand } from '../../parts/experiments';
import type { ResultRow } from '../../parts/experiments/results';
import { computeRows } from './compute-rows';
import type { Place } from './place';
import { rowIdOf, type RowState } from './row-state';
import type { Task } from './task';

/** An old row, computed again. */
export interface Recomputed {
  readonly place: Place;
  readonly row: ResultRow;
  /** What is wrong; undefined where each mean lies in the stored band. */
  readonly problem: string | undefined;
}

/** The old rows that can be computed here and take less than so many seconds together, the quickest first. */
export async function quickOnes<Item extends RowState & { readonly place: Place }>(
  old: readonly Item[],
  seconds: number,
): Promise<Item[]> {
  const chosen: Item[] = [];
  let left = seconds;
  const timed = old.filter(({ row }) => row.seconds !== undefined && row.seconds < seconds);
  for (const item of timed.sort((a, b) => (a.row.seconds ?? 0) - (b.row.seconds ?? 0))) {
    left -= item.row.seconds ?? 0;
    if (left <= 0) break;
    if (item.experiment && (await rowIdOf(item.experiment)) === item.row.id) chosen.push(item);
  }
  return chosen;
}

/** Computes rows again, with their seeds, and compares them with what is stored, which stays as it is. */
export async function recompute(
  old: readonly (RowState & { readonly place: Place })[],
  jobs: number,
): Promise<Recomputed[]> {
  const tasks = new Map<Task, { place: Place; row: ResultRow }>();
  for (const { place, row, experiment } of old)
    if (experiment)
      tasks.set({ module: place.module, id: experiment.id, rowId: row.id, seeds: row.seeds }, { place, row });
  const done = new Map<Task, string | undefined>();
  await computeRows([...tasks.keys()], {
    jobs,
    onRow: (fresh, task) => done.set(task, outside(tasks.get(task)?.row, fresh)),
    onFailure: (task, message) => done.set(task, message),
  });
  return [...tasks].map(([task, made]) => ({ ...made, problem: done.get(task) }));
}

/** Which means lie outside their bands. */
function outside(stored: ResultRow | undefined, fresh: ResultRow): string | undefined {
  const wrong = Object.entries(stored?.measures ?? {})
    .filter(([name, band]) => !isInBand(fresh.measures[name]?.mean ?? NaN, band))
    .map(
      ([name, { low, high }]) =>
        `${name} is ${fresh.measures[name]?.mean ?? 'missing'}, outside its band ${low} … ${high}`,
    );
  return wrong.length === 0 ? undefined : wrong.join('; ');
}
