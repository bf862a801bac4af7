/** What an operation made whose length the data decide. */
export interface ByData {
  readonly op: string;
  /** Its name in the graph. */
  readonly name: string;
  readonly shape: readonly number[];
}

const OPERATIONS = /^(?:Unique|Where|NonMaxSuppression|SparseFillEmptyRows|StringSplit|StringNGrams|Ragged)/;

/** Whether values, not only shapes, decide how much an operation makes. */
export const dataDecide = (op: string): boolean => OPERATIONS.test(op);
