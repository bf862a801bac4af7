/** A function that is applied to each unit's weighted sum, and its derivative. */
export interface Activation {
  readonly name: string;
  readonly value: (z: number) => number;
  /** By z. At a kink it is the sub-gradient that is stated. */
  readonly derivative: (z: number) => number;
}

/** 1 / (1 + e⁻ᶻ), from −∞ … ∞ to 0 … 1; it neither overflows nor loses digits for large |z|. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** The inverse of {@link sigmoid}: ln(p / (1 − p)), for a probability between 0 and 1. */
export function logit(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`logit: expected a probability from 0 to 1, got ${p}`);
  return Math.log(p) - Math.log1p(-p);
}

/** ReLU with a small slope for z < 0 (Maas, Hannun and Ng, 2013). @param slope default 0.01. */
export function leakyRelu(slope = 0.01): Activation {
  if (!(slope >= 0 && slope < 1)) throw new RangeError(`leakyRelu: expected a slope from 0 to below 1, got ${slope}`);
  return {
    name: `leaky ReLU (${slope})`,
    value: (z) => (z > 0 ? z : slope * z),
    derivative: (z) => (z > 0 ? 1 : slope),
  };
}

/**
 * The activations of the course, by name. Derivatives at kinks: 0 for `relu` at 0 and for `piecewiseLinear` at ±½;
 * `step` and `sign` have derivative 0 everywhere, which is why nothing can be learned through them.
 *
 * @example
 * import { activations } from 'layerwise/nn';
 * activations.relu.value(-2); // 0
 */
export const activations = {
  /** 0, ½ at 0, 1 (Heaviside). */
  step: { name: 'step', value: (z) => (z === 0 ? 0.5 : z > 0 ? 1 : 0), derivative: () => 0 },
  sign: { name: 'sign', value: Math.sign, derivative: () => 0 },
  linear: { name: 'linear', value: (z) => z, derivative: () => 1 },
  /** z + ½ between −½ and ½, else 0 or 1. */
  piecewiseLinear: {
    name: 'piece-wise linear',
    value: (z) => Math.min(1, Math.max(0, z + 0.5)),
    derivative: (z) => (Math.abs(z) < 0.5 ? 1 : 0),
  },
  sigmoid: { name: 'sigmoid', value: sigmoid, derivative: (z) => sigmoid(z) * (1 - sigmoid(z)) },
  tanh: { name: 'tanh', value: Math.tanh, derivative: (z) => 1 - Math.tanh(z) ** 2 },
  /** max(0, z) (Nair and Hinton, 2010). */
  relu: { name: 'ReLU', value: (z) => Math.max(0, z), derivative: (z) => (z > 0 ? 1 : 0) },
  leakyRelu: leakyRelu(),
} as const satisfies Record<string, Activation>;

/** ln Σ eᶻ, computed so that nothing overflows. */
export function logSumExp(z: readonly number[]): number {
  if (z.length === 0) throw new RangeError('logSumExp: expected at least one number, got none');
  const largest = Math.max(...z);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(z.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/**
 * Numbers as probabilities that sum to 1: eᶻ / Σ eᶻ (Bridle, 1990).
 *
 * @example
 * import { softmax } from 'layerwise/nn';
 * softmax([5, 2, -1, 3]); // [.842, .042, .002, .114]
 */
export function softmax(z: readonly number[]): number[] {
  const total = logSumExp(z);
  return z.map((value) => Math.exp(value - total));
}

/** 1 for the largest (of equals the first), 0 for the rest: what softmax tends to when its input is scaled up. */
export function hardmax(z: readonly number[]): number[] {
  if (z.length === 0) throw new RangeError('hardmax: expected at least one number, got none');
  const winner = z.indexOf(Math.max(...z));
  return z.map((_, i) => (i === winner ? 1 : 0));
}
