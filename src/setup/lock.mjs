// One set-up at a time in a folder. The lock is the kernel's (flock) and lies on an open file that all programs which
// the set-up starts inherit:
// it is free again when the last of them has ended, however it ended, so there is no stale lock to clear away.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

// Node can't lock a file, Python can: the lock that it takes on the inherited file 3 stays when Python has ended.
const FLOCK =
  'import fcntl, sys\ntry: fcntl.flock(3, fcntl.LOCK_EX | (fcntl.LOCK_NB if sys.argv[1] == "try" else 0))\nexcept BlockingIOError: sys.exit(75)';
const BUSY = 75;
// Nothing but Python's own modules, and no compiled files left behind.
const PLAIN = ['-I', '-S', '-B'];

let held;

/** The open file that holds the lock, for programs started meanwhile; undefined when none is held. */
export const lockFile = () => held;

/**
 * Waits until no other set-up works here, then keeps others out while `work` runs. `onWait()` is called when there is
 * one, and returns what to call when it has ended.
 */
export async function withLock(python, onWait, work, file = inRoot('build', 'setup.lock')) {
  mkdirSync(path.dirname(file), { recursive: true });
  const lock = openSync(file, 'a');
  const stdio = ['ignore', 'ignore', 'ignore', lock];
  try {
    if (spawnSync(python, [...PLAIN, '-c', FLOCK, 'try'], { stdio }).status === BUSY) {
      const ended = onWait();
      await new Promise((resolve) =>
        spawn(python, [...PLAIN, '-c', FLOCK, 'wait'], { stdio })
          .on('close', resolve)
          .on('error', resolve),
      );
      ended();
    }
    held = lock;
    return await work();
  } finally {
    held = undefined;
    closeSync(lock);
  }
}
