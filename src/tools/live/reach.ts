import { merge, type Effects, type Touched } from './effects';

/** What a cell declares and does. */
export interface CellEffects {
  readonly declares: ReadonlySet<string>;
  readonly effects: Effects;
}

/** What a cell does, with what the functions do that it names, its own or those of earlier cells. */
export function reachOf(cells: readonly CellEffects[], at: number): Touched {
  const { declares, effects } = cells[at];
  const all: Touched = { uses: new Set(), changes: new Set(), trains: false };
  merge(all, effects);
  const declaring = (name: string): CellEffects | undefined =>
    cells.slice(0, at + 1).findLast((cell) => cell.declares.has(name));
  // A set is walked to the end while it grows.
  for (const name of all.uses) {
    const later = declaring(name)?.effects.later.get(name);
    if (later) merge(all, later);
  }
  for (const name of all.uses) if (declaring(name)?.effects.generators.has(name)) all.changes.add(name);
  // What its functions need must be there when they are called.
  for (const later of effects.later.values()) later.uses.forEach((name) => all.uses.add(name));
  if (all.trains) for (const name of all.uses) if (!declaring(name)?.effects.fixed.has(name)) all.changes.add(name);
  // A cell finds under its own names what it puts there.
  declares.forEach((name) => all.uses.delete(name));
  return all;
}
