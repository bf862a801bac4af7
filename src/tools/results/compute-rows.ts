import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Measures } from '../../parts/experiments';
import type { ResultRow } from '../../parts/experiments/results';
import { inRoot } from '../paths';
import type { Answer, Task } from './task';

export interface ComputeOptions {
  /** How many rows at a time. */
  readonly jobs: number;
  readonly onRun?: (task: Task, seed: number, measures: Measures) => void;
  /** Told as soon as a row is done, in whatever order that is. */
  readonly onRow?: (row: ResultRow, task: Task) => void;
  readonly onFailure?: (task: Task, message: string) => void;
}

/**
 * Computes rows, each in a process of its own: they can't depend on each other, on their order or on how many run at a
 * time. A row that fails leaves the others alone.
 */
export async function computeRows(tasks: readonly Task[], options: ComputeOptions): Promise<void> {
  const running = new Set<ChildProcess>();
  const end = (): void => running.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', end);
  const waiting = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task; task = waiting.shift()) await computeRow(task, options, running);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(options.jobs, tasks.length) }, work));
  } finally {
    end();
    process.off('exit', end);
  }
}

/** This file is compiled where the process's own program lies, or is run from the sources, by tests. */
const worker = inRoot('src', 'dist', 'tools', 'results', 'worker.js');
const shim = inRoot('src', 'setup', 'node-shim.cjs');

function computeRow(task: Task, options: ComputeOptions, running: Set<ChildProcess>): Promise<void> {
  const child = fork(worker, { execArgv: ['--require', shim], cwd: path.dirname(task.module) });
  running.add(child);
  child.send(task);
  let isDone = false;
  const fail = (message: string): void => {
    if (!isDone) options.onFailure?.(task, message);
    isDone = true;
  };
  return new Promise<void>((resolve, reject) => {
    child.on('message', (answer: Answer) => {
      if ('seed' in answer) options.onRun?.(task, answer.seed, answer.measures);
      else if ('error' in answer) fail(answer.error);
      else {
        isDone = true;
        try {
          options.onRow?.(answer.row, task);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }
    });
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => {
      running.delete(child);
      fail(`its process ended ${signal ? `by ${signal}` : `with status ${code}`} before it was done`);
      resolve();
    });
  });
}
