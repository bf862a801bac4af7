import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resultsSchema, type ResultRow } from '../../parts/experiments/results';
import type { Place } from './place';

/** The rows of a chapter's table; none where there is no table yet. */
export function readRows({ results }: Pick<Place, 'results'>): readonly ResultRow[] {
  if (!existsSync(results)) return [];
  try {
    return resultsSchema.parse(JSON.parse(readFileSync(results, 'utf8'))).rows;
  } catch (error) {
    throw new Error(
      `${results}: expected a table of results (${error instanceof Error ? error.message : String(error)}); restore it with git, or delete it to compute all rows anew`,
      { cause: error },
    );
  }
}

/**
 * Puts a row in its place, whole or not at all. Rows of other data sets, and those that were not run, stay; a new row
 * comes where `order` has it, so that the table doesn't depend on which was done first.
 */
export function storeRow(place: Place, row: ResultRow, order: readonly string[]): void {
  const known = readRows(place);
  const rows = known.some(({ id }) => id === row.id)
    ? known.map((old) => (old.id === row.id ? row : old))
    : inserted(known, row, order);
  mkdirSync(path.dirname(place.results), { recursive: true });
  const part = `${place.results}.${process.pid}.new`;
  writeFileSync(part, `${JSON.stringify({ chapter: place.chapter, rows }, undefined, 1)}\n`);
  renameSync(part, place.results);
}

/** After the nearest of those before it in the order that is there; else before the nearest after it; else last. */
function inserted(known: readonly ResultRow[], row: ResultRow, order: readonly string[]): readonly ResultRow[] {
  const at = (id: string | undefined): number => known.findIndex((other) => other.id === id);
  const own = order.indexOf(row.id);
  const before = at(order.slice(0, own).findLast((id) => at(id) >= 0));
  const after = at(order.slice(own + 1).find((id) => at(id) >= 0));
  const index = before >= 0 ? before + 1 : after >= 0 ? after : known.length;
  return [...known.slice(0, index), row, ...known.slice(index)];
}
