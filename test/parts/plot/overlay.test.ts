import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  animation,
  bar,
  boxes,
  contour,
  Figure,
  heatmap,
  imageGrid,
  line,
  onGrid,
  overlay,
  palettes,
  scatter,
  surface,
  type Spec,
} from '../../../src/parts/plot';
import { part } from '../../../src/parts/plot/spec';

const words = { title: 'A base', alt: 'A base of marks that is drawn for the tests.', xLabel: 'x', yLabel: 'y' };
const others = { ...words, title: 'Marks', alt: 'Marks upon it, with a place that was computed by hand.' };
const [blue, orange, green] = palettes.light.series;
const field = (more: Partial<Parameters<typeof heatmap>[0]> = {}): Figure =>
  heatmap({
    ...words,
    colorLabel: 'v',
    values: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    ...more,
  });
const bowl = contour({ ...words, colorLabel: 'loss', grid: onGrid((x, y) => x * y, [-2, 2], [-1, 3], 5) });
const image = (count = 1, more: Partial<Parameters<typeof imageGrid>[0]> = {}): Figure =>
  imageGrid({ ...words, images: new Float32Array(count * 8 * 16), imageHeight: 8, imageWidth: 16, ...more });
const points = (x: readonly (number | string)[], y: readonly number[], more = {}): Figure =>
  scatter({ ...others, ...more, series: [{ name: 'points', x, y }] });
const box = boxes({
  ...others,
  xLabel: 'x',
  yLabel: 'y',
  series: [{ name: 'cat', boxes: [{ left: 2, top: 1, right: 10, bottom: 6, label: 'cat 0.9' }] }],
});
const named = ({ data }: Figure): readonly unknown[] => data.flatMap(({ name, showlegend }) => (name && showlegend !== false ? [name] : [])); // prettier-ignore

