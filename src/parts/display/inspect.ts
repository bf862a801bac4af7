import { node } from '../files';

const MOST_ITEMS = 100;
const MOST_CHARACTERS = 10_000;

/** How values are written as text. */
export type Inspect = (
  value: unknown,
  options: { readonly maxArrayLength: number; readonly maxStringLength: number },
) => string;

let given: Inspect | undefined;

/** Takes the place of Node's `util.inspect`: in a page. */
export function provideInspect(inspect: Inspect): void {
  given = inspect;
}

/** A value as Node prints it; of long lists and texts the beginning. */
export const inspectShort = (value: unknown): string =>
  (given ?? node('util').inspect)(value, { maxArrayLength: MOST_ITEMS, maxStringLength: MOST_CHARACTERS });
