import { z } from 'zod';
import { content } from '../content';
import { pairedDifferences, type PairedDifferences } from './paired-differences';

const band = z.object({ mean: z.number(), standardDeviation: z.number(), low: z.number(), high: z.number() });

/** What a chapter's `results.json` holds. A row can be computed again without the others: each says how it was made. */
export const resultsSchema = z.object({
  chapter: z.string(),
  rows: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      seeds: z.int(),
      /** Processor time of all seeds together; absent where it wasn't measured. */
      seconds: z.number().optional(),
      date: z.string(),
      versions: z.record(z.string(), z.string()),
      /** SHA-256 of the code that it reached, and of its settings. */
      code: z.string(),
      /** SHA-256 of the data files that it read, by path. */
      data: z.record(z.string(), z.string()),
      measures: z.record(z.string(), band),
      /** What was measured with the seeds 0, 1, 2 …; absent in rows made before it was kept. */
      values: z.record(z.string(), z.array(z.number())).optional(),
    }),
  ),
});

/** Bands of a chapter's experiments. */
export type Results = z.infer<typeof resultsSchema>;
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
  return resultsSchema.parse(read);
}

/** One row of a chapter's results. */
export function resultRow(chapter: string, id: string): ResultRow {
  const { rows } = readResults(chapter);
  const row = rows.find((candidate) => candidate.id === id);
  if (!row)
    throw new RangeError(`resultRow: expected one of ${rows.map((candidate) => candidate.id).join(', ')}, got "${id}"`);
  return row;
}

/**
 * Compares two rows of a chapter's results by paired differences over their seeds.
 *
 * @param measure what was measured in both, for example `testAccuracy`.
 * @param options.better which results are better: `higher` (default) or `lower`.
 * @throws RangeError where a row or its values by seed are missing.
 * @example
 * import { compareRows, differenceText } from 'layerwise/experiments';
 * differenceText(compareRows('05', 'relu', 'linear', 'testAccuracy'));
 */
export function compareRows(
  chapter: string,
  id: string,
  baseline: string,
  measure: string,
  options: Parameters<typeof pairedDifferences>[2] = {},
): PairedDifferences {
  const values = (row: string): number[] => {
    const found = resultRow(chapter, row).values?.[measure];
    if (found) return found;
    throw new RangeError(
      `compareRows: the row ${row} of chapter ${chapter} has no values of ${measure} by seed; it measured ${Object.keys(resultRow(chapter, row).measures).join(', ')}; compute it with: ./layerwise results ${chapter} --only ${row}`,
    );
  };
  return pairedDifferences(values(id), values(baseline), options);
}
