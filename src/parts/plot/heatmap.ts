import { axes, checkGrid, makeFigure, type AxesText, type Figure } from './figure';
import { DIVERGING, SEQUENTIAL } from './theme';

export interface HeatmapOptions extends AxesText {
  /** Values, `[rows][columns]`; the first row is drawn at the top. */
  readonly values: ReadonlyArray<ArrayLike<number>>;
  /** What the color means; stands beside the color bar. */
  readonly colorLabel: string;
  readonly xTicks?: readonly string[];
  readonly yTicks?: readonly string[];
  /** Colors around zero: negative, zero, positive (default: from low to high). */
  readonly diverging?: boolean;
  /** Writes each value into its cell (default: where there are at most 144 cells). */
  readonly showValues?: boolean;
}

/** A grid of values as colors. */
export function heatmap(options: HeatmapOptions): Figure {
  const { values, diverging = false } = options;
  checkGrid('heatmap', values);
  const showValues = options.showValues ?? values.length * values[0].length <= 144;
  const trace = {
    type: 'heatmap',
    z: values.map((row) => Array.from(row)),
    x: options.xTicks ?? Array.from(values[0], (_, i) => String(i)),
    y: options.yTicks ?? values.map((_, i) => String(i)),
    colorscale: diverging ? DIVERGING : SEQUENTIAL,
    ...(diverging ? { zmid: 0 } : {}),
    colorbar: { title: { text: options.colorLabel, side: 'right' }, thickness: 14 },
    ...(showValues ? { texttemplate: '%{z:.3~g}' } : {}),
    hovertemplate: `${options.yLabel} %{y}, ${options.xLabel} %{x}: %{z:.4~g}<extra></extra>`,
  };
  const layout = axes('heatmap', options);
  return makeFigure('heatmap', options, [trace], {
    ...layout,
    xaxis: { ...layout.xaxis, type: 'category' },
    yaxis: { ...layout.yaxis, type: 'category', autorange: 'reversed' },
  });
}
