// What each kind of figure tells plotly to draw, as its options and plotly's reference say it.
import { afterEach, describe, expect, it } from 'vitest';
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
  line,
  scatter,
  setTheme,
  surface,
} from '../../../src/parts/plot';
import { displaySymbol } from '../../../src/parts/display';
import { part } from '../../../src/parts/plot/spec';

const BLUE = '#0072b2';
const ORANGE = '#c04f00';
const GREEN = '#00573f';
const GRID = '#d9dee4';
const INK = '#1f2933';
const words = {
  title: 'A title',
  alt: 'An alternative text that is long enough to say something.',
  xLabel: 'time (s)',
  yLabel: 'way (m)',
};
const axis = (text: string, more: object = {}): object => ({
  title: { text, standoff: 8 },
  type: 'linear',
  gridcolor: GRID,
  zerolinecolor: GRID,
  linecolor: GRID,
  automargin: true,
  ...more,
});
const plainAxes = { xaxis: axis('time (s)'), yaxis: axis('way (m)') };

afterEach(() => setTheme('light'));

describe('every figure', () => {
  const figure = line({ ...words, series: [{ name: 's', x: [1, 2], y: [3, 4] }] });

  it('has its title at the left, its alternative text, the theme, and two labeled axes', () => {
    expect(figure.layout).toEqual({
      title: { text: 'A title', x: 0.02, xanchor: 'left', font: { size: 16 } },
      height: 420,
      meta: { alt: words.alt },
      paper_bgcolor: '#ffffff',
      plot_bgcolor: '#ffffff',
      colorway: [BLUE, ORANGE, GREEN, '#a3527e', '#8f6400', '#4a4a4a'],
      font: { family: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif', size: 13, color: INK },
      margin: { l: 70, r: 30, t: 60, b: 60 },
      legend: { bgcolor: 'rgba(0,0,0,0)' },
      hoverlabel: { font: { size: 13 } },
      showlegend: false,
      ...plainAxes,
    });
    expect(line({ ...words, height: 300, series: [{ name: 's', x: [1], y: [3] }] }).layout.height).toBe(300);
  });

  it('is shown by plotly, as wide as the page and without its logo; without frames where nothing moves', () => {
    expect(figure[displaySymbol]()).toEqual({
      'application/vnd.plotly.v1+json': {
        data: figure.data,
        layout: figure.layout,
        config: { responsive: true, displaylogo: false },
      },
      'text/plain': `Figure: ${words.alt}`,
    });
  });

  it('takes the dark theme where it is set', () => {
    setTheme('dark');
    const { layout, data } = line({ ...words, series: [{ name: 's', x: [1], y: [3] }] });
    expect(layout).toMatchObject({
      paper_bgcolor: '#111827',
      font: { color: '#e5e7eb' },
      xaxis: { gridcolor: '#374151' },
    });
    expect(data).toMatchObject([{ line: { color: '#56b4e9' } }]);
  });

  it('accepts an alternative text of 40 characters, and counts no spaces at its ends', () => {
    const withAlt = (alt: string) => () => line({ ...words, alt, series: [{ name: 's', x: [1], y: [3] }] });
    expect(withAlt('x'.repeat(40))).not.toThrow();
    expect(withAlt(`  ${'x'.repeat(39)} `)).toThrow('at least 40 characters');
    expect(() => line({ ...words, yLabel: ' ', series: [{ name: 's', x: [1], y: [3] }] })).toThrow('expected yLabel');
  });
});

describe('line', () => {
  it('draws one line a series, told apart by color, dash and symbol', () => {
    const { data, layout } = line({
      ...words,
      series: [
        { name: 'a', x: [1, 2], y: [3, 4] },
        { name: 'b', x: [1, 2], y: [5, 6] },
      ],
    });
    expect(data).toEqual([
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'a',
        x: [1, 2],
        y: [3, 4],
        line: { color: BLUE, width: 2.5, dash: 'solid' },
        marker: { size: 7, symbol: 'circle' },
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'b',
        x: [1, 2],
        y: [5, 6],
        line: { color: ORANGE, width: 2.5, dash: 'dash' },
        marker: { size: 7, symbol: 'diamond' },
      },
    ]);
    expect(layout.showlegend).toBe(true);
  });

  it('begins anew with colors, dashes and symbols after six series', () => {
    const { data } = line({
      ...words,
      series: Array.from({ length: 7 }, (_, i) => ({ name: `${i}`, x: [1], y: [i] })),
    });
    const looks = data.map(({ line: stroke, marker }) => JSON.stringify([stroke, marker]));
    expect(new Set(looks).size).toBe(6);
    expect(looks[6]).toBe(looks[0]);
    expect(data.map((trace) => Reflect.get(Object(trace.line), 'dash'))).toEqual([
      ...['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'],
      'solid',
    ]);
    expect(data.map(({ marker }) => Reflect.get(Object(marker), 'symbol'))).toEqual([
      ...['circle', 'diamond', 'square', 'triangle-up', 'x', 'star'],
      'circle',
    ]);
  });

  it('marks the points of a line with at most 30, unless it is told', () => {
    const mode = (count: number, markers?: boolean): unknown => {
      const x = Array.from({ length: count }, (_, i) => i);
      return line({ ...words, series: [{ name: 's', x, y: x }], ...(markers === undefined ? {} : { markers }) }).data[0]
        .mode;
    };
    expect([mode(30), mode(31), mode(3, false), mode(40, true)]).toEqual([
      'lines+markers',
      'lines',
      'lines',
      'lines+markers',
    ]);
  });

  it('lets plotly find the kind of an axis with words or dates', () => {
    const { layout } = line({ ...words, series: [{ name: 's', x: ['2024-01-01', '2024-06-01'], y: [1, 2] }] });
    expect(layout.xaxis).toEqual(axis('time (s)', { type: '-' }));
  });

  it('shows the ranges asked for, on logarithmic axes by their powers of ten', () => {
    const series = [{ name: 's', x: [1, 10], y: [1, 100] }];
    const { layout } = line({ ...words, series, xRange: [0, 20], yScale: 'log', yRange: [1, 1000] });
    expect(layout.xaxis).toEqual(axis('time (s)', { range: [0, 20] }));
    expect(layout.yaxis).toEqual(axis('way (m)', { type: 'log', dtick: 1, exponentformat: 'power', range: [0, 3] }));
  });

  it('thins the ticks of a logarithmic axis above twelve powers of ten, and looks at positive values alone', () => {
    const ticks = (y: number[], yScale: 'log' | 'linear' = 'log'): unknown =>
      Reflect.get(
        Object(line({ ...words, yScale, series: [{ name: 's', x: y.map((_, i) => i), y }] }).layout.yaxis),
        'dtick',
      );
    expect([ticks([1, 1e12]), ticks([1, 1e13]), ticks([1e-25, 1, 0, -3])]).toEqual([1, 2, 3]);
    expect([ticks([0, -1]), ticks([1, 1e30], 'linear')]).toEqual([1, undefined]);
  });
});

