import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** A process that was told to stop does so when it is its turn to run, which takes long on a busy machine … */
const STOPPED_WITHIN_MS = 1000;
/** … but not where it is inside a call of the system that lasts. */
const BUSY_WITHIN_MS = 20;
const LOOKS_EVERY_MS = 0.5;

/**
 * Signals to the child for which the main thread waits: the youngest one of this process, and all that it has started.
 * Each is stopped before its children are looked for, so that none is started meanwhile and then belongs to nobody.
 * Who was seen once gets the later ones too, so that nobody is missed whose parent has ended.
 */
export class ChildSignals {
  private readonly seen = new Map<number, number>();

  send(signal: NodeJS.Signals): void {
    const youngest = childrenOf(process.pid)
      .sort((a, b) => startOf(a) - startOf(b) || a - b)
      .at(-1);
    if (youngest !== undefined) this.see(youngest);
    for (const each of [signal, 'SIGCONT'] as const)
      for (const [pid, start] of this.seen) if (startOf(pid) === start) kill(pid, each);
  }

  /** Children come before their parents. */
  private see(pid: number): void {
    stop(pid);
    for (const child of childrenOf(pid)) this.see(child);
    this.seen.set(pid, startOf(pid));
  }
}

/** Stops a process, and waits a moment until it has: it may be starting another one. */
function stop(pid: number): void {
  kill(pid, 'SIGSTOP');
  const begun = performance.now();
  for (;;) {
    const [state = ''] = statOf(pid);
    const within = state === 'D' ? BUSY_WITHIN_MS : STOPPED_WITHIN_MS;
    if (!/^[RSD]$/.test(state) || performance.now() - begun >= within) return;
    // To look without a pause would keep it from running.
    Atomics.wait(asleep, 0, 0, LOOKS_EVERY_MS);
  }
}

const asleep = new Int32Array(new SharedArrayBuffer(4));

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      numbers(readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')),
    );
  } catch {
    return childrenByPs(pid);
  }
}

/** Where there is no /proc, as on macOS. */
function childrenByPs(parent: number): number[] {
  try {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => !/\bps$/.test(line))
      .map(numbers);
    return lines.filter(([, ppid]) => ppid === parent).map(([pid]) => pid);
  } catch {
    return [];
  }
}

/** When a process began, in ticks since the machine did; 0 where that can't be read. */
const startOf = (pid: number): number => Number(statOf(pid)[19] ?? 0);

/** What Linux tells of a process, from its state on; empty where that can't be read. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
