import { closest, distance } from 'fastest-levenshtein';

/** ` (did you mean …?)` where one of the known names is near to what was given; else nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const name = closest(given.toLowerCase(), [...known]);
  return distance(given.toLowerCase(), name) <= Math.max(2, given.length / 3) ? ` (did you mean ${name}?)` : '';
}
