export interface StepOptions {
  /** How far to go from the point (default 1e-5). */
  readonly h?: number;
  /** `central` looks to both sides, with an error of order h² (default); `forward` to one, with an error of order h. */
  readonly method?: 'central' | 'forward';
}

/**
 * The derivative of a function of one number, from differences (Nocedal and Wright, Numerical Optimization, 2006,
 * chapter 8).
 *
 * @example
 * import { numericDerivative } from 'layerwise/autodiff';
 * numericDerivative((x) => x * x, 5); // 10, to about ten digits
 */
export function numericDerivative(
  f: (x: number) => number,
  x: number,
  { h = 1e-5, method = 'central' }: StepOptions = {},
): number {
  if (!(h > 0)) throw new RangeError(`numericDerivative: expected h above 0, got ${h}`);
  return method === 'central' ? (f(x + h) - f(x - h)) / (2 * h) : (f(x + h) - f(x)) / h;
}

/** The gradient of a function of several numbers: one {@link numericDerivative} for each, the others held still. */
export function numericGradient(
  f: (point: number[]) => number,
  point: readonly number[],
  options: StepOptions = {},
): number[] {
  if (point.length === 0) throw new RangeError('numericGradient: expected at least one number, got none');
  return point.map((x, i) =>
    numericDerivative((moved) => f(point.map((other, j) => (j === i ? moved : other))), x, options),
  );
}

/** What {@link checkGradient} found. */
export interface GradientCheck {
  /** Largest difference, relative to the larger of 1 and the two numbers. */
  readonly largestError: number;
  /** Where it is. */
  readonly index: number;
  readonly isClose: boolean;
}

/**
 * Compares a gradient with differences.
 *
 * @param gradient what a formula or back-propagation says.
 * @param options `tolerance` is the largest relative error taken as equal (default 1e-6).
 */
export function checkGradient(
  f: (point: number[]) => number,
  point: readonly number[],
  gradient: readonly number[],
  options: StepOptions & { readonly tolerance?: number } = {},
): GradientCheck {
  if (gradient.length !== point.length)
    throw new RangeError(
      `checkGradient: expected a gradient of ${point.length} numbers, one for each of the point, got ${gradient.length}`,
    );
  const numeric = numericGradient(f, point, options);
  const errors = gradient.map((g, i) => Math.abs(g - numeric[i]) / Math.max(1, Math.abs(g), Math.abs(numeric[i])));
  const index = errors.reduce((worst, error, i) => (error > errors[worst] || Number.isNaN(error) ? i : worst), 0);
  return { largestError: errors[index], index, isClose: errors[index] <= (options.tolerance ?? 1e-6) };
}
