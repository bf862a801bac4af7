import { formatNumber } from '../../../../parts/display/format-number';
import { rounded, type ControlForm } from '../../../../parts/plot/explore-controls';
import type { Redrawn, Session } from './session';

type Values = Readonly<Record<string, unknown>>;
type Redraw = (id: string, values: Values) => Promise<Redrawn | undefined>;

let ask: Redraw = async () => undefined;
/** Those whose worker is there. */
const open = new Set<Explorer>();

/** Controls ask the session to draw; where its worker ends, they rest. */
export function connectExplorers(session: Session): void {
  ask = (id, values) => session.redraw(id, values);
  session.onEnd = () => {
    open.forEach((explorer) => explorer.end());
    open.clear();
  };
}

/** Controls above a figure. What is set while it is drawn is drawn next, the last of it alone. */
class Explorer {
  readonly element = document.createElement('fieldset');
  private readonly words = document.createElement('span');
  private readonly values: Record<string, unknown> = {};
  private isDrawing = false;
  private isWanted = false;

  constructor(
    private readonly id: string,
    forms: Readonly<Record<string, ControlForm>>,
    private readonly onFigure: (figure: unknown) => Promise<void>,
  ) {
    this.element.className = 'live-explore';
    this.words.setAttribute('role', 'status');
    for (const [name, form] of Object.entries(forms))
      this.element.append(
        ...inputsOf(form, (value) => {
          this.values[name] = value;
          void this.draw();
        }),
      );
    this.element.append(this.words);
  }

  /** The worker is gone. */
  end(): void {
    this.element.disabled = true;
    this.words.textContent = 'Press Run to use it again.';
  }

  private async draw(): Promise<void> {
    this.isWanted = true;
    if (this.isDrawing) return;
    this.isDrawing = true;
    while (this.isWanted) {
      this.isWanted = false;
      const redrawn = await ask(this.id, { ...this.values });
      if (!redrawn) break;
      this.words.textContent = redrawn.problem ?? '';
      if (redrawn.figure !== undefined) await this.onFigure(JSON.parse(redrawn.figure));
    }
    this.isDrawing = false;
  }
}

/** Controls of what a cell explores. */
export function explorerOf(
  json: string,
  frame: HTMLElement,
  onFigure: (figure: unknown) => Promise<void>,
): HTMLElement {
  const { id, forms } = JSON.parse(json) as { readonly id: string; readonly forms: Record<string, ControlForm> };
  for (const one of open) if (!one.element.isConnected) open.delete(one);
  const explorer = new Explorer(id, forms, onFigure);
  open.add(explorer);
  letDrag(frame, explorer.element);
  return explorer.element;
}

/** A control as the browser has it; a point is two. */
function inputsOf(form: ControlForm, onValue: (value: unknown) => void): HTMLElement[] {
  if (form.kind === 'slider') return [rangeOf(form, onValue)];
  if (form.kind === 'point') {
    const place = [...form.value];
    return [form.x, form.y].map(([min, max], at) => {
      const axis = 'xy'[at];
      const range = { label: `${form.label} ${axis}`, min, max, step: (max - min) / 100, scale: 'linear' as const };
      const label = rangeOf({ ...range, value: place[at] }, (value) => {
        place[at] = value;
        onValue([...place]);
      });
      label.dataset.axis = axis;
      return label;
    });
  }
  if (form.kind === 'toggle') {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = form.value;
    box.addEventListener('change', () => onValue(box.checked));
    return [labeled(form.label, box)];
  }
  const select = document.createElement('select');
  select.append(...form.options.map((option) => new Option(option, option, false, option === form.value)));
  select.addEventListener('change', () => onValue(select.value));
  return [labeled(form.label, select)];
}

type Range = Omit<Extract<ControlForm, { kind: 'slider' }>, 'kind'>;

function rangeOf({ label, min, max, step, scale, value }: Range, onValue: (value: number) => void): HTMLElement {
  const isLog = scale === 'log';
  const range = document.createElement('input');
  range.type = 'range';
  Object.assign(range, isLog ? { min: Math.log10(min), max: Math.log10(max), step } : { min, max, step });
  range.value = String(isLog ? Math.log10(value) : value);
  const shown = document.createElement('output');
  const say = (now: number): void => {
    shown.textContent = formatNumber(now);
    range.setAttribute('aria-valuetext', formatNumber(now));
  };
  say(value);
  range.addEventListener('input', () => {
    const now = isLog ? rounded(10 ** range.valueAsNumber) : range.valueAsNumber;
    say(now);
    onValue(now);
  });
  return labeled(label, range, shown);
}

function labeled(words: string, ...inputs: readonly HTMLElement[]): HTMLElement {
  const label = document.createElement('label');
  label.append(words, ' ', ...inputs);
  return label;
}

/**
 * A mouse or a pen drags a point in the figure, the nearest where there are several; fingers scroll the page there, and
 * have the sliders.
 */
function letDrag(frame: HTMLElement, controls: HTMLFieldSetElement): void {
  const inputsAt = (axis: string): HTMLInputElement[] => [
    ...controls.querySelectorAll<HTMLInputElement>(`[data-axis=${axis}] input`),
  ];
  const [xs, ys] = [inputsAt('x'), inputsAt('y')];
  if (xs.length === 0) return;
  let dragged = -1;
  frame.addEventListener('pointerdown', (event) => {
    const place = event.pointerType === 'touch' || event.button > 0 ? undefined : placeOf(event, frame);
    if (controls.disabled || !place) return;
    // Plotly would zoom.
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    const far = xs.map((x, i) => Math.hypot(x.valueAsNumber - place[0], ys[i].valueAsNumber - place[1]));
    dragged = far.indexOf(Math.min(...far));
    set(place);
  });
  frame.addEventListener('pointermove', (event) => {
    const place = dragged < 0 ? undefined : placeOf(event, frame);
    if (place) set(place);
  });
  for (const end of ['pointerup', 'pointercancel'] as const) frame.addEventListener(end, () => (dragged = -1));
  const set = (place: readonly number[]): void =>
    [xs, ys].forEach((inputs, axis) => {
      inputs[dragged].value = String(place[axis]);
      inputs[dragged].dispatchEvent(new Event('input'));
    });
}

interface Drawn extends HTMLElement {
  readonly layout?: Readonly<
    Record<string, { readonly range?: readonly number[]; readonly type?: string } | undefined>
  >;
}

/** Where a pointer is, in the units of the figure's axes; undefined outside of them when it isn't dragging. */
function placeOf(event: PointerEvent, frame: HTMLElement): number[] | undefined {
  const area = frame.querySelector('.nsewdrag');
  const layout = frame.querySelector<Drawn>('.js-plotly-plot')?.layout;
  if (!area || (event.type === 'pointerdown' && event.target !== area)) return undefined;
  const { left, bottom, width, height } = area.getBoundingClientRect();
  const parts = [(event.clientX - left) / width, (bottom - event.clientY) / height];
  return parts.map((part, at) => {
    const { range = [0, 1], type } = layout?.[at === 0 ? 'xaxis' : 'yaxis'] ?? {};
    const value = range[0] + part * (range[1] - range[0]);
    return type === 'log' ? 10 ** value : value;
  });
}