describe('overlay', () => {
  it('draws marks at their values, on the axes, the range and the direction of the base', () => {
    const { data, layout } = overlay(image(), [box]);
    // One image of 16 × 8 pixels and 2 below it, with edges at whole numbers and y down.
    expect(layout).toMatchObject({
      xaxis: { range: [0, 16], autorange: false, visible: false },
      yaxis: { range: [10, 0], autorange: false, scaleanchor: 'x' },
      annotations: [
        {
          x: 2,
          y: 1,
          text: 'cat 0.9',
          xanchor: 'left',
          yanchor: 'bottom',
          bgcolor: blue,
          font: { size: 12, color: '#ffffff' },
        },
      ],
    });
    expect(data.at(-1)).toMatchObject({ x: [2, 10, 10, 2, 2, null], y: [1, 1, 6, 6, 1, null], line: { color: blue } });
  });

  it.each([
    ['the outermost points of contours', bowl, [-2, 2], [-1, 3]],
    ['the edges of numbered cells', field(), [-0.5, 2.5], [1.5, -0.5]],
    ['the edges of cells with extents', field({ xExtent: [0, 6], yExtent: [-10, 20] }), [0, 6], [20, -10]],
    ['rows from the bottom', field({ xExtent: [0, 6], yExtent: [0, 20], firstRow: 'bottom' }), [0, 6], [0, 20]],
    [
      'cells around positions that were given by hand',
      new Figure([{ type: 'heatmap', z: [[1, 2], [3, 4]], x: [0, 10], y: [1, 2] }], words, words.alt), // prettier-ignore
      [-5, 15],
      [0.5, 2.5],
    ],
    [
      'three columns that were placed by hand, and one row',
      new Figure([{ type: 'heatmap', z: [[1, 2, 3]], x: [0, 10, 20], y: [1] }], words, words.alt),
      [-5, 25],
      [0.5, 1.5],
    ],
    ['what a path of the base needs', contour({ ...words, colorLabel: 'v', grid: onGrid(() => 1, [0, 1], [0, 1], 2), paths: [{ name: 'p', x: [0, 5], y: [0, 1] }] }), [0, 5], [0, 1]], // prettier-ignore
  ])('keeps to what the base shows: %s', (_, base, x, y) => {
    expect(overlay(base, [points([1], [1], { xLabel: 'x', yLabel: 'y' })]).layout).toMatchObject({
      xaxis: { range: x },
      yaxis: { range: y },
    });
  });

  it('leaves ranges as the base asked for them, and to plotly where it asked for none', () => {
    const base = line({ ...words, xScale: 'log', xRange: [1, 100], series: [{ name: 'a', x: [1, 10], y: [1, 2] }] });
    const { layout } = overlay(base, [points([5], [700], { xScale: 'log' })]);
    expect(layout).toMatchObject({ xaxis: { range: [0, 2] } });
    expect(layout.yaxis).not.toHaveProperty('range');
  });

  it('says in words what both show, and lets title and words be given', () => {
    const both = overlay(bowl, [points([0], [0])]);
    expect([both.alt, both.layout.meta]).toEqual([`${words.alt} ${others.alt}`, { alt: both.alt }]);
    expect(both.layout.title).toMatchObject({ text: 'A base' });
    const own = overlay(bowl, [points([0], [0])], {
      title: 'Together',
      alt: 'Contours with a point that lies at their middle.',
    });
    expect([own.alt, own.layout.title]).toMatchObject([
      'Contours with a point that lies at their middle.',
      { text: 'Together', x: 0.02, xanchor: 'left', font: { size: 16 } },
    ]);
  });

  it('gives a series the next free color, with symbol, dash and label, and leaves the base as it is', () => {
    const base = line({ ...words, series: [{ name: 'a', x: [0, 9], y: [0, 9] }] });
    const { data, layout } = overlay(base, [box, points([3], [4])]);
    expect(data).toMatchObject([
      { name: 'a', line: { color: blue, dash: 'solid' } },
      { name: 'cat', line: { color: orange, dash: 'dash' } },
      { name: 'points', marker: { color: green, symbol: 'square' } },
    ]);
    expect(layout).toMatchObject({ annotations: [{ bgcolor: orange }], showlegend: true });
    expect(data[0]).toEqual(base.data[0]);
  });

  it('puts a rim around lines and points where an area lies below, out of the legend', () => {
    const { data } = overlay(bowl, [line({ ...others, series: [{ name: 'path', x: [0, 1], y: [0, 1] }] })]);
    const [, casing, path] = data;
    expect(casing).toMatchObject({ mode: 'lines', line: { color: '#ffffff', width: 5.5 }, showlegend: false });
    expect(path).toMatchObject({
      name: 'path',
      line: { color: blue, width: 2.5 },
      marker: { line: { color: '#ffffff' } },
    });
    // Who hides the path by its entry hides its rim too.
    expect(casing.legendgroup).toBe(path.legendgroup);
    expect(named(overlay(line({ ...words, series: [{ name: 'a', x: [0], y: [0] }] }), [points([0], [0])]))).toEqual(['a', 'points']); // prettier-ignore
  });

  it('lets the base be seen through areas, half or as much as is asked for', () => {
    const opacities = (opacity?: number): unknown[] =>
      overlay(image(), [field({ xExtent: [0, 16], yExtent: [0, 8] }), box], { opacity }).data.map(
        (trace) => trace.opacity,
      );
    expect(opacities()).toEqual([undefined, 0.5, undefined, undefined]);
    expect(opacities(0.2)[1]).toBe(0.2);
  });

  it('stands the first color bar at the right, and each further one below, in room of its own', () => {
    const { data, layout } = overlay(bowl, [bowl, bowl]);
    // 420 pixels high with margins of 60: 300 for the axes; 70 pixels a bar, 8 below the axis' label.
    expect(layout).toMatchObject({ height: 560, margin: { b: 200, t: 60 } });
    expect(data.map(({ colorbar }) => colorbar)).toMatchObject([
      { title: { text: 'loss', side: 'right' } },
      ...[-68, -138].map((pixels) => ({
        ...{ orientation: 'h', x: 0.5, xanchor: 'center', len: 1, y: pixels / 300, yanchor: 'top', ypad: 0 },
        ...{ title: { text: 'loss', side: 'top' }, thickness: 14 },
      })),
    ]);
    expect(overlay(image(), [field({ xExtent: [0, 16], yExtent: [0, 8] })]).layout.height).toBe(image().layout.height);
  });

  it('stands the legend above an area, in room of its own', () => {
    const { layout } = overlay(bowl, [points([0], [0]), box]);
    expect(layout).toMatchObject({ showlegend: true, legend: { orientation: 'h', yanchor: 'bottom' }, height: 440 });
    expect(overlay(bowl, [box]).layout).toMatchObject({ showlegend: false, height: 420 });
  });

  it('keeps colors that are no series colors, and those that have no free one left', () => {
    const two = (marker: object, stroke: object): Figure =>
      new Figure([{ type: 'scatter', mode: 'lines+markers', name: 'm', x: [0], y: [0], marker, line: stroke }], {}, words.alt); // prettier-ignore
    const base = line({ ...words, series: [{ name: 'a', x: [0, 9], y: [0, 9] }] });
    const { data } = overlay(base, [two({ color: blue, symbol: 'x' }, { color: '#ffffff', dash: 'dot' })]);
    expect(data[1]).toMatchObject({ marker: { color: orange, symbol: 'diamond' }, line: { color: '#ffffff' } });
    // A color that nothing else has stays as it is, with its own symbol.
    const alone = two({ color: green, symbol: 'x' }, { color: green, dash: 'dot' });
    expect(overlay(base, [alone]).data[1]).toMatchObject({
      marker: { color: green, symbol: 'x' },
      line: { dash: 'dot' },
    });
    const full = line({
      ...words,
      series: palettes.light.series.map((_, i) => ({ name: `${i}`, x: [0, 1], y: [0, i] })),
    });
    expect(overlay(full, [points([0], [0])]).data[6]).toMatchObject({ marker: { color: blue, symbol: 'circle' } });
  });

  it('lets an area that is translucent by itself be translucent still', () => {
    const thin = new Figure([{ type: 'contour', z: [[0, 1], [1, 0]], opacity: 0.4 }], {}, words.alt); // prettier-ignore
    expect(overlay(bowl, [thin]).data[1].opacity).toBeCloseTo(0.2, 12);
  });

  it('puts no rim of its own around marks that are no lines of a scatter', () => {
    const fast = new Figure([{ type: 'scattergl', mode: 'lines', x: [0], y: [0] }], {}, words.alt);
    expect(overlay(bowl, [fast]).data).toHaveLength(2);
    expect(overlay(bowl, [points([0], [0])]).data).toHaveLength(2);
  });

  it('has one entry in the legend for each name and color, none for what has no name', () => {
    const curve = (name: string): Figure => line({ ...others, series: [{ name, x: [0, 1], y: [0, 1] }] });
    expect(named(overlay(curve('a'), [curve('a')]))).toEqual(['a', 'a']);
    expect(named(overlay(points([0], [0]), [points([0], [0])]))).toEqual(['points', 'points']);
    const bars = bar({ ...words, labels: ['a'], series: [{ name: 's', values: [1] }] });
    expect(overlay(bars, [points(['a'], [3])]).layout.showlegend).toBe(true);
    const unnamed = new Figure([{ type: 'scatter', x: [0], y: [0] }], {}, words.alt);
    expect(overlay(curve('a'), [unnamed, unnamed]).layout.showlegend).toBe(false);
    const told = new Figure([{ type: 'scatter', name: 'a', x: [0], y: [0] }], { showlegend: true }, words.alt);
    expect(overlay(told, [unnamed]).layout.showlegend).toBe(true);
    expect(overlay(curve('a'), [curve('b')]).layout.showlegend).toBe(true);
  });

  it('asks for no label where the base hides its axis', () => {
    const hidden = { visible: false, title: { text: 'pixels' } };
    const base = new Figure([{ type: 'scatter', x: [0, 9], y: [0, 9] }], { xaxis: hidden, yaxis: hidden }, words.alt);
    expect(overlay(base, [points([1], [2])]).data).toHaveLength(2);
  });

  it('takes marks on the edge of what the base shows', () => {
    for (const [x, y] of [
      [-2, -1],
      [2, 3],
    ])
      expect(overlay(bowl, [points([x], [y])]).data[1]).toMatchObject({ x: [x], y: [y] });
  });

  it('lays words on words, and dates on dates', () => {
    const bars = bar({ ...words, labels: ['a', 'b'], series: [{ name: 's', values: [1, 2] }] });
    expect(overlay(bars, [points(['b'], [3])]).data[1]).toMatchObject({ x: ['b'], y: [3] });
    const days = line({ ...words, series: [{ name: 's', x: ['2024-01-01', '2025-01-01'], y: [1, 2] }] });
    expect(overlay(days, [line({ ...others, series: [{ name: 't', x: ['2024-06-01'], y: [1] }] })]).data).toHaveLength(
      2,
    );
  });

  const marks = points([0], [0]);
  const words2 = points(['a'], [0]);
  const bars = bar({ ...words, labels: ['a', 'b'], series: [{ name: 's', values: [1, 2] }] });
  it.each<[string, () => unknown, string]>([
    ['no marks', () => overlay(bowl, []), 'overlay: expected at least one figure with marks, got none'],
    [
      'a grid of images',
      () => overlay(image(3), [marks]),
      'overlay: expected the base to be one panel with an x and a y axis, got a grid of 3 images; give imageGrid the marks of each image',
    ],
    [
      'an animation',
      () => overlay(animation({ ...words, frames: [bowl], labels: ['0'], sliderLabel: 's' }), [marks]),
      'got an animation; overlay each of its frames, then animate them',
    ],
    [
      'three axes',
      () => overlay(bowl, [surface({ ...words, zLabel: 'z', grid: onGrid(() => 1, [0, 1], [0, 1], 2) })]),
      'overlay: expected marks[0] to be one panel with an x and a y axis, got three axes; draw its values as contours or as a heat map',
    ],
    [
      'panels side by side',
      () => overlay(new Figure([{ y: [1] }, { y: [1], xaxis: 'x2', yaxis: 'y2' }], {}, words.alt), [marks]),
      'got the axes x, y, x2, y2; overlay each panel by itself',
    ],
    [
      'numbers on words',
      () => overlay(bars, [marks]),
      "overlay: expected marks[0] to have words along x, as the base has, got numbers; give positions by the base's words",
    ],
    [
      'words on numbers',
      () => overlay(bowl, [marks, words2]),
      'overlay: expected marks[1] to have numbers along x, as the base has, got words; give positions as the base does',
    ],
    [
      'a word that the base has not',
      () => overlay(bars, [points(['c'], [0])]),
      'overlay: expected marks[0] to lie on the base\'s words along x, "a", "b", got "c"',
    ],
    [
      'another scale',
      () => overlay(bowl, [points([1], [1], { xScale: 'log' })]),
      'overlay: expected marks[0] to have numbers along x, as the base has, got numbers on a logarithmic axis; give both the same xScale',
    ],
    [
      'another unit',
      () => overlay(bowl, [points([1], [1], { yLabel: 'y (ms)' })]),
      'overlay: expected marks[0] to have the base\'s yLabel "y", got "y (ms)"; give both the same quantity and unit',
    ],
    [
      'a place that is not shown',
      () => overlay(bowl, [points([1], [30])]),
      "overlay: expected marks[0] to lie in what the base shows along y, -1 to 3, got 30 to 30; give positions in the base's unit, or a base that shows more",
    ],
    [
      'a place before what is shown',
      () => overlay(bowl, [points([-3], [0])]),
      'to lie in what the base shows along x, -2 to 2, got -3 to -3',
    ],
    [
      'a place outside of the range that a line asks for',
      () => overlay(line({ ...words, xRange: [0, 10], series: [{ name: 's', x: [0], y: [1] }] }), [points([50], [1])]),
      'to lie in what the base shows along x, 0 to 10, got 50 to 50',
    ],
    [
      'dates on numbers',
      () => overlay(bowl, [points(['2024-01-01'], [0])]),
      'overlay: expected marks[0] to have numbers along x, as the base has, got dates; give both dates',
    ],
    [
      'numbers on dates',
      () => overlay(line({ ...words, series: [{ name: 's', x: ['2024-01-01'], y: [1] }] }), [marks]),
      'overlay: expected marks[0] to have dates along x, as the base has, got numbers; give both dates',
    ],
    [
      'a color image over contours',
      () => overlay(bowl, [image(1, { images: new Float32Array(3), imageHeight: 1, imageWidth: 1, channels: 3 })]),
      'overlay: expected marks[0] to be drawn over the base, but plotly draws image traces below contour traces; make it the base',
    ],
    [
      'too much opacity',
      () => overlay(bowl, [marks], { opacity: 2 }),
      'overlay: expected an opacity from 0 to 1, got 2',
    ],
    ['an empty title', () => overlay(bowl, [marks], { title: '' }), 'overlay: expected a title that says what to see'],
  ])('refuses %s', (_, make, message) => expect(make).toThrow(message));

  it('changes neither base nor marks, and keeps every position (property)', () => {
    const place = fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -1, max: 3, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(fc.array(place, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        (groups) => {
          const marks = groups.map((group) => points(group.map(([x]) => x), group.map(([, y]) => y))); // prettier-ignore
          const before = JSON.stringify([bowl, marks]);
          const { data } = overlay(bowl, marks);
          expect(JSON.stringify([bowl, marks])).toBe(before);
          expect(data[0]).toEqual(bowl.data[0]);
          expect(data.slice(1).map(({ x, y }) => [x, y])).toEqual(
            marks.map((mark) => [mark.data[0].x, mark.data[0].y]),
          );
          const colors = data.slice(1).map((trace) => part(trace, 'marker').color);
          expect(new Set(colors).size).toBe(groups.length);
        },
      ),
    );
  });
});

