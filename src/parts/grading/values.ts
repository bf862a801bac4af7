// What tests hand to answers and get back, as plain data: it crosses from the sandbox to the grader as JSON.

// Kept before a submission that runs in the same process can replace them; texts are put together here, because
// `toJSON` could be replaced too.
const { isArray } = Array;
const { entries } = Object;
const { isFinite } = Number;
const isView = ArrayBuffer.isView.bind(ArrayBuffer);
const { stringify } = JSON;

/** A tensor's content, read out. */
export class TensorData {
  constructor(
    readonly shape: readonly number[],
    readonly dtype: string,
    readonly values: readonly number[],
  ) {}
}

/** Something that can't be sent as data: a function, a symbol. */
export class Opaque {
  constructor(readonly kind: string) {}
}

/** How a call ended: with a value, as data, or with an error. */
export type Outcome =
  { readonly returned: unknown } | { readonly thrown: { readonly name: string; readonly message: string } };

const MOST_VALUES = 100_000;
const MOST_DEPTH = 16;
const MOST_CHARACTERS = 10_000;

/** The largest encoded value that is read, in characters. */
export const MOST_ENCODED = 8 * 2 ** 20;

interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number>;
}

/** Whether a value can be read as a tensor. */
export const isTensor = (value: object): value is TensorLike =>
  'dataSync' in value &&
  typeof value.dataSync === 'function' &&
  'shape' in value &&
  isArray(value.shape) &&
  'dtype' in value &&
  typeof value.dtype === 'string';

const isTypedArray = (value: object): value is ArrayLike<unknown> => isView(value) && !(value instanceof DataView);

/**
 * A value as JSON. Typed arrays become lists, other objects their own enumerable properties.
 *
 * @throws RangeError where the value has more than 100,000 parts, or is nested deeper than 16 levels.
 */
export function encode(value: unknown): string {
  let count = 0;
  const list = (items: ArrayLike<unknown>, depth: number): string => {
    if (items.length > MOST_VALUES) throw new RangeError(`the value has more than ${MOST_VALUES} parts`);
    let text = '';
    for (let i = 0; i < items.length; i++) text += `${i === 0 ? '' : ','}${visit(items[i], depth + 1)}`;
    return `[${text}]`;
  };
  const record = (item: object, depth: number): string => {
    let text = '';
    const found = entries(item);
    for (let i = 0; i < found.length; i++)
      text += `${i === 0 ? '' : ','}${stringify(found[i][0].slice(0, 200))}:${visit(found[i][1], depth + 1)}`;
    return `{"$":"object","v":{${text}}}`;
  };
  const visit = (item: unknown, depth: number): string => {
    if (++count > MOST_VALUES) throw new RangeError(`the value has more than ${MOST_VALUES} parts`);
    if (depth > MOST_DEPTH) throw new RangeError(`the value is nested deeper than ${MOST_DEPTH} levels`);
    if (item === null || typeof item === 'boolean') return `${item}`;
    if (typeof item === 'string') return stringify(item.slice(0, MOST_CHARACTERS));
    if (typeof item === 'number') return isFinite(item) ? `${item}` : `{"$":"number","v":"${item}"}`;
    if (typeof item === 'bigint') return `{"$":"bigint","v":"${`${item}`.slice(0, 1000)}"}`;
    if (typeof item !== 'object') return `{"$":"${typeof item}"}`;
    if (isArray(item) || isTypedArray(item)) return list(item, depth);
    if (isTensor(item))
      return `{"$":"tensor","shape":${list(item.shape, depth)},"dtype":${stringify(String(item.dtype))},"v":${list(item.dataSync(), depth)}}`;
    return record(item, depth);
  };
  return visit(value, 0);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The data that {@link encode} wrote. Trusts nothing: what isn't of its form is an error.
 *
 * @throws Error where the text is too long, nested too deep, or not of this form.
 */
export function decode(text: string): unknown {
  if (text.length > MOST_ENCODED) throw new Error('the value is too large');
  return decodeJson(JSON.parse(text), 0);
}

/** The same, for JSON that has been parsed. */
export function decodeJson(json: unknown, depth = 0): unknown {
  if (depth > MOST_DEPTH + 1) throw new Error('the value is nested too deep');
  if (json === null || typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map((item) => decodeJson(item, depth + 1));
  if (!isRecord(json)) throw new Error('the value has no known form');
  const { $: kind, v } = json;
  if (kind === 'number' && typeof v === 'string') return Number(v);
  if (kind === 'bigint' && typeof v === 'string' && /^-?\d{1,1000}$/.test(v)) return BigInt(v);
  if (kind === 'undefined') return undefined;
  if (kind === 'function' || kind === 'symbol') return new Opaque(kind);
  if (kind === 'object' && isRecord(v))
    return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, decodeJson(item, depth + 1)]));
  if (kind === 'tensor') return decodeTensor(json);
  throw new Error('the value has no known form');
}

function decodeTensor({ shape, dtype, v }: Record<string, unknown>): TensorData {
  const [sizes, values] = [decodeJson(shape, MOST_DEPTH), decodeJson(v, MOST_DEPTH)];
  if (!isNumbers(sizes) || !isNumbers(values) || typeof dtype !== 'string') throw new Error('the value is no tensor');
  return new TensorData(sizes, dtype, values);
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');

const MOST_SHOWN = 120;

/** A value in a few words, for messages: as it would be written, numbers with so many digits. */
export function describe(value: unknown, digits = 7): string {
  const text = write(value, digits);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} …` : text;
}

function write(value: unknown, digits: number): string {
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(digits)));
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value
      .slice(0, 40)
      .map((item) => write(item, digits))
      .join(', ')}${value.length > 40 ? ', …' : ''}]`;
  if (value instanceof TensorData)
    return `tensor [${value.shape.join(', ')}] of ${value.dtype}: ${write(value.values, digits)}`;
  if (value instanceof Opaque) return `a ${value.kind}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (isRecord(value))
    return `{ ${Object.entries(value)
      .slice(0, 10)
      .map(([key, item]) => `${key}: ${write(item, digits)}`)
      .join(', ')} }`;
  return String(value);
}

/**
 * The strangest number in a value, at any depth: 0 where all are finite, 1 where one is infinite, 2 where one is NaN.
 */
export function strangeness(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : Number.isNaN(value) ? 2 : 1;
  if (value instanceof TensorData) return strangeness(value.values);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((worst, item) => Math.max(worst, strangeness(item)), 0);
}

/** What kind of value it is, without the value: for messages about hidden tests. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return strangeness(value) === 0 ? 'a list' : 'a list with numbers that are not finite';
  if (value instanceof TensorData)
    return strangeness(value) === 0 ? 'a tensor' : 'a tensor with numbers that are not finite';
  if (value instanceof Opaque) return `a ${value.kind}`;
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number that is not finite';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return strangeness(value) === 0 ? 'an object' : 'an object with numbers that are not finite';
}

/** The call as a learner would write it; where the input is no list of arguments, what it was made from. */
export function callText(name: string, input: unknown): string {
  if (!Array.isArray(input)) return `${name} with ${describe(input)}`;
  return `${name}(${describe(input).replace(/^\[/, '').replace(/\]$/, '')})`;
}
