import { types } from 'node:util';
import { passInterrupt } from './interrupted';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A value that can't leave the kernel. The message says where in it what lies, and what to do. */
export class NotJson extends TypeError {
  override readonly name = 'TypeError';
}

const DEEPEST = 200;
const MOST_VALUES = 20_000_000;
const MOST_CHARACTERS = 2 ** 28;
const LONGEST_REASON = 500;

/**
 * Turns any value into JSON: typed arrays and sets become arrays, maps become objects, what is undefined is left out,
 * and a number that isn't finite becomes null.
 *
 * @param name what the value is, for the message.
 * @throws NotJson, whatever the value does when it is read.
 */
export function plainJson(value: unknown, name: string): Json {
  const reader = new Reader();
  try {
    return reader.read(value) ?? null;
  } catch (thrown) {
    passInterrupt(thrown);
    const keys = reader.keys
      .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`))
      .join('');
    const place = keys === '' ? name : `${name}: ${keys}`;
    throw new NotJson(
      thrown instanceof Problem ? `${place} ${thrown.message}` : `${place} can't be read: ${describe(thrown)}`,
    );
  }
}

class Problem extends Error {}

/** What a value is, in words that are safe to make. */
export const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : typeof value === 'bigint'
      ? `a bigint (${value.toString().slice(0, 30)}n)`
      : typeof value === 'object'
        ? types.isPromise(value)
          ? 'a promise'
          : 'an object'
        : typeof value === 'undefined'
          ? 'undefined'
          : `a ${typeof value}`;

/** What was thrown, in one line; never throws itself. */
export function describe(thrown: unknown): string {
  try {
    const text: unknown =
      typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'message') : String(thrown);
    return typeof text === 'string' ? text.slice(0, LONGEST_REASON) : kindOf(thrown);
  } catch {
    return kindOf(thrown);
  }
}

function textKey(key: unknown): string {
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw new Problem(`is a map with ${kindOf(key)} as a key: use texts`);
}

/** Reads one value; on a failure `keys` tells where it was. */
class Reader {
  readonly keys: (string | number)[] = [];
  private readonly open = new Set<object>();
  private values = 0;
  private characters = 0;

  read(value: unknown): Json | undefined {
    if (++this.values > MOST_VALUES) throw new Problem('is too large: give fewer values');
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    if (typeof value === 'boolean' || typeof value === 'undefined' || value === null) return value;
    if (typeof value === 'object') return this.object(value);
    throw new Problem(
      `is ${kindOf(value)}, which JSON can't hold${typeof value === 'bigint' ? ': use Number(…) or String(…)' : ''}`,
    );
  }

  private text(value: string): string {
    this.characters += value.length;
    if (this.characters > MOST_CHARACTERS) throw new Problem('is too large: give shorter texts');
    return value;
  }

  private object(value: object): Json | undefined {
    if (this.open.has(value)) throw new Problem('holds itself (a circular reference)');
    if (this.open.size >= DEEPEST) throw new Problem(`is nested more than ${DEEPEST} levels deep`);
    if (types.isPromise(value)) throw new Problem('is a promise: await it first');
    this.open.add(value);
    const read = this.contents(value);
    this.open.delete(value);
    return read;
  }

  private contents(value: object): Json | undefined {
    if (Array.isArray(value)) return this.array(value);
    if (types.isTypedArray(value) || types.isSet(value)) return this.array(Array.from<unknown>(value));
    if (types.isBoxedPrimitive(value)) return this.read(value.valueOf());
    const toJSON: unknown = Reflect.get(value, 'toJSON');
    if (typeof toJSON === 'function') return this.read(Reflect.apply(toJSON, value, [this.keys.at(-1) ?? '']));
    return this.fields(
      types.isMap(value)
        ? Object.fromEntries(Array.from(value, ([key, item]): [string, unknown] => [textKey(key), item]))
        : value,
    );
  }

  private array(items: readonly unknown[]): Json {
    const read: Json[] = [];
    for (let i = 0; i < items.length; i++) {
      this.keys.push(i);
      read.push(this.read(items[i]) ?? null);
      this.keys.pop();
    }
    return read;
  }

  private fields(value: object): Json {
    const read: [string, Json][] = [];
    for (const key of Object.keys(value)) {
      this.keys.push(key);
      this.text(key);
      const field = this.read(Reflect.get(value, key));
      if (field !== undefined) read.push([key, field]);
      this.keys.pop();
    }
    return Object.fromEntries(read);
  }
}
