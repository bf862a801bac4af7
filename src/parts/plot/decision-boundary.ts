import { onGrid } from './contour';
import { axes, checkLengths, makeFigure, type AxesText, type Figure } from './figure';
import { ABOVE } from './overlay-room';
import { SYMBOLS, palette, seriesColor } from './theme';

export interface DecisionBoundaryOptions extends AxesText {
  /** Points, `[count][2]`. */
  readonly x: ReadonlyArray<readonly number[]>;
  /** Class of each point, 0 or 1. */
  readonly y: readonly number[];
  readonly classNames: readonly [string, string];
  /** The model: the probability of class 1 for each of many points, `[count][2]` → `[count]`. */
  readonly predict: (points: ReadonlyArray<readonly [number, number]>) => ArrayLike<number>;
  /** Points a side on which the model is asked (default 80). */
  readonly steps?: number;
}

/**
 * Where a model decides for which of two classes, with the points it learned from. The line is where it is undecided
 * (0.5).
 */
export function decisionBoundary(options: DecisionBoundaryOptions): Figure {
  const { x, y, classNames } = options;
  checkLengths('decisionBoundary', 'points', x, y);
  const range = (axisIndex: number): [number, number] => {
    const values = x.map((point) => point[axisIndex]);
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const margin = 0.1 * (high - low || 1);
    return [low - margin, high + margin];
  };
  const grid = onGrid(() => 0, range(0), range(1), options.steps ?? 80);
  const probabilities = options.predict(grid.y.flatMap((b) => grid.x.map((a) => [a, b] as const)));
  checkLengths('decisionBoundary', 'predictions', probabilities, { length: grid.x.length * grid.y.length });
  const z = grid.y.map((_, row) => grid.x.map((__, column) => probabilities[row * grid.x.length + column]));
  const regions = {
    type: 'contour',
    x: grid.x,
    y: grid.y,
    z,
    zmin: 0,
    zmax: 1,
    colorscale: [
      [0, seriesColor(0)],
      [0.5, palette().background],
      [1, seriesColor(1)],
    ],
    opacity: 0.45,
    contours: { coloring: 'heatmap', start: 0.5, end: 0.5, size: 1 },
    line: { width: 3, color: palette().text },
    colorbar: { title: { text: `probability of ${classNames[1]}`, side: 'right' }, thickness: 14 },
  };
  const points = classNames.map((name, label) => ({
    type: 'scatter',
    mode: 'markers',
    name,
    x: x.filter((_, i) => y[i] === label).map((point) => point[0]),
    y: x.filter((_, i) => y[i] === label).map((point) => point[1]),
    marker: {
      size: 8,
      symbol: SYMBOLS[label],
      color: seriesColor(label),
      line: { width: 1, color: palette().background },
    },
  }));
  return makeFigure('decisionBoundary', options, [regions, ...points], {
    ...axes('decisionBoundary', options),
    legend: ABOVE,
  });
}
