import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as Bubblewrap from '../../../src/tools/assignments/sandbox/bubblewrap';
import { bytesOfFiles, childrenOf, limitMechanism } from '../../../src/tools/assignments/sandbox/limits';
import { seccompFilter } from '../../../src/tools/assignments/sandbox/seccomp';
import { root } from '../../support/root';

// What is seen inside is the compiled package, and is found from there.
const require = createRequire(import.meta.url);
const compiled = path.join(root, 'src', 'dist', 'tools', 'assignments', 'sandbox', 'bubblewrap.js');
const loadBubblewrap = (): typeof Bubblewrap => require(compiled) as typeof Bubblewrap;
const { FILTER, inBubblewrap, userNamespaces } = loadBubblewrap();

const [ALLOWED, REFUSED, UNKNOWN, KILLED] = [0x7fff_0000, 0x0005_0001, 0x0005_0026, 0x8000_0000];
const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const CLONE_NEWUSER = 0x1000_0000;
const CLONE_THREAD = 0x1_0000;

/** What the kernel would do: a machine for the four kinds of classic BPF instructions that the filter is made of. */
function run(filter: Buffer, call: { audit: number; number: number; argument?: number }): number {
  const data = new Map([
    [0, call.number],
    [4, call.audit],
    [16, call.argument ?? 0],
  ]);
  let value = 0;
  for (let at = 0; at * 8 < filter.length; at++) {
    const [code, ifTrue, ifFalse, operand] = [
      filter.readUInt16LE(at * 8),
      filter[at * 8 + 2],
      filter[at * 8 + 3],
      filter.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return operand;
    if (code === 0x20) value = data.get(operand) ?? Number.NaN;
    else {
      const holds =
        code === 0x15
          ? value === operand
          : code === 0x35
            ? value >= operand
            : code === 0x45
              ? (BigInt(value) & BigInt(operand)) !== 0n
              : undefined;
      if (holds === undefined) throw new Error(`no such instruction: ${code}`);
      at += holds ? ifTrue : ifFalse;
    }
  }
  throw new Error('the filter has no end');
}

// Numbers from the kernel's tables: read, clone, clone3, unshare, mount, memfd_create, ptrace, and one that is not
// filtered (openat).
const NUMBERS = {
  x64: { read: 0, clone: 56, clone3: 435, unshare: 272, mount: 165, memfd: 319, ptrace: 101, openat: 257 },
  arm64: { read: 63, clone: 220, clone3: 435, unshare: 97, mount: 40, memfd: 279, ptrace: 117, openat: 56 },
} as const;

describe.each(['x64', 'arm64'] as const)('the filter of system calls for %s', (architecture) => {
  const filter = seccompFilter(architecture) ?? Buffer.alloc(0);
  const numbers = NUMBERS[architecture];
  const outcome = (number: number, argument = 0, audit: number = AUDIT[architecture]): number =>
    run(filter, { audit, number, argument });

  it('allows what programs need', () =>
    expect([numbers.read, numbers.openat].map((number) => outcome(number))).toEqual([ALLOWED, ALLOWED]));
  it('allows threads and refuses namespaces', () => {
    expect(outcome(numbers.clone, CLONE_THREAD)).toBe(ALLOWED);
    expect(outcome(numbers.clone, CLONE_THREAD | CLONE_NEWUSER)).toBe(REFUSED);
    expect(outcome(numbers.unshare, CLONE_NEWUSER)).toBe(REFUSED);
  });
  it('hides calls whose arguments it can not see, and memory that nobody counts', () =>
    expect([numbers.clone3, numbers.memfd].map((number) => outcome(number))).toEqual([UNKNOWN, UNKNOWN]));
  it('refuses mounts and looks into other processes', () =>
    expect([numbers.mount, numbers.ptrace].map((number) => outcome(number))).toEqual([REFUSED, REFUSED]));
  it('ends a process that calls as another processor would', () =>
    expect(outcome(numbers.read, 0, 0x4000_0003)).toBe(KILLED));
});

it('x32 calls, which have numbers of their own, are unknown', () =>
  expect(run(seccompFilter('x64') ?? Buffer.alloc(0), { audit: AUDIT.x64, number: 0x4000_0000 + 272 })).toBe(UNKNOWN));
it('there is no filter for a processor that it was not written for', () =>
  expect(seccompFilter('riscv64')).toBeUndefined());

function inSandbox(command: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const [file, ...args] = inBubblewrap(0, command);
  return spawnSync(file, args, { encoding: 'utf8', input: FILTER ?? '' });
}

/** The errors of system calls that a program makes inside: Perl is part of every Debian. */
const errorOf = (call: string): string =>
  inSandbox([
    '/usr/bin/perl',
    '-e',
    `syscall(${call}) == -1 ? print $!{EPERM} ? 'refused' : $!{ENOSYS} ? 'unknown' : "error $!" : print 'done'`,
  ]).stdout;

describe('inside the sandbox', () => {
  it('no user namespace can be made', () => {
    expect(userNamespaces()).toBe('closed');
    expect(inSandbox(['/usr/bin/unshare', '-Urm', '/bin/true']).status).not.toBe(0);
  });

  it('memory that no process maps can not be had', () => {
    const { memfd } = NUMBERS[process.arch === 'arm64' ? 'arm64' : 'x64'];
    expect(errorOf(`${memfd}, my $name = 'x', 0`)).toBe('unknown');
    expect(errorOf(process.arch === 'arm64' ? '194, 0, 1 << 20, 0600' : '29, 0, 1 << 20, 0600')).toBe('refused');
    expect(errorOf(process.arch === 'arm64' ? '186, 0, 0600' : '68, 0, 0600')).toBe('refused');
  });

  it('nothing of the environment outside can be read, not of the first process either', () =>
    expect(
      inSandbox(['/bin/sh', '-c', 'cat /proc/1/environ | wc -c; env | cut -d= -f1 | sort | tr "\\n" " "'])
        .stdout.split('\n')
        .slice(0, 2)
        .map((line) => line.trim()),
    ).toEqual(['0', 'HOME LANG LAYERWISE_TIER PATH PWD TF_CPP_MIN_LOG_LEVEL UV_THREADPOOL_SIZE']));

  it('Node runs with its threads', () =>
    expect(
      inSandbox([
        process.execPath,
        '-e',
        "new (require('node:worker_threads').Worker)('process.exitCode = 0', { eval: true }).on('exit', (status) => console.log('thread', status))",
      ]).stdout,
    ).toBe('thread 0\n'));

  it('files in memory are counted from outside', async () => {
    const [file, ...args] = inBubblewrap(0, [
      '/bin/sh',
      '-c',
      'head -c 20000000 /dev/zero > /tmp/a; head -c 10000000 /dev/zero > /dev/shm/b; echo written; sleep 60',
    ]);
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(FILTER);
    await once(child.stdout, 'data');
    const bytes = bytesOfFiles(child.pid ?? 0, ['/tmp', '/dev/shm']);
    for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    await once(child, 'exit');
    expect(bytes).toBeGreaterThanOrEqual(30_000_000);
    expect(bytes).toBeLessThan(32_000_000);
  });
});

describe('with a bubblewrap that can not switch user namespaces off', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'old-bubblewrap-'));
  const before = process.env.PATH;

  afterEach(() => {
    process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
  });

  it('the filter alone refuses them, and that is known', () => {
    const real = spawnSync('/bin/sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).stdout.trim();
    const old = path.join(folder, 'bwrap');
    writeFileSync(
      old,
      `#!/bin/sh\nfor word; do [ "$word" = --disable-userns ] && { echo "bwrap: Unknown option --disable-userns" >&2; exit 1; }; done\nexec ${real} "$@"\n`,
    );
    chmodSync(old, 0o755);
    process.env.PATH = `${folder}:${before ?? ''}`;
    Reflect.deleteProperty(require.cache, compiled);
    const fresh = loadBubblewrap();
    expect(fresh.whyNoSandbox()).toBeUndefined();
    expect(fresh.userNamespaces()).toBe('filtered');
    const [file, ...args] = fresh.inBubblewrap(0, ['/usr/bin/unshare', '-Urm', '/bin/true']);
    const { status, stderr } = spawnSync(file, args, { encoding: 'utf8', input: fresh.FILTER });
    expect(status).not.toBe(0);
    expect(stderr).toContain('Operation not permitted');
  });
});

