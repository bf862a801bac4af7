// Controls and what they draw: values, errors, how they are shown where there are widgets, a page, or neither.
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { bundleOf, type CommTarget } from '../../../src/parts/display';
import { choice, explore, line, point, slider, toggle, type Figure } from '../../../src/parts/plot';
import type { Explored } from '../../../src/parts/plot/explored';

const PLOTLY = 'application/vnd.plotly.v1+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';

const figureOf = (title: string): Figure =>
  line({
    title,
    alt: 'A line that rises from one to two between zero and one.',
    xLabel: 'x',
    yLabel: 'y',
    series: [{ name: 's', x: [0, 1], y: [1, 2] }],
  });
const controls = () => ({
  rate: slider({ label: 'rate', min: 0.01, max: 1, value: 0.1, scale: 'log' }),
  kind: choice({ label: 'kind', options: ['relu', 'tanh'] }),
  fast: toggle({ label: 'fast' }),
  at: point({ label: 'start', x: [-1, 1], y: [0, 2], value: [0, 1] }),
});
const make = () => explore(controls(), (values) => figureOf(JSON.stringify(values)));
const titleOf = (bundle: unknown): unknown => {
  const spec: unknown = Reflect.get(Object(bundle), PLOTLY);
  return (spec as Figure).layout.title;
};
const valuesOf = (bundle: unknown): unknown => {
  const { text } = titleOf(bundle) as { text: string };
  return JSON.parse(text);
};

const HOOKS = ['layerwise.explore', 'layerwise.comms'].map((name) => Symbol.for(name));
afterEach(() => HOOKS.forEach((hook) => Reflect.deleteProperty(globalThis, hook)));

/** What a page gets of it. */
function inPage(): Explored {
  let got: Explored | undefined;
  Object.assign(globalThis, { [HOOKS[0]]: (explored: Explored) => ((got = explored), '1') });
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
    Object.assign(globalThis, { [HOOKS[0]]: (given: Explored) => ((explored = given), '1') });
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

describe('as widgets', () => {
  type State = Record<string, unknown>;
  const opened = new Map<string, { state: State; tell: (data: unknown) => void; close: (data: unknown) => void }>();
  const sent: { id: string; data: State }[] = [];
  const targets = new Map<string, CommTarget>();

  function connect(): string {
    opened.clear();
    sent.length = 0;
    Object.assign(globalThis, {
      [HOOKS[1]]: {
        register: (name: string, target: CommTarget) => targets.set(name, target),
        open(target: string, data: { state: State }, metadata: unknown) {
          expect([target, metadata]).toEqual(['jupyter.widget', { version: '2.1.0' }]);
          const id = `m${opened.size}`;
          const entry = { state: data.state, tell: () => undefined, close: () => undefined };
          opened.set(id, entry);
          return {
            id,
            send: (said: State) => sent.push({ id, data: said }),
            close: () => undefined,
            onMessage: (listener: (data: unknown) => void) => Object.assign(entry, { tell: listener }),
            onClose: (listener: (data: unknown) => void) => Object.assign(entry, { close: listener }),
          };
        },
      },
    });
    const view = bundleOf(make())[WIDGET];
    return String(Reflect.get(Object(view), 'model_id'));
  }
  const idOf = (model: string, description?: string): string => {
    const found = [...opened].find(
      ([, { state }]) =>
        state._model_name === model && (description === undefined || state.description === description),
    );
    return found?.[0] ?? `no ${model}`;
  };
  const set = (id: string, state: State): void => opened.get(id)?.tell({ method: 'update', state });
  const drawn = (): unknown => {
    const { outputs } = sent.at(-1)?.data.state as { outputs: { data: unknown }[] };
    return valuesOf(outputs[0].data);
  };

  it('are a box of controls with the picture below', () => {
    const box = opened.get(connect());
    const children = (box?.state.children as string[]).map((name) => opened.get(name.replace('IPY_MODEL_', ''))?.state);
    expect(children.map((state) => state?._model_name)).toEqual([
      ...['FloatLogSliderModel', 'DropdownModel', 'CheckboxModel', 'FloatSliderModel', 'FloatSliderModel'],
      'OutputModel',
    ]);
    expect(children.slice(0, 5).map((state) => state?.description)).toEqual([
      'rate',
      'kind',
      'fast',
      'start x',
      'start y',
    ]);
  });

  it('draw anew what is set, into the same picture', () => {
    connect();
    set(idOf('FloatLogSliderModel'), { value: 0.5 });
    set(idOf('DropdownModel'), { index: 1 });
    set(idOf('CheckboxModel'), { value: true });
    set(idOf('FloatSliderModel', 'start y'), { value: 2 });
    expect(drawn()).toEqual({ rate: 0.5, kind: 'tanh', fast: true, at: [0, 2] });
    expect(new Set(sent.map(({ id }) => id))).toEqual(new Set([idOf('OutputModel')]));
  });

  it('survive what is none of their messages', () => {
    connect();
    for (const data of [undefined, null, 7, {}, { method: 'update' }, { method: 'update', state: { value: 'x' } }])
      opened.get(idOf('FloatLogSliderModel'))?.tell(data);
    expect(drawn()).toMatchObject({ rate: 0.1 });
  });

  it('are told to a page that was loaded again, as they stand; closed ones are gone', () => {
    connect();
    set(idOf('FloatLogSliderModel'), { value: 0.5 });
    opened.get(idOf('CheckboxModel'))?.close({});
    let tell: (data: unknown) => void = () => undefined;
    const said: unknown[] = [];
    targets.get('jupyter.widget.control')?.(
      {
        id: 'c',
        send: (data) => said.push(data),
        close: () => undefined,
        onMessage: (hear) => (tell = hear),
        onClose: () => undefined,
      },
      {},
    );
    tell({ method: 'request_states' });
    const [{ states }] = said as [{ states: Record<string, { model_name: string; state: State }> }];
    expect(states[idOf('FloatLogSliderModel')]).toMatchObject({
      model_name: 'FloatLogSliderModel',
      model_module: '@jupyter-widgets/controls',
      model_module_version: '2.0.0',
      state: { value: 0.5, min: -2, max: 0 },
    });
    expect(states).not.toHaveProperty(idOf('CheckboxModel'));
  });
});