describe('scatter', () => {
  it('draws points by series, and lines among them in the next colors', () => {
    const { data, layout } = scatter({
      ...words,
      series: [{ name: 'points', x: [1, 2], y: [3, 4] }],
      lines: [{ name: 'fit', x: [0, 3], y: [2, 5] }],
    });
    expect(data).toEqual([
      {
        type: 'scatter',
        mode: 'markers',
        name: 'points',
        x: [1, 2],
        y: [3, 4],
        marker: { size: 8, symbol: 'circle', color: BLUE, line: { width: 0.5, color: '#ffffff' } },
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: 'fit',
        x: [0, 3],
        y: [2, 5],
        line: { color: ORANGE, width: 2.5, dash: 'solid' },
      },
    ]);
    expect(layout).toMatchObject({ ...plainAxes, showlegend: true });
  });

  it('begins anew with symbols and dashes after six series', () => {
    const series = Array.from({ length: 8 }, (_, i) => ({ name: `${i}`, x: [i], y: [i] }));
    const { data } = scatter({ ...words, series, lines: series });
    const looks = data.map(
      ({ marker, line: stroke }) => part({ marker }, 'marker').symbol ?? part({ stroke }, 'stroke').dash,
    );
    const symbols = ['circle', 'diamond', 'square', 'triangle-up', 'x', 'star'];
    const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];
    expect(looks).toEqual([...symbols, 'circle', 'diamond', ...dashes, 'solid', 'dash']);
  });

  it('needs no legend for one series, and can have equal units', () => {
    const series = [{ name: 'points', x: [1], y: [3] }];
    expect(scatter({ ...words, series }).layout).toMatchObject({ showlegend: false, yaxis: plainAxes.yaxis });
    expect(scatter({ ...words, series }).layout.yaxis).toEqual(plainAxes.yaxis);
    expect(scatter({ ...words, series, equalAxes: true }).layout.yaxis).toEqual(axis('way (m)', { scaleanchor: 'x' }));
    expect(() => scatter({ ...words, series, lines: [{ name: 'fit', x: [1], y: [] }] })).toThrow('"fit", got 1 and 0');
  });
});

