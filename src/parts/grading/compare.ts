import { describe, strangeness, TensorData, type Outcome } from './values';

/** Decides whether what came back is right. It runs in the grader, never beside the answer. */
export interface Comparer {
  /** What is expected, in words: shown for visible tests alone. */
  readonly expected: string;
  /** The name of the error that is expected, where one is. */
  readonly error?: string;
  /** Where numbers are expected: 0 if all are finite, 1 if one is infinite, 2 if one is NaN. */
  readonly strangeness?: number;
  /** What came back in words, where the value itself is too long to tell anything: shown for visible tests alone. */
  tell?(returned: unknown): string;
  accepts(outcome: Outcome): boolean;
}

export interface Tolerance {
  /** Largest difference (default 1e-6). */
  readonly atol?: number;
  /** Largest difference in proportion to the expected number (default 1e-6). */
  readonly rtol?: number;
}

/** The value itself: numbers, texts, lists and records of these. 0 and −0 are the same, NaN equals NaN. */
export const exactly = (value: unknown): Comparer => ({
  expected: describe(value),
  strangeness: strangeness(value),
  accepts: (outcome) =>
    'returned' in outcome &&
    matches(
      outcome.returned,
      value,
      (actual, wanted) => actual === wanted || (Number.isNaN(actual) && Number.isNaN(wanted)),
    ),
});

/**
 * Numbers, alone or in lists and records, within a tolerance: |actual − expected| ≤ atol + rtol · |expected|, as in
 * NumPy's `allclose`.
 * Tensors count as the lists of their values where a list is expected.
 */
export function near(value: unknown, { atol = 1e-6, rtol = 1e-6 }: Tolerance = {}): Comparer {
  const close = (actual: number, wanted: number): boolean =>
    actual === wanted ||
    (Number.isNaN(actual) && Number.isNaN(wanted)) ||
    Math.abs(actual - wanted) <= atol + rtol * Math.abs(wanted);
  return {
    expected: `${describe(value, rtol > 0 ? 7 : 12)}, within ${atol > 0 ? atol : `${rtol} of its size`}`,
    strangeness: strangeness(value),
    accepts: (outcome) => 'returned' in outcome && matches(outcome.returned, value, close),
  };
}

/** A tensor of this shape and type with these values, in row-major order. */
export function nearTensor(
  shape: readonly number[],
  values: readonly number[],
  { dtype = 'float32', ...tolerance }: Tolerance & { readonly dtype?: string } = {},
): Comparer {
  const content = near(values, tolerance);
  return {
    expected: `a ${dtype} tensor of shape [${shape.join(', ')}]: ${describe(values)}`,
    strangeness: content.strangeness,
    accepts: (outcome) =>
      'returned' in outcome &&
      outcome.returned instanceof TensorData &&
      outcome.returned.dtype === dtype &&
      matches(outcome.returned.shape, shape, (a, b) => a === b) &&
      content.accepts({ returned: outcome.returned.values }),
  };
}

/** An error with this name, for example "RangeError". */
export const throws = (name: string): Comparer => ({
  expected: `a ${name}`,
  error: name,
  accepts: (outcome) => 'thrown' in outcome && outcome.thrown.name === name,
});

/** A value for which a property holds. `tell` puts what came back into words. */
export const satisfies = (
  property: string,
  holds: (value: unknown) => boolean,
  tell?: (value: unknown) => string,
): Comparer => ({ expected: property, tell, accepts: (outcome) => 'returned' in outcome && holds(outcome.returned) });

/** Numbers, by name, that each lie in a band (both ends count): outcomes of a training. */
export function inBands(bands: Readonly<Record<string, readonly [number, number]>>): Comparer {
  const texts = Object.entries(bands).map(([name, [low, high]]) => `${name} from ${low} to ${high}`);
  return satisfies(texts.join(', '), (value) =>
    Object.entries(bands).every(([name, [low, high]]) => {
      const found = property(value, name);
      return typeof found === 'number' && found >= low && found <= high;
    }),
  );
}

/** A number in a band (both ends count). */
export const between = (low: number, high: number): Comparer =>
  satisfies(`a number from ${low} to ${high}`, (value) => typeof value === 'number' && value >= low && value <= high);

/** A property of data, or undefined where there is none. */
export const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

function matches(actual: unknown, expected: unknown, same: (actual: number, expected: number) => boolean): boolean {
  if (typeof expected === 'number') return typeof actual === 'number' && same(actual, expected);
  if (Array.isArray(expected)) {
    const items: unknown = actual instanceof TensorData ? actual.values : actual;
    return (
      Array.isArray(items) &&
      items.length === expected.length &&
      expected.every((item, i) => matches(items[i], item, same))
    );
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  const keys = Object.keys(expected);
  return (
    Object.keys(actual).length === keys.length &&
    keys.every((key) => matches(property(actual, key), property(expected, key), same))
  );
}
