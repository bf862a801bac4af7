/** One result in several forms, from MIME type to content; the reader's program picks the richest it knows. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** An object with this method shows itself: the method returns its MIME bundle. Deno's kernel uses the same symbol. */
export const displaySymbol: unique symbol = Symbol.for('Jupyter.display');

/** What has a method under {@link displaySymbol}. */
export interface Displayable {
  [displaySymbol](): MimeBundle;
}

export function isDisplayable(value: unknown): value is Displayable {
  return (
    typeof value === 'object' && value !== null && displaySymbol in value && typeof value[displaySymbol] === 'function'
  );
}
