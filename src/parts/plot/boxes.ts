import { axes, makeFigure, type Figure, type FigureText, type Spec } from './figure';
import { DASHES, palette, seriesColor } from './theme';

/** A rectangle by its edges, in pixels from the image's upper left corner; y runs down. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** A word at the box, for example the class and how certain the model is. */
  readonly label?: string;
}

export interface BoxesOptions extends FigureText {
  /** Boxes by what they have in common: a class, or the truth and what was predicted. A series may be empty. */
  readonly series: ReadonlyArray<{ readonly name: string; readonly boxes: readonly Box[] }>;
  /** Default: x (pixels). */
  readonly xLabel?: string;
  /** Default: y (pixels). */
  readonly yLabel?: string;
}

/**
 * Rectangles, with a color and a dash for each series. By themselves they show how boxes overlap; `overlay` draws them
 * on an image, and `imageGrid` on each of several.
 *
 * @throws RangeError where a box has no area.
 * @example
 * import { boxes, imageGrid, overlay } from 'layerwise/plot';
 * const image = imageGrid({
 *   title: 'A bright square, found', alt: 'A gray image of four by four pixels with a square of two by two dark ones.',
 *   images: [0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 0, 0, 0], imageHeight: 4, imageWidth: 4,
 * });
 * const found = boxes({
 *   title: 'One box', alt: 'A box around the dark square, labeled square.',
 *   series: [{ name: 'found', boxes: [{ left: 1, top: 1, right: 3, bottom: 3, label: 'square' }] }],
 * });
 * overlay(image, [found]);
 */
export function boxes(options: BoxesOptions): Figure {
  const { series, xLabel = 'x (pixels)', yLabel = 'y (pixels)' } = options;
  if (series.length === 0) throw new RangeError('boxes: expected at least one series, got none');
  for (const { name, boxes: list } of series) list.forEach((box, i) => checkArea(box, `box ${i} of "${name}"`));
  const data = series.map(({ name, boxes: list }, i) => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x: list.flatMap(({ left, right }) => [left, right, right, left, left, null]),
    y: list.flatMap(({ top, bottom }) => [top, top, bottom, bottom, top, null]),
    line: { color: seriesColor(i), width: 2.5, dash: DASHES[i % DASHES.length] },
  }));
  const annotations = series.flatMap(({ boxes: list }, i) => list.flatMap((box) => labelOf(box, seriesColor(i))));
  const [x, y] = [room(data.flatMap((trace) => trace.x)), room(data.flatMap((trace) => trace.y))];
  const { xaxis, yaxis } = axes('boxes', { ...options, xLabel, yLabel }, { xRange: x, yRange: y && [y[1], y[0]] });
  return makeFigure('boxes', options, data, {
    xaxis: { ...xaxis, constrain: 'domain' },
    yaxis: { ...yaxis, scaleanchor: 'x', constrain: 'domain', ...(y ? {} : { autorange: 'reversed' }) },
    annotations,
    showlegend: data.length > 1,
  });
}

/** From the smallest to the largest value, and a tenth more at each end. */
function room(ends: ReadonlyArray<number | null>): readonly [number, number] | undefined {
  const values = ends.filter((value) => value !== null);
  if (values.length === 0) return undefined;
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return [low - (high - low) / 10, high + (high - low) / 10];
}

function labelOf({ left, top, label }: Box, color: string): readonly Spec[] {
  if (label === undefined) return [];
  const place = { x: left, y: top, xanchor: 'left', yanchor: 'bottom', showarrow: false };
  return [{ ...place, text: label, bgcolor: color, borderpad: 1, font: { size: 12, color: palette().background } }];
}

function checkArea({ left, top, right, bottom }: Box, which: string): void {
  if (left < right && top < bottom && [left, top, right, bottom].every(Number.isFinite)) return;
  throw new RangeError(
    `boxes: expected left < right and top < bottom in ${which}, got left ${left}, top ${top}, right ${right}, bottom ${bottom}; give the edges, not a center and a size`,
  );
}
