import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { displaySymbol, type MimeBundle, type OutputOptions } from '../../../src/parts/display';
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
  line,
  liveCurve,
  onGrid,
  palettes,
  scatter,
  setTheme,
  surface,
} from '../../../src/parts/plot';
import { Figure } from '../../../src/parts/plot/figure';
import { figures } from './figures';

const words = {
  title: 'A title',
  alt: 'An alternative text that is long enough to say something.',
  xLabel: 'x',
  yLabel: 'y',
};
const series = [{ name: 's', x: [1, 2], y: [3, 4] }];

describe.each(Object.entries(figures))('%s', (_, make) => {
  it('is plain data with title, alternative text and labeled axes', () => {
    const figure = make();
    const spec: unknown = figure[displaySymbol]()['application/vnd.plotly.v1+json'];
    expect(JSON.parse(JSON.stringify(spec))).toMatchObject({
      layout: { title: { text: expect.stringMatching(/./) }, meta: { alt: figure.alt } },
      data: expect.arrayContaining([expect.anything()]),
    });
    expect(figure[displaySymbol]()['text/plain']).toBe(`Figure: ${figure.alt}`);
  });
});

describe('histogram', () => {
  const bars = (values: readonly number[], bins: number): unknown =>
    histogram({ ...words, series: [{ name: 's', values }], bins }).data;

  it('has as many bins as were asked for, and counts as NumPy does', () => {
    // numpy.histogram(numpy.arange(11), 10)[0]: the last bin holds its upper edge too.
    expect(bars([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10)).toMatchObject([
      { x: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5], y: [1, 1, 1, 1, 1, 1, 1, 1, 1, 2] },
    ]);
  });

  it('has 30 bins of one width from the smallest to the largest value where no number is given', () => {
    const [{ x, y, width }] = histogram({
      ...words,
      series: [{ name: 's', values: Array.from({ length: 31 }, (_, i) => 2 * i) }],
    }).data;
    expect(x).toEqual(Array.from({ length: 30 }, (_, i) => 2 * i + 1));
    expect(y).toEqual([...new Array<number>(29).fill(1), 2]);
    expect(width).toBe(2);
  });

  it('counts equal values in one bin, and leaves out what is no number', () => {
    expect(bars([3, Number.NaN, 3, 3], 4)).toMatchObject([{ y: [3, 0, 0, 0] }]);
    expect(() => bars([1, 2], 2.5)).toThrow('histogram: expected a whole number of bins from 1 on, got 2.5');
  });

  it('counts several series over the same edges', () => {
    const figure = histogram({
      ...words,
      bins: 2,
      series: [
        { name: 'a', values: [0, 1] },
        { name: 'b', values: [4] },
      ],
    });
    expect(figure.data.map(({ y }) => y)).toEqual([
      [2, 0],
      [0, 1],
    ]);
  });
});

describe('animation', () => {
  it("keeps what each frame's own layout says: title, notes and marks", () => {
    const frames = [1, 2].map((x) => {
      const { data, layout, alt } = line({ ...words, title: `At x = ${x} the slope is ${2 * x}`, series });
      return new Figure(data, { ...layout, annotations: [{ text: `x = ${x}` }] }, alt);
    });
    const { layout, frames: moments } = animation({ ...words, sliderLabel: 'x', labels: ['1', '2'], frames });
    expect(layout).toMatchObject({
      title: { text: words.title, subtitle: { text: 'At x = 1 the slope is 2' } },
      annotations: [{ text: 'x = 1' }],
    });
    expect(moments.map((moment) => moment.layout)).toMatchObject(
      [1, 2].map((x) => ({
        title: { text: words.title, subtitle: { text: `At x = ${x} the slope is ${2 * x}` } },
        annotations: [{ text: `x = ${x}` }],
      })),
    );
  });
});

