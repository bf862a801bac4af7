// What a page and its worker say to each other.
import type { CellText, RunnableCell } from '../chapter';
import type { Revised } from '../workshop';

/** One result in several forms: texts, JSON as text, binary content as base64. */
export type Bundle = Readonly<Record<string, string>>;

/** A call in a cell that led to an error. */
export interface CellFrame {
  readonly cell: string;
  readonly line: number;
  /** The function's name; empty for the cell itself. */
  readonly name: string;
}

export type ToWorker =
  | { readonly kind: 'pack'; readonly text: string }
  | { readonly kind: 'redraw'; readonly id: string; readonly values: unknown }
  | ({
      readonly kind: 'run';
      /** To what the cell asks, in this order. */
      readonly answers: readonly string[];
    } & Pick<RunnableCell, 'id' | 'script' | 'isAsync' | 'steps' | 'lines'>);

/** What a cell asks the reader. */
export interface Question {
  readonly text: string;
  /** Whether the answer isn't to be seen. */
  readonly isHidden: boolean;
}

/** What a cell shows. */
export type CellOutput =
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'display'; readonly bundle: Bundle; readonly id?: string; readonly update?: boolean }
  | { readonly kind: 'clear'; readonly wait: boolean }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly frames: readonly CellFrame[];
      /** What the compiler says of a cell that it refuses, in the place of message and frames. */
      readonly lines?: readonly string[];
    };

export type FromWorker =
  | { readonly kind: 'output'; readonly cell: string; readonly output: CellOutput }
  | { readonly kind: 'ready'; readonly problem?: string }
  // Of what is explored: plotly's JSON, or why there is none.
  | { readonly kind: 'redrawn'; readonly id: string; readonly figure?: string; readonly problem?: string }
  | { readonly kind: 'done'; readonly cell: string; readonly failed: boolean }
  // The cell has ended at a question that was not answered yet.
  | { readonly kind: 'asks'; readonly cell: string; readonly question: Question };

/** What a page asks of its compiler. */
export type ToWorkshop =
  | { readonly kind: 'chapter'; readonly texts: readonly CellText[] }
  | {
      readonly kind: 'revise';
      readonly changed: readonly (readonly [cell: string, text: string])[];
      readonly asked: string;
    };

export type FromWorkshop =
  { readonly kind: 'revised'; readonly revised: Revised } | { readonly kind: 'broken'; readonly problem: string };
