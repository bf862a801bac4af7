// A machine that set-up has never seen, as far as one machine can play another: a copy of the project in a path with
// spaces and foreign letters, a user of its own where we are root, an empty home (so no settings and no caches of npm
// and pip), hardly any environment.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
  closeSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../../../src/setup/paths.mjs';
import { findPython } from '../../../src/setup/requirements.mjs';
import { steps } from '../../../src/setup/steps.mjs';

// Nobody's in particular: it isn't in the list of users either, as in many containers.
const STRANGER = 23_456;
const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

/** Whether there are a Node and a Python that every user of this machine may run, so that root can play a stranger. */
function canBeStranger() {
  if (process.getuid() !== 0 || !SYSTEM_FOLDERS.includes(path.dirname(process.execPath))) return false;
  try {
    findPython(
      SYSTEM_FOLDERS.flatMap((folder) =>
        ['python3.11', 'python3.12', 'python3.13', 'python3'].map((name) => path.join(folder, name)),
      ),
    );
    return true;
  } catch {
    return false;
  }
}

/** Whether the trials run as a user without a name, and not as who started them. */
export const isStranger = canBeStranger();
const identity = isStranger ? { uid: STRANGER, gid: STRANGER } : {};

const base = mkdtempSync(path.join(os.tmpdir(), 'layerwise trials λ-'));
process.on('exit', () => rmSync(base, { recursive: true, force: true }));
if (isStranger) execFileSync('chmod', ['755', base]);

/** Gives a file or folder to the user of the trials, or to another one. */
export function give(file, user = STRANGER) {
  if (isStranger) execFileSync('chown', ['-R', `${user}:${user}`, file]);
  return file;
}

/** A new folder that belongs to the user of the trials. */
export function newFolder(name) {
  const folder = path.join(base, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return give(folder);
}

/** A copy of the project as a clone would be: what git knows of, as it is now. */
export function newClone(name = 'Kurs für Größe') {
  const clone = newFolder(name);
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: inRoot(),
    encoding: 'utf8',
  }).split('\0');
  for (const file of new Set(files)) if (file && existsSync(inRoot(file))) cpSync(inRoot(file), path.join(clone, file));
  return give(clone);
}

const KEPT = /proxy$|_CERT$|CA_CERTS$|^SSL_CERT/i;

/** The environment of the trials: a home, a path, and what this machine needs to reach the registries. */
export function environment(more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  const PATH = isStranger ? SYSTEM_FOLDERS.join(path.delimiter) : process.env.PATH;
  return { ...Object.fromEntries(kept), PATH, HOME: home, LC_ALL: 'C', ...more };
}
const home = newFolder('home');

const asUser = (clone, env, more) => ({ cwd: clone, env: environment(env), ...identity, ...more });
const SET_UP = path.join('src', 'setup', 'index.cjs');

/** Runs a program in the clone to its end: { status, output, seconds }. `limit` is in seconds. */
export function runIn(clone, command, args, env = {}, limit = 600) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(
    command,
    args,
    asUser(clone, env, { encoding: 'utf8', timeout: limit * 1000, maxBuffer: 1e8 }),
  );
  return {
    status,
    output: `${stdout}${stderr}${error ? `\n${error.message}` : ''}`,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Runs set-up to its end. */
export const setUpIn = (clone, env, limit) => runIn(clone, 'node', [SET_UP], env, limit);

/** Starts set-up in a process group of its own: { child, ended }. */
export function startSetUp(clone, env = {}) {
  const child = spawn('node', [SET_UP], asUser(clone, env, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { child, ended: new Promise((resolve) => child.on('close', (status) => resolve({ status, output }))) };
}

/** Moves a file or folder out of the clone while `work` runs. */
export async function without(clone, name, work) {
  const file = path.join(clone, name);
  const away = path.join(base, 'away');
  renameSync(file, away);
  try {
    await work();
  } finally {
    rmSync(file, { recursive: true, force: true });
    renameSync(away, file);
  }
}

/** A message where `output` isn't what was expected, else nothing. */
export const expectThat = (isFine, output) => (isFine ? [] : [output]);

/** What doctor has to complain about; nothing where all is [OK]. System programs that only tests need don't count. */
export function complaints(clone, env) {
  const { output } = runIn(clone, 'node', [path.join('src', 'bin', 'layerwise.mjs'), 'doctor'], env);
  const lines = output.split('\n').filter((line) => /^\[/.test(line));
  const wrong = lines.filter((line) => !/^\[OK\]/.test(line) && !/Chromium|redis-server|bubblewrap/.test(line));
  return lines.length < 10 ? [output] : wrong;
}

/** The names of the steps that a set-up did, from what it printed. */
export const stepsDone = (output) =>
  steps.filter(({ title }) => output.includes(`[done] ${title} (`)).map(({ name }) => name);

// A log holds times.
const LEFT_OUT = new Set(['build/setup.log']);

/** Every file below a folder with its kind, rights and content, times left out: Map from path to text. */
export function tree(folder) {
  const entries = new Map();
  const walk = (relative) => {
    for (const name of readdirSync(path.join(folder, relative)).sort()) {
      const here = path.posix.join(relative, name);
      if (LEFT_OUT.has(here)) continue;
      const file = path.join(folder, here);
      const stats = lstatSync(file, { bigint: true });
      if (stats.isDirectory()) {
        entries.set(here, 'folder');
        walk(here);
      } else if (stats.isSymbolicLink()) entries.set(here, `→ ${readlinkSync(file)}`);
      else entries.set(here, `${(stats.mode & 0o777n).toString(8)} ${hashOfContent(file, stats)}`);
    }
  };
  walk('');
  return entries;
}

const hashes = new Map();

/**
 * The hash of a file's content. It is read once: whatever writes to a file changes the time of its last change, which
 * no program can set.
 */
function hashOfContent(file, { dev, ino, size, ctimeNs }) {
  const key = [file, dev, ino, size, ctimeNs].join();
  if (!hashes.has(key)) hashes.set(key, readAndHash(file, Number(size)));
  return hashes.get(key);
}

const CHUNK = Buffer.alloc(1 << 22);

function readAndHash(file, size) {
  const hash = createHash('sha256');
  // Compiled Python begins with 4 bytes of version, 4 of flags, and the time and size of its source.
  const from = file.endsWith('.pyc') ? 12 : 0;
  if (size < CHUNK.length) return hash.update(readFileSync(file).subarray(from)).digest('hex');
  const open = openSync(file, 'r');
  for (let count = 1; (count = readSync(open, CHUNK)) > 0;) hash.update(CHUNK.subarray(0, count));
  closeSync(open);
  return hash.digest('hex');
}

/** How two trees differ, one line each, a dozen at most. */
export function differences(expected, found) {
  const lines = [];
  for (const [name, content] of expected)
    if (found.get(name) !== content) lines.push(`${name}: ${found.get(name) ?? 'missing'}, expected ${content}`);
  for (const name of found.keys()) if (!expected.has(name)) lines.push(`${name}: should not be there`);
  return lines.length > 12 ? [...lines.slice(0, 12), `… ${lines.length} in all`] : lines;
}