describe('bar', () => {
  it('groups bars by label, with error lines where they are given', () => {
    const { data, layout } = bar({
      ...words,
      labels: ['p', 'q'],
      series: [
        { name: 'a', values: [1, 2], errors: [0.1, 0.2] },
        { name: 'b', values: [3, 4] },
      ],
    });
    expect(data).toEqual([
      {
        type: 'bar',
        name: 'a',
        x: ['p', 'q'],
        y: [1, 2],
        marker: { color: BLUE },
        error_y: { type: 'data', array: [0.1, 0.2] },
      },
      { type: 'bar', name: 'b', x: ['p', 'q'], y: [3, 4], marker: { color: ORANGE } },
    ]);
    expect(layout).toMatchObject({ barmode: 'group', showlegend: true, yaxis: plainAxes.yaxis });
    expect(layout.xaxis).toEqual(axis('time (s)', { type: 'category' }));
    expect(bar({ ...words, labels: ['p'], series: [{ name: 'a', values: [1] }] }).layout.showlegend).toBe(false);
  });
});

describe('histogram', () => {
  it('draws bars over their intervals, which the pointer tells', () => {
    const { data, layout } = histogram({ ...words, bins: 2, series: [{ name: 'a', values: [0, 1, 4] }] });
    expect(data).toEqual([
      {
        type: 'bar',
        name: 'a',
        x: [1, 3],
        y: [2, 1],
        width: 2,
        customdata: [
          [0, 2],
          [2, 4],
        ],
        hovertemplate: '%{customdata[0]:.4~g} to %{customdata[1]:.4~g}: %{y}',
        opacity: 1,
        marker: { color: BLUE, line: { width: 1, color: '#ffffff' } },
      },
    ]);
    expect(layout).toMatchObject({ ...plainAxes, barmode: 'overlay', showlegend: false });
  });

  it('lets series be seen through each other, and gives equal values a width of 1', () => {
    const two = [
      { name: 'a', values: [0] },
      { name: 'b', values: [0] },
    ];
    const { data, layout } = histogram({ ...words, bins: 1, series: two });
    expect(data.map(({ opacity, width, marker }) => [opacity, width, Reflect.get(Object(marker), 'color')])).toEqual([
      [0.65, 1, BLUE],
      [0.65, 1, ORANGE],
    ]);
    expect(layout.showlegend).toBe(true);
    expect(() => histogram({ ...words, series: [{ name: 'c', values: [NaN] }] })).toThrow('finite value in "c"');
    expect(() => histogram({ ...words, bins: 0, series: two })).toThrow('from 1 on, got 0');
  });
});

