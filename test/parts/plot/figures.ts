// One example of each kind of figure, for the tests that build and draw them.
import {
  animation,
  bar,
  boxes,
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
  overlay,
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

/** A gray scene of 48 × 32 pixels with a dark disc and a dark square. */
const scene = {
  images: Array.from({ length: 32 * 48 }, (_, i) => {
    const [row, column] = [Math.floor(i / 48), i % 48];
    const isDisc = Math.hypot(column - 11.5, row - 11.5) < 8;
    const isSquare = column >= 28 && column < 42 && row >= 14 && row < 28;
    return isDisc || isSquare ? 12 : (row + column) % 5;
  }),
  imageHeight: 32,
  imageWidth: 48,
};
const objects = (): Figure =>
  boxes({
    ...words('What was found'),
    xLabel: 'x (pixels)',
    series: [
      {
        name: 'truth',
        boxes: [
          { left: 4, top: 4, right: 20, bottom: 20 },
          { left: 28, top: 14, right: 42, bottom: 28 },
        ],
      },
      {
        name: 'predicted',
        boxes: [
          { left: 5, top: 3, right: 21, bottom: 19, label: 'disc 0.98' },
          { left: 26, top: 15, right: 40, bottom: 30, label: 'square 0.71' },
        ],
      },
    ],
  });
/** A coarse map over the scene's pixels, as a class activation map is. */
const activation = (): Figure =>
  heatmap({
    ...words('Where the network looks'),
    colorLabel: 'activation',
    xExtent: [0, 48],
    yExtent: [0, 32],
    showValues: false,
    values: [
      [0.1, 0.6, 0.2, 0.1, 0.1, 0],
      [0.5, 1, 0.3, 0.2, 0.3, 0.2],
      [0.2, 0.4, 0.2, 0.4, 0.6, 0.3],
      [0, 0.1, 0.1, 0.3, 0.4, 0.2],
    ],
  });
const inTime = { ...words('A tone that rises'), xLabel: 'time (s)', yLabel: 'frequency (Hz)' };
const spectrogram = (): Figure =>
  heatmap({
    ...inTime,
    colorLabel: 'level (dB)',
    firstRow: 'bottom',
    xExtent: [0, 1.2],
    yExtent: [0, 4000],
    values: Array.from({ length: 40 }, (_, row) =>
      Array.from({ length: 60 }, (__, column) => -2 * Math.abs(row - 5 - column / 3)),
    ),
  });

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
  boxes: objects,
  'points and a path on contours': () =>
    overlay(contour({ ...words('A ravine with a path'), grid: bowl, colorLabel: 'loss' }), [
      line({ ...words('The way down'), series: [path] }),
      scatter({ ...words('The lowest point'), series: [{ name: 'minimum', x: [0], y: [0] }] }),
    ]),
  'boxes on an image': () => overlay(imageGrid({ ...words('Two things, found'), ...scene }), [objects()]),
  'boxes on each of several images': () =>
    imageGrid({
      ...words('Two scenes'),
      ...scene,
      images: [...scene.images, ...scene.images.map((value) => 12 - value)],
      captions: ['as it is', 'inverted'],
      marks: [objects(), objects()],
    }),
  'a heat map on an image': () => overlay(imageGrid({ ...words('Where the network looks'), ...scene }), [activation()]),
  'a heat map and boxes on a color image': () =>
    overlay(
      imageGrid({
        ...words('Where the network looks, in color'),
        ...scene,
        images: scene.images.flatMap((value) => [255 - 18 * value, 230, 20 * value]),
        channels: 3,
      }),
      [activation(), objects()],
    ),
  'marks on a spectrogram': () =>
    overlay(spectrogram(), [
      line({ ...inTime, series: [{ name: 'pitch', x: [0, 0.6, 1.2], y: [500, 1500, 2500] }] }),
      scatter({ ...inTime, series: [{ name: 'onsets', x: [0.1, 0.7], y: [700, 1700] }] }),
    ]),
  'three color bars': () =>
    overlay(contour({ ...words('Contours under two maps'), grid: bowl, colorLabel: 'loss' }), [
      contour({
        ...words('Another'),
        colorLabel: 'gradient',
        grid: onGrid((x, y) => x + y, [-2, 0], [-2, 2], 10),
      }),
      contour({
        ...words('A third'),
        colorLabel: 'curvature',
        grid: onGrid((x, y) => x * y, [0, 2], [0, 2], 10),
      }),
    ]),
};
