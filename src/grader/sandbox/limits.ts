import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What one sandbox may use. */
export const LIMITS = {
  /** Bytes, over all processes of a sandbox; its files count too, because they lie in memory. */
  memory: 2 * 2 ** 30,
  /** Processes and threads. TensorFlow starts some for each core. */
  tasks: 128 + 8 * os.availableParallelism(),
  /** Bytes of files, in all. */
  files: 64 * 2 ** 20,
} as const;

/** The limits on one sandbox. */
export interface LimitGroup {
  /** Files into which a process writes its id to be limited; may be empty. */
  readonly members: readonly string[];
  /** Told the id of the sandbox's first process; calls `exceeded` where it has to be ended for using too much. */
  watch(pid: number, exceeded: () => void): void;
  /** Whether memory ran out. */
  ranOut(): boolean;
  /** Gives back what the limits took; to be called when all processes have ended. */
  remove(): Promise<void>;
}

/** How limits are kept on this machine. */
export interface LimitMechanism {
  readonly name: 'cgroup v1' | 'cgroup v2' | 'watcher';
  group(): LimitGroup;
}

let known: LimitMechanism | undefined;

/**
 * The best way to limit memory and processes that this process may use: control groups below its own, else looking every 100 ms.
 * `LAYERWISE_LIMITS=watcher` takes the second way everywhere.
 */
export function limitMechanism(): LimitMechanism {
  if (process.env.LAYERWISE_LIMITS === 'watcher') known ??= { name: 'watcher', group: () => new Watcher() };
  known ??= controlGroups1() ?? controlGroups2() ?? { name: 'watcher', group: () => new Watcher() };
  return known;
}

let count = 0;
const newName = (): string => `layerwise-${process.pid}-${++count}`;

const ownGroups = (): string[] => {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};

function controlGroups1(): LimitMechanism | undefined {
  const folderOf = (controller: string): string | undefined => {
    const line = ownGroups().find((text) => text.split(':')[1].split(',').includes(controller));
    return line === undefined ? undefined : path.join('/sys/fs/cgroup', controller, line.split(':').slice(2).join(':'));
  };
  const [memory, tasks] = [folderOf('memory'), folderOf('pids')];
  if (memory === undefined || tasks === undefined) return undefined;
  const settings: readonly Setting[] = [
    { folder: memory, files: { 'memory.limit_in_bytes': LIMITS.memory } },
    { folder: tasks, files: { 'pids.max': LIMITS.tasks } },
  ];
  const ranOut = (folders: readonly string[]): boolean => Number(/^oom_kill (\d+)/m.exec(readFileSync(path.join(folders[0], 'memory.oom_control'), 'utf8'))?.[1] ?? 0) > 0;
  return tried({ name: 'cgroup v1', group: () => new ControlGroup(settings, ranOut) });
}

/** Works where this process's own group was handed to its user with the controllers switched on for groups below. */
function controlGroups2(): LimitMechanism | undefined {
  const own = ownGroups().find((line) => line.startsWith('0::'));
  const folder = own && path.join('/sys/fs/cgroup', own.slice(3));
  if (!folder || !existsSync(path.join(folder, 'cgroup.subtree_control'))) return undefined;
  const switchedOn = readFileSync(path.join(folder, 'cgroup.subtree_control'), 'utf8').split(/\s+/);
  if (!switchedOn.includes('memory') || !switchedOn.includes('pids')) return undefined;
  const settings = [{ folder, files: { 'memory.max': LIMITS.memory, 'pids.max': LIMITS.tasks } }];
  const ranOut = (folders: readonly string[]): boolean => Number(/^oom_kill (\d+)/m.exec(readFileSync(path.join(folders[0], 'memory.events'), 'utf8'))?.[1] ?? 0) > 0;
  return tried({ name: 'cgroup v2', group: () => new ControlGroup(settings, ranOut) });
}

function tried(mechanism: LimitMechanism): LimitMechanism | undefined {
  try {
    void mechanism.group().remove();
    return mechanism;
  } catch {
    return undefined;
  }
}

interface Setting {
  readonly folder: string;
  readonly files: Readonly<Record<string, number>>;
}

/** One folder below this process's group for each hierarchy. */
class ControlGroup implements LimitGroup {
  private readonly folders: string[] = [];
  private hasRunOut = false;

  constructor(
    settings: readonly Setting[],
    private readonly outOfMemory: (folders: readonly string[]) => boolean,
  ) {
    const name = newName();
    for (const { folder, files } of settings) {
      const made = path.join(folder, name);
      mkdirSync(made);
      this.folders.push(made);
      for (const [file, value] of Object.entries(files)) writeFileSync(path.join(made, file), String(value));
    }
  }

  get members(): readonly string[] {
    return this.folders.map((folder) => path.join(folder, 'cgroup.procs'));
  }

  watch(): void {
    // The kernel does.
  }

  ranOut(): boolean {
    return this.hasRunOut;
  }

  async remove(): Promise<void> {
    if (this.folders.length > 0) this.hasRunOut = this.outOfMemory(this.folders);
    for (let tries = 0; this.folders.length > 0 && tries < 100; tries++) {
      const [folder] = this.folders;
      try {
        rmdirSync(folder);
        this.folders.shift();
      } catch {
        // The last process has not quite gone.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }
}

const PAGE = 4096;
const LOOK_EVERY_MS = 100;

/** Adds up the memory and the threads of all descendants of a process, again and again. */
class Watcher implements LimitGroup {
  readonly members = [];
  private timer: NodeJS.Timeout | undefined;
  private hasRunOut = false;

  watch(pid: number, exceeded: () => void): void {
    this.timer = setInterval(() => {
      const { memory, tasks } = usage(pid);
      this.hasRunOut = memory > LIMITS.memory;
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
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

/** Resident bytes and threads of a process and of all that descend from it. */
export function usage(pid: number): { memory: number; tasks: number } {
  try {
    const own = { memory: Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE, tasks: readdirSync(`/proc/${pid}/task`).length };
    return childrenOf(pid).map(usage).reduce((sum, part) => ({ memory: sum.memory + part.memory, tasks: sum.tasks + part.tasks }), own);
  } catch {
    return { memory: 0, tasks: 0 };
  }
}
