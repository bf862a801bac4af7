import seedrandom from 'seedrandom';

/** Random numbers that depend on nothing but the seed. Make one with {@link generator}. */
export interface RandomGenerator {
  /** A number in [0, 1). */
  readonly uniform: () => number;
  /** A number in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** A whole number in [0, limit). */
  readonly integer: (limit: number) => number;
  /** A draw from the normal distribution (default mean 0, standard deviation 1). */
  readonly normal: (mean?: number, standardDeviation?: number) => number;
  /** The numbers 0 … count − 1 in random order. */
  readonly permutation: (count: number) => number[];
  /** The items in random order, in a new array. */
  readonly shuffle: <T>(items: readonly T[]) => T[];
  /** One of the items, each as likely as the others. */
  readonly choice: <T>(items: readonly T[]) => T;
}

/**
 * A generator of random numbers: the same seed gives the same numbers on every machine.
 *
 * Uniform numbers come from Alea (Baagøe, 2010) as packaged in `seedrandom`; normal ones by the polar method (Marsaglia
 * and Bray, 1964).
 *
 * @param seed any finite number.
 * @throws RangeError where the seed is not finite.
 * @example
 * import { generator } from 'layerwise/random';
 * const random = generator(42);
 * random.integer(6) + 1; // a throw of a die
 */
export function generator(seed: number): RandomGenerator {
  if (!Number.isFinite(seed)) throw new RangeError(`generator: expected a finite number as seed, got ${String(seed)}`);
  return fromUniform(seedrandom.alea(String(seed)));
}

let watching: (() => void) | undefined;

/**
 * Calls `watch` when a generator draws that was made before; one that is made meanwhile draws the same numbers each
 * time that it is made. Returns how to end it.
 */
export function watchDraws(watch: () => void): () => void {
  const before = watching;
  watching = watch;
  return () => {
    watching = before;
  };
}

/** Builds the other draws from a source of uniform numbers. */
export function fromUniform(source: () => number): RandomGenerator {
  const watch = watching;
  const tell = (): void => {
    if (watching !== watch) watching?.();
  };
  const uniform = (): number => {
    tell();
    return source();
  };
  let spare: number | undefined;
  const integer = (limit: number): number => {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`integer: expected a whole number of at least 1 as limit, got ${limit}`);
    return Math.floor(uniform() * limit);
  };
  const standardNormal = (): number => {
    if (spare !== undefined) {
      tell();
      const value = spare;
      spare = undefined;
      return value;
    }
    let u = 0;
    let v = 0;
    let s = 0;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    spare = v * scale;
    return u * scale;
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const copy = items.slice();
    for (let i = copy.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const held = copy[i];
      copy[i] = copy[j];
      copy[j] = held;
    }
    return copy;
  };
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer,
    normal: (mean = 0, standardDeviation = 1) => mean + standardDeviation * standardNormal(),
    permutation: (count) => shuffle(Array.from({ length: count }, (_, i) => i)),
    shuffle,
    choice: (items) => {
      if (items.length === 0) throw new RangeError('choice: expected at least one item, got an empty array');
      return items[integer(items.length)];
    },
  };
}