describe('an animation of figures by hand', () => {
  it('has no subtitle where a frame has no title, or one that is no text', () => {
    const frames = [{}, { title: undefined }, { title: 'words' }, { title: { text: 4 } }].map(
      (layout) => new Figure([], { ...layout, height: 300 }, words.alt),
    );
    const { frames: moments } = animation({ ...words, sliderLabel: 'step', labels: ['0', '1', '2', '3'], frames });
    for (const { layout } of moments)
      expect(layout).toMatchObject({
        title: { text: words.title, subtitle: { text: '' } },
        annotations: [],
        shapes: [],
      });
  });
});

describe('figures refuse what would mislead', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a short alternative text',
      () => line({ ...words, alt: 'a line', series }),
      'line: expected an alternative text of at least 40 characters that says what the figure shows, got "a line"',
    ],
    [
      'an empty title',
      () => scatter({ ...words, title: ' ', series }),
      'scatter: expected a title that says what to see, got an empty one',
    ],
    [
      'an axis without a label',
      () => line({ ...words, xLabel: '', series }),
      'line: expected xLabel to name the quantity and its unit, got an empty one',
    ],
    [
      'lists of different length',
      () => line({ ...words, series: [{ name: 'loss', x: [1], y: [1, 2] }] }),
      'line: expected as many x as y values in "loss", got 1 and 2',
    ],
    [
      'no points',
      () => scatter({ ...words, series: [{ name: 's', x: [], y: [] }] }),
      'scatter: expected at least one point in "s", got none',
    ],
    [
      'bars without a label',
      () => bar({ ...words, labels: ['a'], series: [{ name: 's', values: [1, 2] }] }),
      'bar: expected as many x as y values in "s", got 1 and 2',
    ],
    [
      'ragged rows',
      () => heatmap({ ...words, colorLabel: 'v', values: [[1, 2], [3]] }),
      'heatmap: expected 2 values in each row, got 1 in row 1',
    ],
    [
      'an empty grid',
      () => contour({ ...words, colorLabel: 'v', grid: { x: [], y: [], z: [] } }),
      'contour: expected at least one row and one column, got none',
    ],
    [
      'counts that do not fit the classes',
      () => confusionMatrix({ ...words, counts: [[1]], classNames: ['a', 'b'] }),
      'confusionMatrix: expected 2×2 counts for the classes a, b, got 1×1',
    ],
    [
      'pixels that make no whole image',
      () => imageGrid({ ...words, images: [1, 2, 3], imageHeight: 2, imageWidth: 2 }),
      'imageGrid: expected a multiple of 2×2×1 = 4 values, got 3',
    ],
    [
      'captions that do not fit',
      () => imageGrid({ ...words, images: [1, 2], imageHeight: 1, imageWidth: 1, captions: ['a'] }),
      'imageGrid: expected 2 captions, got 1',
    ],
    [
      'a model that answers too little',
      () =>
        decisionBoundary({
          ...words,
          x: [
            [0, 0],
            [1, 1],
          ],
          y: [0, 1],
          classNames: ['a', 'b'],
          predict: () => [1],
        }),
      'decisionBoundary: expected as many x as y values in "predictions", got 1 and 6400',
    ],
    [
      'frames without labels',
      () => animation({ ...words, sliderLabel: 's', frames: [line({ ...words, series })], labels: [] }),
      'animation: expected at least one frame and a label for each, got 1 frames and 0 labels',
    ],
    ['a grid of one step', () => onGrid(() => 0, [0, 1], [0, 1], 1), 'onGrid: expected at least 2 steps, got 1'],
  ])('%s', (_, make, message) => expect(make).toThrow(message));
});

