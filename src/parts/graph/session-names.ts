/**
 * The kernel keeps what a cell declares on the global object, under its name and this sign (zero width non-joiner), and
 * writes it so into the code that it runs.
 */
export const MARK = '\u200c';

const NAMES = /[$_\p{ID_Start}][$\p{ID_Continue}]*\u200c/gu;

/** What holds more is told by which one it is alone: it would be compared at each call. */
const MOST_ITEMS = 100;

interface Held {
  readonly value: unknown;
  /** What was in it, where it is a list, a record or an object of a cell's class. */
  readonly items?: readonly (readonly [string, Held])[];
}

/**
 * Variables of a notebook's cells that a function reads, and what they held. A function's own text tells their names; so
 * does that of other functions and classes that these hold.
 */
export class SessionNames {
  private readonly held = new Map<string, Held>();

  /** Notes what a function reads, before it runs. */
  read(code: unknown): void {
    for (const [name] of textOf(code).matchAll(NAMES)) {
      if (this.held.has(name)) continue;
      const held = heldIn(Reflect.get(globalThis, name), { left: MOST_ITEMS });
      this.held.set(name, held);
      this.readAll(held);
    }
  }

  private readAll({ value, items = [] }: Held): void {
    if (typeof value === 'function' || isOfCell(value)) this.read(value);
    for (const [, item] of items) this.readAll(item);
  }

  /** Ends the noting: what the function itself has changed by now changes with each call, and can't be followed. */
  close(): void {
    for (const [name, held] of this.held) {
      const now: unknown = Reflect.get(globalThis, name);
      if (!Object.is(now, held.value)) this.held.delete(name);
      else if (!isSame(held, now)) this.held.set(name, { value: now });
    }
  }

  /** Says which one holds something else by now; undefined: none. */
  change(): string | undefined {
    for (const [name, held] of this.held) {
      const now: unknown = Reflect.get(globalThis, name);
      if (!Object.is(now, held.value)) return `${plain(name)} ${wordsFor(held.value, now)}`;
      if (held.items && !isSame(held, now)) return `what is in ${plain(name)} changed`;
    }
    return undefined;
  }
}

const plain = (name: string): string => name.slice(0, -MARK.length);

/** The text of a function or a class, or of an object's class. */
function textOf(code: unknown): string {
  if (typeof code === 'function') return Function.prototype.toString.call(code);
  return typeof code === 'object' && code !== null && typeof code.constructor === 'function'
    ? textOf(code.constructor)
    : '';
}

/** Whether it is an object of a class that a cell declares. */
const isOfCell = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  typeof value.constructor === 'function' &&
  Reflect.get(globalThis, value.constructor.name + MARK) === value.constructor;

const isListOrRecord = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

function heldIn(value: unknown, room: { left: number }, around: readonly unknown[] = []): Held {
  if (around.includes(value) || !(isListOrRecord(value) || isOfCell(value))) return { value };
  const keys = Object.keys(value);
  room.left -= keys.length;
  if (room.left < 0 || keys.some((key) => isComputed(value, key))) return { value };
  const items = keys.map((key) => [key, heldIn(Reflect.get(value, key), room, [...around, value])] as const);
  return { value, items: room.left < 0 ? undefined : items };
}

/** Whether reading it would run code. */
const isComputed = (owner: object, key: string): boolean =>
  Object.getOwnPropertyDescriptor(owner, key)?.get !== undefined;

function isSame({ value, items }: Held, now: unknown): boolean {
  if (!Object.is(now, value)) return false;
  if (!items || typeof now !== 'object' || now === null) return true;
  return Object.keys(now).length === items.length && items.every(([key, item]) => isSame(item, Reflect.get(now, key)));
}

const isShort = (value: unknown): boolean => ['number', 'boolean', 'string', 'undefined'].includes(typeof value);

const wordsFor = (before: unknown, now: unknown): string =>
  isShort(before) && isShort(now) ? `changed from ${told(before)} to ${told(now)}` : 'holds another value';

const told = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
