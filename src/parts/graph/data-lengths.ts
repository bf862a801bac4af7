/** What an operation made whose length the data decide. */
export interface ByData {
  readonly op: string;
  /** Its name in the graph. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** A graph holds for other lengths than those that it was run with. */
export class OtherLength extends Error {}

const OPERATIONS = /^(?:Unique|Where|NonMaxSuppression|SparseFillEmptyRows|StringSplit|StringNGrams|Ragged)/;

/** Whether values, not only shapes, decide how much an operation makes. */
export const dataDecide = (op: string): boolean => OPERATIONS.test(op);

/** Whether the data have decided the same lengths. */
export const areSameLengths = (one: readonly ByData[], other: readonly ByData[]): boolean =>
  String(one.map(({ shape }) => `[${shape}]`)) === String(other.map(({ shape }) => `[${shape}]`));
