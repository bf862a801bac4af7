import { axes, makeFigure, type AxesText, type Figure } from './figure';
import { palette, seriesColor } from './theme';

export interface HistogramOptions extends AxesText {
  readonly series: ReadonlyArray<{ readonly name: string; readonly values: ArrayLike<number> }>;
  /** About how many bars (default 30). */
  readonly bins?: number;
}

/** How often values fall into each interval. */
export function histogram(options: HistogramOptions): Figure {
  const data = options.series.map(({ name, values }, i) => {
    if (values.length === 0) throw new RangeError(`histogram: expected at least one value in "${name}", got none`);
    return {
      type: 'histogram',
      name,
      x: Array.from(values),
      nbinsx: options.bins ?? 30,
      opacity: options.series.length > 1 ? 0.65 : 1,
      marker: { color: seriesColor(i), line: { width: 1, color: palette().background } },
    };
  });
  return makeFigure('histogram', options, data, { ...axes('histogram', options), barmode: 'overlay', showlegend: data.length > 1 });
}
