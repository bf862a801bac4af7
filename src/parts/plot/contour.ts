import { axes, checkGrid, makeFigure, type AxesText, type Figure } from './figure';
import type { Series } from './line';
import { SEQUENTIAL, SYMBOLS, seriesColor } from './theme';

export interface GridFunction {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Value at `(x[column], y[row])`, `[rows][columns]`. */
  readonly z: ReadonlyArray<readonly number[]>;
}

/** Evaluates a function of two numbers on a grid of `steps` × `steps` points (default 60). */
export function onGrid(
  f: (x: number, y: number) => number,
  xRange: readonly [number, number],
  yRange: readonly [number, number],
  steps = 60,
): GridFunction {
  if (!Number.isInteger(steps) || steps < 2) throw new RangeError(`onGrid: expected at least 2 steps, got ${steps}`);
  const spread = ([from, to]: readonly [number, number]): number[] =>
    Array.from({ length: steps }, (_, i) => from + ((to - from) * i) / (steps - 1));
  const [x, y] = [spread(xRange), spread(yRange)];
  return { x, y, z: y.map((b) => x.map((a) => f(a, b))) };
}

export interface ContourOptions extends AxesText {
  readonly grid: GridFunction;
  readonly colorLabel: string;
  /** Paths drawn over the contours, for example the steps of a descent. */
  readonly paths?: readonly Series[];
}

/** Lines of equal value of a function of two numbers. */
export function contour(options: ContourOptions): Figure {
  const { grid, paths = [] } = options;
  checkGrid('contour', grid.z);
  const surface = {
    type: 'contour',
    x: grid.x,
    y: grid.y,
    z: grid.z,
    colorscale: SEQUENTIAL,
    contours: { coloring: 'heatmap' },
    colorbar: { title: { text: options.colorLabel, side: 'right' }, thickness: 14 },
  };
  const lines = paths.map((path, i) => ({
    type: 'scatter',
    mode: 'lines+markers',
    name: path.name,
    x: Array.from(path.x),
    y: Array.from(path.y),
    line: { color: '#ffffff', width: 2 },
    marker: {
      size: 8,
      symbol: SYMBOLS[i % SYMBOLS.length],
      color: seriesColor(i + 1),
      line: { width: 1, color: '#ffffff' },
    },
  }));
  return makeFigure('contour', options, [surface, ...lines], {
    ...axes('contour', options),
    showlegend: paths.length > 1,
    legend: { x: 0, y: 1, bgcolor: 'rgba(255,255,255,0.7)', font: { color: '#1f2933' } },
  });
}
