import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Sends a signal to the youngest child of this process and to all that it has started: the one for which the main thread waits. */
export function signalYoungestChild(signal: NodeJS.Signals): void {
  const youngest = childrenOf(process.pid).sort((a, b) => startOf(a) - startOf(b) || a - b).at(-1);
  if (youngest !== undefined) signalTree(youngest, signal);
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const child of childrenOf(pid)) signalTree(child, signal);
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => numbers(readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')));
  } catch {
    return childrenByPs(pid);
  }
}

/** Where there is no /proc, as on macOS. */
function childrenByPs(parent: number): number[] {
  try {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).split('\n').filter((line) => !/\bps$/.test(line)).map(numbers);
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
