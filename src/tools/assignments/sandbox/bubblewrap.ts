import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { inRoot, root } from '../../paths';
import { LIMITS } from './limits';
import { seccompFilter } from './seccomp';
import { visibleFiles } from './visible';

/**
 * Whether what runs inside could make user namespaces, in which it would be root and could mount files in memory:
 * no, they are switched off (`closed`); no, the filter of system calls refuses them (`filtered`); yes (`open`).
 */
export type UserNamespaces = 'closed' | 'filtered' | 'open';

/** The environment inside: nothing of the grader's. */
export const ENVIRONMENT = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  TF_CPP_MIN_LOG_LEVEL: '3',
  LAYERWISE_TIER: 'quick',
  UV_THREADPOOL_SIZE: '2',
};

/** Folders inside that lie in memory and can be written to. */
export const MEMORY_FOLDERS = [ENVIRONMENT.HOME, '/dev/shm'];

const SYSTEM = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/alternatives',
];
// What answers may import, and what runs them, besides the compiled package. Neither reference answers nor hidden tests
// are among it.
const PROJECT = [
  'node_modules',
  'data',
  '.native',
  'package.json',
  'tsconfig.json',
  'src/package.json',
  'src/setup/node-shim.cjs',
];

/** bubblewrap on this machine. */
interface Bubblewrap {
  readonly program: string;
  readonly userNamespaces: UserNamespaces;
}

const filter = seccompFilter();

/**
 * The command that runs another one in a sandbox.
 *
 * @param filterDescriptor where bubblewrap reads the filter of system calls, where there is one.
 */
function inside(
  { program, userNamespaces }: Bubblewrap,
  filterDescriptor: number,
  command: readonly string[],
): string[] {
  const bind = (file: string): string[] => {
    if (!existsSync(file)) return [];
    return lstatSync(file).isSymbolicLink() && !file.startsWith(root)
      ? ['--symlink', readlinkSync(file), file]
      : ['--ro-bind', file, file];
  };
  const node = process.execPath;
  const mounts = [
    ...SYSTEM,
    ...(node.startsWith('/usr/') ? [] : [node]),
    ...PROJECT.map((name) => inRoot(name)),
    ...visibleFiles(),
  ].flatMap(bind);
  const tmpfs = (folder: string): string[] => ['--size', String(LIMITS.files), '--tmpfs', folder];
  return [
    // Its own environment can be read inside: it has none.
    '/usr/bin/env',
    '-i',
    program,
    '--unshare-all',
    ...(userNamespaces === 'closed' ? ['--unshare-user', '--disable-userns'] : []),
    ...(filter ? ['--seccomp', String(filterDescriptor)] : []),
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    '--uid',
    '1000',
    '--gid',
    '1000',
    '--hostname',
    'sandbox',
    '--cap-drop',
    'ALL',
    ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    // The folder for files comes first: the project may lie in it.
    ...tmpfs(ENVIRONMENT.HOME),
    ...mounts,
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...tmpfs('/dev/shm'),
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--chdir',
    ENVIRONMENT.HOME,
    ...command,
  ];
}

let found: Bubblewrap | { readonly reason: string } | undefined;

/** The program and the best that it can do here: versions before 0.8 can't switch user namespaces off. */
function bubblewrap(): Bubblewrap | { readonly reason: string } {
  found ??= find();
  return found;
}

function find(): Bubblewrap | { readonly reason: string } {
  const program = spawnSync('/bin/sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).stdout.trim();
  if (program === '') return { reason: 'the program bwrap is not installed' };
  const closed: Bubblewrap = { program, userNamespaces: 'closed' };
  if (whyNot(closed) === undefined) return closed;
  const without: Bubblewrap = { program, userNamespaces: filter ? 'filtered' : 'open' };
  const reason = whyNot(without);
  return reason === undefined ? without : { reason };
}

function whyNot(candidate: Bubblewrap): string | undefined {
  const [file, ...args] = inside(candidate, 0, ['/bin/sh', '-c', 'exit 0']);
  const { error, status, stderr } = spawnSync(file, args, { encoding: 'utf8', input: filter ?? '' });
  if (error) return error.message;
  return status === 0 ? undefined : `bwrap ended with status ${status}: ${stderr.trim()}`;
}

/** Why no bubblewrap sandbox can be made here, or undefined where it can. */
export function whyNoSandbox(): string | undefined {
  const made = bubblewrap();
  return 'reason' in made ? made.reason : undefined;
}

/** Whether submissions in a sandbox can make user namespaces. */
export function userNamespaces(): UserNamespaces {
  const made = bubblewrap();
  return 'reason' in made ? 'open' : made.userNamespaces;
}

/**
 * The filter of system calls that {@link inBubblewrap} wants to read; undefined for processors that it was not written
 * for.
 */
export const FILTER = filter;

/**
 * The command that runs another one in a sandbox.
 *
 * @param filterDescriptor where the command can read {@link FILTER}.
 * @throws Error where no sandbox can be made.
 */
export function inBubblewrap(filterDescriptor: number, command: readonly string[]): string[] {
  const made = bubblewrap();
  if ('reason' in made) throw new Error(`no sandbox can be made: ${made.reason}`);
  return inside(made, filterDescriptor, command);
}
