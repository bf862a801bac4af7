// What is explored as Jupyter's widgets: the models live in the kernel and talk to the front end by comms.
import { hasComms, hasExtension, openComm, registerComm, type Comm } from '../display/comms';
import type { MimeBundle } from '../display';
import type { ControlForm } from './explore-controls';
import type { Explored, Redrawn } from './explored';
import { POINT_EXTENSION, POINT_STATE } from './point-widget';

type State = Readonly<Record<string, unknown>>;

interface Model {
  readonly id: string;
  state: State;
  send(state: State): void;
}

const TARGET = 'jupyter.widget';
const CONTROL = 'jupyter.widget.control';
const VIEW_TYPE = 'application/vnd.jupyter.widget-view+json';
/** Of the protocol between widgets and front end. */
const VERSION = { version: '2.1.0' };

/** Open models, by which a page that was loaded again finds the widgets. */
const models = new Map<string, Model>();

/**
 * Opens widgets for the controls, and one for the picture.
 *
 * @returns what makes the front end show them; nothing where the kernel has no channels.
 */
export function openWidgets(explored: Explored): MimeBundle {
  if (!hasComms()) return {};
  registerComm(CONTROL, answerStates);
  const picture = open('output', 'OutputModel', 'OutputView', {
    outputs: [outputOf({ figure: explored.first })],
    msg_id: '',
    layout: reference(
      open('base', 'LayoutModel', null, { width: '100%', min_height: `${heightOf(explored.first)}px` }),
    ),
  });
  const redraw = (values: unknown): void => picture.send({ outputs: [outputOf(explored.redraw(values))] });
  const controls = Object.entries(explored.forms).flatMap(([name, form]) =>
    controlsOf(form, (value) => redraw({ [name]: value })),
  );
  const box = open('controls', 'VBoxModel', 'VBoxView', {
    children: [...controls, picture].map(reference),
    box_style: '',
    _dom_classes: ['layerwise-explore'],
  });
  return { [VIEW_TYPE]: { version_major: 2, version_minor: 0, model_id: box.id } };
}

/** The widgets of a control; a point has two sliders where the front end has no point to drag. */
function controlsOf(form: ControlForm, onValue: (value: unknown) => void): Model[] {
  const named = (model: string, description: string, state: State, style: string, told = onValue): Model =>
    open('controls', `${model}Model`, `${model}View`, { ...state, description, style: styleOf(style) }, (changed) => {
      if ('value' in changed) told(changed.value);
    });
  if (form.kind === 'toggle')
    return [named('Checkbox', form.label, { value: form.value, indent: false }, 'CheckboxStyle')];
  if (form.kind === 'choice') {
    const state = { _options_labels: form.options, index: form.options.indexOf(form.value) };
    return [
      open(
        'controls',
        'DropdownModel',
        'DropdownView',
        { ...state, description: form.label, style: styleOf('DescriptionStyle'), layout: sized('max-content') },
        ({ index }) => {
          if (typeof index === 'number') onValue(form.options[index]);
        },
      ),
    ];
  }
  const range = (label: string, state: State, told: (value: unknown) => void, isLog = false): Model =>
    named(
      isLog ? 'FloatLogSlider' : 'FloatSlider',
      label,
      { readout_format: '.3~g', continuous_update: true, orientation: 'horizontal', layout: sized('32rem'), ...state },
      'SliderStyle',
      told,
    );
  if (form.kind === 'slider') {
    const { label, min, max, step, value, scale } = form;
    const isLog = scale === 'log';
    const ends = isLog ? { base: 10, min: Math.log10(min), max: Math.log10(max) } : { min, max };
    return [range(label, { ...ends, step, value }, onValue, isLog)];
  }
  if (hasExtension(POINT_EXTENSION)) {
    const { label, x, y, value } = form;
    const own = { ...POINT_STATE, label, x, y, value, layout: sized('max-content') };
    return [
      open('any', 'AnyModel', 'AnyView', own, (changed) => {
        if ('value' in changed) onValue(changed.value);
      }),
    ];
  }
  const place: [number, number] = [form.value[0], form.value[1]];
  return [form.x, form.y].map(([min, max], at) =>
    range(`${form.label} ${'xy'[at]}`, { min, max, step: (max - min) / 100, value: place[at] }, (value) => {
      place[at] = Number(value);
      onValue([...place]);
    }),
  );
}

/** No label is cut. */
const styleOf = (name: string): string =>
  reference(open('controls', `${name}Model`, 'StyleView', { description_width: 'initial' }, undefined, 'base'));

const sized = (width: string): string => reference(open('base', 'LayoutModel', null, { width, max_width: '100%' }));

const reference = ({ id }: Model): string => `IPY_MODEL_${id}`;

const MODULES = {
  base: ['@jupyter-widgets/base', '2.0.0'],
  controls: ['@jupyter-widgets/controls', '2.0.0'],
  output: ['@jupyter-widgets/output', '1.0.0'],
  any: [POINT_EXTENSION, '~0.11.0'],
} as const;
type Module = keyof typeof MODULES;

/** Opens a model in the front end. `onState` hears what a reader has changed. */
function open(
  module: Module,
  model: string,
  view: string | null,
  own: State,
  onState?: (changed: State) => void,
  viewModule: Module = module,
): Model {
  const [[name, version], [viewName, viewVersion]] = [MODULES[module], MODULES[viewModule]];
  const state: State = {
    _model_module: name,
    _model_module_version: version,
    _model_name: model,
    _view_module: viewName,
    _view_module_version: viewVersion,
    _view_name: view ?? 'LayoutView',
    ...own,
  };
  const comm = openComm(TARGET, { state, buffer_paths: [] }, VERSION);
  const made: Model = {
    id: comm.id,
    state,
    send(changed) {
      made.state = { ...made.state, ...changed };
      comm.send({ method: 'update', state: changed, buffer_paths: [] });
    },
  };
  models.set(comm.id, made);
  comm.onClose(() => models.delete(comm.id));
  comm.onMessage((data) => {
    const [method, changed] = [fieldOf(data, 'method'), fieldOf(data, 'state')];
    if (method === 'request_state') made.send(made.state);
    if (method !== 'update' || typeof changed !== 'object' || changed === null) return;
    made.state = { ...made.state, ...changed };
    onState?.(made.state);
  });
  return made;
}

/** A page that was loaded again asks what there is. */
function answerStates(comm: Comm): void {
  comm.onMessage((data) => {
    if (fieldOf(data, 'method') !== 'request_states') return;
    const states = [...models].map(([id, { state }]): [string, State] => [
      id,
      {
        model_name: state._model_name,
        model_module: state._model_module,
        model_module_version: state._model_module_version,
        state,
      },
    ]);
    comm.send({ method: 'update_states', states: Object.fromEntries(states), buffer_paths: [] });
  });
}

const outputOf = (redrawn: Redrawn): State =>
  'figure' in redrawn
    ? { output_type: 'display_data', data: redrawn.figure, metadata: {} }
    : { output_type: 'stream', name: 'stderr', text: `${redrawn.problem}\n` };

function heightOf(bundle: MimeBundle): number {
  const height = fieldOf(fieldOf(bundle['application/vnd.plotly.v1+json'], 'layout'), 'height');
  return typeof height === 'number' ? height : 0;
}

function fieldOf(of: unknown, name: string): unknown {
  const found: unknown = Reflect.get(Object(of), name);
  return found;
}
