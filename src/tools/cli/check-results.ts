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
  for (const row of old) if (!quick.includes(row)) console.log(`[warn] ${described(row)}`);
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

const commandFor = ({ chapter }: Place, id: string): string => `./layerwise results ${chapter} --only ${id}`;

function described({ place, row, experiment, reasons }: Old): string {
  const cure = experiment ? commandFor(place, row.id) : `take it out of ${place.results}`;
  const time = row.seconds === undefined ? '' : ` (${row.seconds.toFixed(0)} s)`;
  const data = row.id.includes('/') ? ` where ${row.id.slice(0, row.id.lastIndexOf('/'))} are the data` : '';
  return `${place.chapter} ${row.id}: old: ${reasons.join(', ')}; ${cure}${experiment ? data + time : ''}`;
}
