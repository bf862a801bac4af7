import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import { z } from 'zod';
import { Channel } from '../channel';
import { inRoot } from '../../paths';
import { ENVIRONMENT, FILTER, inBubblewrap, MEMORY_FOLDERS } from './bubblewrap';
import type { LimitGroup } from './limit-group';
import { childrenOf, LIMITS, limitMechanism } from './limits';

/** What keeps a submission in: bubblewrap's namespaces, or nothing. */
export type SandboxKind = 'bubblewrap' | 'none';

/** A process of ours that runs in a sandbox and answers over a channel. */
export interface Sandboxed {
  readonly channel: Channel;
  /** Settles when all its processes have ended. Says whether memory ran out. */
  readonly ended: Promise<{ ranOut: boolean }>;
  readonly pid: number;
  kill(): void;
}

const LATE_MS = 2000;
const CHANNEL = 3;
const FILTER_DESCRIPTOR = 4;
const LIMIT_AND_RUN =
  'ulimit -c 0; ulimit -f "$1"; shift; while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"';

/**
 * Starts one of our scripts, `inside/<name>.js`, in a sandbox of its own.
 * What it writes to stdout and stderr goes nowhere.
 */
export function startInside(
  name: string,
  kind: SandboxKind,
  args: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Sandboxed {
  const command = [
    process.execPath,
    ...nodeOptions,
    '--require',
    inRoot('src', 'setup', 'node-shim.cjs'),
    inRoot('src', 'dist', 'tools', 'assignments', 'inside', `${name}.js`),
    ...args,
  ];
  const group = limitMechanism().group();
  const isIn = kind === 'bubblewrap';
  const limited = [
    '-c',
    LIMIT_AND_RUN,
    'sh',
    String(LIMITS.files / 512),
    ...group.members,
    '--',
    ...(isIn ? inBubblewrap(FILTER_DESCRIPTOR, command) : command),
  ];
  const child = spawn('/bin/sh', limited, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', isIn && FILTER ? 'pipe' : 'ignore'],
    env: { ...ENVIRONMENT, ...(isIn ? {} : { PATH: process.env.PATH }) },
    cwd: isIn ? '/' : ENVIRONMENT.HOME,
    detached: !isIn,
  });
  pipeOf(child, FILTER_DESCRIPTOR)
    ?.on('error', () => undefined)
    .end(FILTER);
  return new Running(child, group, kind);
}

const START_SECONDS = 120;
const started = z.union([z.object({ ready: z.literal(true) }), z.object({ failed: z.string().max(2000) })]);

/**
 * Waits until a process of ours says that it has started. Returns what is wrong where it can't, ends, or says nothing
 * for two minutes; then it is ended.
 */
export async function whyNotStarted(process: Sandboxed, seconds = START_SECONDS): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const problem = await new Promise<string | undefined>((resolve) => {
    timer = setTimeout(() => resolve(`it was not ready after ${seconds} s`), seconds * 1000);
    void process.channel.closed.then(() =>
      resolve('it ended before it had begun: is there enough memory, and may processes be started?'),
    );
    process.channel.onMessage((message) => {
      const { data } = started.safeParse(message);
      if (data) resolve('failed' in data ? data.failed : undefined);
    });
  });
  clearTimeout(timer);
  if (problem !== undefined) process.kill();
  return problem;
}

function pipeOf(child: ChildProcess, descriptor: number): Duplex | undefined {
  const pipe = child.stdio[descriptor];
  return pipe instanceof Duplex ? pipe : undefined;
}

class Running implements Sandboxed {
  readonly channel: Channel;
  readonly ended: Promise<{ ranOut: boolean }>;
  readonly pid: number;

  constructor(
    private readonly child: ChildProcess,
    group: LimitGroup,
    private readonly kind: SandboxKind,
  ) {
    const pipe = pipeOf(child, CHANNEL);
    if (!pipe) throw new Error('the sandbox has no channel');
    this.channel = new Channel(pipe);
    this.pid = child.pid ?? 0;
    group.watch(this.pid, kind === 'bubblewrap' ? MEMORY_FOLDERS : [], () => this.kill());
    this.ended = new Promise((resolve) => {
      const finish = (): void => {
        if (kind === 'none') this.kill();
        void group.remove().then(() => resolve({ ranOut: group.ranOut() }));
      };
      child.once('exit', finish);
      child.once('error', finish);
    });
  }

  /**
   * With bubblewrap the first process inside takes all others with it, and the one outside then sees that it has ended.
   * Without a sandbox at least the process group goes.
   */
  kill(): void {
    if (this.kind === 'none') return this.pid > 0 ? killAll([-this.pid]) : undefined;
    const inside = childrenOf(this.pid);
    killAll(inside.length > 0 ? inside : [this.pid]);
    const late = setTimeout(() => this.child.kill('SIGKILL'), LATE_MS);
    void this.ended.then(() => clearTimeout(late));
  }
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
