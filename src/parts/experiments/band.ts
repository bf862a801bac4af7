/** Where a result lies that varies with the seed: mean ± 3 standard deviations over several seeds. */
export interface Band {
  readonly mean: number;
  /** Of the sample (divided by n − 1). */
  readonly standardDeviation: number;
  readonly low: number;
  readonly high: number;
}

const WIDTH = 3;

/** The band of results of several seeds, at least two. */
export function bandOf(values: readonly number[]): Band {
  if (values.length < 2) throw new RangeError(`bandOf: expected results of at least 2 seeds, got ${values.length}`);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const standardDeviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
  return { mean, standardDeviation, low: mean - WIDTH * standardDeviation, high: mean + WIDTH * standardDeviation };
}

/** Whether a result lies in its band, its ends included. NaN lies in none. */
export const isInBand = (value: number, { low, high }: Pick<Band, 'low' | 'high'>): boolean =>
  value >= low && value <= high;

/** A band as text: mean ± 3 standard deviations. */
export const bandText = ({ mean, standardDeviation }: Band, digits = 3): string =>
  `${mean.toFixed(digits)} ± ${(WIDTH * standardDeviation).toFixed(digits)}`;
