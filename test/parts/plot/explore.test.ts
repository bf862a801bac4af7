// Controls and what they draw: values, errors, how they are shown in a page and where nothing moves.
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { bundleOf } from '../../../src/parts/display';
import { choice, explore, point, slider, toggle } from '../../../src/parts/plot';
import type { Explored } from '../../../src/parts/plot/explored';
import { PLOTLY, controls, figureOf, make, valuesOf } from './explored';

const PAGE = Symbol.for('layerwise.explore');
afterEach(() => Reflect.deleteProperty(globalThis, PAGE));

/** What a page gets of it. */
function inPage(): Explored {
  let got: Explored | undefined;
  Object.assign(globalThis, { [PAGE]: (explored: Explored) => ((got = explored), '1') });
  expect(bundleOf(make())).toHaveProperty(['application/vnd.layerwise.explore+json', 'id'], '1');
  if (!got) throw new Error('the page got nothing');
  return got;
}

describe('values', () => {
  it('have the types of their controls', () => {
    explore(controls(), (values) => {
      expectTypeOf(values).toEqualTypeOf<{
        readonly rate: number;
        readonly kind: 'relu' | 'tanh';
        readonly fast: boolean;
        readonly at: readonly [number, number];
      }>();
      return figureOf('typed');
    });
  });

  it('begin where the controls say', () => {
    expect(valuesOf(bundleOf(make()))).toEqual({ rate: 0.1, kind: 'relu', fast: false, at: [0, 1] });
  });

  it('are those that a front end sends, the others stay', () => {
    const explored = inPage();
    const draw = (raw: unknown): unknown => {
      const redrawn = explored.redraw(raw);
      return 'figure' in redrawn ? valuesOf(redrawn.figure) : redrawn.problem;
    };
    expect(draw({ rate: 0.5 })).toMatchObject({ rate: 0.5, kind: 'relu' });
    expect(draw({ kind: 'tanh', at: [0.5, 0.5] })).toEqual({ rate: 0.5, kind: 'tanh', fast: false, at: [0.5, 0.5] });
  });

  it.each([
    ['a number beyond the range is its end', { rate: 7, at: [-9, 9] }, { rate: 1, at: [-1, 2] }],
    ['no number', { rate: Number.NaN, at: [1] }, { rate: 0.1, at: [0, 1] }],
    ['none of the options', { kind: 'other', fast: 'yes' }, { kind: 'relu', fast: false }],
    ['names of no control', { toString: 1, other: 2 }, { rate: 0.1 }],
    ['nothing', undefined, { rate: 0.1 }],
    ['a text', 'rate', { rate: 0.1 }],
  ])('are never others: %s', (_, raw, expected) => {
    const redrawn = inPage().redraw(raw);
    expect('figure' in redrawn && valuesOf(redrawn.figure)).toMatchObject(expected);
  });
});

describe('errors', () => {
  const numbers = { label: 'rate', min: 0, max: 1, value: 0.5 };
  it.each<[string, () => unknown, string]>([
    [
      'an empty range',
      () => slider({ ...numbers, min: 1 }),
      'slider: expected the range from a smaller to a larger number, got from 1 to 1',
    ],
    [
      'a value outside',
      () => slider({ ...numbers, value: 2 }),
      'slider: expected a value between 0 and 1, got 2; begin inside the range',
    ],
    ['no step', () => slider({ ...numbers, step: 0 }), 'slider: expected a step above 0, got 0'],
    [
      'a logarithm of 0',
      () => slider({ ...numbers, scale: 'log' }),
      "slider: expected a logarithmic range above 0, got from 0; take scale 'linear'",
    ],
    ['no label', () => toggle({ label: ' ' }), 'toggle: expected a label that says what it sets, got an empty one'],
    [
      'no option',
      () => choice({ label: 'kind', options: [] }),
      'choice: expected at least one option for "kind", got none',
    ],
    [
      'an option twice',
      () => choice({ label: 'kind', options: ['a', 'a'] }),
      'choice: expected each option once, got "a", "a"',
    ],
    [
      'another option',
      () => Reflect.apply(choice, undefined, [{ label: 'kind', options: ['a'], value: 'b' }]),
      'choice: expected one of "a", got "b"',
    ],
    [
      'a point outside',
      () => point({ label: 'p', x: [0, 1], y: [0, 1], value: [0, 2] }),
      'point: expected y between 0 and 1, got 2; begin inside the range',
    ],
    [
      'no control',
      () => explore({}, () => figureOf('none')),
      'explore: expected at least one control, got none; give one, or show the figure itself',
    ],
    [
      'no figure',
      () => Reflect.apply(explore, undefined, [controls(), () => undefined]),
      'explore: expected draw to return a figure, such as line({ … }), at once; got nothing',
    ],
    [
      'a promise',
      () => Reflect.apply(explore, undefined, [controls(), async () => figureOf('late')]),
      'explore: expected draw to return a figure, such as line({ … }), at once; got a promise',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('of a later picture are told in its place, and the next one is drawn', () => {
    let explored: Explored | undefined;
    Object.assign(globalThis, { [PAGE]: (given: Explored) => ((explored = given), '1') });
    bundleOf(
      explore({ n: slider({ label: 'n', min: 0, max: 9, value: 1 }) }, ({ n }) => {
        if (n > 5) throw new RangeError('too many');
        return figureOf(`${n}`);
      }),
    );
    expect(explored?.redraw({ n: 6 })).toEqual({ problem: 'RangeError: too many' });
    expect(explored?.redraw({ n: 2 })).toHaveProperty(['figure', PLOTLY]);
  });
});

describe('where nothing moves', () => {
  it('the first picture says where the controls stood', () => {
    const bundle = bundleOf(make());
    expect(Object.keys(bundle).sort()).toEqual([PLOTLY, 'text/plain']);
    expect(bundle['text/plain']).toMatch(/ \(rate 0\.1, kind relu, fast: no, start \(0, 1\)\)$/);
    expect(bundle).toHaveProperty([PLOTLY, 'layout', 'meta', 'explore'], 'rate 0.1, kind relu, fast: no, start (0, 1)');
  });
});
