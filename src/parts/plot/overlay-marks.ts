import { isArea } from './extent';
import { Figure, type Spec } from './figure';
import { number, part, parts } from './spec';
import { entryOf, placeColorBars, placeLegend } from './overlay-room';
import { DASHES, SYMBOLS, palette } from './theme';

/** The series color of a trace: its points', else its lines'. */
function colorOf(trace: Spec): string | undefined {
  return [part(trace, 'marker').color, part(trace, 'line').color].find((color) => typeof color === 'string');
}

/**
 * A figure whose series differ from those of other traces: where a color is used already, the next free one takes its
 * place, with its symbol and dash. What has the same name there keeps its color.
 */
function distinct(figure: Figure, others: readonly Spec[]): Figure {
  const { series } = palette();
  const used = new Set(others.map(colorOf));
  const swaps = new Map<string, number>();
  for (const trace of figure.data) {
    const color = colorOf(trace);
    if (color === undefined || !series.includes(color) || swaps.has(color)) continue;
    const free = used.has(color) ? series.findIndex((other) => !used.has(other)) : series.indexOf(color);
    if (free >= 0) swaps.set(color, free);
    used.add(series[free]);
  }
  const swapped = (spec: Spec, name: string): Spec => {
    const old = spec[name];
    const to = typeof old === 'string' ? swaps.get(old) : undefined;
    return to === undefined || series[to] === old ? spec : { ...spec, [name]: series[to] };
  };
  const styled = (trace: Spec): Spec => {
    const to = swaps.get(colorOf(trace) ?? '');
    if (to === undefined || series[to] === colorOf(trace)) return trace;
    const [marker, line] = [swapped(part(trace, 'marker'), 'color'), swapped(part(trace, 'line'), 'color')];
    return {
      ...trace,
      ...(trace.marker ? { marker: marker.symbol ? { ...marker, symbol: SYMBOLS[to % SYMBOLS.length] } : marker } : {}),
      ...(trace.line ? { line: line.dash ? { ...line, dash: DASHES[to % DASHES.length] } : line } : {}),
    };
  };
  const annotations = parts(figure.layout, 'annotations').map((note) => swapped(note, 'bgcolor'));
  return new Figure(figure.data.map(styled), { ...figure.layout, annotations }, figure.alt);
}

export interface DrawOptions {
  readonly opacity: number;
  /** Whether figures that use one color mean different things by it. */
  readonly apart: boolean;
}

/** A base with the marks of other figures: traces, notes and shapes, the color bars and the legend in their places. */
export function drawOn(base: Figure, marks: readonly Figure[], { opacity, apart }: DrawOptions): Figure {
  if (!(opacity >= 0 && opacity <= 1)) throw new RangeError(`overlay: expected an opacity from 0 to 1, got ${opacity}`);
  const isOnArea = base.data.some(isArea);
  let data = base.data;
  const drawn = marks.map((figure) => {
    const own = apart ? distinct(figure, data) : figure;
    const traces = own.data.map((trace) => translucent(trace, opacity));
    data = [...data, ...(isOnArea ? traces.flatMap(legible) : traces)];
    return own;
  });
  const all = (name: string): readonly Spec[] => [base, ...drawn].flatMap(({ layout }) => parts(layout, name));
  const bars = placeColorBars(data, base.layout);
  const placed = placeLegend(bars.data, bars.layout, [base, ...drawn]);
  const notes = { annotations: all('annotations'), shapes: all('shapes') };
  return new Figure(placed.data, { ...placed.layout, ...notes }, base.alt);
}

/** An area through which what lies below can be seen; other traces as they are. */
const translucent = (trace: Spec, opacity: number): Spec =>
  isArea(trace) ? { ...trace, opacity: opacity * number(trace, 'opacity', 1) } : trace;

const CASING = 3;

/** A trace of lines or points with a rim of the background's color, so that it can be seen on any color. */
function legible(trace: Spec): readonly Spec[] {
  const mode = typeof trace.mode === 'string' ? trace.mode : '';
  const rim = palette().background;
  const rimmed = mode.includes('markers')
    ? { ...trace, marker: { ...part(trace, 'marker'), line: { width: 1.5, color: rim } } }
    : trace;
  if (trace.type !== 'scatter' || !mode.includes('lines')) return [rimmed];
  const line = part(trace, 'line');
  const { name: _, ...unnamed } = trace;
  const casing = {
    ...unnamed,
    mode: 'lines',
    line: { ...line, color: rim, width: number(line, 'width', 2) + CASING, dash: 'solid' },
    showlegend: false,
    legendgroup: entryOf(trace),
    hoverinfo: 'skip',
  };
  return [casing, rimmed];
}
