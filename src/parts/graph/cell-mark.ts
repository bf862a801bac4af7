/**
 * The kernel keeps what a cell declares on the global object, under its name and this sign (zero width non-joiner), and
 * writes it so into the code that it runs.
 */
export const MARK = '\u200c';
