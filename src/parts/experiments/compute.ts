import { bandOf } from './band';
import type { Experiment, Measures } from './experiment';
import type { ResultRow } from './results';

/** Runs an experiment with the seeds 0, 1, 2 … and returns its bands. Two seeds are the fewest that make a band. */
export async function computeBands(
  experiment: Experiment,
  seeds: number,
  onRun?: (seed: number, measures: Measures) => unknown,
): Promise<ResultRow['measures']> {
  const values = await computeValues(experiment, seeds, onRun);
  return Object.fromEntries(Object.entries(values).map(([name, measured]) => [name, bandOf(measured)]));
}

/**
 * What an experiment measures with the seeds 0, 1, 2 …, by name.
 *
 * @throws RangeError with fewer than two seeds, and where a seed measures something else than the others, nothing, or a
 *   number that isn't finite.
 */
export async function computeValues(
  { run }: Pick<Experiment, 'run'>,
  seeds: number,
  onRun: (seed: number, measures: Measures) => unknown = () => undefined,
): Promise<Record<string, number[]>> {
  if (!Number.isInteger(seeds) || seeds < 2)
    throw new RangeError(`computeBands: expected at least 2 seeds, got ${seeds}`);
  const values: Record<string, number[]> = {};
  for (let seed = 0; seed < seeds; seed++) {
    const measures = await run(seed);
    const names = seed === 0 ? Object.keys(measures) : Object.keys(values);
    check(measures, names, seed);
    for (const name of names) (values[name] ??= []).push(measures[name]);
    await onRun(seed, measures);
  }
  return values;
}

function check(measures: Measures, names: readonly string[], seed: number): void {
  const got = Object.keys(measures);
  if (names.length === 0) throw new RangeError(`seed ${seed}: expected at least one number by name, got none`);
  if (got.length !== names.length || names.some((name) => !(name in measures)))
    throw new RangeError(`seed ${seed}: expected the measures ${names.join(', ')}, got ${got.join(', ')}`);
  for (const name of names)
    if (!Number.isFinite(measures[name]))
      throw new RangeError(`seed ${seed}: expected a finite ${name}, got ${measures[name]}`);
}