describe('boxes', () => {
  it('have room around them, y runs down, and a series may be empty', () => {
    const boxed = boxes({
      ...words,
      series: [
        { name: 'truth', boxes: [{ left: 10, top: 20, right: 30, bottom: 70 }] },
        { name: 'predicted', boxes: [] },
      ],
    });
    expect(boxed.layout).toMatchObject({ xaxis: { range: [8, 32] }, yaxis: { range: [75, 15] }, annotations: [] });
    expect(boxed.data).toMatchObject([{ name: 'truth' }, { name: 'predicted', x: [], line: { color: orange } }]);
    expect(boxes({ ...words, series: [{ name: 'none', boxes: [] }] }).layout).toMatchObject({
      yaxis: { autorange: 'reversed' },
    });
  });

  it.each([
    ['a center and a size', { left: 10, top: 10, right: 4, bottom: 12 }],
    ['no height', { left: 0, top: 1, right: 4, bottom: 1 }],
    ['what is no number', { left: 0, top: 1, right: Number.POSITIVE_INFINITY, bottom: 2 }],
  ])('refuse %s', (_, edges) => {
    expect(() => boxes({ ...words, series: [{ name: 'a', boxes: [edges] }] })).toThrow(
      `boxes: expected left < right and top < bottom in box 0 of "a", got left ${edges.left}, top ${edges.top}, right ${edges.right}, bottom ${edges.bottom}; give the edges`,
    );
    expect(() => boxes({ ...words, series: [] })).toThrow('boxes: expected at least one series, got none');
  });
});

