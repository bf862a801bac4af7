import { types } from 'node:util';

/** An `await` of a cell. */
export interface AwaitPlace {
  readonly execution: number;
  /** Its offset in the cell's module. */
  readonly offset: number;
}

const MOST_PLACES = 20;
const places = new WeakMap<object, AwaitPlace[]>();

/**
 * Emitted code awaits what this returns: the value itself. It remembers where an error was awaited:
 * a library's own promises, such as those of `model.fit`, leave no trace of the cell in the error's stack.
 */
export function awaited(value: unknown, execution: number, offset: number): unknown {
  if (types.isPromise(value)) void watch(value, { execution, offset });
  return value;
}

async function watch(promise: Promise<unknown>, place: AwaitPlace): Promise<void> {
  try {
    await promise;
  } catch (thrown) {
    if (typeof thrown !== 'object' || thrown === null) return;
    const known = places.get(thrown) ?? [];
    if (known.length < MOST_PLACES) places.set(thrown, [...known, place]);
  }
}

/** Where cells awaited what failed with this error, the innermost first. */
export const awaitPlaces = (error: object): readonly AwaitPlace[] => places.get(error) ?? [];
