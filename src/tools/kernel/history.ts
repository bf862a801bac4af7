import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Content } from './messages';

/** session, line, input */
export type HistoryEntry = readonly [number, number, string];

const MOST_ENTRIES = 10_000;

/**
 * Where what was run is kept: the file that LAYERWISE_HISTORY names, none where it is empty (the course's own runs are
 * not the learner's).
 */
export const historyFile = (root: string): string | undefined =>
  (process.env.LAYERWISE_HISTORY ?? path.join(root, 'build', 'kernel-history.jsonl')) || undefined;

/** What was run, in this session and before: one JSON line an entry. Without a file it lasts as long as the session. */
export class History {
  private readonly entries: HistoryEntry[] = [];
  private readonly session: number;

  constructor(private readonly file?: string) {
    for (const line of readLines(file).slice(-MOST_ENTRIES)) {
      const entry: unknown = parse(line);
      if (
        Array.isArray(entry) &&
        typeof entry[0] === 'number' &&
        typeof entry[1] === 'number' &&
        typeof entry[2] === 'string'
      )
        this.entries.push([entry[0], entry[1], entry[2]]);
    }
    this.session = this.entries.reduce((most, [session]) => Math.max(most, session), 0) + 1;
  }

  add(line: number, input: string): void {
    const entry: HistoryEntry = [this.session, line, input];
    this.entries.push(entry);
    if (this.file === undefined) return;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true });
      appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
    } catch {
      // A read-only folder: the history then lasts as long as the session.
    }
  }

  /**
   * The entries that a history_request asks for, with an empty output beside each input where it asks for outputs: they
   * aren't kept.
   */
  answer({ hist_access_type: kind, n, pattern, unique, session, start, stop, output }: Content): unknown[] {
    const count = typeof n === 'number' ? n : 0;
    const found =
      kind === 'search'
        ? this.search(typeof pattern === 'string' ? pattern : '*', count, unique === true)
        : kind === 'range'
          ? this.range(
              typeof session === 'number' ? session : 0,
              typeof start === 'number' ? start : 0,
              typeof stop === 'number' ? stop : undefined,
            )
          : this.tail(count);
    return found.map(([of, line, input]) => (output === true ? [of, line, [input, null]] : [of, line, input]));
  }

  tail(count: number): HistoryEntry[] {
    return count <= 0 ? [] : this.entries.slice(-count);
  }

  /** Lines `start` to `stop` (not included) of a session; 0 is this one, −1 the one before. */
  range(session: number, start: number, stop?: number | null): HistoryEntry[] {
    const wanted = session <= 0 ? this.session + session : session;
    return this.entries.filter(
      ([of, line]) => of === wanted && line >= start && (stop === undefined || stop === null || line < stop),
    );
  }

  /** Entries that match a pattern with * and ?, the last `count` of them; where `unique`, each input once. */
  search(pattern: string, count: number, unique: boolean): HistoryEntry[] {
    const expression = new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^]*')
        .replaceAll('?', '[^]')}$`,
    );
    const found = this.entries.filter(([, , input]) => expression.test(input));
    const kept = unique
      ? found.filter(([, , input], i) => found.findLastIndex(([, , other]) => other === input) === i)
      : found;
    return count > 0 ? kept.slice(-count) : kept;
  }
}

function readLines(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
