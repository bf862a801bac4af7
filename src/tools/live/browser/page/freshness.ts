/** With which texts of other cells each output was made, to know which are older than what they build on. */
export class Freshness {
  /** What readers had written in a cell when it ran last; undefined: what is printed. */
  private readonly ran = new Map<string, string | undefined>();
  /** The texts behind what a cell shows; what was printed was made of what is printed. */
  private readonly made = new Map<string, ReadonlyMap<string, string | undefined>>();

  /** Whether a reader's code has run at all. */
  isOpen = false;

  /** A cell has run. */
  noteRun(id: string, text: string | undefined): void {
    this.isOpen = true;
    this.ran.set(id, text);
  }

  /** A cell shows something new. */
  noteOutput(id: string, behind: Iterable<string>): void {
    this.made.set(id, new Map([...behind].map((other) => [other, this.ran.get(other)])));
  }

  /** A cell shows again what was printed. */
  forget(id: string): void {
    this.ran.delete(id);
    this.made.delete(id);
  }

  clear(): void {
    this.isOpen = false;
    this.ran.clear();
    this.made.clear();
  }

  /** A cell that has run with another text since this one's output was made; undefined: none. */
  changedSince(id: string, behind: Iterable<string>): string | undefined {
    const made = this.made.get(id);
    return [...behind].find((other) => made?.get(other) !== this.ran.get(other));
  }
}
