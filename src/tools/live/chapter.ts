import type { Traced } from './plan';

/** A cell that a page can run, as the kernel's compiler made it. Plain data: pages and workers read it. */
export interface RunnableCell extends Traced {
  readonly id: string;
  /** Its script: an expression that runs the cell. */
  readonly script: string;
  readonly isAsync: boolean;
  /** The variables that each step of it sets; the first are there from the beginning. */
  readonly steps: readonly (readonly string[])[];
  /** For each line of the script, from 0, the line of the cell, from 1; 0 where there is none. */
  readonly lines: readonly number[];
  /** The packs that its imports need. */
  readonly packs: readonly string[];
}

/** A cell that a page can't run, and a sentence that says why. */
export interface NotebookOnlyCell {
  readonly id: string;
  readonly reason: string;
}

/** A cell that the compiler refuses, as its lesson: it is checked when it runs. */
export interface RefusedCell {
  readonly id: string;
  readonly isRefused: true;
}

export type LiveCell = RunnableCell | NotebookOnlyCell | RefusedCell;

/** A code cell as it is written. */
export interface CellText {
  readonly id: string;
  readonly source: string;
  /** Why it runs in the notebook alone, where its author says so. */
  readonly nodeOnly?: string;
  /** Whether the compiler refuses it, as its lesson. */
  readonly isRefused?: boolean;
  /** Whether it shows times, which are the machine's own. */
  readonly hasOwnTimes?: boolean;
}

/** The code cells of a chapter, in order. */
export interface LiveChapter {
  readonly name: string;
  readonly texts: readonly CellText[];
  readonly cells: readonly LiveCell[];
  /** The notebook that is handed in with what readers wrote, where its page has exercises. */
  readonly notebook?: HandIn;
}

/** A notebook to hand in: its file's name and text. */
export interface HandIn {
  readonly file: string;
  readonly text: string;
}

export const isRunnable = (cell: LiveCell): cell is RunnableCell => 'script' in cell;
export const isNotebookOnly = (cell: LiveCell): cell is NotebookOnlyCell => 'reason' in cell;
