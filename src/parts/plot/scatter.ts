import { axes, checkLengths, makeFigure, type AxesText, type AxisScales, type Figure } from './figure';
import type { Series } from './line';
import { DASHES, SYMBOLS, palette, seriesColor } from './theme';

export interface ScatterOptions extends AxesText, AxisScales {
  readonly series: readonly Series[];
  /** The same length for one unit on both axes (default false). */
  readonly equalAxes?: boolean;
  /** Lines among the points: a fit, a boundary. */
  readonly lines?: readonly Series[];
}

/** Points, with a color and a symbol for each series. */
export function scatter(options: ScatterOptions): Figure {
  const data = options.series.map((series, i) => {
    checkLengths('scatter', series.name, series.x, series.y);
    return {
      type: 'scatter',
      mode: 'markers',
      name: series.name,
      x: Array.from(series.x),
      y: Array.from(series.y),
      marker: {
        size: 8,
        symbol: SYMBOLS[i % SYMBOLS.length],
        color: seriesColor(i),
        line: { width: 0.5, color: palette().background },
      },
    };
  });
  const lines = (options.lines ?? []).map((series, i) => {
    checkLengths('scatter', series.name, series.x, series.y);
    const color = seriesColor(options.series.length + i);
    return {
      type: 'scatter',
      mode: 'lines',
      name: series.name,
      x: Array.from(series.x),
      y: Array.from(series.y),
      line: { color, width: 2.5, dash: DASHES[i % DASHES.length] },
    };
  });
  const layout = axes('scatter', options, options);
  const yaxis = options.equalAxes ? { yaxis: { ...layout.yaxis, scaleanchor: 'x' } } : {};
  return makeFigure('scatter', options, [...data, ...lines], {
    ...layout,
    ...yaxis,
    showlegend: data.length + lines.length > 1,
  });
}
