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
export function explorerOf(json: string, onFigure: (figure: unknown) => Promise<void>): HTMLElement {
  const { id, forms } = JSON.parse(json) as { readonly id: string; readonly forms: Record<string, ControlForm> };
  const explorer = new Explorer(id, forms, onFigure);
  open.add(explorer);
  return explorer.element;
}

/** A control as the browser has it; a point is two. */
function inputsOf(form: ControlForm, onValue: (value: unknown) => void): HTMLElement[] {
  if (form.kind === 'slider') return [rangeOf(form, onValue)];
  if (form.kind === 'point') {
    const place = [...form.value];
    return [form.x, form.y].map(([min, max], at) =>
      rangeOf(
        { label: `${form.label} ${'xy'[at]}`, min, max, step: (max - min) / 100, scale: 'linear', value: place[at] },
        (value) => {
          place[at] = value;
          onValue([...place]);
        },
      ),
    );
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
