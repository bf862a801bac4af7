import { readFileSync } from 'node:fs';
import { z } from 'zod';

const notebook = z.object({
  metadata: z.object({
    layerwise: z
      .object({
        picture: z.string().optional(),
        aim: z.string().optional(),
        'node-only': z.string().optional(),
      })
      .optional(),
  }),
});

/** What a chapter says of itself in its notebook's metadata. */
export interface Head {
  /** The cell whose figure stands for the chapter. */
  readonly picture?: string;
  /** What a reader wants who should read up to this chapter, such as "I want to understand back-propagation". */
  readonly aim?: string;
  /** Why its cells run in the notebook alone, and not in the page. */
  readonly 'node-only'?: string;
}

export const readHead = (file: string): Head =>
  notebook.parse(JSON.parse(readFileSync(file, 'utf8'))).metadata.layerwise ?? {};

/**
 * The chapters that a reader needs for one of them, in order, itself last: those that it names as to be known before,
 * and theirs.
 */
export function pathTo<T extends { readonly number: string; readonly before: string }>(
  goal: T,
  chapters: readonly T[],
): T[] {
  const needed = new Set<T>();
  const add = (chapter: T): void => {
    if (needed.has(chapter)) return;
    needed.add(chapter);
    for (const number of numbersIn(chapter.before))
      for (const before of chapters.filter((one) => one.number === number)) add(before);
  };
  add(goal);
  return [...chapters.filter((chapter) => chapter !== goal && needed.has(chapter)), goal];
}

/** The numbers of chapters in a text such as "chapters 02 to 05 and A1". */
export function numbersIn(text: string): string[] {
  return [...text.matchAll(/\b(A\d|\d\d)\b(?: to (\d\d)\b)?/g)].flatMap(([, from, to]) =>
    to === undefined
      ? [from]
      : Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, i) =>
          String(Number(from) + i).padStart(2, '0'),
        ),
  );
}
