import type { Cell, NotebookContent } from '../notebook';
import { readNotebook } from '../notebook';
import { assignment, referenceFile } from './assignment';
import { studentNotebook, WRITTEN_STUB } from './release/student-notebook';
import type { WordsResult } from './result';
import type { HandedInCell } from './submissions/read-notebook';

const squeeze = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, '');
const declares = (source: string): string | undefined => /^(?:async )?function (\w+)\(/m.exec(source)?.[1];

/**
 * A submission as nbgrader can take it in: each cell that was given out is known again, by its id, by nbgrader's, or by
 * its text, and has the metadata with which it was given out.
 * Answers in words stand in the cells for them; what a person must look at begins with the reason.
 */
export function forNbgrader(
  name: string,
  cells: readonly HandedInCell[],
  words: readonly WordsResult[],
): NotebookContent {
  const given = studentNotebook(readNotebook(referenceFile(name)), assignment(name));
  const isWords = ({ id }: Pick<Cell, 'id'>): boolean => words.some(({ question }) => question === id);
  // It stands in the answer's cell again, below.
  const isTaken = ({ id, gradeId, type, source }: HandedInCell): boolean =>
    words.some(
      ({ question, answer }) =>
        id === question ||
        gradeId === question ||
        (type !== 'code' && (source.trim() === WRITTEN_STUB || (answer !== '' && answer.includes(source.trim())))),
    );
  const placed = new Map<string, Cell>();
  const made = cells.flatMap((cell, i): Cell[] => {
    const known = given.cells.find((one) => !placed.has(one.id) && !isWords(one) && isSame(cell, one));
    if (!known && isTaken(cell)) return [];
    const whole = known ? { ...known, source: cell.source } : ownCell(cell, i);
    if (known) placed.set(known.id, whole);
    return [whole];
  });
  // What is gone comes back behind the cell that it was given out behind; answers in words get their place anew.
  for (const [i, cell] of given.cells.entries()) {
    if (placed.has(cell.id) || !('nbgrader' in cell.metadata)) continue;
    const before = given.cells
      .slice(0, i)
      .reverse()
      .map(({ id }) => placed.get(id))
      .find((one) => one !== undefined);
    const answer = words.find(({ question }) => question === cell.id);
    const back = answer ? { ...cell, source: answerText(answer, cell.source) } : cell;
    made.splice(before ? made.indexOf(before) + 1 : made.length, 0, back);
    placed.set(cell.id, back);
  }
  return { ...given, cells: made };
}

const answerText = ({ answer, why }: WordsResult, untouched: string): string =>
  answer === '' ? untouched : why === undefined ? answer : `*To be looked at by a person: ${why}.*\n\n${answer}`;

function isSame({ id, gradeId, type, source }: HandedInCell, given: Cell): boolean {
  if ((type === 'code') !== (given.cell_type === 'code')) return false;
  if (id === given.id || gradeId === given.id || squeeze(source) === squeeze(given.source)) return true;
  return type === 'code' && declares(given.source) !== undefined && declares(given.source) === declares(source);
}

function ownCell({ type, source }: HandedInCell, i: number): Cell {
  const own = { id: `own-${i + 1}`, metadata: {}, source };
  return type === 'code'
    ? { ...own, cell_type: type, outputs: [], execution_count: null }
    : { ...own, cell_type: type };
}
