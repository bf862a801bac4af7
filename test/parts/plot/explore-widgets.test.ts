// What is explored as Jupyter's widgets: what is opened, heard, told again.
import { afterEach, describe, expect, it } from 'vitest';
import { bundleOf, type CommTarget } from '../../../src/parts/display';
import { make, valuesOf } from './explored';

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const COMMS = Symbol.for('layerwise.comms');
afterEach(() => Reflect.deleteProperty(globalThis, COMMS));

describe('as widgets', () => {
  type State = Record<string, unknown>;
  const opened = new Map<string, { state: State; tell: (data: unknown) => void; close: (data: unknown) => void }>();
  const sent: { id: string; data: State }[] = [];
  const targets = new Map<string, CommTarget>();

  /** @param extensions that the front end has. */
  function connect(...extensions: string[]): string {
    opened.clear();
    sent.length = 0;
    Object.assign(globalThis, {
      [COMMS]: {
        hasExtension: (name: string) => extensions.includes(name),
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

  it('have a point to drag where the front end has an extension for it', () => {
    connect('anywidget');
    const point = opened.get(idOf('AnyModel'));
    expect(point?.state).toMatchObject({
      ...{ _model_module: 'anywidget', _model_module_version: '~0.11.0', _view_name: 'AnyView' },
      ...{ label: 'start', x: [-1, 1], y: [0, 2], value: [0, 1] },
    });
    expect([...opened.values()].filter(({ state }) => state._model_name === 'FloatSliderModel')).toEqual([]);
    set(idOf('AnyModel'), { value: [0.25, 9] });
    expect(drawn()).toMatchObject({ at: [0.25, 2] });
    for (const value of ['x', [1], [0, Number.NaN], null]) set(idOf('AnyModel'), { value });
    expect(drawn()).toMatchObject({ at: [0.25, 2] });
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
