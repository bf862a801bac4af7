import { isArea } from './extent';
import { themeLayout, type Figure, type Spec } from './figure';
import { number, part } from './spec';

/** Pixels that a color bar below the figure takes, with its numbers and its label. */
const BAR_ROOM = 70;
/** Pixels between the x axis' label and a color bar's. */
const GAP = 8;
/** Pixels that a legend above the figure takes. */
const LEGEND_ROOM = 20;

/** Where a legend stands that would cover something beside the figure or on it. */
export const ABOVE = { orientation: 'h', y: 1, yanchor: 'bottom', x: 1, xanchor: 'right' };

interface Placed {
  readonly data: readonly Spec[];
  readonly layout: Spec;
}

/** Color bars, none on another: the first at the right, each further one below. The figure grows by what they take. */
export function placeColorBars(data: readonly Spec[], layout: Spec): Placed {
  const bars = data.filter(hasColorBar);
  const below = BAR_ROOM * Math.max(0, bars.length - 1);
  if (below === 0) return { data, layout };
  const { t, b } = { t: number(part(layout, 'margin'), 't', 0), b: number(part(layout, 'margin'), 'b', 0) };
  const plotted = number(layout, 'height', 0) - t - b;
  const placed = data.map((trace): Spec => {
    const index = bars.indexOf(trace);
    if (index < 1) return trace;
    const bar = part(trace, 'colorbar');
    const y = -(b + GAP + BAR_ROOM * (index - 1)) / plotted;
    const place = { orientation: 'h', x: 0.5, xanchor: 'center', len: 1, y, yanchor: 'top', ypad: 0 };
    return { ...trace, colorbar: { ...bar, ...place, title: { ...part(bar, 'title'), side: 'top' } } };
  });
  return { data: placed, layout: grown(layout, 'b', below) };
}

const hasColorBar = (trace: Spec): boolean => Boolean(trace.colorbar) && trace.showscale !== false;

/**
 * The legend: where there are two entries, or a figure has one by itself; above the figure where a legend would take
 * room from an area, or cover it. A series that several figures have, by name and color, is one entry.
 */
export function placeLegend(data: readonly Spec[], layout: Spec, figures: readonly Figure[]): Placed {
  const isOnArea = data.some(isArea);
  const entries = new Set<string>();
  const once = data.map((trace): Spec => {
    const entry = entryOf(trace);
    if (entry === undefined) return trace;
    const isFirst = !entries.has(entry);
    entries.add(entry);
    return { ...trace, ...(isOnArea ? { legendgroup: entry } : {}), ...(isFirst ? {} : { showlegend: false }) };
  });
  const showlegend = entries.size > 1 || figures.some((figure) => figure.layout.showlegend === true);
  if (!showlegend || !isOnArea) return { data: once, layout: { ...layout, showlegend } };
  return {
    data: once,
    layout: { ...grown(layout, 't', LEGEND_ROOM), showlegend, legend: { ...part(themeLayout(), 'legend'), ...ABOVE } },
  };
}

/** What stands for a trace in the legend, told by its name and color; undefined where nothing does. */
export function entryOf({ type, name, showlegend, line, marker }: Spec): string | undefined {
  if ((type !== 'scatter' && type !== 'bar') || typeof name !== 'string' || showlegend === false) return undefined;
  return `${name} ${String(part({ line }, 'line').color ?? part({ marker }, 'marker').color)}`;
}

/** A layout with more pixels at one side, so that the axes keep their size. */
function grown(layout: Spec, side: 't' | 'b', by: number): Spec {
  const margin = part(layout, 'margin');
  const height = number(layout, 'height', 0) + by;
  return { ...layout, height, margin: { ...margin, [side]: number(margin, side, 0) + by } };
}
