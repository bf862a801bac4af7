import type { FromWorker, ToWorker } from '../messages';

/** What the runtime needs of a worker's global object. */
interface WorkerScope {
  importScripts(...addresses: readonly string[]): void;
  postMessage(message: FromWorker): void;
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  addEventListener(type: 'unhandledrejection', listener: (event: { readonly reason: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly error: unknown; preventDefault(): void }) => void): void;
}

declare const self: WorkerScope;

export const worker: WorkerScope = self;

/** Defines a global variable that cells don't find by looking. */
export const define = (name: string | symbol, value: unknown): void =>
  void Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

/** Runs a script; it is read from memory, since a page from a file has no other way. */
export function runScript(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    worker.importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}
