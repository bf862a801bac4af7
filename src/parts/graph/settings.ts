import * as tf from '@tensorflow/tfjs-node';

interface Setting {
  readonly owner: object;
  readonly key: string;
  readonly value: unknown;
}

/** What our own acceleration puts into cells. */
const OURS = 'dropoutFunc';

/**
 * Settings of layers and optimizers that a graph holds as they were: rates, flags, activations, which variables they
 * use. Numbers inside of tensors and variables are not among them: a graph reads these.
 */
export class Settings {
  private held: readonly Setting[] = [];
  private readonly known = new Set<object>();

  /** Notes an object's settings, and those of activations, regularizers, constraints and cells that it holds. */
  watch(owner: object, without: readonly string[] = []): void {
    if (this.known.has(owner)) return;
    this.known.add(owner);
    // A model's own members change with each fit; what it computes with are its layers.
    if (owner instanceof tf.LayersModel) return;
    const found: Setting[] = [];
    for (const [key, value] of Object.entries(owner)) {
      if (key.startsWith('_') || key === OURS || without.includes(key)) continue;
      found.push({ owner, key, value: settled(value) });
      for (const item of [value].flat()) if (item instanceof tf.serialization.Serializable) this.watch(item);
    }
    this.held = [...this.held, ...found];
  }

  /** Notes one setting alone. */
  watchOne(owner: object, key: string): void {
    this.held = [...this.held, { owner, key, value: Reflect.get(owner, key) }];
  }

  /** Ends the noting: what the function itself has changed by now changes with each call, and can't be followed. */
  close(): readonly string[] {
    const isSame = ({ owner, key, value }: Setting): boolean => Object.is(settled(Reflect.get(owner, key)), value);
    const own = this.held.filter((setting) => !isSame(setting)).map(nameOf);
    this.held = this.held.filter(isSame);
    this.known.clear();
    return own;
  }

  /** Says which setting isn't what it was; undefined: none. */
  change(): string | undefined {
    for (const { owner, key, value } of this.held) {
      const now: unknown = Reflect.get(owner, key);
      // Asking TensorFlow.js whether something is a tensor is slow.
      if (now !== value && !Object.is(settled(now), value))
        return `${nameOf({ owner, key })} changed${isPlain(value) && isPlain(now) ? ` from ${String(value)} to ${String(now)}` : ''}`;
    }
    return undefined;
  }

  /** Whether it is about the same layers and optimizers. */
  isLike(other: Settings): boolean {
    return (
      this.held.length === other.held.length &&
      this.held.every(({ owner, key }, i) => owner === other.held[i].owner && key === other.held[i].key)
    );
  }
}

/** A mask or state that a layer keeps is no setting. */
function settled(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  const isKept = value === null || value instanceof tf.Tensor || (Array.isArray(value) && value.every(isPlainTensor));
  return isKept ? undefined : value;
}

const isPlainTensor = (value: unknown): boolean => value instanceof tf.Tensor;
const isPlain = (value: unknown): boolean => ['number', 'boolean', 'string'].includes(typeof value);
const nameOf = ({ owner, key }: Pick<Setting, 'owner' | 'key'>): string =>
  `${owner instanceof tf.Variable ? owner.name : owner.constructor.name}.${key}`;
