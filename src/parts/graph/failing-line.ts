import * as tf from '@tensorflow/tfjs-node';
import { allOrNothing } from './all-or-nothing';
import { whereCalled, withDeepStacks } from './where-called';

class Undone extends Error {}

/**
 * An error of a graph that was run, with the line of the function that it comes from: the function is run eagerly to
 * the operation that fails, and what it did is undone.
 */
export function withLine(error: unknown, eagerly: () => unknown): unknown {
  const line = lineOf(eagerly);
  if (line === undefined || !(error instanceof Error)) return error;
  return new Error(`${error.message.trim()} (${line})`, { cause: error });
}

function lineOf(eagerly: () => unknown): string | undefined {
  try {
    withDeepStacks(() =>
      allOrNothing(() => {
        tf.tidy(() => void eagerly());
        throw new Undone();
      }),
    );
  } catch (error) {
    if (error instanceof Error && !(error instanceof Undone)) return whereCalled(error.stack);
  }
  return undefined;
}