describe('imageGrid with marks', () => {
  it('draws each figure on its image, a series of several images once in the legend', () => {
    const map = field({ xExtent: [0, 16], yExtent: [0, 8] });
    const grid = image(4, { columns: 2, marks: [box, undefined, undefined, overlay(map, [box])] });
    // 16 × 8 pixels with gaps of 2 (an eighth of 16): the fourth image begins at x 18, y 10.
    const lines = grid.data.filter(({ name }) => name === 'cat');
    expect(lines).toMatchObject([
      { x: [2, 10, 10, 2, 2, null], y: [1, 1, 6, 6, 1, null] },
      { x: [20, 28, 28, 20, 20, null], y: [11, 11, 16, 16, 11, null], showlegend: false },
    ]);
    // Cells of 16/3 × 4 pixels: centers of the first at 8/3 and 2.
    expect(grid.data.find(({ colorbar }) => colorbar)).toMatchObject({ x0: 18 + 8 / 3, y0: 12, opacity: 0.5 });
    expect(grid.layout.annotations).toMatchObject([
      { x: 2, y: 1 },
      { x: 20, y: 11 },
    ]);
  });

  it('moves areas whose positions are counted or listed, and shapes', () => {
    const spec: Spec = { type: 'heatmap', z: [[1, 2], [3, 4]] }; // prettier-ignore
    const shapes = [{ type: 'rect', x0: 0, x1: 1, y0: 2, y1: 3 }];
    const marks = [undefined, new Figure([spec, { ...spec, x: [1, 2], y: [3, 4] }], { shapes }, words.alt)];
    const { data, layout } = image(2, { columns: 1, marks });
    expect(data.slice(1)).toMatchObject([
      { x0: 0, y0: 10 },
      { x: [1, 2], y: [13, 14] },
    ]);
    expect(layout.shapes).toMatchObject([{ x0: 0, x1: 1, y0: 12, y1: 13 }]);
  });

  it.each<[string, () => unknown, string]>([
    ['too few marks', () => image(2, { marks: [box] }), 'imageGrid: expected 2 marks, got 1'],
    [
      'marks beside the image',
      () => image(2, { marks: [box, points([40], [2])] }),
      'imageGrid: expected marks[1] to lie in what the base shows along x, 0 to 16, got 40 to 40',
    ],
    ['words', () => image(1, { marks: [points(['a'], [0])] }), 'imageGrid: expected marks[0] to have numbers along x'],
  ])('refuses %s', (_, make, message) => expect(make).toThrow(message));
});

describe('heatmap by extents', () => {
  it('places cells between the edges, centers half a cell inside', () => {
    expect(field({ xExtent: [0, 6], yExtent: [10, 20] }).data[0]).toMatchObject({ x0: 1, dx: 2, y0: 12.5, dy: 5 });
    expect(field().data[0]).toMatchObject({ x0: 0, dx: 1, y0: 0, dy: 1 });
  });

  it.each<[string, Parameters<typeof field>[0], string]>([
    ['names and extents', { xTicks: ['a', 'b', 'c'], xExtent: [0, 1] }, 'expected xTicks or xExtent, got both'],
    ['too few names', { yTicks: ['a'] }, 'heatmap: expected 2 yTicks, one a row, got 1'],
    [
      'an extent that falls',
      { yExtent: [4, 1] },
      'heatmap: expected yExtent to rise from one edge to the other, got 4 to 1',
    ],
  ])('refuses %s', (_, more, message) => expect(() => field(more)).toThrow(message));
});
