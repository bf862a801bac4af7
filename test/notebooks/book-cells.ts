// What the book shows, cell by cell, and where a page may show something else.
import { codeCells, hasTag, readNotebook, type CodeCell } from '../../src/tools/notebook';
import { inRoot } from '../support/root';
import { compare, piecesOfNotebook, piecesOfPage, type Piece } from './live-outputs';
import type { CellOutput } from '../../src/tools/live/browser/messages';

const OTHER_MESSAGE = "TensorFlow.js's own message, where the notebook shows that of the native library";
const REFUSAL = 'shows what the kernel shows, with the code around it; the book says it in short';
/** Where a page may show something else than the book, and why; beside cells that say themselves that times are own. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '00-start-here': {
    backend: 'names the back end: wasm, where the notebook has tensorflow',
    'runtime-error': OTHER_MESSAGE,
    'typed-error': REFUSAL,
  },
  '02-tensors': {
    'pitfall-shape': OTHER_MESSAGE,
    'typed-rank-error': REFUSAL,
  },
  '03-gradient-descent': {
    'error-figure': 'errors of rounding, which depend on how the engine computes powers',
    'error-best': 'newer engines compute 10 ** -5 as 0.00001, Node 20 as 0.000009999999999999999',
  },
  '04-logistic-regression': {
    'vectorized-agrees': 'a difference of rounding, 9e-7 or 1e-6',
    'pitfall-unscaled': 'a fit that diverges, so that the last digits decide',
  },
  '05-neural-networks-from-scratch': {},
  '06-first-network': {
    compatible: 'names a layer by its number, which counts the layers made so far',
    'step-18':
      'prints before and after a table: what ran the notebook puts all lines above it, the page keeps the order',
  },
};

/** The chapters whose cells run in a page. */
export const chaptersWithCells: readonly string[] = Object.keys(DIFFERENCES);

const cellsOf = (chapter: string): CodeCell[] =>
  codeCells(readNotebook(inRoot('build', 'executed', `${chapter}.ipynb`)));

/** What the executed notebook shows, by cell. */
export const bookOf = (chapter: string): ReadonlyMap<string, readonly Piece[]> =>
  new Map(cellsOf(chapter).map(({ id, outputs }) => [id, piecesOfNotebook(outputs)]));

/** How what a cell has shown in a page stands to the book. */
export const stateOf = (
  book: ReadonlyMap<string, readonly Piece[]>,
  cell: string,
  shown: readonly CellOutput[] = [],
): string => compare(book.get(cell) ?? [], piecesOfPage(shown));

/** Cells that show neither what the book shows nor what is known to differ. */
export function unexpectedIn(chapter: string, states: ReadonlyMap<string, string>): string[] {
  const own = new Set(cellsOf(chapter).flatMap((cell) => (hasTag(cell, 'own-times') ? [cell.id] : [])));
  const may = (id: string): boolean => own.has(id) || id in (DIFFERENCES[chapter] ?? {});
  return [...states]
    .filter(([id, state]) => state !== 'equal' && state !== 'digits' && !may(id))
    .map(([id, state]) => `${id}: ${state}`);
}
