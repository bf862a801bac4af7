import { axes, checkLengths, makeFigure, type AxesText, type AxisScales, type Figure } from './figure';
import { seriesColor } from './theme';

export interface BarOptions extends AxesText, Pick<AxisScales, 'yScale' | 'yRange'> {
  readonly labels: readonly string[];
  readonly series: ReadonlyArray<{
    readonly name: string;
    readonly values: readonly number[];
    /** Half the length of each bar's error line. */
    readonly errors?: readonly number[];
  }>;
}

/** Bars side by side, one group for each label. */
export function bar(options: BarOptions): Figure {
  const data = options.series.map(({ name, values, errors }, i) => {
    checkLengths('bar', name, options.labels, values);
    return {
      type: 'bar',
      name,
      x: options.labels,
      y: values,
      marker: { color: seriesColor(i) },
      ...(errors ? { error_y: { type: 'data', array: errors } } : {}),
    };
  });
  const layout = axes('bar', options, options);
  return makeFigure('bar', options, data, {
    ...layout,
    xaxis: { ...layout.xaxis, type: 'category' },
    barmode: 'group',
    showlegend: data.length > 1,
  });
}
