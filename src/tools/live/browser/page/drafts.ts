/** What readers wrote in a page, kept in this browser: it outlives a reload, and is sent nowhere. */
export class Drafts {
  private readonly key: string;

  /** @param page of the course: pages from files share what a browser keeps. */
  constructor(page: string) {
    this.key = `layerwise/${page}`;
  }

  /** By the ids of cells. What is damaged or forbidden counts as nothing. */
  read(): Map<string, string> {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.key) ?? '{}');
      const entries: [string, unknown][] = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
      return new Map(entries.filter((entry): entry is [string, string] => isText(entry[1])));
    } catch {
      return new Map();
    }
  }

  /** Keeps a cell's text, or forgets it. Answers with what is wrong, where it can't be kept. */
  keep(cell: string, text: string | undefined): string | undefined {
    // The page may be open twice: what was written there stays.
    const kept = this.read();
    if (text === undefined) kept.delete(cell);
    else kept.set(cell, text);
    try {
      if (kept.size === 0) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(kept)));
      return undefined;
    } catch {
      return 'this browser does not keep what you write: export it before you leave';
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
