import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { z } from 'zod';
import { Channel } from '../channel';
import { inRoot, root } from '../paths';
import { childrenOf, LIMITS, limitMechanism, type LimitGroup } from './limits';
import { visibleFiles } from './visible';

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

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/localtime', '/etc/alternatives'];
// What answers may import, and what runs them, besides the compiled package. The reference answers are not among it.
const PROJECT = ['node_modules', 'data', '.native', 'package.json', 'tsconfig.json', 'src/package.json', 'src/setup/node-shim.cjs'];
// Over the hidden tests lies an empty folder.
const HIDDEN = 'src/dist/grading/hidden';
const HOME = '/tmp';
const LATE_MS = 2000;
const LIMIT_AND_RUN = 'ulimit -c 0; ulimit -f "$1"; shift; while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"';

/** The environment inside: nothing of the grader's. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', HOME, LANG: 'C.UTF-8', TF_CPP_MIN_LOG_LEVEL: '3', LAYERWISE_TIER: 'quick', UV_THREADPOOL_SIZE: '2' };

function bubblewrap(command: readonly string[]): string[] {
  const bind = (file: string): string[] => {
    if (!existsSync(file)) return [];
    return lstatSync(file).isSymbolicLink() && !file.startsWith(root) ? ['--symlink', readlinkSync(file), file] : ['--ro-bind', file, file];
  };
  const node = process.execPath;
  const mounts = [...SYSTEM, ...(node.startsWith('/usr/') ? [] : [node]), ...PROJECT.map((name) => inRoot(name)), ...visibleFiles()].flatMap(bind);
  const tmpfs = (folder: string): string[] => ['--size', String(LIMITS.files), '--tmpfs', folder];
  return [
    'bwrap', '--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL',
    ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    // The folder for files comes first: the project may lie in it.
    ...tmpfs(HOME), ...mounts, ...tmpfs(inRoot(HIDDEN)), '--remount-ro', inRoot(HIDDEN), '--proc', '/proc', '--dev', '/dev', ...tmpfs('/dev/shm'), '--remount-ro', '/dev', '--remount-ro', '/', '--chdir', HOME, ...command,
  ];
}

/**
 * Starts one of our scripts, `inside/<name>.js`, in a sandbox of its own.
 * What it writes to stdout and stderr goes nowhere.
 */
export function startInside(name: string, kind: SandboxKind, args: readonly string[] = [], nodeOptions: readonly string[] = []): Sandboxed {
  const command = [process.execPath, ...nodeOptions, '--require', inRoot('src', 'setup', 'node-shim.cjs'), inRoot('src', 'dist', 'grader', 'inside', `${name}.js`), ...args];
  const group = limitMechanism().group();
  const limited = ['-c', LIMIT_AND_RUN, 'sh', String(LIMITS.files / 512), ...group.members, '--', ...(kind === 'bubblewrap' ? bubblewrap(command) : command)];
  const child = spawn('/bin/sh', limited, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], env: { ...ENVIRONMENT, PATH: process.env.PATH }, cwd: kind === 'bubblewrap' ? '/' : HOME, detached: kind === 'none' });
  return new Running(child, group, kind);
}

const START_SECONDS = 120;
const started = z.union([z.object({ ready: z.literal(true) }), z.object({ failed: z.string().max(2000) })]);

/** Waits until a process of ours says that it has started. Returns what is wrong where it can't, ends, or says nothing for two minutes; then it is ended. */
export async function whyNotStarted(process: Sandboxed, seconds = START_SECONDS): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const problem = await new Promise<string | undefined>((resolve) => {
    timer = setTimeout(() => resolve(`it was not ready after ${seconds} s`), seconds * 1000);
    void process.channel.closed.then(() => resolve('it ended before it had begun: is there enough memory, and may processes be started?'));
    process.channel.onMessage((message) => {
      const { data } = started.safeParse(message);
      if (data) resolve('failed' in data ? data.failed : undefined);
    });
  });
  clearTimeout(timer);
  if (problem !== undefined) process.kill();
  return problem;
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
    const [, , , pipe] = child.stdio;
    if (!(pipe instanceof Duplex)) throw new Error('the sandbox has no channel');
    this.channel = new Channel(pipe);
    this.pid = child.pid ?? 0;
    group.watch(this.pid, () => this.kill());
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

/** Why no bubblewrap sandbox can be made here, or undefined where it can. */
export function whyNoSandbox(): string | undefined {
  const { error, status, stderr } = spawnSync('/bin/sh', ['-c', 'exec "$@"', 'sh', ...bubblewrap(['/bin/sh', '-c', 'exit 0'])], { encoding: 'utf8' });
  if (error) return error.message;
  if (status === 127) return 'the program bwrap is not installed';
  return status === 0 ? undefined : `bwrap ended with status ${status}: ${stderr.trim()}`;
}
