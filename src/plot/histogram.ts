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
    if (values.length === 0) throw new RangeError(`histogram: expected at least one value in "${name}", got none`);
  });
  const all = options.series.flatMap(({ values }) => Array.from(values));
  const [start, end] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const size = (end - start || 1) / (options.bins ?? 30);
  const data = options.series.map(({ name, values }, i) => {
    return {
      type: 'histogram',
      name,
      x: Array.from(values),
      autobinx: false,
      xbins: { start, end: end + size, size },
      opacity: options.series.length > 1 ? 0.65 : 1,
      marker: { color: seriesColor(i), line: { width: 1, color: palette().background } },
    };
  });
  return makeFigure('histogram', options, data, { ...axes('histogram', options), barmode: 'overlay', showlegend: data.length > 1 });
}
