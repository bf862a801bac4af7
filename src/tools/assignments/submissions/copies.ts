import type { Content } from './read-file';

/** A notebook that was handed in for an assignment. */
export interface Copy {
  /** Where it lies, from the folder that was named. */
  readonly file: string;
  readonly modified?: number;
  readonly read: () => Promise<Content>;
}

/** Which of a student's copies counts, and why; `said` is undefined where there was but one. */
export interface Chosen<T extends Copy> {
  readonly copy: T;
  readonly said?: string;
}

/** Zip archives keep times to two seconds. */
const SAME_MS = 2000;
const MOST_READ = 20;

const timeOf = ({ modified }: Copy): string =>
  modified === undefined
    ? 'its time is unknown'
    : `${new Date(modified).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * Which of several copies counts: one that can be read before one that can't; of these the newest, by the time inside
 * its archive, else by the file's;
 * where times are equal or unknown, the one with more answers; then the first by name.
 *
 * @param solved how many answers a copy holds; undefined where it is no notebook.
 */
export async function chooseCopy<T extends Copy>(
  copies: readonly T[],
  solved: (content: Buffer) => number | undefined,
): Promise<Chosen<T>> {
  if (copies.length === 1) return { copy: copies[0] };
  const byTime = [...copies].sort(
    (a, b) => (b.modified ?? Infinity) - (a.modified ?? Infinity) || (a.file < b.file ? -1 : 1),
  );
  const looked: { readonly copy: T; readonly answers: number | undefined }[] = [];
  for (const copy of byTime.slice(0, MOST_READ)) {
    const content = await copy.read();
    looked.push({ copy, answers: 'problem' in content ? undefined : solved(content) });
  }
  const readable = looked.filter(({ answers }) => answers !== undefined);
  const { best, why } = newestOf(readable.length > 0 ? readable : looked);
  const others = byTime.filter((copy) => copy !== best).map((copy) => `${copy.file} (${timeOf(copy)})`);
  return {
    copy: best,
    said: `handed in ${copies.length} times; graded: ${best.file} (${timeOf(best)}), ${why}; not graded: ${others.join(', ')}`,
  };
}

function newestOf<T extends Copy>(
  copies: readonly { readonly copy: T; readonly answers: number | undefined }[],
): { readonly best: T; readonly why: string } {
  const newest = Math.max(...copies.map(({ copy }) => copy.modified ?? -Infinity));
  const latest = copies.filter(({ copy: { modified } }) => modified === undefined || newest - modified < SAME_MS);
  if (latest.length === 1)
    return { best: latest[0].copy, why: copies.length === 1 ? 'the one that can be read' : 'the newest' };
  const most = Math.max(...latest.map(({ answers }) => answers ?? 0));
  const withMost = latest
    .filter(({ answers }) => (answers ?? 0) === most)
    .sort((a, b) => (a.copy.file < b.copy.file ? -1 : 1));
  return {
    best: withMost[0].copy,
    why:
      withMost.length === 1
        ? 'the one with most answers, as their times are equal or unknown'
        : 'the first by name, as neither times nor answers tell them apart',
  };
}
