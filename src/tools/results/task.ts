import type { Measures } from '../../parts/experiments';
import type { ResultRow } from '../../parts/experiments/results';

/** A row to compute. */
export interface Task {
  /** The compiled module that exports the experiments. */
  readonly module: string;
  /** The experiment's. */
  readonly id: string;
  /** What the row is called: the id, after the data where they depend on the machine. */
  readonly rowId: string;
  readonly seeds: number;
}

/** What the process that computes a row says: each seed, and at last the row or why there is none. */
export type Answer =
  { readonly seed: number; readonly measures: Measures } | { readonly row: ResultRow } | { readonly error: string };
