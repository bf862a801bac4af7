import type { RandomGenerator } from '../random';

/** How weights begin. */
export type Initializer = 'zeros' | 'small' | 'large' | 'xavier' | 'he';

/** Standard deviation of the weights into a layer, from the number of its inputs and units. */
const spreads: Readonly<Record<Initializer, (inputs: number, units: number) => number>> = {
  zeros: () => 0,
  small: () => 0.01,
  large: () => 1,
  xavier: (inputs, units) => Math.sqrt(2 / (inputs + units)),
  he: (inputs) => Math.sqrt(2 / inputs),
};

/**
 * Weights `[inputs][units]` drawn from a normal distribution around 0. Its standard deviation is 0.01 for `small`, 1
 * for `large`, √(2 / (inputs + units)) for `xavier` (Glorot and Bengio, 2010), √(2 / inputs) for `he` (He et al.,
 * 2015).
 */
export function initialWeights(
  initializer: Initializer,
  inputs: number,
  units: number,
  random: RandomGenerator,
): number[][] {
  if (!Object.hasOwn(spreads, initializer))
    throw new RangeError(
      `initialWeights: expected one of ${Object.keys(spreads).join(', ')}, got "${String(initializer)}"`,
    );
  const spread = spreads[initializer](inputs, units);
  return Array.from({ length: inputs }, () =>
    Array.from({ length: units }, () => (spread === 0 ? 0 : random.normal(0, spread))),
  );
}