describe('heatmap', () => {
  const values = [
    [1, 2, 3],
    [4, 5, 6],
  ];

  it('draws the first row at the top, with values in few cells', () => {
    const { data, layout } = heatmap({ ...words, values, colorLabel: 'count' });
    expect(data).toEqual([
      {
        type: 'heatmap',
        z: values,
        x0: 0,
        dx: 1,
        y0: 0,
        dy: 1,
        colorscale: 'Cividis',
        colorbar: { title: { text: 'count', side: 'right' }, thickness: 14 },
        texttemplate: '%{z:.3~g}',
        hovertemplate: 'way (m) %{y}, time (s) %{x}: %{z:.4~g}<extra></extra>',
      },
    ]);
    const numbered = { zeroline: false, showgrid: false, dtick: 1 };
    expect(layout.xaxis).toEqual(axis('time (s)', numbered));
    expect(layout.yaxis).toEqual(axis('way (m)', { ...numbered, autorange: 'reversed' }));
  });

  it('can be named, diverge from zero, and lie where it was measured', () => {
    const named = heatmap({ ...words, values, colorLabel: 'c', xTicks: ['a', 'b', 'c'], diverging: true });
    expect(named.data).toMatchObject([{ x: ['a', 'b', 'c'], colorscale: 'RdBu', zmid: 0 }]);
    expect(named.layout.xaxis).toEqual(axis('time (s)', { type: 'category' }));
    const measured = heatmap({
      ...words,
      values,
      colorLabel: 'c',
      xExtent: [0, 6],
      yExtent: [10, 14],
      firstRow: 'bottom',
    });
    expect(measured.data).toMatchObject([{ x0: 1, dx: 2, y0: 11, dy: 2 }]);
    expect(measured.layout.yaxis).toEqual(axis('way (m)', { zeroline: false, showgrid: false }));
  });

  it('writes values into at most 144 cells unless it is told, and numbers at most 12 columns one by one', () => {
    const of = (rows: number, columns: number, showValues?: boolean): [boolean, unknown] => {
      const grid = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
      const { data, layout } = heatmap({
        ...words,
        values: grid,
        colorLabel: 'c',
        ...(showValues === undefined ? {} : { showValues }),
      });
      return ['texttemplate' in data[0], Reflect.get(Object(layout.xaxis), 'dtick')];
    };
    expect([of(12, 12), of(5, 29), of(13, 13, true), of(2, 2, false)]).toEqual([
      [true, 1],
      [false, undefined],
      [true, undefined],
      [false, 1],
    ]);
  });

  it('the confusion matrix has true classes in rows and predicted ones in columns', () => {
    const { data, layout } = confusionMatrix({
      ...words,
      counts: [
        [5, 1],
        [2, 7],
      ],
      classNames: ['cat', 'dog'],
    });
    expect(data).toMatchObject([
      {
        z: [
          [5, 1],
          [2, 7],
        ],
        x: ['cat', 'dog'],
        y: ['cat', 'dog'],
        texttemplate: '%{z:.3~g}',
        colorbar: { title: { text: 'count' } },
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'predicted class' }, type: 'category' },
      yaxis: { title: { text: 'true class' }, type: 'category', autorange: 'reversed' },
    });
    const ragged = { ...words, counts: [[1, 2], [3]], classNames: ['cat', 'dog'] };
    expect(() => confusionMatrix(ragged)).toThrow('expected 2×2 counts for the classes cat, dog');
  });
});

