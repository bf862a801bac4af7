import { identifiersOf } from '../notebook';
import { isRunnable, type CellText, type LiveCell } from './chapter';
import { planFor } from './plan';

/** A cell that the compiler refuses, and the names that it would declare. */
export interface Refused {
  readonly id: string;
  readonly declares: readonly string[];
}

/**
 * The changed cell that a cell builds on though the compiler refuses it; undefined: none. In the kernel the cell would
 * find what was declared before; in a page that would be what nobody sees any more.
 */
export function blockerOf<T extends Refused>(
  asked: string,
  cells: readonly LiveCell[],
  texts: readonly CellText[],
  refused: readonly T[],
): T | undefined {
  const cell = cells.filter(isRunnable).find(({ id }) => id === asked);
  if (!cell || refused.length === 0) return undefined;
  const refusedAt = ({ id }: LiveCell): T | undefined => refused.find((one) => one.id === id);
  const declares = (one: LiveCell, name: string): boolean =>
    ((isRunnable(one) ? one.declares : refusedAt(one)?.declares) ?? []).includes(name);
  for (const { id, uses, declares: own } of [...planFor(cell, cells.filter(isRunnable), []), cell]) {
    const at = texts.findIndex((text) => text.id === id);
    // What nothing declares is not among what the compiled cell uses.
    const mentioned = [...identifiersOf(texts[at].source)].filter((name) => !own.includes(name));
    for (const name of [...uses, ...mentioned]) {
      const last = cells.slice(0, at).findLast((one) => declares(one, name));
      if (last && !isRunnable(last)) return refusedAt(last);
    }
  }
  return undefined;
}
