// The small picture of a growing curve, word by word: 640 × 300 pixels, the axes from (70, 40) to (620, 260).
import { describe, expect, it } from 'vitest';
import { livePicture } from '../../../src/parts/plot/live-picture';

const words = { title: 'The loss < 1', alt: 'The "loss" falls.', xLabel: 'epoch', yLabel: 'loss (nats)' };
const INK = '#1f2933';
const colors = ['#0072b2', '#c04f00', '#00573f', '#a3527e', '#8f6400', '#4a4a4a'];

describe('livePicture', () => {
  it('draws title, axes with their ends and labels, and a line with its name', () => {
    const picture = livePicture(words, {}, [{ name: 'training', x: [0, 1, 2], y: [4, Number.NaN, 0] }]);
    expect(picture.replaceAll('><', '>\n<').split('\n')).toEqual([
      '<svg role="img" aria-label="The &quot;loss&quot; falls." viewBox="0 0 640 300" style="max-width:640px;background:#ffffff;font:13px system-ui,sans-serif">',
      `<text x="8.0" y="18.0" text-anchor="start" fill="${INK}" font-size="16">The loss &lt; 1</text>`,
      '<path d="M70 40V260H620" fill="none" stroke="#d9dee4"/>',
      `<text x="64.0" y="260.0" text-anchor="end" fill="${INK}" >0</text>`,
      `<text x="64.0" y="50.0" text-anchor="end" fill="${INK}" >4</text>`,
      `<text x="70.0" y="276.0" text-anchor="start" fill="${INK}" >0</text>`,
      `<text x="620.0" y="276.0" text-anchor="end" fill="${INK}" >2</text>`,
      `<text x="320.0" y="292.0" text-anchor="middle" fill="${INK}" >epoch</text>`,
      `<text x="16.0" y="150.0" text-anchor="middle" fill="${INK}" transform="rotate(-90 16 150)">loss (nats)</text>`,
      '<polyline points="70.0,40.0 620.0,260.0" fill="none" stroke="#0072b2" stroke-width="2.5" stroke-dasharray=""/>',
      `<text x="82.0" y="32.0" text-anchor="start" fill="${INK}" style="fill:#0072b2">training</text>`,
      '</svg>',
    ]);
  });

  it('tells lines apart by color and dash, side by side above the axes', () => {
    const lines = Array.from({ length: 7 }, (_, i) => ({ name: `line ${i}`, x: [0, 1], y: [0, i] }));
    const picture = livePicture(words, {}, lines);
    expect(
      [...picture.matchAll(/stroke="(#\w+)" stroke-width="2.5" stroke-dasharray="([^"]*)"/g)].map(([, color, dash]) => [
        color,
        dash,
      ]),
    ).toEqual([
      ...['', '8 5', '2 4', '8 4 2 4', '14 6', '14 5 2 5'].map((dash, i) => [colors[i], dash]),
      [colors[0], ''],
    ]);
    expect([...picture.matchAll(/x="(\d+)\.0" y="32\.0"[^>]*>(line \d)</g)].map(([, x, name]) => [x, name])).toEqual(
      [82, 212, 342, 472, 602, 732, 862].map((x, i) => [String(x), `line ${i}`]),
    );
  });

  /** The points of the first line, and the numbers at the ends of the axes: left below and above, below left and right. */
  const drawn = (...args: Parameters<typeof livePicture>): [string | undefined, string[]] => {
    const picture = livePicture(...args);
    return [
      /points="([^"]*)"/.exec(picture)?.[1],
      [...picture.matchAll(/>([^<]+)<\/text>/g)].map(([, word]) => word).slice(1, 5),
    ];
  };

  it('puts a single point in the middle, and draws nothing without one', () => {
    expect(drawn(words, {}, [{ name: 's', x: [3], y: [5] }])).toEqual(['345.0,150.0', ['4.5', '5.5', '2.5', '3.5']]);
    expect(drawn(words, {}, [{ name: 's', x: [], y: [] }])).toEqual(['', ['0', '1', '0', '1']]);
  });

  it('keeps to the range asked for, on a logarithmic axis by powers of ten', () => {
    const lines = [{ name: 's', x: [0, 1], y: [10, 100] }];
    expect(drawn(words, { yRange: [0, 200] }, lines)).toEqual(['70.0,249.0 620.0,150.0', ['0', '200', '0', '1']]);
    // 10 is a third of the way from 1 to 1,000: 220 / 3 pixels above 260.
    expect(drawn(words, { yScale: 'log', yRange: [1, 1000] }, lines)).toEqual([
      '70.0,186.7 620.0,113.3',
      ['1', '1000', '0', '1'],
    ]);
    expect(drawn(words, { yScale: 'log' }, lines)).toEqual(['70.0,260.0 620.0,40.0', ['10', '100', '0', '1']]);
  });

  it('draws a zero on a logarithmic axis at the smallest number that there is', () => {
    // log₁₀(5e−324) = −323.3: half of the way down from 1 lies at 1e−161.65.
    const [points] = drawn(words, { yScale: 'log' }, [{ name: 's', x: [0, 1, 2], y: [1, 0, 2.2e-162] }]);
    expect(points).toBe('70.0,40.0 345.0,260.0 620.0,150.0');
  });
});
