/** Numbers of JavaScript's that a graph is given anew at each call. */
export interface Changing {
  readonly read: () => Float32Array | Int32Array;
  /** Whose they are: an optimizer's rate, the seeds of a layer. */
  readonly of: object;
  /** Takes back what reading has changed, where the call fails. */
  readonly back?: () => void;
}

/** One number stands alone, several in a row. */
export const shapeOf = ({ length }: Float32Array | Int32Array): number[] => (length === 1 ? [] : [length]);

/** A tensor that a function used without being given it, or numbers of JavaScript's: read anew at each call. */
export interface Captured {
  readonly name: string;
  readonly source: number | Changing;
}
