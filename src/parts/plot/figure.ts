import { displaySymbol, type Displayable, type MimeBundle } from '../display';
import { palette } from './theme';

/** A trace or a piece of layout, as plotly's reference describes them. */
export type Spec = Readonly<Record<string, unknown>>;

/** What every figure says in words. */
export interface FigureText {
  /** What to see in the figure, as a short sentence. */
  readonly title: string;
  /** What the figure shows, with its trend and numbers, for those who can't see it: at least 40 characters. */
  readonly alt: string;
  /** Height in pixels (default 420). The width is that of the page. */
  readonly height?: number;
}

/** A figure with two labeled axes. Name the unit in the label: "time (ms)". */
export interface AxesText extends FigureText {
  readonly xLabel: string;
  readonly yLabel: string;
}

export interface AxisScales {
  /** `log`: each step is a power of ten (default linear). */
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
  /** From, to (default: what the data needs). */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
}

const SHORTEST_ALT = 40;
const HEIGHT = 420;

/** A plotly figure that shows itself: `show(figure)`. */
export class Figure implements Displayable {
  /** Traces, layout and (for animations) frames are plotly's, so its reference applies to what is added by hand. */
  constructor(
    readonly data: readonly Spec[],
    readonly layout: Spec,
    readonly alt: string,
    readonly frames: readonly Spec[] = [],
  ) {}

  [displaySymbol](): MimeBundle {
    const spec = {
      data: this.data,
      layout: this.layout,
      config: { responsive: true, displaylogo: false },
      ...(this.frames.length > 0 ? { frames: this.frames } : {}),
    };
    return { 'application/vnd.plotly.v1+json': spec, 'text/plain': `Figure: ${this.alt}` };
  }
}

/** Builds a figure with the course's theme; checks that title and alternative text say something. */
export function makeFigure(
  kind: string,
  text: FigureText,
  data: readonly Spec[],
  layout: Spec = {},
  frames: readonly Spec[] = [],
): Figure {
  if (text.title.trim() === '')
    throw new RangeError(`${kind}: expected a title that says what to see, got an empty one`);
  if (text.alt.trim().length < SHORTEST_ALT)
    throw new RangeError(
      `${kind}: expected an alternative text of at least ${SHORTEST_ALT} characters that says what the figure shows, got "${text.alt}"`,
    );
  return new Figure(
    data,
    {
      ...themeLayout(),
      title: { text: text.title, x: 0.02, xanchor: 'left', font: { size: 16 } },
      height: text.height ?? HEIGHT,
      meta: { alt: text.alt },
      ...layout,
    },
    text.alt,
    frames,
  );
}

/** The theme's part of a layout. */
export function themeLayout(): Spec {
  const { background, text, series } = palette();
  return {
    paper_bgcolor: background,
    plot_bgcolor: background,
    colorway: series,
    font: { family: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif', size: 13, color: text },
    margin: { l: 70, r: 30, t: 60, b: 60 },
    legend: { bgcolor: 'rgba(0,0,0,0)' },
    hoverlabel: { font: { size: 13 } },
  };
}

/** The layout of two labeled axes. */
export function axes(
  kind: string,
  text: AxesText,
  scales: AxisScales = {},
): { readonly xaxis: Spec; readonly yaxis: Spec } {
  return {
    xaxis: axis(kind, 'xLabel', text.xLabel, scales.xScale, scales.xRange),
    yaxis: axis(kind, 'yLabel', text.yLabel, scales.yScale, scales.yRange),
  };
}

export function axis(
  kind: string,
  name: string,
  label: string,
  scale: 'linear' | 'log' = 'linear',
  range?: readonly [number, number],
): Spec {
  if (label.trim() === '')
    throw new RangeError(`${kind}: expected ${name} to name the quantity and its unit, got an empty one`);
  const { grid } = palette();
  const shown = range && scale === 'log' ? range.map(Math.log10) : range;
  return {
    title: { text: label, standoff: 8 },
    type: scale,
    ...(scale === 'log' ? { dtick: 1, exponentformat: 'power' } : {}),
    ...(shown ? { range: shown } : {}),
    gridcolor: grid,
    zerolinecolor: grid,
    linecolor: grid,
    automargin: true,
  };
}

const MOST_DECADES = 12;

/** A logarithmic axis with fewer ticks where its values span many powers of ten. */
export function thinTicks(of: Spec, values: readonly number[]): Spec {
  const positive = values.filter((value) => value > 0);
  if (of.type !== 'log' || positive.length === 0) return of;
  const [low, high] = positive.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, 0],
  );
  const decades = Math.log10(high / low);
  return decades > MOST_DECADES ? { ...of, dtick: Math.ceil(decades / MOST_DECADES) } : of;
}

/** Fails where two lists that belong together differ in length, or there is nothing to draw. */
export function checkLengths(kind: string, name: string, x: ArrayLike<unknown>, y: ArrayLike<unknown>): void {
  if (x.length !== y.length)
    throw new RangeError(`${kind}: expected as many x as y values in "${name}", got ${x.length} and ${y.length}`);
  if (x.length === 0) throw new RangeError(`${kind}: expected at least one point in "${name}", got none`);
}

/** Rows of equal length, at least one: what a grid of values must be. */
export function checkGrid(kind: string, grid: ReadonlyArray<ArrayLike<number>>): void {
  if (grid.length === 0 || grid[0].length === 0)
    throw new RangeError(`${kind}: expected at least one row and one column, got none`);
  grid.forEach((row, i) => {
    if (row.length !== grid[0].length)
      throw new RangeError(`${kind}: expected ${grid[0].length} values in each row, got ${row.length} in row ${i}`);
  });
}
