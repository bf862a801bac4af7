import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * Signals to the child for which the main thread waits: the youngest one of this process, and all that it has started.
 * Who was seen once gets the later ones too, so that nobody is missed whose parent has ended meanwhile.
 */
export class ChildSignals {
  private readonly seen = new Map<number, number>();

  send(signal: NodeJS.Signals): void {
    const youngest = childrenOf(process.pid)
      .sort((a, b) => startOf(a) - startOf(b) || a - b)
      .at(-1);
    if (youngest !== undefined) this.see(youngest);
    for (const [pid, start] of this.seen) if (startOf(pid) === start) kill(pid, signal);
  }

  /** Children come before their parents. */
  private see(pid: number): void {
    for (const child of childrenOf(pid)) this.see(child);
    this.seen.set(pid, startOf(pid));
  }
}

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
function startOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[20]);
  } catch {
    return 0;
  }
}

const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
