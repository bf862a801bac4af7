import { axes, checkGrid, makeFigure, type AxesText, type Figure, type Spec } from './figure';
import { DIVERGING, SEQUENTIAL } from './theme';

export interface HeatmapOptions extends AxesText {
  /** Values, `[rows][columns]`; a cell of NaN has no color, so that what lies below shows. */
  readonly values: ReadonlyArray<ArrayLike<number>>;
  /** What the color means; stands beside the color bar. */
  readonly colorLabel: string;
  /** Names of the columns and rows (default: they are numbered from 0). */
  readonly xTicks?: readonly string[];
  readonly yTicks?: readonly string[];
  /** From the left edge of the first column to the right edge of the last, in the unit of xLabel. */
  readonly xExtent?: readonly [number, number];
  /** From the outer edge of the first row to that of the last, in the unit of yLabel. */
  readonly yExtent?: readonly [number, number];
  /** Where the first row is drawn (default top); at the bottom, y runs up, as a spectrogram's frequencies do. */
  readonly firstRow?: 'top' | 'bottom';
  /** Colors around zero: negative, zero, positive (default: from low to high). */
  readonly diverging?: boolean;
  /** Writes each value into its cell (default: where there are at most 144 cells). */
  readonly showValues?: boolean;
}

/**
 * A grid of values as colors. With extents the cells lie where they were measured: a spectrogram by seconds and hertz,
 * a coarse map of an image over the image's pixels.
 */
export function heatmap(options: HeatmapOptions): Figure {
  const { values, diverging = false, firstRow = 'top' } = options;
  checkGrid('heatmap', values);
  const showValues = options.showValues ?? values.length * values[0].length <= 144;
  const layout = axes('heatmap', options);
  const x = cells('x', values[0].length, options.xTicks, options.xExtent);
  const y = cells('y', values.length, options.yTicks, options.yExtent);
  const trace = {
    type: 'heatmap',
    z: values.map((row) => Array.from(row)),
    ...x.trace,
    ...y.trace,
    colorscale: diverging ? DIVERGING : SEQUENTIAL,
    ...(diverging ? { zmid: 0 } : {}),
    colorbar: { title: { text: options.colorLabel, side: 'right' }, thickness: 14 },
    ...(showValues ? { texttemplate: '%{z:.3~g}' } : {}),
    hovertemplate: `${options.yLabel} %{y}, ${options.xLabel} %{x}: %{z:.4~g}<extra></extra>`,
  };
  return makeFigure('heatmap', options, [trace], {
    xaxis: { ...layout.xaxis, ...x.axis },
    yaxis: { ...layout.yaxis, ...y.axis, ...(firstRow === 'top' ? { autorange: 'reversed' } : {}) },
  });
}

const MOST_NUMBERED = 12;

/** Where a grid's columns or rows lie along an axis: at their names, at their numbers, or between two ends. */
function cells(
  axis: 'x' | 'y',
  count: number,
  names?: readonly string[],
  extent?: readonly [number, number],
): { readonly trace: Spec; readonly axis: Spec } {
  if (names && extent)
    throw new RangeError(`heatmap: expected ${axis}Ticks or ${axis}Extent, got both; leave one of them out`);
  if (names) {
    if (names.length !== count)
      throw new RangeError(
        `heatmap: expected ${count} ${axis}Ticks, one a ${axis === 'x' ? 'column' : 'row'}, got ${names.length}`,
      );
    return { trace: { [axis]: names }, axis: { type: 'category' } };
  }
  const [from, to] = extent ?? [-0.5, count - 0.5];
  if (!(from < to) || !Number.isFinite(to - from))
    throw new RangeError(`heatmap: expected ${axis}Extent to rise from one edge to the other, got ${from} to ${to}`);
  const step = (to - from) / count;
  return {
    trace: { [`${axis}0`]: from + step / 2, [`d${axis}`]: step },
    axis: { zeroline: false, showgrid: false, ...(!extent && count <= MOST_NUMBERED ? { dtick: 1 } : {}) },
  };
}
