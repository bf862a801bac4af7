import * as tf from '@tensorflow/tfjs-node';
import * as danfo from 'danfojs-node';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  displaySymbol,
  encodePng,
  escapeHtml,
  formatNumber,
  show,
  showHtml,
  showImage,
  showMarkdown,
  showProgress,
  showTable,
  type MimeBundle,
  type OutputOptions,
} from '../../../src/parts/display';
import { shortestFloat32 } from '../../../src/parts/display/tensor';

const hook = Symbol.for('layerwise.output');
let shown: { bundle: MimeBundle; options: OutputOptions }[] = [];
beforeEach(() => {
  shown = [];
  Reflect.set(globalThis, hook, (bundle: MimeBundle, options: OutputOptions) => shown.push({ bundle, options }));
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, hook);
});
const text = (): unknown => shown[0].bundle['text/plain'];
const html = (): string => String(shown[0].bundle['text/html']);

describe('show', () => {
  it('shows a tensor with type, shape and aligned values, and allocates nothing', () => {
    const x = tf.tensor2d([
      [0.1, 12],
      [-3.5, 4],
    ]);
    const before = tf.memory().numTensors;
    show(x);
    expect(text()).toBe('Tensor float32, shape [2, 2]\n[[ 0.1,   12],\n [-3.5,    4]]');
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
    show(x);
    expect(shown[1].bundle['text/plain']).toBe('Tensor float32, shape [2, 2], disposed');
  });

  it('shows scalars, bools, strings, cubes and empty tensors', () => {
    const cases: [() => tf.Tensor, string][] = [
      [() => tf.scalar(12), 'Tensor float32, shape []\n12'],
      [() => tf.tensor1d([true, false], 'bool'), 'Tensor bool, shape [2]\n[true, false]'],
      [() => tf.tensor1d(['a"b']), 'Tensor string, shape [1]\n["a\\"b"]'],
      [() => tf.complex([1, 2, -3], [4, -5, 0.5]), 'Tensor complex64, shape [3]\n[1+4j, 2-5j, -3+0.5j]'],
      [() => tf.complex([[1], [2]], [[0], [1]]), 'Tensor complex64, shape [2, 1]\n[[1+0j],\n [2+1j]]'],
      [() => tf.tensor1d([], 'int32'), 'Tensor int32, shape [0]\n[]'],
      [
        () =>
          tf.tensor3d(
            [
              [[1], [2]],
              [[3], [4]],
            ],
            [2, 2, 1],
            'int32',
          ),
        'Tensor int32, shape [2, 2, 1]\n[[[1],\n  [2]],\n\n [[3],\n  [4]]]',
      ],
    ];
    cases.forEach(([make]) => show(make));
    expect(shown.map(({ bundle }) => bundle['text/plain'])).toEqual(cases.map(([, expected]) => expected));
  });

  it('shows all of a complex result, and its ends where it is long', () => {
    show(() => tf.spectral.rfft(tf.tensor1d([1, 0, 0, 0])));
    expect(text()).toBe('Tensor complex64, shape [3]\n[1+0j, 1+0j, 1+0j]');
    show(() => tf.complex(tf.range(0, 100), tf.range(100, 200)));
    expect(shown[1].bundle['text/plain']).toBe(
      'Tensor complex64, shape [100]\n[0+100j, 1+101j, 2+102j, …, 97+197j, 98+198j, 99+199j]',
    );
  });

  it('cuts long axes in the middle', () => {
    show(() => tf.range(0, 1000));
    expect(text()).toBe('Tensor float32, shape [1000]\n[0, 1, 2, …, 997, 998, 999]');
  });

  it('frees what a function made that it was given', () => {
    const before = tf.memory().numTensors;
    show(() => tf.ones([2]).add(1).mul(3));
    expect(text()).toBe('Tensor float32, shape [2]\n[6, 6]');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('shows danfo tables as tables, and lets objects show themselves', () => {
    show(new danfo.DataFrame([{ age: 22, name: '<b>Ada</b>' }]));
    expect(html()).toContain('&lt;b&gt;Ada&lt;/b&gt;');
    expect(html()).not.toContain('<b>');
    show({ [displaySymbol]: () => ({ 'text/plain': 'myself' }) });
    show(new Map([['a', 1]]));
    expect(shown.slice(1).map(({ bundle }) => bundle['text/plain'])).toEqual(['myself', "Map(1) { 'a' => 1 }"]);
  });
});

describe('tables of danfo', () => {
  it('show the index first and columns in their order, also where names are numbers', () => {
    show(
      new danfo.DataFrame(
        [
          ['Peru', 3, 4],
          ['Mali', 5, 6],
        ],
        { columns: ['country', '2020', '2019'] },
      ),
    );
    expect(text()).toBe(
      '   country  2020  2019\n-  -------  ----  ----\n0  Peru        3     4\n1  Mali        5     6',
    );
  });

  it('show a series beside its index', () => {
    show(new danfo.Series([5, 6], { index: ['b', 'a'] }));
    expect(String(text()).split('\n').slice(2)).toEqual(['b  5', 'a  6']);
  });
});

describe('showTable', () => {
  it('aligns numbers, shows blanks as nothing, and says what it leaves out', () => {
    showTable(
      Array.from({ length: 23 }, (_, i) => ({ i, half: i / 2, none: null })),
      { caption: 'Halves & more' },
    );
    expect(String(text()).split('\n').slice(0, 4)).toEqual([
      'Halves & more',
      ' i  half  none',
      '--  ----  ----',
      ' 0     0',
    ]);
    expect(String(text())).toMatch(/… and 3 more rows$/);
    expect(html()).toContain('<caption style="text-align:left;padding:4px 0">Halves &amp; more</caption>');
  });
});

describe('numbers', () => {
  it.each([
    [3, '3'],
    [0.1 + 0.2, '0.3'],
    [1234567.5, '1.235e+6'],
    [0.00001234, '1.234e-5'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [123456789012, '1.235e+11'],
  ])('formatNumber(%s) is %s', (value, expected) => expect(formatNumber(value)).toBe(expected));

  it.each([
    [0.1, '0.1'],
    [4.7, '4.7'],
    [1 / 3, '0.33333334'],
    [16777216, '16777216'],
    [NaN, 'NaN'],
  ])('the shortest text of float32 %s is %s', (value, expected) => {
    expect(shortestFloat32(Math.fround(value))).toBe(expected);
  });
});

describe('images', () => {
  it('are encoded as PNG that another decoder reads back', () => {
    const png = PNG.sync.read(
      Buffer.from(encodePng({ pixels: [255, 0, 0, 0, 0, 255], height: 1, width: 2, channels: 3 })),
    );
    expect(Array.from(png.data)).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
    expect(Array.from(PNG.sync.read(Buffer.from(encodePng({ pixels: [7], height: 1, width: 1 }))).data)).toEqual([
      7, 7, 7, 255,
    ]);
  });

  it('carry their alternative text, escaped, and refuse wrong sizes', () => {
    showImage({ pixels: [0, 255], height: 1, width: 2 }, { alt: 'black "and" white' });
    expect(html()).toContain('alt="black &quot;and&quot; white"');
    expect(() => encodePng({ pixels: [1, 2, 3], height: 2, width: 2 })).toThrow(
      'encodePng: expected 2×2×1 = 4 values, got 3',
    );
  });
});

describe('showProgress', () => {
  it('updates one output in place and ends with one line', () => {
    const bar = showProgress(3, 'Reading <files>');
    bar.advance(3);
    bar.done('all well');
    expect(new Set(shown.map(({ options }) => options.id)).size).toBe(1);
    expect(shown.map(({ options }) => options.update)).toEqual([false, true]);
    expect(String(shown.at(-1)?.bundle['text/html'])).toMatch(
      /value="1.000".*Reading &lt;files&gt;: done in \d+\.\d s · all well/,
    );
    expect(() => showProgress(0, 'x')).toThrow('showProgress: expected a total of at least 1, got 0');
  });
});

describe('raw forms', () => {
  it('are passed on with a text beside them', () => {
    showHtml('<b>bold</b>');
    showMarkdown('*so*');
    expect(shown.map(({ bundle }) => bundle)).toEqual([
      { 'text/html': '<b>bold</b>', 'text/plain': 'bold' },
      { 'text/markdown': '*so*', 'text/plain': '*so*' },
    ]);
    expect(escapeHtml(`<a href='x'>&"`)).toBe('&lt;a href=&#39;x&#39;&gt;&amp;&quot;');
  });
});
