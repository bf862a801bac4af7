import { fromUniform, generator, type RandomGenerator } from './generator';
import { beginStreams } from './streams';

/**
 * Makes everything random repeatable: call it once at the top of a notebook.
 *
 * It returns a generator and also replaces `Math.random`, from which TensorFlow.js draws initial weights and the order in
 * which `fit` shuffles. Dropout and noise of layerwise/graph start anew: each layer has a sequence of its own.
 * On the same machine, with the same versions, two runs then agree bit for bit.
 * One thing is left out: `tf.data.Dataset.shuffle` takes its seed from the clock unless it gets one as its second
 * argument.
 *
 * @param value any finite number.
 * @returns a generator that shares no state with `Math.random`.
 * @throws RangeError where the seed is not finite.
 * @example
 * import { seed } from 'layerwise/random';
 * const random = seed(7);
 * random.normal(); // the same number in every run
 */
export function seed(value: number): RandomGenerator {
  const source = generator(value);
  Math.random = generator(value + 0.5).uniform;
  beginStreams(value);
  return source;
}

/** A generator that draws from `Math.random`, for functions whose caller passed none. */
export const unseeded: RandomGenerator = fromUniform(() => Math.random());
