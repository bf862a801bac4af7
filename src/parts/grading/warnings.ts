import { isOnNode } from '../files';

/**
 * Runs something while what it writes to stderr goes to stdout:
 * a warning of an answer is shown, but doesn't make the cell look failed to tools that take stderr for failure.
 */
export async function withoutWarnings<T>(work: () => Promise<T>): Promise<T> {
  if (!isOnNode()) return work();
  const write = Object.getOwnPropertyDescriptor(process.stderr, 'write');
  Object.defineProperty(process.stderr, 'write', {
    value: (...words: Parameters<typeof process.stdout.write>) => process.stdout.write(...words),
    configurable: true,
    writable: true,
  });
  try {
    return await work();
  } finally {
    if (write) Object.defineProperty(process.stderr, 'write', write);
    else Reflect.deleteProperty(process.stderr, 'write');
  }
}
