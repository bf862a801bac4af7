import { hasTag, readNotebook, type Cell } from '../../notebook';
import { referenceFile } from '../assignment';
import { WRITTEN_POINTS } from '../release/student-notebook';

/** A task that is answered in words, as the notebook with the reference answers holds it. */
export interface WrittenTask {
  /** Id of the cell for the answer. */
  readonly question: string;
  /** Text of the cell before it, in Markdown. */
  readonly task: string;
  readonly taskId: string;
  readonly max: number;
}

/** The cells of a notebook as they were given out. */
export interface GivenOut {
  readonly tasks: readonly WrittenTask[];
  readonly cells: readonly Pick<Cell, 'id' | 'cell_type' | 'source'>[];
}

const known = new Map<string, GivenOut>();

/** What students of an assignment were given, and what they are asked to answer in words. */
export function givenOut(assignment: string): GivenOut {
  const made = known.get(assignment) ?? load(assignment);
  known.set(assignment, made);
  return made;
}

function load(assignment: string): GivenOut {
  const { cells } = readNotebook(referenceFile(assignment)).content;
  const tasks = cells.flatMap((cell, i) => {
    if (cell.cell_type !== 'markdown' || !hasTag(cell, 'written')) return [];
    const before = cells.at(i - 1);
    return [{ question: cell.id, task: before?.source ?? '', taskId: before?.id ?? '', max: WRITTEN_POINTS }];
  });
  return { tasks, cells };
}
