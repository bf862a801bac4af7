import { z } from 'zod';
import { content } from '../content';
import { bandOf, type Band } from './band';
import type { Experiment, Measures } from './experiment';

const band = z.object({ mean: z.number(), standardDeviation: z.number(), low: z.number(), high: z.number() });
const schema = z.object({
  chapter: z.string(),
  // A row can be computed again without the others: each says how it was made.
  rows: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      seeds: z.int(),
      date: z.string(),
      versions: z.record(z.string(), z.string()),
      measures: z.record(z.string(), band),
    }),
  ),
});

/** Bands of a chapter's experiments. */
export type Results = z.infer<typeof schema>;
/** The bands of one experiment, by what was measured. */
export type ResultRow = Results['rows'][number];

/**
 * The bands of a chapter, as `layerwise results NN` computed them.
 *
 * @param chapter its number, for example `06`.
 * @example
 * import { readResults } from 'layerwise/experiments';
 * readResults('05').rows.map((row) => row.label);
 */
export function readResults(chapter: string): Results {
  const name = content().chapters.find((candidate) => candidate.startsWith(`${chapter}-`));
  const read = name === undefined ? undefined : content().read(name, 'results');
  if (read === undefined)
    throw new Error(
      `readResults: chapter ${chapter} has no results; compute them with: ./layerwise results ${chapter}`,
    );
  return schema.parse(read);
}

/** One row of a chapter's results. */
export function resultRow(chapter: string, id: string): ResultRow {
  const { rows } = readResults(chapter);
  const row = rows.find((candidate) => candidate.id === id);
  if (!row)
    throw new RangeError(`resultRow: expected one of ${rows.map((candidate) => candidate.id).join(', ')}, got "${id}"`);
  return row;
}

/** Runs an experiment with the seeds 0, 1, 2 … and returns its bands. Two seeds are the fewest that make a band. */
export async function computeBands(
  { run }: Experiment,
  seeds: number,
  onRun: (seed: number, measures: Measures) => void = () => undefined,
): Promise<ResultRow['measures']> {
  if (!Number.isInteger(seeds) || seeds < 2)
    throw new RangeError(`computeBands: expected at least 2 seeds, got ${seeds}`);
  const runs: Measures[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const measures = await run(seed);
    onRun(seed, measures);
    runs.push(measures);
  }
  const measures: Record<string, Band> = {};
  for (const name of Object.keys(runs[0] ?? {})) measures[name] = bandOf(runs.map((measured) => measured[name]));
  return measures;
}
