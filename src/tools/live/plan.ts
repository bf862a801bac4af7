/** A cell among those of its chapter: which variables it uses, declares and changes, functions that it calls included. */
export interface Traced {
  readonly uses: readonly string[];
  readonly declares: readonly string[];
  readonly changes: readonly string[];
}

/**
 * The cells that must run before a cell, in order, so that all that it uses is as if the chapter had run from its
 * beginning: those that declare or change it, where they haven't run, or others have changed it meanwhile.
 *
 * @param cells the chapter's cells, in order.
 * @param log what has run so far, in order; a cell may have run more than once.
 */
export function planFor<Cell extends Traced>(cell: Cell, cells: readonly Cell[], log: readonly Cell[]): Cell[] {
  const plan = new Set<Cell>();
  for (let before = -1; before < plan.size;) {
    before = plan.size;
    const runs = [...cells.filter((one) => plan.has(one)), cell];
    runs.forEach((one, at) => {
      const past = [...log, ...runs.slice(0, at)];
      for (const name of one.uses) {
        const writers = writersFor(name, one, cells);
        if (!isAsAfter(writers, name, past)) writers.forEach((writer) => plan.add(writer));
        else writers.filter((writer) => isBehind(writer, cells, past)).forEach((writer) => plan.add(writer));
      }
    });
  }
  return cells.filter((one) => plan.has(one));
}

const writes = ({ declares, changes }: Traced, name: string): boolean =>
  declares.includes(name) || changes.includes(name);

/** The cells that make a variable what a cell finds in it, from its declaration on. */
function writersFor<Cell extends Traced>(name: string, cell: Cell, cells: readonly Cell[]): Cell[] {
  const earlier = cells.slice(0, cells.indexOf(cell));
  const declared = earlier.findLastIndex(({ declares }) => declares.includes(name));
  return earlier.filter((one, at) => at >= declared && writes(one, name));
}

/** Whether something that a cell builds on has run again since: it may hold on to what was there before. */
function isBehind<Cell extends Traced>(cell: Cell, cells: readonly Cell[], past: readonly Cell[]): boolean {
  const at = past.lastIndexOf(cell);
  const sources = new Set(cell.uses.flatMap((name) => writersFor(name, cell, cells)));
  return [...sources].some((source) => past.lastIndexOf(source) > at || isBehind(source, cells, past));
}

/** Whether those have made a variable what it is, in this order and no others since. */
function isAsAfter<Cell extends Traced>(writers: readonly Cell[], name: string, past: readonly Cell[]): boolean {
  if (writers.length === 0) return true;
  const begin = past.lastIndexOf(writers[0]);
  const written = past.slice(begin).filter((one) => writes(one, name));
  return begin >= 0 && written.length === writers.length && written.every((one, at) => one === writers[at]);
}
