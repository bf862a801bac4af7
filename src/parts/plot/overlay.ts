import { shownRange, type Range } from './extent';
import { makeFigure, type Figure, type Spec } from './figure';
import { checkFits, checkOnePanel } from './overlay-fit';
import { drawOn } from './overlay-marks';
import { part } from './spec';

export interface OverlayOptions {
  /** What to see in the whole (default: the base's title). */
  readonly title?: string;
  /** What the whole shows, in words (default: the base's alternative text, then those of the marks). */
  readonly alt?: string;
  /** How much an area among the marks hides of the base, from 0 to 1 (default 0.5). Points, lines, boxes hide it all. */
  readonly opacity?: number;
}

/**
 * The marks of figures on another figure: points on contours, boxes or a heat map on an image, a line over bars. The
 * base gives the axes, with their ranges and directions (an image's y runs down), and the size; a mark lies where its
 * values say. A series whose color is used already takes the next free one.
 *
 * @param base one panel with two axes: contours, a heat map, a grid of one image, lines, points, bars, …
 * @param marks figures whose axes are alike: numbers where the base has numbers, its words where it has words.
 * @throws RangeError where marks don't fit the base; the message says what was expected and what to do.
 * @example
 * import { contour, line, onGrid, overlay } from 'layerwise/plot';
 * const labels = { xLabel: 'w', yLabel: 'b' };
 * const bowl = contour({
 *   ...labels, title: 'A path down a bowl', alt: 'Contour lines of a round bowl around its lowest point at zero.',
 *   colorLabel: 'loss', grid: onGrid((w, b) => w * w + b * b, [-2, 2], [-2, 2]),
 * });
 * const path = line({
 *   ...labels, title: 'Steps', alt: 'Three steps lead from the upper left toward the lowest point.',
 *   series: [{ name: 'descent', x: [-1.6, -0.8, -0.4], y: [1.2, 0.6, 0.3] }],
 * });
 * overlay(bowl, [path]);
 */
export function overlay(base: Figure, marks: readonly Figure[], options: OverlayOptions = {}): Figure {
  if (marks.length === 0) throw new RangeError('overlay: expected at least one figure with marks, got none');
  checkOnePanel('overlay', 'the base', base);
  const shown = { x: shownRange(base.data, base.layout, 'x'), y: shownRange(base.data, base.layout, 'y') };
  marks.forEach((figure, i) => checkFits('overlay', base, shown, figure, `marks[${i}]`));
  const { data, layout } = drawOn(base, marks, { opacity: options.opacity ?? 0.5, apart: true });
  const title = options.title ?? String(part(layout, 'title').text);
  const alt = options.alt ?? [base, ...marks].map((figure) => figure.alt.trim()).join(' ');
  return makeFigure('overlay', { title, alt }, data, {
    ...layout,
    xaxis: fixed(part(layout, 'xaxis'), shown.x),
    yaxis: fixed(part(layout, 'yaxis'), shown.y),
    title: { ...part(layout, 'title'), text: title },
    meta: { ...part(layout, 'meta'), alt },
  });
}

/** An axis that makes no room for marks beside what the base shows. */
function fixed(axis: Spec, shown: Range | undefined): Spec {
  if (!shown || Array.isArray(axis.range)) return axis;
  return { ...axis, autorange: false, range: axis.autorange === 'reversed' ? [shown[1], shown[0]] : shown };
}
