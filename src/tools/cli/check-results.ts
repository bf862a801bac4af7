import { quickOnes, recompute, stateOf, type Place, type RowState } from '../results';

type Old = RowState & { readonly place: Place };

/**
 * Says which rows of these chapters are old, why, and which command computes them; returns the exit status, 1 where
 * there are any.
 *
 * @param seconds where given, old rows are computed again as long as they take less together; then the status is 1 only
 *   where one of these failed or left its band, and the others are warnings.
 */
export async function checkResults(places: readonly Place[], jobs: number, seconds?: number): Promise<number> {
  const old: Old[] = [];
  let missing = 0;
  for (const place of places) {
    const state = stateOf(place);
    const oldHere = state.rows.filter(({ reasons }) => reasons.length > 0);
    old.push(...oldHere.map((row) => ({ ...row, place })));
    console.log(
      `[ok] ${place.chapter}: ${state.rows.length - oldHere.length} of ${state.rows.length} rows are current`,
    );
    for (const id of state.missing) {
      missing++;
      console.log(`[warn] ${place.chapter} ${id}: there is no row yet; ${commandFor(place, id)}`);
    }
  }
  const quick = seconds === undefined ? [] : await quickOnes(old, seconds);
  for (const rows of alike(old.filter((row) => !quick.includes(row)))) console.log(`[warn] ${described(rows)}`);
  const again = await recompute(quick, jobs);
  for (const { place, row, problem } of again)
    console.log(
      problem === undefined
        ? `[ok] ${place.chapter} ${row.id}: old, but its band holds; to store it: ${commandFor(place, row.id)}`
        : `[fail] ${place.chapter} ${row.id}: old, and ${problem}`,
    );
  const failed = again.filter(({ problem }) => problem !== undefined).length;
  return (seconds === undefined ? old.length + missing : failed) > 0 ? 1 : 0;
}

const commandFor = ({ chapter }: Place, id: string): string =>
  `./layerwise results ${chapter}${id === '' ? '' : ` --only ${id}`}`;

/** What the data of a row are called, with a slash, where they depend on the machine. */
const dataOf = ({ row }: Old): string => row.id.slice(0, row.id.lastIndexOf('/') + 1);

/** Rows of one chapter and one set of data that are old for the same reasons. */
function alike(rows: readonly Old[]): Old[][] {
  const groups = new Map<string, Old[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.place.chapter, dataOf(row), row.reasons, row.experiment === undefined]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

function described(rows: readonly Old[]): string {
  const [{ place, row, experiment, reasons }] = rows;
  const data = dataOf(rows[0]);
  const names = rows.length === 1 ? row.id : `${rows.length} rows (${rows.map(({ row: { id } }) => id).join(', ')})`;
  const cure = experiment
    ? commandFor(place, rows.length === 1 ? row.id : data)
    : `take ${rows.length === 1 ? 'it' : 'them'} out of ${place.results}`;
  const seconds = rows.reduce((sum, { row: { seconds = NaN } }) => sum + seconds, 0);
  const time = Number.isNaN(seconds) ? '' : ` (${seconds.toFixed(0)} s)`;
  const where = data === '' ? '' : ` where ${data.slice(0, -1)} are the data`;
  return `${place.chapter} ${names}: old: ${reasons.join(', ')}; ${cure}${experiment ? where + time : ''}`;
}
