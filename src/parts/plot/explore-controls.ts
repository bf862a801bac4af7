/** What a control is, as a front end draws it. */
export type ControlForm =
  | {
      readonly kind: 'slider';
      readonly label: string;
      readonly min: number;
      readonly max: number;
      /** On a logarithmic scale in powers of ten. */
      readonly step: number;
      readonly scale: 'linear' | 'log';
      readonly value: number;
    }
  | { readonly kind: 'choice'; readonly label: string; readonly options: readonly string[]; readonly value: string }
  | { readonly kind: 'toggle'; readonly label: string; readonly value: boolean }
  | {
      readonly kind: 'point';
      readonly label: string;
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
      readonly value: readonly [number, number];
    };

/** Something that a reader sets: how it looks, and what a value from outside means. */
export interface Control<Value> {
  readonly form: ControlForm;
  /** The value that comes from a front end; the one before where it is none of this control's. */
  read(raw: unknown, before: Value): Value;
  /** Whether it is a value of this control. */
  is(value: unknown): value is Value;
}

export interface SliderOptions {
  /** What it sets, with its unit. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Between two positions (default: a hundredth of the way). On a logarithmic scale in powers of ten (default 0.05). */
  readonly step?: number;
  /** Where it begins. */
  readonly value: number;
  /** `log`: equal ways are equal factors (default linear). */
  readonly scale?: 'linear' | 'log';
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** What a logarithmic slider says, without the digits that nobody has set. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

function checkLabel(kind: string, label: string): void {
  if (typeof label !== 'string' || label.trim() === '')
    throw new RangeError(`${kind}: expected a label that says what it sets, got an empty one`);
}

function checkRange(kind: string, name: string, min: number, max: number): void {
  if (!isNumber(min) || !isNumber(max) || min >= max)
    throw new RangeError(`${kind}: expected ${name} from a smaller to a larger number, got from ${min} to ${max}`);
}

function checkInside(kind: string, name: string, value: number, min: number, max: number): void {
  if (!isNumber(value) || value < min || value > max)
    throw new RangeError(`${kind}: expected ${name} between ${min} and ${max}, got ${value}; begin inside the range`);
}

/**
 * A number that a reader moves.
 *
 * @throws RangeError where the range is empty, the value outside it, the step not above 0, or a logarithmic range not
 *   above 0.
 * @example
 * import { slider } from 'layerwise/plot';
 * const rate = slider({ label: 'learning rate', min: 0.001, max: 1, value: 0.1, scale: 'log' });
 */
export function slider(options: SliderOptions): Control<number> {
  const { label, min, max, value, scale = 'linear' } = options;
  checkLabel('slider', label);
  checkRange('slider', 'the range', min, max);
  if (scale === 'log' && min <= 0)
    throw new RangeError(`slider: expected a logarithmic range above 0, got from ${min}; take scale 'linear'`);
  checkInside('slider', 'a value', value, min, max);
  const { step = scale === 'log' ? 0.05 : (max - min) / 100 } = options;
  if (!isNumber(step) || step <= 0) throw new RangeError(`slider: expected a step above 0, got ${step}`);
  return {
    form: { kind: 'slider', label, min, max, step, scale, value },
    read: (raw, before) => (isNumber(raw) ? clamp(scale === 'log' ? rounded(raw) : raw, min, max) : before),
    is: isNumber,
  };
}

/**
 * One of several words.
 *
 * @param options.options at least one; `value` is where it begins (default the first).
 * @throws RangeError where there is none, one stands there twice, or the value is none of them.
 * @example
 * import { choice } from 'layerwise/plot';
 * const kind = choice({ label: 'activation', options: ['relu', 'tanh'] });
 */
export function choice<const Options extends readonly string[]>(options: {
  readonly label: string;
  readonly options: Options;
  readonly value?: Options[number];
}): Control<Options[number]> {
  const { label, options: all } = options;
  checkLabel('choice', label);
  if (all.length === 0) throw new RangeError(`choice: expected at least one option for "${label}", got none`);
  if (new Set(all).size < all.length)
    throw new RangeError(`choice: expected each option once, got ${all.map((word) => `"${word}"`).join(', ')}`);
  const { value = all[0] } = options;
  const is = (word: unknown): word is Options[number] => all.some((option) => option === word);
  if (!is(value))
    throw new RangeError(
      `choice: expected one of ${all.map((word) => `"${word}"`).join(', ')}, got "${String(value)}"`,
    );
  return { form: { kind: 'choice', label, options: all, value }, read: (raw, before) => (is(raw) ? raw : before), is };
}

/**
 * A check box.
 *
 * @param options.value whether it is checked at first (default false).
 * @example
 * import { toggle } from 'layerwise/plot';
 * const scaled = toggle({ label: 'standardized', value: true });
 */
export function toggle(options: { readonly label: string; readonly value?: boolean }): Control<boolean> {
  const { label, value = false } = options;
  checkLabel('toggle', label);
  const is = (raw: unknown): raw is boolean => typeof raw === 'boolean';
  return { form: { kind: 'toggle', label, value }, read: (raw, before) => (is(raw) ? raw : before), is };
}

export interface PointOptions {
  readonly label: string;
  /** From, to. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Where it begins: [x, y]. */
  readonly value: readonly [number, number];
}

/**
 * A place in the plane: two sliders, one for x and one for y. In pages a mouse or a pen drags it in the figure too, whose
 * axes are then those of the point; draw it there.
 *
 * @throws RangeError where a range is empty, or the value outside.
 * @example
 * import { point } from 'layerwise/plot';
 * const start = point({ label: 'start', x: [-2, 2], y: [-2, 2], value: [1, 1] });
 */
export function point(options: PointOptions): Control<readonly [number, number]> {
  const { label, x, y, value } = options;
  checkLabel('point', label);
  checkRange('point', 'x', ...x);
  checkRange('point', 'y', ...y);
  checkInside('point', 'x', value[0], ...x);
  checkInside('point', 'y', value[1], ...y);
  const is = (raw: unknown): raw is readonly [number, number] =>
    Array.isArray(raw) && raw.length === 2 && raw.every(isNumber);
  return {
    form: { kind: 'point', label, x, y, value },
    read: (raw, before) => (is(raw) ? [clamp(raw[0], ...x), clamp(raw[1], ...y)] : before),
    is,
  };
}
