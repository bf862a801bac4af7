import { hasTag, readNotebook, type Cell, type Notebook, type NotebookContent } from '../../notebook';
import { assignment as assignmentOf, CHECK_CELL, type Assignment, type GradedExercise } from '../assignment';
import { CHECKED, hasSolution, MARK, replaceSolution, STUB, WRITTEN_SOLUTION } from './solutions';

/** Points of an answer in words, which a person gives. */
export const WRITTEN_POINTS = 2;

/** What learners find in place of an answer in words. */
export const WRITTEN_STUB = '*Your answer here.*';

/** What nbgrader wants to know of a cell (its schema 3). */
function nbgrader(
  id: string,
  words: { readonly grade: boolean; readonly solution: boolean; readonly locked: boolean; readonly points?: number },
): object {
  return { nbgrader: { schema_version: 3, grade_id: id, task: false, ...words } };
}

/** The exercise that a cell of the notebook belongs to: its answer, or its check. */
function exerciseOf(cell: Cell, assignment: Assignment): GradedExercise | undefined {
  const name = (hasSolution(cell.source) ? /^(?:async )?function (\w+)\(/m : CHECKED).exec(cell.source)?.[1];
  return assignment.exercises.find(({ exercise }) => exercise.name === name);
}

/**
 * A notebook as students get it: a stub in place of each answer, cells that check locked, no outputs.
 * The points in nbgrader's metadata are those of all tests, the hidden ones too.
 *
 * @throws Error where a cell has an answer or a check that no exercise belongs to, or a mark that has no partner.
 */
export function studentNotebook(notebook: Notebook, assignment: Assignment): NotebookContent {
  const cells = notebook.content.cells.map((cell): Cell => {
    if (cell.cell_type === 'code') {
      const clear = { ...cell, outputs: [], execution_count: null };
      if (!hasSolution(cell.source) && !CHECK_CELL.test(cell.id)) return clear;
      const exercise = exerciseOf(cell, assignment);
      if (!exercise) throw new Error(`${notebook.file}: cell "${cell.id}" belongs to no exercise that is defined`);
      if (hasSolution(cell.source))
        return {
          ...clear,
          source: replaceSolution(cell.source, STUB),
          metadata: { ...cell.metadata, ...nbgrader(cell.id, { grade: false, solution: true, locked: false }) },
        };
      return {
        ...clear,
        metadata: {
          ...cell.metadata,
          deletable: false,
          editable: false,
          ...nbgrader(cell.id, { grade: true, solution: false, locked: true, points: exercise.max }),
        },
      };
    }
    if (!hasTag(cell, 'written')) return cell;
    return {
      ...cell,
      source: cell.source.replace(WRITTEN_SOLUTION, WRITTEN_STUB),
      metadata: {
        ...cell.metadata,
        ...nbgrader(cell.id, { grade: true, solution: true, locked: false, points: WRITTEN_POINTS }),
      },
    };
  });
  for (const { id, source } of cells)
    if (MARK.test(source))
      throw new Error(
        `${notebook.file}: cell "${id}" still has the mark "${MARK.exec(source)?.[0]}": is its partner missing or misspelled?`,
      );
  const missing = assignment.exercises.filter(
    ({ exercise }) => !cells.some((cell) => cell.source.includes(`await check('${exercise.name}');`)),
  );
  if (missing.length > 0)
    throw new Error(
      `${notebook.file}: has no cell that checks ${missing.map(({ exercise }) => exercise.name).join(', ')}`,
    );
  return { ...notebook.content, cells };
}

/**
 * The student version of a notebook with exercises, from its file. One without marks is a student's already: it is
 * given as it is.
 *
 * @throws Error where its answers can't be cut; the message names the cell.
 */
export function studentVersion(file: string): NotebookContent {
  const notebook = readNotebook(file);
  return notebook.content.cells.some(({ source }) => MARK.test(source))
    ? studentNotebook(notebook, assignmentOf(notebook.name))
    : notebook.content;
}
