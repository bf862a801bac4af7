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
  const writers = new Writers(cells);
  const plan = new Set<Cell>();
  for (let before = -1; before < plan.size;) {
    before = plan.size;
    const runs = [...cells.filter((one) => plan.has(one)), cell];
    runs.forEach((one, at) => {
      const past = [...log, ...runs.slice(0, at)];
      const isBehind = behindIn(past, writers);
      for (const name of one.uses) {
        const own = writers.of(name, one);
        const isRight = isAsAfter(own, name, past);
        own.filter((writer) => !isRight || isBehind(writer)).forEach((writer) => plan.add(writer));
      }
    });
  }
  return cells.filter((one) => plan.has(one));
}

const writes = ({ declares, changes }: Traced, name: string): boolean =>
  declares.includes(name) || changes.includes(name);

/** Who makes variables what cells find in them; a plan asks for the same again and again. */
class Writers<Cell extends Traced> {
  private readonly known = new Map<Cell, Map<string, readonly Cell[]>>();

  constructor(private readonly cells: readonly Cell[]) {}

  /** The cells that make a variable what a cell finds in it, from its declaration on. */
  of(name: string, cell: Cell): readonly Cell[] {
    const known = this.known.get(cell) ?? new Map<string, readonly Cell[]>();
    this.known.set(cell, known);
    const found = known.get(name) ?? this.find(name, cell);
    known.set(name, found);
    return found;
  }

  private find(name: string, cell: Cell): Cell[] {
    const earlier = this.cells.slice(0, this.cells.indexOf(cell));
    const declared = earlier.findLastIndex(({ declares }) => declares.includes(name));
    return earlier.filter((one, at) => at >= declared && writes(one, name));
  }
}

/** Tells whether something that a cell builds on has run again since: it may hold on to what was there before. */
function behindIn<Cell extends Traced>(past: readonly Cell[], writers: Writers<Cell>): (cell: Cell) => boolean {
  const lastRun = new Map(past.map((one, at) => [one, at]));
  const known = new Map<Cell, boolean>();
  const isBehind = (cell: Cell): boolean => {
    const found =
      known.get(cell) ??
      cell.uses
        .flatMap((name) => writers.of(name, cell))
        .some((source) => (lastRun.get(source) ?? -1) > (lastRun.get(cell) ?? -1) || isBehind(source));
    known.set(cell, found);
    return found;
  };
  return isBehind;
}

/** Whether those have made a variable what it is, in this order and no others since. */
function isAsAfter<Cell extends Traced>(writers: readonly Cell[], name: string, past: readonly Cell[]): boolean {
  if (writers.length === 0) return true;
  const begin = past.lastIndexOf(writers[0]);
  const written = past.slice(begin).filter((one) => writes(one, name));
  return begin >= 0 && written.length === writers.length && written.every((one, at) => one === writers[at]);
}
