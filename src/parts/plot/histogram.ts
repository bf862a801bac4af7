import { axes, makeFigure, type AxesText, type Figure } from './figure';
import { palette, seriesColor } from './theme';

export interface HistogramOptions extends AxesText {
  readonly series: ReadonlyArray<{ readonly name: string; readonly values: ArrayLike<number> }>;
  /** How many intervals from the smallest to the largest value (default 30). */
  readonly bins?: number;
}

/** How often values fall into each interval. */
export function histogram(options: HistogramOptions): Figure {
  options.series.forEach(({ name, values }) => {
    if (!Array.from(values).some(Number.isFinite))
      throw new RangeError(`histogram: expected at least one finite value in "${name}", got none`);
  });
  const all = options.series.flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  const bins = options.bins ?? 30;
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`histogram: expected a whole number of bins from 1 on, got ${bins}`);
  const [start, end] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const size = (end - start || 1) / bins;
  const edge = (bin: number): number => start + bin * size;
  const data = options.series.map(({ name, values }, i) => {
    return {
      type: 'bar',
      name,
      x: Array.from({ length: bins }, (_, bin) => edge(bin + 0.5)),
      y: counts(values, bins, start, size),
      width: size,
      customdata: Array.from({ length: bins }, (_, bin) => [edge(bin), edge(bin + 1)]),
      hovertemplate: '%{customdata[0]:.4~g} to %{customdata[1]:.4~g}: %{y}',
      opacity: options.series.length > 1 ? 0.65 : 1,
      marker: { color: seriesColor(i), line: { width: 1, color: palette().background } },
    };
  });
  return makeFigure('histogram', options, data, {
    ...axes('histogram', options),
    barmode: 'overlay',
    showlegend: data.length > 1,
  });
}

/**
 * How many values lie in each interval, its lower edge included; in the last one the upper edge too, as NumPy counts.
 */
function counts(values: ArrayLike<number>, bins: number, start: number, size: number): number[] {
  const found = new Array<number>(bins).fill(0);
  for (const value of Array.from(values)) {
    if (Number.isFinite(value)) found[Math.min(bins - 1, Math.floor((value - start) / size))]++;
  }
  return found;
}
