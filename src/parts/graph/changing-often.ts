/** So many changes cost nothing but another trace each. */
const FREE = 5;
const [FIRST_WAIT, MOST_WAIT] = [8, 64];
/** After so many runs of graphs without a change, earlier ones are forgotten. */
const ENOUGH_RUNS = 50;

/**
 * Counts how often something changes that a graph holds. Each change costs an eager call, two traces and a graph to load:
 * after a few of them a function waits with that, each time twice as long, and runs eagerly meanwhile.
 */
export class ChangingOften {
  private changes = 0;
  private waits = 0;
  private runs = 0;

  /** Something has changed. Returns whether it waits now for the first time. */
  noteChange(): boolean {
    this.runs = 0;
    this.changes++;
    if (this.changes > FREE) this.waits = Math.min(FIRST_WAIT * 2 ** (this.changes - FREE - 1), MOST_WAIT);
    return this.changes === FREE + 1;
  }

  /** A graph has run. */
  noteRun(): void {
    this.runs++;
    if (this.runs >= ENOUGH_RUNS) this.changes = 0;
  }

  /** Whether this call is one to wait. */
  isWaiting(): boolean {
    if (this.waits === 0) return false;
    this.waits--;
    return true;
  }
}
