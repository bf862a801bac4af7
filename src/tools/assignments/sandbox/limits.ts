import { readFileSync, readdirSync, statfsSync } from 'node:fs';
import os from 'node:os';
import { controlGroups } from './control-groups';
import type { LimitGroup, LimitMechanism } from './limit-group';

/** What one sandbox may use. */
export const LIMITS = {
  /** Bytes, over all processes of a sandbox; its files count too, because they lie in memory. */
  memory: 2 * 2 ** 30,
  /** Processes and threads. TensorFlow starts some for each core. */
  tasks: 128 + 8 * os.availableParallelism(),
  /** Bytes of files, in all. */
  files: 64 * 2 ** 20,
} as const;

let known: LimitMechanism | undefined;

/**
 * The best way to limit memory and processes that this process may use: control groups below its own, else looking
 * every 100 ms.
 * `LAYERWISE_LIMITS=watcher` takes the second way everywhere.
 */
export function limitMechanism(): LimitMechanism {
  if (process.env.LAYERWISE_LIMITS === 'watcher') known ??= { name: 'watcher', group: () => new Watcher() };
  known ??= controlGroups(LIMITS) ?? { name: 'watcher', group: () => new Watcher() };
  return known;
}

const PAGE = 4096;
const LOOK_EVERY_MS = 100;

/**
 * Adds up the memory, the files in memory and the threads of all descendants of a process, again and again. The
 * processor is shared out by the system alone.
 */
class Watcher implements LimitGroup {
  readonly members = [];
  private timer: NodeJS.Timeout | undefined;
  private hasRunOut = false;

  watch(pid: number, folders: readonly string[], exceeded: () => void): void {
    this.timer = setInterval(() => {
      const { memory, tasks } = usage(pid);
      this.hasRunOut = memory + bytesOfFiles(pid, folders) > LIMITS.memory;
      if (this.hasRunOut || tasks > LIMITS.tasks) exceeded();
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  ranOut(): boolean {
    return this.hasRunOut;
  }

  async remove(): Promise<void> {
    clearInterval(this.timer);
  }
}

/** The processes that a process has started and that live; none where it has ended. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/**
 * Bytes that files take in folders that lie in memory, as the sandbox's first process sees them. Other memory that no
 * process maps can't be made inside: the filter of system calls refuses it.
 */
export function bytesOfFiles(pid: number, folders: readonly string[]): number {
  const [inside] = childrenOf(pid);
  if (inside === undefined) return 0;
  return folders.reduce((sum, folder) => {
    try {
      const { blocks, bfree, bsize } = statfsSync(`/proc/${inside}/root${folder}`);
      return sum + (blocks - bfree) * bsize;
    } catch {
      return sum;
    }
  }, 0);
}

/** Resident bytes and threads of a process and of all that descend from it. */
export function usage(pid: number): { memory: number; tasks: number } {
  try {
    const own = {
      memory: Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE,
      tasks: readdirSync(`/proc/${pid}/task`).length,
    };
    return childrenOf(pid)
      .map(usage)
      .reduce((sum, part) => ({ memory: sum.memory + part.memory, tasks: sum.tasks + part.tasks }), own);
  } catch {
    return { memory: 0, tasks: 0 };
  }
}
