import * as tf from '@tensorflow/tfjs-node';
import { SessionNames } from './session-names';

interface Setting {
  readonly owner: object;
  readonly key: string;
  readonly value: unknown;
  /** What was in it: a list or a record may be changed in place. */
  readonly content?: Content;
}

type Plain = number | boolean | string | null | undefined | ((...args: never[]) => unknown);
type Content = readonly Content[] | { readonly [name: string]: Content } | Plain;

/** What holds more is told by which one it is alone: it would be compared at each call. */
const MOST_ITEMS = 100;

/** Plain members by which the library keeps account. */
const LIBRARYS_OWN = ['_built', '_refCount', '_stateful', '_numConstants', '_trainable'];

/** What our own acceleration puts into cells, and the forms of inputs, which a layer notes anew where it is given states. */
const NO_SETTINGS = ['dropoutFunc', 'inputSpec', 'stateSpec'];

/**
 * Settings of layers and optimizers that a graph holds as they were: rates, flags, activations, what is in lists and
 * records, which variables they use; and what a notebook's variables hold. Numbers inside of tensors and variables are
 * not among them: a graph reads these.
 */
export class Settings {
  private held: readonly Setting[] = [];
  private readonly known = new Set<object>();
  /** Of a notebook's variables. */
  readonly names = new SessionNames();

  /** Notes an object's settings, and those of activations, regularizers, constraints and cells that it holds. */
  watch(owner: object, without: readonly string[] = []): void {
    if (this.known.has(owner)) return;
    this.known.add(owner);
    // A model's own members change with each fit; what it computes with are its layers.
    if (owner instanceof tf.LayersModel) return;
    const found: Setting[] = [];
    for (const [key, value] of Object.entries(owner)) {
      if (isLibrarysOwn(key, value) || NO_SETTINGS.includes(key) || without.includes(key)) continue;
      found.push(noted(owner, key, settled(value)));
      for (const item of [value].flat()) if (item instanceof tf.serialization.Serializable) this.watch(item);
    }
    this.held = [...this.held, ...found];
  }

  /** Notes one setting alone. */
  watchOne(owner: object, key: string): void {
    this.held = [...this.held, noted(owner, key, Reflect.get(owner, key))];
  }

  /** Ends the noting: what the function itself has changed by now changes with each call, and can't be followed. */
  close(): readonly string[] {
    const isSame = ({ owner, key, value, content }: Setting): boolean =>
      Object.is(settled(Reflect.get(owner, key)), value) && hasContent(value, content);
    const own = this.held.filter((setting) => !isSame(setting)).map(nameOf);
    this.held = this.held.filter(isSame);
    this.known.clear();
    return [...own, ...this.names.close()];
  }

  /** Says which setting isn't what it was; undefined: none. */
  change(): string | undefined {
    for (const { owner, key, value, content } of this.held) {
      const now: unknown = Reflect.get(owner, key);
      if (now === value && !hasContent(value, content)) return `what is in ${nameOf({ owner, key })} changed`;
      // Asking TensorFlow.js whether something is a tensor is slow.
      if (now !== value && !Object.is(settled(now), value))
        return `${nameOf({ owner, key })} changed${isShort(value) && isShort(now) ? ` from ${String(value)} to ${String(now)}` : ''}`;
    }
    return this.names.change();
  }

  /** Whether it is about the same layers and optimizers. */
  isLike(other: Settings): boolean {
    return (
      this.held.length === other.held.length &&
      this.held.every(({ owner, key }, i) => owner === other.held[i].owner && key === other.held[i].key)
    );
  }
}

/** What the library keeps for itself; a class of one's own may name its members so, too. */
const isLibrarysOwn = (key: string, value: unknown): boolean =>
  key.startsWith('_') && (!isShort(value) || LIBRARYS_OWN.includes(key));

/** A mask or state that a layer keeps is no setting. */
function settled(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  const isKept = value === null || value instanceof tf.Tensor || (Array.isArray(value) && value.every(isPlainTensor));
  return isKept ? undefined : value;
}

const noted = (owner: object, key: string, value: unknown): Setting => ({
  owner,
  key,
  value,
  content: isContent(value) ? copyOf(value) : undefined,
});

/** What is in lists and records, as records, with the same functions and numbers in them. */
function copyOf(value: Content): Content {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]: [string, Content]) => [name, copyOf(item)]));
}

function isContent(value: unknown, room = { left: MOST_ITEMS }): value is Content {
  if (value === undefined || value === null || isPlain(value)) return true;
  return isListOrRecord(value) && Object.values(value).every((item) => room.left-- > 0 && isContent(item, room));
}

/** Whether a value still holds what was in it; one that holds other things by now isn't told by them. */
const hasContent = (value: unknown, content: Content): boolean =>
  content === undefined || isSameContent(value, content) || !isContent(value);

function isSameContent(value: unknown, content: unknown): boolean {
  if (Object.is(value, content)) return true;
  if (!isListOrRecord(value) || !isListOrRecord(content)) return false;
  const [now, before] = [new Map(Object.entries(value)), Object.entries(content)];
  return now.size === before.length && before.every(([key, item]) => now.has(key) && isSameContent(now.get(key), item));
}

const isListOrRecord = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

const isPlainTensor = (value: unknown): boolean => value instanceof tf.Tensor;
const isPlain = (value: unknown): value is Plain => ['number', 'boolean', 'string', 'function'].includes(typeof value);
const isShort = (value: unknown): boolean => isPlain(value) && typeof value !== 'function';
const nameOf = ({ owner, key }: Pick<Setting, 'owner' | 'key'>): string =>
  `${owner instanceof tf.Variable ? owner.name : owner.constructor.name}.${key}`;
