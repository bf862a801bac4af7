import { hasTag, type Cell, type Notebook, type NotebookContent } from '../../notebook';
import type { Assignment, GradedExercise } from '../assignment';
import { CHECK_CELL } from '../assignment';
import { CHECKED, hasSolution, replaceSolution, STUB } from './solutions';

/** Points of an answer in words, which a person gives. */
export const WRITTEN_POINTS = 2;

const WRITTEN_SOLUTION = /<!-- BEGIN SOLUTION -->[\s\S]*?<!-- END SOLUTION -->/g;
/** What learners find in place of an answer in words. */
export const WRITTEN_STUB = '*Your answer here.*';

/** What nbgrader wants to know of a cell (its schema 3). */
function nbgrader(id: string, words: { readonly grade: boolean; readonly solution: boolean; readonly locked: boolean; readonly points?: number }): object {
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
 * @throws Error where a cell has an answer or a check that no exercise belongs to.
 */
export function studentNotebook(notebook: Notebook, assignment: Assignment): NotebookContent {
  const cells = notebook.content.cells.map((cell): Cell => {
    if (cell.cell_type === 'code') {
      const clear = { ...cell, outputs: [], execution_count: null };
      if (!hasSolution(cell.source) && !CHECK_CELL.test(cell.id)) return clear;
      const exercise = exerciseOf(cell, assignment);
      if (!exercise) throw new Error(`${notebook.file}: cell "${cell.id}" belongs to no exercise that is defined`);
      if (hasSolution(cell.source)) return { ...clear, source: replaceSolution(cell.source, STUB), metadata: { ...cell.metadata, ...nbgrader(cell.id, { grade: false, solution: true, locked: false }) } };
      return { ...clear, metadata: { ...cell.metadata, deletable: false, editable: false, ...nbgrader(cell.id, { grade: true, solution: false, locked: true, points: exercise.max }) } };
    }
    if (!hasTag(cell, 'written')) return cell;
    return { ...cell, source: cell.source.replace(WRITTEN_SOLUTION, WRITTEN_STUB), metadata: { ...cell.metadata, ...nbgrader(cell.id, { grade: true, solution: true, locked: false, points: WRITTEN_POINTS }) } };
  });
  const missing = assignment.exercises.filter(({ exercise }) => !cells.some((cell) => cell.source.includes(`await check('${exercise.name}');`)));
  if (missing.length > 0) throw new Error(`${notebook.file}: has no cell that checks ${missing.map(({ exercise }) => exercise.name).join(', ')}`);
  return { ...notebook.content, cells };
}