describe('functions of two numbers', () => {
  const grid = {
    x: [0, 1],
    y: [2, 3],
    z: [
      [1, 2],
      [3, 4],
    ],
  };

  it('contour draws filled levels, and paths in white with marks of their own', () => {
    const path = (name: string): { name: string; x: number[]; y: number[] } => ({ name, x: [0, 1], y: [2, 3] });
    const { data, layout } = contour({ ...words, grid, colorLabel: 'loss', paths: [path('p'), path('q')] });
    expect(data[0]).toEqual({
      type: 'contour',
      ...grid,
      colorscale: 'Cividis',
      contours: { coloring: 'heatmap' },
      colorbar: { title: { text: 'loss', side: 'right' }, thickness: 14 },
    });
    expect(data.slice(1)).toEqual(
      [
        { ...path('p'), symbol: 'circle', color: ORANGE },
        { ...path('q'), symbol: 'diamond', color: GREEN },
      ].map(({ symbol, color, ...points }) => ({
        type: 'scatter',
        mode: 'lines+markers',
        ...points,
        line: { color: '#ffffff', width: 2 },
        marker: { size: 8, symbol, color, line: { width: 1, color: '#ffffff' } },
      })),
    );
    expect(layout).toMatchObject({
      ...plainAxes,
      showlegend: true,
      legend: { x: 0, y: 1, bgcolor: 'rgba(255,255,255,0.7)', font: { color: INK } },
    });
    expect(contour({ ...words, grid, colorLabel: 'loss', paths: [path('p')] }).layout.showlegend).toBe(false);
    expect(contour({ ...words, grid, colorLabel: 'loss' }).data).toHaveLength(1);
  });

  it('surface can be seen through where a path lies on it', () => {
    const path = { name: 'descent', x: [0, 1], y: [2, 3], z: [1, 4] };
    const { data, layout } = surface({ ...words, zLabel: 'loss', grid, path });
    const shape = {
      type: 'surface',
      ...grid,
      colorscale: 'Cividis',
      colorbar: { title: { text: 'loss', side: 'right' }, thickness: 14 },
    };
    expect(data).toEqual([
      { ...shape, opacity: 0.85 },
      {
        type: 'scatter3d',
        mode: 'lines+markers',
        ...path,
        line: { color: ORANGE, width: 5 },
        marker: { size: 3, color: ORANGE },
      },
    ]);
    expect(layout).toMatchObject({ showlegend: false, margin: { l: 10, r: 10, t: 60, b: 10 } });
    expect(layout.scene).toEqual({
      ...plainAxes,
      zaxis: axis('loss'),
      aspectmode: 'cube',
      camera: { eye: { x: 1.5, y: -1.7, z: 1 }, center: { x: 0, y: 0, z: -0.1 } },
    });
    expect(surface({ ...words, zLabel: 'loss', grid }).data).toEqual([{ ...shape, opacity: 1 }]);
  });
});

describe('decisionBoundary', () => {
  it('asks the model over all points and a tenth more, and draws classes over its answers', () => {
    const asked: (readonly [number, number])[] = [];
    const { data, layout } = decisionBoundary({
      ...words,
      x: [
        [0, 0],
        [10, 5],
        [4, 20],
      ],
      y: [0, 1, 0],
      classNames: ['no', 'yes'],
      steps: 3,
      predict: (points) => {
        asked.push(...points);
        return points.map(([a, b]) => a + 100 * b);
      },
    });
    const [xs, ys] = [
      [-1, 5, 11],
      [-2, 10, 22],
    ];
    expect(asked).toEqual(ys.flatMap((b) => xs.map((a) => [a, b])));
    expect(data[0]).toEqual({
      type: 'contour',
      x: xs,
      y: ys,
      z: ys.map((b) => xs.map((a) => a + 100 * b)),
      zmin: 0,
      zmax: 1,
      colorscale: [
        [0, BLUE],
        [0.5, '#ffffff'],
        [1, ORANGE],
      ],
      opacity: 0.45,
      contours: { coloring: 'heatmap', start: 0.5, end: 0.5, size: 1 },
      line: { width: 3, color: INK },
      colorbar: { title: { text: 'probability of yes', side: 'right' }, thickness: 14 },
    });
    expect(data.slice(1)).toEqual(
      [
        { name: 'no', x: [0, 4], y: [0, 20], symbol: 'circle', color: BLUE },
        { name: 'yes', x: [10], y: [5], symbol: 'diamond', color: ORANGE },
      ].map(({ symbol, color, ...points }) => ({
        type: 'scatter',
        mode: 'markers',
        ...points,
        marker: { size: 8, symbol, color, line: { width: 1, color: '#ffffff' } },
      })),
    );
    expect(layout).toMatchObject({ ...plainAxes, legend: { orientation: 'h', yanchor: 'bottom' } });
  });
});

