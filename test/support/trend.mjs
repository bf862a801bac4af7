// How fast something grows, whatever jumps once or comes and goes.

const byNumber = (a, b) => a - b;
/** Standard errors on each side of the slope. */
const WIDTH = 3;

/**
 * Growth from one value to the next, of values measured at equal distances (ten or more): the median over all pairs
 * (Theil 1950, Sen 1968), and the interval of three standard errors around it that Kendall's rank statistic gives. Up
 * to a quarter of the values may be far off.
 */
export function trend(values) {
  const slopes = values
    .flatMap((from, i) => values.slice(i + 1).map((to, distance) => (to - from) / (distance + 1)))
    .sort(byNumber);
  const n = values.length;
  const reach = WIDTH * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))];
  const middle = (slopes.length - 1) / 2;
  return {
    slope: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(middle - reach / 2),
    high: at(middle + reach / 2),
  };
}
