const MAX_DIGITS = 5;

/**
 * A number as a table shows it: whole numbers as they are, others with five significant digits, very large and very
 * small ones with a power of ten.
 */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-4
    ? value.toExponential(MAX_DIGITS - 2)
    : String(Number(value.toPrecision(MAX_DIGITS)));
}