describe('imageGrid', () => {
  it('lays gray images out in rows, nothing between them, captions below', () => {
    const { data, layout } = imageGrid({
      ...words,
      images: [1, 2, 3, 4, 5, 6],
      imageHeight: 1,
      imageWidth: 2,
      columns: 2,
      captions: ['a', 'b', 'c'],
    });
    // One pixel between images; one row for captions, one between rows.
    const nothing = [null, null, null, null, null];
    expect(data).toEqual([
      {
        type: 'heatmap',
        z: [[1, 2, null, 3, 4], nothing, nothing, [5, 6, null, null, null], nothing, nothing],
        colorscale: 'Greys',
        reversescale: true,
        showscale: false,
        hoverinfo: 'skip',
        x0: 0.5,
        y0: 0.5,
      },
    ]);
    const caption = { showarrow: false, yanchor: 'top', font: { size: 12 } };
    expect(layout.annotations).toEqual([
      { ...caption, text: 'a', x: 1, y: 1.5 },
      { ...caption, text: 'b', x: 4, y: 1.5 },
      { ...caption, text: 'c', x: 1, y: 4.5 },
    ]);
    const hidden = { visible: false, constrain: 'domain' };
    expect(layout.xaxis).toEqual(hidden);
    expect(layout.yaxis).toEqual({ ...hidden, autorange: 'reversed', scaleanchor: 'x' });
    expect(layout.margin).toEqual({ l: 10, r: 10, t: 60, b: 10 });
  });

  it('draws colors, the background between them', () => {
    const { data } = imageGrid({ ...words, images: [255, 0, 1, 9, 8, 7], imageHeight: 1, imageWidth: 1, channels: 3 });
    const white = [255, 255, 255];
    expect(data).toEqual([
      {
        type: 'image',
        z: [
          [[255, 0, 1], white, [9, 8, 7]],
          [white, white, white],
        ],
        hoverinfo: 'skip',
        x0: 0.5,
        y0: 0.5,
      },
    ]);
  });

  it('is as square as it goes, from 180 to 640 pixels high', () => {
    const height = (count: number, columns?: number): unknown =>
      imageGrid({
        ...words,
        images: new Array<number>(count * 64).fill(0),
        imageHeight: 8,
        imageWidth: 8,
        ...(columns === undefined ? {} : { columns }),
      }).layout.height;
    // √(10 · 1.6) = 4 columns, 3 rows: 80 + 620 · 27 / 36.
    expect([height(10), height(8, 8), height(8, 1)]).toEqual([545, 180, 640]);
  });
});

describe('diagram', () => {
  it('draws boxes, straight arrows from side to side, and words', () => {
    const { data, layout } = diagram({
      title: words.title,
      alt: words.alt,
      nodes: [
        { id: 'a', label: ['a', '2'] },
        { id: 'b', label: 'b' },
      ],
      edges: [['a', 'b']],
    });
    expect(data).toEqual([
      {
        type: 'scatter',
        mode: 'text',
        x: [0, 1],
        y: [0, 0],
        text: ['a<br>2', 'b'],
        hoverinfo: 'skip',
        textfont: { size: 12, color: INK },
        cliponaxis: false,
      },
    ]);
    expect(layout.shapes).toEqual(
      [0, 1].map((x) => ({
        type: 'rect',
        x0: x - 0.38,
        x1: x + 0.38,
        y0: -0.36,
        y1: 0.36,
        line: { color: BLUE, width: 1.5 },
        layer: 'below',
      })),
    );
    expect(layout.annotations).toEqual([
      {
        ...{ ax: 0.38, ay: 0, x: 0.62, y: 0, xref: 'x', yref: 'y', axref: 'x', ayref: 'y' },
        ...{ showarrow: true, arrowhead: 2, arrowwidth: 1.5, arrowcolor: INK, text: '' },
      },
    ]);
    expect(layout).toMatchObject({
      showlegend: false,
      height: 220,
      xaxis: { visible: false, fixedrange: true, range: [-0.5, 1.5] },
      yaxis: { visible: false, fixedrange: true, range: [-0.5, 0.5] },
      margin: { l: 20, r: 20, t: 60, b: 20 },
    });
  });

  it('leads an arrow around the boxes between its ends', () => {
    const node = (id: string): { id: string; label: string } => ({ id, label: id });
    const { layout } = diagram({
      title: words.title,
      alt: words.alt,
      nodes: ['a', 'b', 'c'].map(node),
      edges: [
        ['a', 'b'],
        ['b', 'c'],
        ['a', 'c'],
      ],
    });
    // Boxes stand at height 0: the way goes half a unit below.
    expect(layout.shapes).toMatchObject([
      ...[0, 1, 2].map(() => ({ type: 'rect' })),
      { type: 'path', path: 'M 0.38 0 L 0.46 -0.5 L 1.5 -0.5', line: { color: INK, width: 1.5 }, layer: 'below' },
    ]);
    expect(layout.annotations).toMatchObject([{}, {}, { ax: 1.5, ay: -0.5, x: 1.62, y: 0 }]);
  });
});

