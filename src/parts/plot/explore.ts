import { displaySymbol, formatNumber, type Displayable, type MimeBundle } from '../display';
import type { Control, ControlForm } from './explore-controls';
import { openWidgets } from './explore-widgets';
import type { Explored, Redrawn } from './explored';
import { Figure } from './figure';

/** Controls by the names under which `draw` gets their values. */
export type Controls = Readonly<Record<string, Control<unknown>>>;

/** What the controls say: a number, one of the options, a boolean, or [x, y]. */
export type ValuesOf<Of extends Controls> = {
  readonly [Name in keyof Of]: Of[Name] extends Control<infer Value> ? Value : never;
};

/** A page puts a function there that takes what is explored, and answers with the number by which it asks. */
const PAGE = Symbol.for('layerwise.explore');
export const EXPLORE_TYPE = 'application/vnd.layerwise.explore+json';

/**
 * A figure that a reader moves by controls. Show it as the last expression of a cell, or by `show`.
 *
 * In JupyterLab and in the pages of the handouts the controls are live; on paper, and wherever no script runs, there is
 * the first picture with what the controls said.
 *
 * @param controls by name: `slider`, `choice`, `toggle`, `point`.
 * @param draw makes the figure of their values, by name. It is called again at each move, so it should take at most
 *   some hundredths of a second; where it throws, that is shown in place of the picture, and the controls stay.
 * @throws RangeError where there is no control; TypeError where `draw` returns no figure; what `draw` throws at first.
 * @example
 * import { explore, line, slider } from 'layerwise/plot';
 * explore({ power: slider({ label: 'power', min: 1, max: 4, step: 1, value: 2 }) }, ({ power }) =>
 *   line({
 *     title: `x to the power of ${power}`,
 *     alt: `The curve of x to the power of ${power} between zero and two.`,
 *     xLabel: 'x', yLabel: 'y',
 *     series: [{ name: 'y', x: [0, 1, 2], y: [0, 1, 2 ** power] }],
 *   }),
 * );
 */
export function explore<const Of extends Controls>(controls: Of, draw: (values: ValuesOf<Of>) => Figure): Explorer {
  if (Object.keys(controls).length === 0)
    throw new RangeError('explore: expected at least one control, got none; give one, or show the figure itself');
  return new Explorer(new Setting(controls, draw));
}

/** Controls with a figure; it shows itself. Made by {@link explore}. */
export class Explorer implements Displayable {
  /** The figure as it is at first. */
  readonly figure: Figure;

  constructor(private readonly explored: Explored & { readonly figure: Figure }) {
    this.figure = explored.figure;
  }

  [displaySymbol](): MimeBundle {
    const { forms, first } = this.explored;
    const hook: unknown = Reflect.get(globalThis, PAGE);
    if (typeof hook === 'function') {
      const id: unknown = Reflect.apply(hook, undefined, [this.explored]);
      return { ...first, [EXPLORE_TYPE]: { id, forms } };
    }
    return { ...first, ...openWidgets(this.explored) };
  }
}

/** What controls say at a time, and what is drawn of it. */
class Setting<const Of extends Controls> implements Explored {
  readonly forms: Readonly<Record<string, ControlForm>>;
  readonly figure: Figure;
  readonly first: MimeBundle;
  private values: Readonly<Record<string, unknown>>;

  constructor(
    private readonly controls: Of,
    private readonly draw: (values: ValuesOf<Of>) => Figure,
  ) {
    const all = Object.entries(controls);
    this.forms = Object.fromEntries(all.map(([name, { form }]) => [name, form]));
    this.values = Object.fromEntries(all.map(([name, { form }]) => [name, form.value]));
    this.figure = this.drawn(this.values);
    this.first = this.withWords(this.figure);
  }

  redraw(raw: unknown): Redrawn {
    const given = typeof raw === 'object' && raw !== null ? raw : {};
    this.values = Object.fromEntries(
      Object.entries(this.controls).map(([name, control]) => {
        const before = this.values[name];
        return [name, name in given ? control.read(Reflect.get(given, name), before) : before];
      }),
    );
    try {
      return { figure: this.drawn(this.values)[displaySymbol]() };
    } catch (thrown) {
      return { problem: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) };
    }
  }

  private drawn(values: object): Figure {
    if (!isOf(values, this.controls)) throw new TypeError('explore: a control has a value that is none of its own');
    const figure: unknown = this.draw(values);
    if (figure instanceof Figure) return figure;
    const got = figure instanceof Promise ? 'a promise' : figure === undefined ? 'nothing' : typeof figure;
    throw new TypeError(`explore: expected draw to return a figure, such as line({ … }), at once; got ${got}`);
  }

  /** The picture for paper says where the controls stood. */
  private withWords({ data, layout, alt, frames }: Figure): MimeBundle {
    const words = Object.values(this.forms).map(wordsOf).join(', ');
    const first = new Figure(data, { ...layout, meta: { ...Object(layout.meta), explore: words } }, alt, frames);
    return { ...first[displaySymbol](), 'text/plain': `Figure: ${alt} (${words})` };
  }
}

const isOf = <Of extends Controls>(values: object, controls: Of): values is ValuesOf<Of> =>
  Object.entries(controls).every(([name, control]) => control.is(Reflect.get(values, name)));

/** `rate 0.1`, `fast: yes`, `start (1, 2)` */
function wordsOf(form: ControlForm): string {
  if (form.kind === 'toggle') return `${form.label}: ${form.value ? 'yes' : 'no'}`;
  if (form.kind === 'choice') return `${form.label} ${form.value}`;
  if (form.kind === 'slider') return `${form.label} ${formatNumber(form.value)}`;
  return `${form.label} (${form.value.map(formatNumber).join(', ')})`;
}