describe('control groups', () => {
  // Where there are none the watcher takes nothing from the system, and nothing can be left.
  const hierarchies = ['/sys/fs/cgroup', ...['memory', 'pids', 'cpu'].map((name) => path.join('/sys/fs/cgroup', name))];
  const own = readFileSync('/proc/self/cgroup', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':').slice(2).join(':'));
  const groupsOf = (pid: number): string[] =>
    hierarchies
      .flatMap((hierarchy) => own.map((name) => path.join(hierarchy, name)))
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => name.startsWith(`layerwise-${pid}-`))
          .map((name) => path.join(folder, name)),
      );

  /** Not gone, and not one whose end nobody has asked about. */
  const lives = (pid: number): boolean =>
    existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

  /** A grader that has put a sleeping process into a group of limits, and ends as it is told. */
  async function holder(): Promise<{ child: ChildProcess; pid: number }> {
    const script = `const { limitMechanism } = require(${JSON.stringify(path.join(root, 'src', 'dist', 'tools', 'assignments', 'sandbox', 'limits.js'))});
      const group = limitMechanism().group();
      const sleeper = require('node:child_process').spawn('/bin/sh', ['-c', 'for file; do echo $$ > "$file"; done; echo limited; exec sleep 60', 'sh', ...group.members], { stdio: ['ignore', 'inherit', 'ignore'] });
      sleeper.unref();
      process.on('SIGINT', () => process.exit(130));
      setTimeout(() => undefined, 60_000);`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return { child, pid: child.pid ?? 0 };
  }

  it('are gone after a stop, with what ran in them', async () => {
    const { child, pid } = await holder();
    const made = groupsOf(pid);
    expect(made.length).toBeGreaterThanOrEqual(limitMechanism().name === 'watcher' ? 0 : 1);
    const [sleeper] = childrenOf(pid);
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(groupsOf(pid)).toEqual([]);
    if (limitMechanism().name === 'watcher') process.kill(sleeper, 'SIGKILL');
    await vi.waitFor(() => expect(lives(sleeper)).toBe(false));
  });

  it('of a grader that was killed are removed by the next one', async () => {
    const { child, pid } = await holder();
    const [sleeper] = childrenOf(pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    process.kill(sleeper, 'SIGKILL');
    await vi.waitFor(() => expect(lives(sleeper)).toBe(false));
    const next = await holder();
    expect(groupsOf(pid)).toEqual([]);
    next.child.kill('SIGINT');
    await once(next.child, 'exit');
  });
});
