import type { Result } from '../result';

/** What a submission has in all: its tests, and its answers in words as far as they are marked. */
export function pointsWithWords({ points, max, words = [] }: Result): {
  readonly points: number;
  readonly max: number;
} {
  return {
    points: words.reduce((sum, { mark }) => sum + (mark?.points ?? 0), points),
    max: words.reduce((sum, word) => sum + word.max, max),
  };
}
