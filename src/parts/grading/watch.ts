import { nextTensorId } from '../tensorflow/private-members';
import { encode, isTensor } from './values';

// Kept before a submission can replace them.
const { apply } = Reflect;
const { isArray, from } = Array;
const { values } = Object;
const { max } = Math;

/** What the calls of an answer did besides returning. */
export interface SideEffects {
  /** Place of the first argument that a call changed or freed, from 0. */
  readonly changed?: number;
  /** The most tensors that one call left alive besides those that it returned. */
  readonly left: number;
}

/** What counts tensors: TensorFlow's engine. */
export interface TensorCounter {
  readonly state: { readonly numTensors: number };
}

interface Watched {
  /** Calls the answer. */
  readonly call: (...args: readonly unknown[]) => unknown;
  readonly effects: () => SideEffects;
}

/**
 * An argument as text; undefined where it can't be read: a function's state, a tensor without values yet, too many
 * parts.
 */
function textOf(argument: unknown): string | undefined {
  try {
    return encode(argument);
  } catch {
    return undefined;
  }
}

const textsOf = (args: readonly unknown[]): (string | undefined)[] => from(args, textOf);

/** Tensors in a value that were made since a tensor of this number would have been the next. */
function tensorsSince(value: unknown, next: number, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > 4) return 0;
  if (isTensor(value)) return 'id' in value && typeof value.id === 'number' && value.id >= next ? 1 : 0;
  let count = 0;
  const inner: readonly unknown[] = isArray(value) ? value : values(value);
  for (let i = 0; i < inner.length; i++) count += tensorsSince(inner[i], next, depth + 1);
  return count;
}

/**
 * Watches what calls of a function do to their arguments, and which tensors they leave.
 * Lists, records, typed arrays and tensors are compared with what they were; an argument that can't be read is not.
 */
export function watch(answer: (...args: never[]) => unknown, counter?: TensorCounter): Watched {
  let changed: number | undefined;
  let left = 0;
  const call = (...args: readonly unknown[]): unknown => {
    const before = textsOf(args);
    const alive = counter?.state.numTensors ?? 0;
    const next = counter ? nextTensorId(counter) : 0;
    const look = (returned: unknown): void => {
      const after = textsOf(args);
      for (let i = 0; i < before.length; i++)
        if (changed === undefined && before[i] !== undefined && before[i] !== after[i]) changed = i;
      if (counter) left = max(left, counter.state.numTensors - alive - tensorsSince(returned, next));
    };
    const settle = async (promise: unknown): Promise<unknown> => {
      let returned: unknown;
      try {
        returned = await promise;
        return returned;
      } finally {
        look(returned);
      }
    };
    let returned: unknown;
    try {
      returned = apply(answer, undefined, args);
    } catch (thrown) {
      look(undefined);
      throw thrown;
    }
    if (returned instanceof Promise) return settle(returned);
    look(returned);
    return returned;
  };
  return { call, effects: () => ({ changed, left }) };
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

/** What an answer should not have done, in words that follow its name; undefined where it did nothing of the kind. */
export function harmOf({ changed, left }: SideEffects, { frees }: { readonly frees: boolean }): string | undefined {
  if (changed !== undefined)
    return `changed its ${ORDINALS[changed] ?? 'last'} argument, which belongs to the caller: work on a copy, and free only what you make`;
  return frees && left > 0
    ? 'left tensors alive besides its result: free what you make, for example with tf.tidy'
    : undefined;
}
