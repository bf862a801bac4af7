import { philox, type DrawSeed } from './philox';

/** A sequence of draws: each has a seed of its own, which follows from the sequence and the draw's number alone. */
export interface DrawStream {
  /** The seed of the next draw. */
  readonly next: () => DrawSeed;
  /** Takes the last draw back: the next one is the same. */
  readonly back: () => void;
}

interface Run {
  readonly key: readonly [number, number];
  readonly streams: WeakMap<object, { readonly seed?: number; readonly stream: DrawStream }>;
  started: number;
}

// A graph that is traced must not draw from Math.random.
const fromTheStart = Math.random;
let run: Run | undefined;

const begin = (seed: number): Run => ({ key: keyOf(seed), streams: new WeakMap(), started: 0 });

function keyOf(seed: number): readonly [number, number] {
  const [low, high] = new Uint32Array(Float64Array.of(seed).buffer);
  return [low, high];
}

/** All sequences start anew. */
export function beginStreams(seed: number): void {
  run = begin(seed);
}

/**
 * The sequence of whoever draws, such as a layer: numbered in the order in which they drew first since `seed` was called.
 *
 * @param seed a sequence that follows from this number instead of that of `seed`; another number begins another one.
 */
export function streamOf(owner: object, seed?: number): DrawStream {
  run ??= begin(fromTheStart());
  const known = run.streams.get(owner);
  if (known && Object.is(known.seed, seed)) return known.stream;
  const stream = seed === undefined ? streamFrom(run.key, run.started++, 0) : streamFrom(keyOf(seed), 0, 1);
  run.streams.set(owner, { seed, stream });
  return stream;
}

function streamFrom(key: readonly [number, number], place: number, kind: 0 | 1): DrawStream {
  let draws = 0;
  return {
    next() {
      const [first, second] = philox([draws++, place, kind, 0], key);
      return [first | 0, second | 0];
    },
    back: () => void draws--,
  };
}
