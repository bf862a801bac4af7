// Control groups of Linux, below this process's own: the kernel keeps their limits. A group gets the processor's time
// evenly with others, however many threads it has.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LimitGroup, LimitMechanism } from './limit-group';

interface Limits {
  /** Bytes. */
  readonly memory: number;
  /** Processes and threads. */
  readonly tasks: number;
}

/** A folder of the hierarchy in which groups are made, and what is written into a new one. */
interface Setting {
  readonly folder: string;
  readonly files: Readonly<Record<string, number>>;
}

/** Version 1 or 2, where this process may make groups with limits; undefined elsewhere. */
export const controlGroups = (limits: Limits): LimitMechanism | undefined =>
  controlGroups1(limits) ?? controlGroups2(limits);

const ownGroups = (): string[] => {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};

function controlGroups1(limits: Limits): LimitMechanism | undefined {
  const folderOf = (controller: string): string | undefined => {
    const line = ownGroups().find((text) => text.split(':')[1].split(',').includes(controller));
    return line === undefined ? undefined : path.join('/sys/fs/cgroup', controller, line.split(':').slice(2).join(':'));
  };
  const [memory, tasks, processor] = [folderOf('memory'), folderOf('pids'), folderOf('cpu')];
  if (memory === undefined || tasks === undefined) return undefined;
  const settings: readonly Setting[] = [
    { folder: memory, files: { 'memory.limit_in_bytes': limits.memory } },
    { folder: tasks, files: { 'pids.max': limits.tasks } },
  ];
  const shared = processor === undefined ? [] : [{ folder: processor, files: { 'cpu.shares': 1024 } }];
  const isKilled = (folder: string): boolean => killsIn(path.join(folder, 'memory.oom_control')) > 0;
  return tried('cgroup v1', [...settings, ...shared], isKilled) ?? tried('cgroup v1', settings, isKilled);
}

/** Works where this process's own group was handed to its user with the controllers switched on for groups below. */
function controlGroups2(limits: Limits): LimitMechanism | undefined {
  const own = ownGroups().find((line) => line.startsWith('0::'));
  const folder = own && path.join('/sys/fs/cgroup', own.slice(3));
  if (!folder || !existsSync(path.join(folder, 'cgroup.subtree_control'))) return undefined;
  const switchedOn = readFileSync(path.join(folder, 'cgroup.subtree_control'), 'utf8').split(/\s+/);
  if (!switchedOn.includes('memory') || !switchedOn.includes('pids')) return undefined;
  const files: Record<string, number> = { 'memory.max': limits.memory, 'pids.max': limits.tasks };
  if (switchedOn.includes('cpu')) files['cpu.weight'] = 100;
  return tried('cgroup v2', [{ folder, files }], (made) => killsIn(path.join(made, 'memory.events')) > 0);
}

/** How often the kernel ended a process for want of memory. */
const killsIn = (file: string): number => Number(/^oom_kill (\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);

function tried(
  name: LimitMechanism['name'],
  settings: readonly Setting[],
  isKilled: (folder: string) => boolean,
): LimitMechanism | undefined {
  try {
    for (const { folder } of settings) removeLeftovers(folder);
    void new ControlGroup(settings, isKilled).remove();
    return { name, group: () => new ControlGroup(settings, isKilled) };
  } catch {
    return undefined;
  }
}

const PREFIX = 'layerwise-';

/** Groups of processes that were ended before they could remove them. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(PREFIX) && !existsSync(`/proc/${name.slice(PREFIX.length).split('-')[0]}`))
      removeFolder(path.join(folder, name));
  }
}

/** False where processes still live in it. */
function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}

const TRIES = 100;
const WAIT_MS = 10;
const present = new Set<ControlGroup>();
let count = 0;

/** One folder below this process's group for each hierarchy. */
class ControlGroup implements LimitGroup {
  private folders: string[] = [];
  private hasRunOut = false;

  constructor(
    settings: readonly Setting[],
    private readonly isKilled: (folder: string) => boolean,
  ) {
    const name = `${PREFIX}${process.pid}-${++count}`;
    try {
      for (const { folder, files } of settings) {
        const made = path.join(folder, name);
        mkdirSync(made);
        this.folders.push(made);
        for (const [file, value] of Object.entries(files)) writeFileSync(path.join(made, file), String(value));
      }
    } catch (error) {
      this.folders.forEach(removeFolder);
      throw error;
    }
    if (present.size === 0) process.once('exit', endAll);
    present.add(this);
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
    if (this.folders.length > 0) this.hasRunOut = this.isKilled(this.folders[0]);
    // The last process may not quite have gone.
    for (let tries = 0; !this.removeNow() && tries < TRIES; tries++)
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    present.delete(this);
    if (present.size === 0) process.off('exit', endAll);
  }

  /** Removes what can be removed. True when nothing is left. */
  private removeNow(): boolean {
    this.folders = this.folders.filter((folder) => !removeFolder(folder));
    return this.folders.length === 0;
  }

  /** Ends all processes in it and removes it, without giving up control: this process is about to end. */
  endNow(): void {
    const sleep = new Int32Array(new SharedArrayBuffer(4));
    for (let tries = 0; tries < TRIES; tries++) {
      for (const member of this.members) killAllIn(member);
      if (this.removeNow()) return;
      Atomics.wait(sleep, 0, 0, WAIT_MS);
    }
  }
}

function endAll(): void {
  for (const group of present) group.endNow();
}

function killAllIn(file: string): void {
  try {
    for (const pid of readFileSync(file, 'utf8').split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It, or the group, has gone.
  }
}