describe('animation', () => {
  const frame = (y: number): ReturnType<typeof line> => line({ ...words, series: [{ name: 's', x: [1], y: [y] }] });

  it('plays its frames and lets a slider choose one', () => {
    const { data, layout, frames } = animation({
      ...words,
      sliderLabel: 'step',
      labels: ['0', '1'],
      frames: [frame(1), frame(2)],
      frameMs: 100,
    });
    const moment = { transition: { duration: 0 }, fromcurrent: true, mode: 'immediate' };
    expect(data).toEqual(frame(1).data);
    expect(frames.map(({ name, data: drawn }) => [name, drawn])).toEqual([
      ['0', frame(1).data],
      ['1', frame(2).data],
    ]);
    expect(layout).toMatchObject({
      meta: { alt: words.alt },
      margin: { l: 70, r: 30, t: 60, b: 140 },
      height: 510,
      xaxis: plainAxes.xaxis,
      title: { text: 'A title', subtitle: { text: '' } },
      annotations: [],
      shapes: [],
    });
    expect(layout.updatemenus).toEqual([
      {
        ...{ type: 'buttons', direction: 'left', showactive: false, x: 0, xanchor: 'left', y: -0.2, yanchor: 'top' },
        ...{ pad: { t: 22, r: 10 }, font: { color: INK }, bgcolor: '#ffffff', bordercolor: GRID },
        buttons: [
          { label: '▶ Play', method: 'animate', args: [null, { ...moment, frame: { duration: 100, redraw: true } }] },
          {
            label: '❚❚ Pause',
            method: 'animate',
            args: [[null], { mode: 'immediate', frame: { duration: 0, redraw: false } }],
          },
        ],
      },
    ]);
    expect(layout.sliders).toEqual([
      {
        ...{ x: 0.28, len: 0.7, y: -0.2, yanchor: 'top', pad: { t: 10 }, font: { color: INK } },
        currentvalue: { prefix: 'step ', xanchor: 'left' },
        steps: ['0', '1'].map((label) => ({
          label,
          method: 'animate',
          args: [[label], { ...moment, frame: { duration: 0, redraw: true } }],
        })),
      },
    ]);
  });

  it('refuses frames with another number of traces, and none', () => {
    const two = line({
      ...words,
      series: [
        { name: 's', x: [1], y: [1] },
        { name: 't', x: [1], y: [1] },
      ],
    });
    const options = { ...words, sliderLabel: 'step' };
    expect(() => animation({ ...options, labels: ['0', '1'], frames: [frame(1), two] })).toThrow(
      'expected 1 traces in each frame, got 2 in frame 1',
    );
    expect(() => animation({ ...options, labels: [], frames: [] })).toThrow('got 0 frames and 0 labels');
  });
});
