import { escapeHtml, formatNumber } from '../display';
import type { AxesText, AxisScales } from './figure';
import { DASHES, palette, seriesColor } from './theme';

export interface LiveLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 300, 70, 40, 40];
const DASH_ARRAYS: Readonly<Record<string, string>> = {
  solid: '',
  dash: '8 5',
  dot: '2 4',
  dashdot: '8 4 2 4',
  longdash: '14 6',
  longdashdot: '14 5 2 5',
};

/**
 * Lines as a small SVG picture, for a curve that grows: JupyterLab draws a plotly figure once and leaves it,
 * so the figure itself comes only at the end.
 */
export function livePicture(text: AxesText, scales: AxisScales, lines: readonly LiveLine[]): string {
  const scale =
    scales.yScale === 'log'
      ? (value: number): number => Math.log10(Math.max(value, Number.MIN_VALUE))
      : (value: number): number => value;
  const xs = lines.flatMap(({ x }) => x);
  const ys = lines.flatMap(({ y }) => y.filter(Number.isFinite).map(scale));
  const [x0, x1] = bounds(xs);
  const [y0, y1] = scales.yRange ? [scale(scales.yRange[0]), scale(scales.yRange[1])] : bounds(ys);
  const atX = (value: number): number => LEFT + ((value - x0) / (x1 - x0)) * (WIDTH - LEFT - 20);
  const atY = (value: number): number => HEIGHT - BOTTOM - ((scale(value) - y0) / (y1 - y0)) * (HEIGHT - BOTTOM - TOP);
  const shown = (value: number): string => formatNumber(scales.yScale === 'log' ? 10 ** value : value);
  const { text: ink, grid, background } = palette();
  const label = (x: number, y: number, words: string, anchor: string, more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${ink}" ${more}>${escapeHtml(words)}</text>`;
  const paths = lines.map(({ name, x, y }, i) => {
    const points = x.flatMap((value, k) =>
      Number.isFinite(y[k]) ? [`${atX(value).toFixed(1)},${atY(y[k]).toFixed(1)}`] : [],
    );
    const color = seriesColor(i);
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2.5" stroke-dasharray="${DASH_ARRAYS[DASHES[i % DASHES.length]]}"/>${label(LEFT + 12 + i * 130, TOP - 8, name, 'start', `style="fill:${color}"`)}`;
  });
  return [
    `<svg role="img" aria-label="${escapeHtml(text.alt)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" style="max-width:${WIDTH}px;background:${background};font:13px system-ui,sans-serif">`,
    label(8, 18, text.title, 'start', 'font-size="16"'),
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 20}" fill="none" stroke="${grid}"/>`,
    label(LEFT - 6, HEIGHT - BOTTOM, shown(y0), 'end'),
    label(LEFT - 6, TOP + 10, shown(y1), 'end'),
    label(LEFT, HEIGHT - BOTTOM + 16, formatNumber(x0), 'start'),
    label(WIDTH - 20, HEIGHT - BOTTOM + 16, formatNumber(x1), 'end'),
    label(WIDTH / 2, HEIGHT - 8, text.xLabel, 'middle'),
    label(16, HEIGHT / 2, text.yLabel, 'middle', `transform="rotate(-90 16 ${HEIGHT / 2})"`),
    ...paths,
    '</svg>',
  ].join('');
}

function bounds(values: readonly number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(low)) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
