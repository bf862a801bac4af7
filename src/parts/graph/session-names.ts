import * as tf from '@tensorflow/tfjs-node';
import { MARK } from './cell-mark';

/** Of what a name holds, so many items are compared at each call, those that lie least deep; fewer where all are many. */
const [MOST_ITEMS, FEW_ITEMS, MOST_IN_ALL] = [300, 30, 1000];

/** Something that a name holds, and what it was. */
interface Held {
  readonly name: string;
  /** Whether it is the name itself, not what is in it. */
  readonly isName: boolean;
  readonly read: () => unknown;
  readonly value: unknown;
}

/**
 * Variables of a notebook's cells that a function reads while it runs, whoever reads them for it, and what they hold:
 * items of lists, records, maps and objects too.
 */
export class SessionNames {
  private held: readonly Held[] = [];
  private readonly known = new Set<string>();

  /** A name is read. */
  noteRead(name: string, value: unknown): void {
    if (this.known.has(name)) return;
    this.known.add(name);
    const top: Held = { name: plain(name), isName: true, read: (): unknown => Reflect.get(globalThis, name), value };
    const room = Math.min(MOST_ITEMS, Math.max(FEW_ITEMS, MOST_IN_ALL - this.held.length));
    this.held = [...this.held, top, ...itemsOf(top, room)];
  }

  /** A name is written; where that comes first, it doesn't matter what it held. */
  noteWrite(name: string): void {
    this.known.add(name);
  }

  /**
   * Ends the noting: what the function itself has changed by now changes with each call, and can't be followed. Returns
   * such names; not where it keeps tensors.
   */
  close(): string[] {
    const changed = this.held.filter((held) => !isSame(held));
    const gone = new Set(changed.filter(({ isName }) => isName).map(({ name }) => name));
    this.held = this.held.filter((held) => !gone.has(held.name) && isSame(held));
    return [...new Set(changed.filter(({ read, value }) => isShort(value) && isShort(read())).map(({ name }) => name))];
  }

  /** Says which one holds something else by now; undefined: none. */
  change(): string | undefined {
    const changed = this.held.find((held) => !isSame(held));
    if (!changed) return undefined;
    const { name, isName, read, value } = changed;
    return isName ? `${name} ${wordsFor(value, read())}` : `what is in ${name} changed`;
  }
}

/** Functions that run, one in another, and are noted. */
const noting = new Set<SessionNames>();

/** Runs `work` and notes which names of a notebook it reads. */
export function notingNames<T>(names: SessionNames, work: () => T): T {
  const stop = noting.size === 0 ? watchGlobals() : () => undefined;
  noting.add(names);
  try {
    return work();
  } finally {
    noting.delete(names);
    stop();
  }
}

/** Puts accessors that tell of reading and writing in the place of the cells' names. Returns how to undo it. */
function watchGlobals(): () => void {
  const undo: (() => void)[] = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!name.endsWith(MARK)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
    if (!descriptor?.configurable || descriptor.get || descriptor.set) continue;
    let value: unknown = descriptor.value;
    const get = (): unknown => {
      for (const names of noting) names.noteRead(name, value);
      return value;
    };
    const set = (now: unknown): void => {
      for (const names of noting) names.noteWrite(name);
      value = now;
    };
    Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: descriptor.enumerable });
    undo.push(() => Object.defineProperty(globalThis, name, { ...descriptor, value }));
  }
  return () => undo.forEach((step) => step());
}

/** What is in a name, level by level, as far as there is room. */
function itemsOf({ name, value }: Held, room: number): Held[] {
  const held: Held[] = [];
  const seen = new Set<unknown>();
  let level: readonly unknown[] = [value];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const owner of level) {
      if (seen.has(owner) || !isOpen(owner)) continue;
      seen.add(owner);
      const items = readersIn(owner, room - held.length);
      if (!items) continue;
      for (const read of items) {
        const item = read();
        held.push({ name, isName: false, read, value: item });
        next.push(item);
      }
    }
    level = next;
  }
  return held;
}

/** Whether to look inside. The library's own objects are watched elsewhere, and numbers in tensors are read each time. */
const isOpen = (value: unknown): value is object =>
  (typeof value === 'object' || typeof value === 'function') &&
  value !== null &&
  !(value instanceof tf.Tensor) &&
  !(value instanceof tf.serialization.Serializable);

/** What reads the items of an object, and how many there are; undefined where that is more than there is room for. */
function readersIn(owner: object, room: number): (() => unknown)[] | undefined {
  if (owner instanceof Map || owner instanceof Set) {
    const all: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> = owner;
    if (all.size > room) return undefined;
    const itemFor = (key: unknown) => (): unknown => ('get' in all ? all.get(key) : all.has(key));
    const hasKey = (key: unknown) => (): unknown => all.has(key);
    return [...[...all.keys()].flatMap((key) => [hasKey(key), itemFor(key)]), (): unknown => all.size];
  }
  const isList = Array.isArray(owner) || ArrayBuffer.isView(owner);
  if (isList && Number(Reflect.get(owner, 'length')) > room) return undefined;
  const keys: string[] = [];
  for (const key in owner) {
    if (!Object.hasOwn(owner, key)) continue;
    if (keys.push(key) > room) return undefined;
  }
  const readers = keys.filter((key) => !isComputed(owner, key)).map((key) => itemOf(owner, key));
  const count = (): unknown => (isList ? (Reflect.get(owner, 'length') as unknown) : Object.keys(owner).length);
  return [...readers, count];
}

const itemOf = (owner: object, key: string) => (): unknown => Reflect.get(owner, key);

/** Whether reading it would run code. */
const isComputed = (owner: object, key: string): boolean =>
  Object.getOwnPropertyDescriptor(owner, key)?.get !== undefined;

const isSame = ({ read, value }: Held): boolean => Object.is(read(), value);
const plain = (name: string): string => name.slice(0, -MARK.length);
const isShort = (value: unknown): boolean => ['number', 'boolean', 'string', 'undefined'].includes(typeof value);

const wordsFor = (before: unknown, now: unknown): string =>
  isShort(before) && isShort(now) ? `changed from ${told(before)} to ${told(now)}` : 'holds another value';

const told = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
