import { axes, checkLengths, makeFigure, thinTicks, type AxesText, type AxisScales, type Figure } from './figure';
import { DASHES, SYMBOLS, seriesColor } from './theme';

/** Points that belong together. */
export interface Series {
  readonly name: string;
  /** Numbers, words, or dates as YYYY-MM-DD. */
  readonly x: ArrayLike<number | string>;
  readonly y: ArrayLike<number>;
}

export interface LineOptions extends AxesText, AxisScales {
  readonly series: readonly Series[];
  /** Marks the points on the lines (default: where a line has at most 30). */
  readonly markers?: boolean;
}

/**
 * Lines through points, one for each series.
 *
 * @example
 * import { line } from 'layerwise/plot';
 * line({
 *   title: 'The square grows faster and faster',
 *   alt: 'A curve through the points 0, 1, 4 and 9 that rises ever more steeply.',
 *   xLabel: 'x', yLabel: 'x²',
 *   series: [{ name: 'x²', x: [0, 1, 2, 3], y: [0, 1, 4, 9] }],
 * });
 */
export function line(options: LineOptions): Figure {
  const data = options.series.map((series, i) => {
    checkLengths('line', series.name, series.x, series.y);
    const markers = options.markers ?? series.x.length <= 30;
    return {
      type: 'scatter',
      mode: markers ? 'lines+markers' : 'lines',
      name: series.name,
      x: Array.from(series.x),
      y: Array.from(series.y),
      line: { color: seriesColor(i), width: 2.5, dash: DASHES[i % DASHES.length] },
      marker: { size: 7, symbol: SYMBOLS[i % SYMBOLS.length] },
    };
  });
  const layout = axes('line', options, options);
  const wordsOrDates = options.series.some((series) => typeof series.x[0] === 'string');
  const xaxis = wordsOrDates ? { xaxis: { ...layout.xaxis, type: '-' } } : {};
  const yaxis = thinTicks(
    layout.yaxis,
    data.flatMap(({ y }) => y),
  );
  return makeFigure('line', options, data, { ...layout, ...xaxis, yaxis, showlegend: data.length > 1 });
}
