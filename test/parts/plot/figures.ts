// One example of each kind of figure, for the tests that build and draw them.
import {
  animation,
  bar,
  confusionMatrix,
  contour,
  decisionBoundary,
  diagram,
  heatmap,
  histogram,
  imageGrid,
  learningCurve,
  line,
  onGrid,
  scatter,
  surface,
  type Figure,
} from '../../../src/parts/plot';
import { loadDigits, loadMoons } from '../../../src/parts/data';
import { generator } from '../../../src/parts/random';

const words = (title: string): { title: string; alt: string; xLabel: string; yLabel: string } => ({
  title,
  alt: `${title}: an example of this kind of figure, drawn by the tests.`,
  xLabel: 'the quantity along x (unit)',
  yLabel: 'the quantity along y (unit)',
});
const bowl = onGrid((x, y) => x * x + 3 * y * y, [-2, 2], [-2, 2], 30);
const path = { name: 'descent', x: [-1.8, -1, -0.5, 0], y: [1.5, 0.8, 0.2, 0] };
const normal = (n: number): number[] =>
  Array.from(
    { length: 300 },
    (
      (random) => () =>
        random.normal()
    )(generator(n)),
  );

/** Kind → figure. */
export const figures: Readonly<Record<string, () => Figure>> = {
  line: () =>
    line({
      ...words('Two lines'),
      series: [
        { name: 'square', x: [0, 1, 2, 3], y: [0, 1, 4, 9] },
        { name: 'cube', x: [0, 1, 2, 3], y: [0, 1, 8, 27] },
      ],
    }),
  'line of dates': () =>
    line({
      ...words('A line over dates'),
      series: [{ name: 'value', x: ['2024-01-01', '2024-06-01', '2025-01-01'], y: [1, 3, 2] }],
    }),
  'line on logarithmic axes': () =>
    line({
      ...words('A power law'),
      xScale: 'log',
      yScale: 'log',
      series: [{ name: 'x²', x: [1, 10, 100], y: [1, 100, 10_000] }],
    }),
  scatter: () =>
    scatter({
      ...words('Two clouds'),
      equalAxes: true,
      series: [
        { name: 'a', x: normal(1), y: normal(2) },
        { name: 'b', x: normal(3), y: normal(4).map((v) => v + 2) },
      ],
    }),
  'scatter with a line': () =>
    scatter({
      ...words('Points and their line'),
      series: [{ name: 'points', x: [0, 1, 2, 3], y: [0.2, 0.9, 2.2, 2.8] }],
      lines: [{ name: 'fit', x: [0, 3], y: [0, 3] }],
    }),
  'line over many powers of ten': () =>
    line({ ...words('A fall'), yScale: 'log', series: [{ name: 'gradient', x: [1, 2, 3], y: [1, 1e-20, 1e-40] }] }),
  histogram: () =>
    histogram({
      ...words('Two distributions'),
      series: [
        { name: 'a', values: normal(5) },
        { name: 'b', values: normal(6).map((v) => v + 1) },
      ],
    }),
  bar: () =>
    bar({
      ...words('Bars with errors'),
      labels: ['ReLU', 'tanh', 'sigmoid'],
      series: [{ name: 'accuracy', values: [0.97, 0.96, 0.93], errors: [0.01, 0.01, 0.02] }],
    }),
  heatmap: () =>
    heatmap({
      ...words('A grid of values'),
      colorLabel: 'weight',
      diverging: true,
      values: [
        [-1, 0, 2],
        [0.5, -0.25, 1],
      ],
    }),
  'confusion matrix': () =>
    confusionMatrix({
      ...words('Mistakes'),
      counts: [
        [50, 2, 0],
        [3, 44, 5],
        [0, 6, 40],
      ],
      classNames: ['T-shirt', 'trouser', 'pullover'],
    }),
  'image grid': () =>
    imageGrid({
      ...words('Ten digits'),
      images: loadDigits().images.subarray(0, 640),
      imageHeight: 8,
      imageWidth: 8,
      captions: Array.from({ length: 10 }, (_, i) => `digit ${i}`),
    }),
  'color image grid': () =>
    imageGrid({
      ...words('Two colors'),
      images: [255, 0, 0, 0, 0, 255],
      imageHeight: 1,
      imageWidth: 1,
      channels: 3,
      captions: ['red', 'blue'],
    }),
  contour: () => contour({ ...words('A ravine'), grid: bowl, colorLabel: 'loss', paths: [path] }),
  surface: () =>
    surface({
      ...words('A bowl'),
      zLabel: 'loss',
      grid: bowl,
      path: { ...path, z: path.x.map((x, i) => x * x + 3 * path.y[i] ** 2) },
    }),
  'decision boundary': () => {
    const { x, y } = loadMoons();
    return decisionBoundary({
      ...words('Where the model decides'),
      x,
      y,
      classNames: ['upper', 'lower'],
      predict: (points) => points.map(([a, b]) => 1 / (1 + Math.exp(4 * (b - 0.25) - a))),
    });
  },
  diagram: () =>
    diagram({
      ...words('A computation'),
      nodes: [
        { id: 'a', label: ['a', '2'] },
        { id: 'b', label: ['b', '−3'] },
        { id: 'c', label: ['c', '10'] },
        { id: 'e', label: ['e (×)', '−6'] },
        { id: 'd', label: ['d (+)', '4'] },
      ],
      edges: [
        ['a', 'e'],
        ['b', 'e'],
        ['e', 'd'],
        ['c', 'd'],
      ],
    }),
  'learning curve': () =>
    learningCurve({
      ...words('Loss by epoch'),
      yScale: 'log',
      series: [
        { name: 'training', x: [1, 2, 3], y: [1, 0.3, 0.1] },
        { name: 'validation', x: [1, 2, 3], y: [1.1, 0.5, 0.45] },
      ],
    }),
  animation: () =>
    animation({
      ...words('A point that moves'),
      sliderLabel: 'step',
      labels: ['0', '1', '2'],
      frames: [0, 1, 2].map((t) =>
        scatter({
          ...words('A point'),
          xRange: [-1, 3],
          yRange: [-1, 5],
          series: [{ name: 'point', x: [t], y: [t * t] }],
        }),
      ),
    }),
};
