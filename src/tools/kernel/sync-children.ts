import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import type { ChildOutput } from './child-output';
import { SHARED, type Interrupts } from './interrupts';

/**
 * Tells the socket thread while this thread waits for a child process, so that an interrupt ends the child; what waited
 * is interrupted then.
 * What the child shows goes to the cell.
 */
export function watchSyncChildren(interrupts: Interrupts, output: ChildOutput | undefined): void {
  for (const name of ['execSync', 'execFileSync', 'spawnSync'] as const) {
    const original: (...words: never[]) => unknown = childProcess[name];
    const watched = (...words: unknown[]): unknown => {
      const shared = output ? words.map((word) => output.shared(word)) : words;
      Atomics.store(interrupts.flag, SHARED.child, 1);
      try {
        return Reflect.apply(original, childProcess, shared);
      } finally {
        Atomics.store(interrupts.flag, SHARED.child, 0);
        interrupts.checkpoint();
      }
    };
    Object.defineProperty(childProcess, name, {
      value: Object.defineProperty(watched, 'name', { value: name }),
      configurable: true,
      writable: true,
      enumerable: true,
    });
  }
  syncBuiltinESMExports();
}
