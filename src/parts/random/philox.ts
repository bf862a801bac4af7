/** Four whole numbers of 32 bits. */
export type Words = readonly [number, number, number, number];

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
/** Added to the key after each round: the golden ratio and the square root of 3, less 1. */
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

/** The upper half of the product of two numbers of 32 bits. */
function highProduct(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) >>> 0;
}

/**
 * The generator Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011): four random words as
 * a function of a counter and a key, without a state. Any of a sequence's numbers can be had alone.
 *
 * @param counter which four numbers of the sequence.
 * @param key which sequence.
 * @returns whole numbers from 0 to below 2³².
 */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter;
  let [left, right] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [highA, lowA] = [highProduct(MULTIPLIERS[0], a >>> 0), Math.imul(MULTIPLIERS[0], a) >>> 0];
    const [highC, lowC] = [highProduct(MULTIPLIERS[1], c >>> 0), Math.imul(MULTIPLIERS[1], c) >>> 0];
    [a, b, c, d] = [(highC ^ b ^ left) >>> 0, lowC, (highA ^ d ^ right) >>> 0, lowA];
    left = (left + WEYL[0]) >>> 0;
    right = (right + WEYL[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** Two whole numbers that choose a draw: each from −2³¹ to below 2³¹. */
export type DrawSeed = readonly [number, number];

const SCRAMBLING_KEY = [0x3ec8f720, 0x02461e29] as const;

/** Whole numbers as TensorFlow's stateless operations draw them: 32 random bits each. */
function words(count: number, [first, second]: DrawSeed): Uint32Array {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`expected a whole number of draws from 0, got ${count}`);
  for (const part of [first, second])
    if ((part | 0) !== part) throw new RangeError(`expected a seed of two whole numbers of 32 bits, got ${part}`);
  // TensorFlow widens the seeds to 64 bits, with their sign, and makes counter and key of them.
  const [keyLow, keyHigh, low, high] = philox([first, first >> 31, second, second >> 31], SCRAMBLING_KEY);
  const drawn = new Uint32Array(4 * Math.ceil(count / 4));
  for (let block = 0; 4 * block < count; block++)
    drawn.set(philox([block, 0, low, high], [keyLow, keyHigh]), 4 * block);
  return drawn;
}

/** The lower 23 bits as the digits of a number in [0, 1). */
const asShare = (word: number): number => (word & 0x7fffff) / 0x800000;

/**
 * Numbers in [0, 1) that are a function of the seed alone: those of TensorFlow's `stateless_uniform`, bit for bit.
 *
 * @param count how many.
 * @param seed two whole numbers from −2³¹ to below 2³¹.
 * @throws RangeError where count or seed are no such numbers.
 * @example
 * import { statelessUniform } from 'layerwise/random';
 * statelessUniform(2, [1, 2]); // the same two numbers each time
 */
export function statelessUniform(count: number, seed: DrawSeed): Float32Array {
  return Float32Array.from(words(count, seed).subarray(0, count), asShare);
}

/**
 * Draws from the normal distribution with mean 0 and standard deviation 1 that are a function of the seed alone: those
 * of TensorFlow's `stateless_normal`, to the last digits of 32 bits. By the method of Box and Muller (1958).
 *
 * @param count how many.
 * @param seed two whole numbers from −2³¹ to below 2³¹.
 * @throws RangeError where count or seed are no such numbers.
 * @example
 * import { statelessNormal } from 'layerwise/random';
 * statelessNormal(2, [1, 2]); // the same two numbers each time
 */
export function statelessNormal(count: number, seed: DrawSeed): Float32Array {
  const drawn = words(count, seed);
  const normal = new Float32Array(drawn.length);
  for (let i = 0; i < drawn.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(Math.max(asShare(drawn[i]), 1e-7)));
    const angle = 2 * Math.PI * asShare(drawn[i + 1]);
    normal[i] = radius * Math.sin(angle);
    normal[i + 1] = radius * Math.cos(angle);
  }
  return normal.subarray(0, count);
}
