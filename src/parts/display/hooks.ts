// How a kernel that can do more than plain tslab offers it: functions under symbols, so that nothing here depends on a
// kernel.
const CLEAR = Symbol.for('layerwise.clear-output');
const INPUT = Symbol.for('layerwise.input');

const isFunction = (value: unknown): value is (...words: unknown[]) => unknown => typeof value === 'function';

/**
 * Clears what the running cell has shown so far.
 *
 * @param options.wait keeps it until the next output comes, which avoids flicker (default false).
 */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  const hook: unknown = Reflect.get(globalThis, CLEAR);
  if (isFunction(hook)) hook(options.wait ?? false);
}

/**
 * Asks the person at the notebook for a line of text, and waits for it.
 *
 * @param options.hidden doesn't show what is typed (default false).
 * @throws Error where nobody can be asked, for example while a book is made.
 */
export function prompt(text: string, options: { readonly hidden?: boolean } = {}): string {
  const hook: unknown = Reflect.get(globalThis, INPUT);
  if (!isFunction(hook)) throw new Error('prompt: nobody can be asked here; run this cell in JupyterLab');
  return String(hook(text, options.hidden ?? false));
}
