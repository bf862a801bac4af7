import { isRunnable, type LiveCell, type RunnableCell } from '../../chapter';
import { planFor } from '../../plan';
import type { RefusedChange } from '../../workshop';

/**
 * The changed cell that a cell builds on though the compiler refuses it; undefined: none. In the kernel the cell would
 * find what was declared before; here that would be what nobody sees any more.
 */
export function blockerOf(
  cell: RunnableCell,
  cells: readonly LiveCell[],
  refused: readonly RefusedChange[],
): RefusedChange | undefined {
  if (refused.length === 0) return undefined;
  const refusedAt = ({ id }: LiveCell): RefusedChange | undefined => refused.find((one) => one.id === id);
  const places = planFor(cell, cells.filter(isRunnable), []).concat(cell);
  for (const { id, uses } of places) {
    const earlier = cells.slice(
      0,
      cells.findIndex((one) => one.id === id),
    );
    for (const name of uses) {
      const last = earlier.findLast((one) =>
        (isRunnable(one) ? one.declares : refusedAt(one)?.declares)?.includes(name),
      );
      if (last && !isRunnable(last)) return refusedAt(last);
    }
  }
  return undefined;
}
