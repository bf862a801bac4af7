import { inspect, types } from 'node:util';
import { passInterrupt } from './interrupted';
import { describe } from './plain-json';

const LONGEST = 20_000;

/** What an error says of itself: texts, whatever its properties are and do when they are read. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** What caused it, and the errors that it gathers. */
  readonly inner: readonly InnerError[];
}

/** An error, or whatever else was thrown, inside another, and what it is there. */
export interface InnerError {
  readonly role: string;
  readonly value: unknown;
}

/** Whether something thrown is an error, of whichever realm; a proxy of one is not. */
export const isError = (thrown: unknown): thrown is Error =>
  types.isNativeError(thrown) || (!types.isProxy(thrown) && thrown instanceof Error);

export function plainError(error: Error): PlainError {
  return {
    name: textOf(() => error.name, 'Error'),
    message: textOf(() => error.message, ''),
    stack: textOf(() => error.stack, ''),
    inner: read(() => innerErrors(error), []),
  };
}

function innerErrors(error: Error): InnerError[] {
  const field = (role: string, name: string): InnerError[] => {
    const value: unknown = Reflect.get(error, name);
    return value === undefined ? [] : [{ role, value }];
  };
  const errors: unknown = Reflect.get(error, 'errors');
  const gathered =
    error.name === 'AggregateError' && Array.isArray(errors)
      ? errors.map((value: unknown, i): InnerError => ({ role: `${i + 1} of ${errors.length}`, value }))
      : [];
  return [
    ...gathered,
    ...(error.name === 'SuppressedError' ? [...field('while ending', 'error'), ...field('after', 'suppressed')] : []),
    ...field('caused by', 'cause'),
  ];
}

/** A value as text, cut where it is very long; never throws but an interrupt. */
export function inspectSafely(value: unknown): string {
  return cut(
    read(
      () => inspect(value),
      (thrown) => `a value that can't be shown: ${describe(thrown)}`,
    ),
  );
}

/** A property that should be a text: anything else as Node prints it, `otherwise` where there is nothing. */
function textOf(get: () => unknown, otherwise: string): string {
  const value = read(get, (thrown) => `(can't be read: ${describe(thrown)})`);
  if (value === undefined || value === null) return otherwise;
  return typeof value === 'string' ? cut(value) : inspectSafely(value);
}

function read<T>(get: () => T, otherwise: T | ((thrown: unknown) => T)): T {
  try {
    return get();
  } catch (thrown) {
    passInterrupt(thrown);
    return otherwise instanceof Function ? otherwise(thrown) : otherwise;
  }
}

export const cut = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length - LONGEST} characters more)` : text;