describe('each kind names itself where a text is empty', () => {
  const grid = onGrid((x, y) => x + y, [0, 1], [0, 1], 2);
  const points = [[0, 0], [1, 1]]; // prettier-ignore
  const box = { name: 's', boxes: [{ left: 0, top: 0, right: 1, bottom: 1 }] };
  const kinds: Record<string, (text: typeof words & { zLabel: string }) => unknown> = {
    line: (text) => line({ ...text, series }),
    scatter: (text) => scatter({ ...text, series }),
    bar: (text) => bar({ ...text, labels: ['a'], series: [{ name: 's', values: [1] }] }),
    histogram: (text) => histogram({ ...text, series: [{ name: 's', values: [1] }] }),
    heatmap: (text) => heatmap({ ...text, colorLabel: 'v', values: [[1]] }),
    contour: (text) => contour({ ...text, colorLabel: 'v', grid }),
    surface: (text) => surface({ ...text, grid }),
    boxes: (text) => boxes({ ...text, series: [box] }),
    decisionBoundary: (text) =>
      decisionBoundary({
        ...text,
        x: points,
        y: [0, 1],
        classNames: ['a', 'b'],
        predict: (asked) => asked.map(() => 1),
      }),
  };
  const filled = { ...words, zLabel: 'z' };

  it.each(Object.entries(kinds))('%s', (kind, make) => {
    expect(() => make({ ...filled, title: ' ' })).toThrow(`${kind}: expected a title`);
    expect(() => make({ ...filled, alt: 'short' })).toThrow(`${kind}: expected an alternative text`);
    expect(() => make({ ...filled, xLabel: '' })).toThrow(`${kind}: expected xLabel to name`);
    expect(() => make({ ...filled, yLabel: '' })).toThrow(`${kind}: expected yLabel to name`);
  });

  it('surface, diagram, image grid and animation too', () => {
    expect(() => kinds.surface({ ...filled, zLabel: '' })).toThrow('surface: expected zLabel to name');
    const untitled = { title: '', alt: words.alt };
    expect(() => diagram({ ...untitled, nodes: [{ id: 'a', label: 'a' }], edges: [] })).toThrow('diagram: expected a title'); // prettier-ignore
    expect(() => imageGrid({ ...untitled, images: [1], imageHeight: 1, imageWidth: 1 })).toThrow('imageGrid: expected a title'); // prettier-ignore
    expect(() => animation({ ...untitled, sliderLabel: 's', frames: [line({ ...words, series })], labels: ['0'] })).toThrow('animation: expected a title'); // prettier-ignore
    expect(() => contour({ ...words, colorLabel: 'v', grid: { ...grid, z: [[]] } })).toThrow('contour: expected at least one row and one column, got none'); // prettier-ignore
    expect(() => surface({ ...filled, grid: { ...grid, z: [] } })).toThrow('surface: expected at least one row and one column, got none'); // prettier-ignore
  });
});

describe('onGrid', () => {
  it('evaluates at the corners and between, y by rows', () => {
    expect(onGrid((x, y) => 10 * x + y, [0, 2], [0, 1], 3)).toEqual({
      x: [0, 1, 2],
      y: [0, 0.5, 1],
      z: [
        [0, 10, 20],
        [0.5, 10.5, 20.5],
        [1, 11, 21],
      ],
    });
  });
});

describe('liveCurve', () => {
  const hook = Symbol.for('layerwise.output');
  let shown: { bundle: MimeBundle; options: OutputOptions }[] = [];
  beforeEach(() => {
    shown = [];
    Reflect.set(globalThis, hook, (bundle: MimeBundle, options: OutputOptions) => shown.push({ bundle, options }));
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, hook);
  });

  it('draws in place, at once and at the end, and throttles between', () => {
    const curve = liveCurve({ ...words, series: ['training'] });
    for (let epoch = 0; epoch < 1000; epoch++) curve.add(epoch, { training: 1 / (epoch + 1) });
    curve.done();
    expect(new Set(shown.map(({ options }) => options.id)).size).toBe(1);
    expect(shown[0].options.update).toBe(false);
    expect(shown.slice(1).every(({ options }) => options.update)).toBe(true);
    expect(shown.length).toBeLessThan(100);
    expect(JSON.stringify(shown.at(-1)?.bundle)).toContain('0.001]');
    // JupyterLab draws a plotly figure once: until the end the curve is a picture.
    expect(
      shown
        .slice(0, -1)
        .every(
          ({ bundle }) =>
            String(bundle['text/html']).startsWith('<svg role="img"') && !('application/vnd.plotly.v1+json' in bundle),
        ),
    ).toBe(true);
    expect(Object.keys(shown.at(-1)?.bundle ?? {})).toContain('application/vnd.plotly.v1+json');
    expect(() => curve.add(0, { loss: 1 })).toThrow('liveCurve: expected one of the series training, got "loss"');
  });

  it('leaves out a series that was never measured, and says at the end what came out', () => {
    const curve = liveCurve({ ...words, series: ['training', 'validation'] });
    curve.add(0, { training: 1 });
    curve.done('One epoch was enough for a loss of one: a single point.');
    expect(shown.at(-1)?.bundle).toMatchObject({
      'application/vnd.plotly.v1+json': { data: [{ name: 'training', x: [0], y: [1] }], layout: {} },
      'text/plain': 'Figure: One epoch was enough for a loss of one: a single point.',
    });
    expect(JSON.stringify(shown.at(-1)?.bundle)).not.toContain('validation');
    expect(shown[0].bundle['text/plain']).toBe(words.alt);
  });
});

describe('the themes', () => {
  afterEach(() => setTheme('light'));

  const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (hex: string): number =>
    channels(hex)
      .map(linear)
      .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  // WCAG 2.2: (lighter + 0.05) / (darker + 0.05).
  const contrast = (a: string, b: string): number =>
    (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
  // Severe forms after Machado, Oliveira and Fernandes (2009), in linear RGB.
  const visions: Record<string, number[][]> = {
    normal: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    tritanopia: [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
  };
  const seenAs = (hex: string, vision: number[][]): number[] =>
    vision.map((row) => row.reduce((sum, factor, i) => sum + factor * linear(channels(hex)[i]), 0));
  const lab = (hex: string, vision: number[][]): number[] => {
    const rgb = seenAs(hex, vision);
    const xyz = [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ].map((row) => row.reduce((sum, factor, i) => sum + factor * rgb[i], 0));
    const [fx, fy, fz] = xyz
      .map((value, i) => value / [0.9505, 1, 1.089][i])
      .map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
    return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
  };

  it.each(Object.entries(palettes))(
    '%s: text at 7:1, series at 3:1 against the background',
    (_, { background, text, series: colors }) => {
      expect(contrast(text, background)).toBeGreaterThan(7);
      for (const color of colors) expect(contrast(color, background), color).toBeGreaterThanOrEqual(3);
    },
  );

  it.each(
    Object.entries(palettes).flatMap(([theme, { series: colors }]) =>
      Object.entries(visions).map(([vision, matrix]) => [theme, vision, colors, matrix] as const),
    ),
  )('%s: the first three series differ with %s vision', (_, __, colors, matrix) => {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [lab(colors[i], matrix), lab(colors[j], matrix)];
        expect(Math.hypot(...a.map((value, k) => value - b[k])), `${colors[i]} and ${colors[j]}`).toBeGreaterThan(15);
      }
    }
  });

  it('refuses another name', () => {
    expect(() => Reflect.apply(setTheme, undefined, ['gray'])).toThrow('setTheme: expected light or dark, got "gray"');
  });
});

describe('logarithmic axes', () => {
  const dtick = (y: readonly number[]): unknown => {
    const { yaxis } = line({
      title: 'A fall',
      alt: 'A line that falls by powers of ten from left to right.',
      xLabel: 'x',
      yLabel: 'y',
      yScale: 'log',
      series: [{ name: 'y', x: [1, 2], y }],
    }).layout;
    return typeof yaxis === 'object' && yaxis !== null ? Reflect.get(yaxis, 'dtick') : undefined;
  };

  it('have a tick at each power of ten, and fewer where there are many', () => {
    expect(dtick([1, 1e-5])).toBe(1);
    expect(dtick([1, 1e-40])).toBe(4);
  });
});
