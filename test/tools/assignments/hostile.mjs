// The hostile corpus: each submission works against the naive grader, and gets no more than its honest work from ours,
// which leaves nothing behind.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { twoAtATime } from '../../support/two-at-a-time.mjs';
import { ALL, baseCells, corpus, HONEST, notebook } from './hostile/corpus.mjs';

const require = createRequire(import.meta.url);
const { assignment } = require('../../../src/dist/tools/assignments/assignment.js');
const { childrenOf, usage } = require('../../../src/dist/tools/assignments/sandbox/limits.js');
const root = fileURLToPath(new URL('../../..', import.meta.url));
const work = mkdtempSync(path.join(os.tmpdir(), 'hostile-'));
// Attacks that give no result may never end; those that show something else are given time on any machine.
const NAIVE_SECONDS = 10;
const LARGE_SECONDS = 150;
const NOTEBOOK = '04-logistic-regression.ipynb';
const filter = process.argv[2] ?? '';
const items = corpus
  .filter(({ kind, name }) => `${kind}, ${name}`.includes(filter))
  .map((item, i) => ({ ...item, student: `h${String(i).padStart(2, '0')}` }));

const tell = (isFine, title, more = '') =>
  console.log(`[${isFine ? 'ok' : 'fail'}] ${title}${more ? `: ${more}` : ''}`);

// A server that whoever reaches the network can talk to.
let heard = '';
const server = createServer((socket) =>
  socket
    .setEncoding('utf8')
    .on('data', (text) => (heard += text))
    .on('error', () => undefined),
);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();

const submit = (item, folder) => {
  mkdirSync(folder, { recursive: true });
  if (item.write) return item.write(folder);
  const file = path.join(folder, NOTEBOOK);
  writeFileSync(file, item.content.replaceAll('PORT', String(port)));
  return file;
};

/** Processes on this machine with these words on their command line, besides the shells that were told them. */
function processesWith(words) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
          .split('\0')
          .slice(1)
          .some((word) => word === words);
      } catch {
        return false;
      }
    })
    .map(Number);
}

const stop = (pids) =>
  pids.forEach((pid) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });

const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(path.join(entry.parentPath, entry.name)).size, 0);
const descendants = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendants(child)]);

/** What an attack did to the naive grader, in words; undefined where it did nothing. */
async function attackNaively(item) {
  const folder = path.join(work, 'naive', item.student, 'cwd');
  mkdirSync(folder, { recursive: true });
  const file = submit(item, path.join(work, 'naive', item.student, 'handed-in'));
  const { naive } = item;
  const child = spawn(
    process.execPath,
    [
      '--require',
      path.join(root, 'src', 'setup', 'node-shim.cjs'),
      path.join(root, 'test', 'tools', 'assignments', 'naive-grader.mjs'),
      file,
      ...(naive.types ? ['--types'] : []),
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
      env: { ...process.env, GRADER_SECRET: 'swordfish', TF_CPP_MIN_LOG_LEVEL: '3' },
    },
  );
  let [output, mostMemory, mostProcesses, mostBytes] = ['', 0, 0, 0];
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const closed = new Promise((resolve) => child.on('exit', resolve));
  const watch = setInterval(() => {
    mostMemory = Math.max(mostMemory, usage(child.pid).memory);
    if (naive.processes) mostProcesses = Math.max(mostProcesses, processesWith(naive.processes[0]).length);
    if (naive.folder) mostBytes = Math.max(mostBytes, sizeOf(folder));
  }, 50);
  const timer = setTimeout(
    () => stop([...descendants(child.pid), child.pid]),
    (naive.result === 'none' ? NAIVE_SECONDS : LARGE_SECONDS) * 1000,
  );
  await closed;
  clearTimeout(timer);
  clearInterval(watch);
  if (naive.processes) mostProcesses = Math.max(mostProcesses, processesWith(naive.processes[0]).length);
  if (naive.folder) mostBytes = Math.max(mostBytes, sizeOf(folder));
  if (naive.processes) stop(processesWith(naive.processes[0]));
  stop(descendants(child.pid));
  let result;
  try {
    result = JSON.parse(output);
  } catch {
    result = undefined;
  }
  if (naive.points !== undefined)
    return result && (item.atLeast ? result.points >= naive.points : result.points === naive.points)
      ? `${result.points} points`
      : undefined;
  if (naive.result === 'none') return result === undefined ? 'no result' : undefined;
  if (naive.output) return naive.output.test(result?.output ?? '') ? 'it was read' : undefined;
  if (naive.heard) return heard.includes(naive.heard) ? 'it reached the network' : undefined;
  if (naive.processes) return mostProcesses >= naive.processes[1] ? `${mostProcesses} processes` : undefined;
  if (naive.memory) return mostMemory >= naive.memory ? `${(mostMemory / 1e9).toFixed(1)} GB of memory` : undefined;
  if (naive.length)
    return result?.length >= naive.length ? `${(result.length / 1e9).toFixed(1)} GB of output` : undefined;
  if (naive.file)
    return existsSync(path.join(folder, naive.file[0])) &&
      statSync(path.join(folder, naive.file[0])).size >= naive.file[1]
      ? 'a file of 1 GB'
      : undefined;
  if (naive.folder) return mostBytes >= naive.folder ? `${(mostBytes / 1e9).toFixed(1)} GB unpacked` : undefined;
  const left = naive.left ?? (naive.escaped && path.join(work, 'naive', item.student, naive.escaped));
  const wasLeft = left !== undefined && existsSync(left);
  if (wasLeft) rmSync(left);
  return wasLeft ? 'a file outside its folder' : undefined;
}

await twoAtATime(items, async (item) => {
  const done = await attackNaively(item);
  tell(
    done !== undefined,
    `against the naive grader: ${item.kind}, ${item.name}`,
    done ??
      `nothing happened, expected ${JSON.stringify(item.naive, (_, value) => (value instanceof RegExp ? String(value) : value))}`,
  );
  rmSync(path.join(work, 'naive', item.student), { recursive: true, force: true });
});

// Ours, all in one run, with honest submissions between them.
heard = '';
const submitted = path.join(work, 'submitted');
for (const item of items) submit(item, path.join(submitted, item.student));
const referenceCells = JSON.parse(readFileSync(path.join(root, 'notebooks', 'exercises', NOTEBOOK), 'utf8'));
const honest = [
  { student: 'a-first', content: JSON.stringify(referenceCells), points: ALL },
  { student: 'h10-between', content: notebook(baseCells()), points: HONEST },
  { student: 'z-last', content: JSON.stringify(referenceCells), points: ALL },
];
for (const item of honest) submit(item, path.join(submitted, item.student));

const start = performance.now();
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [
    path.join(root, 'src', 'bin', 'layerwise.mjs'),
    'grade',
    submitted,
    '--out',
    path.join(work, 'grades'),
    '--cell-timeout',
    '3',
    '--jobs',
    '2',
  ],
  { encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, GRADER_SECRET: 'swordfish' } },
);
const seconds = (performance.now() - start) / 1000;
tell(status === 0, `the corpus is graded, ${seconds.toFixed(0)} s`, status === 0 ? '' : stderr);

const everyTest = assignment(path.basename(NOTEBOOK, '.ipynb')).exercises.flatMap(({ tests }) => tests).length;
for (const item of [
  ...items.map((item) => ({ ...item, title: `${item.kind}, ${item.name}` })),
  ...honest.map((item) => ({ ...item, title: `honest, ${item.student}` })),
]) {
  const file = path.join(work, 'grades', 'results', item.student, '04-logistic-regression', 'result.json');
  const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const statuses = result?.exercises.flatMap(({ tests }) => tests).length;
  const isFine =
    result?.points === item.points &&
    statuses === everyTest &&
    result.trusted &&
    existsSync(path.join(path.dirname(file), 'feedback.html'));
  const words = [...new Set(result?.exercises.flatMap(({ tests }) => tests.map((test) => test.status)) ?? [])].join(
    ', ',
  );
  tell(
    isFine,
    `ours: ${item.title}`,
    `${result?.points} of ${result?.max}, ${statuses} tests (${words})${isFine ? '' : `, expected ${item.points}; ${JSON.stringify(result?.cells)} ${JSON.stringify(result?.exercises.map(({ name, tests }) => [name, tests.map((test) => [test.status, test.message])]))} ${result?.problem ?? ''}`}`,
  );
}

// The same where there are no control groups.
const limited = items.filter(({ kind }) =>
  ['fork bomb', '4 GB of memory', 'memory that is hidden', 'around the sandbox'].includes(kind),
);
for (const item of limited) submit(item, path.join(work, 'limited', item.student));
const watched = spawnSync(
  process.execPath,
  [
    path.join(root, 'src', 'bin', 'layerwise.mjs'),
    'grade',
    path.join(work, 'limited'),
    '--out',
    path.join(work, 'limited-grades'),
    '--cell-timeout',
    '3',
    '--jobs',
    '2',
  ],
  { encoding: 'utf8', env: { ...process.env, LAYERWISE_LIMITS: 'watcher' } },
);
tell(
  limited.length === 0 || watched.stdout.includes('limits: watcher'),
  'limits are watched where there are no control groups',
);
for (const { student, kind, name } of limited) {
  const { points } = JSON.parse(
    readFileSync(
      path.join(work, 'limited-grades', 'results', student, '04-logistic-regression', 'result.json'),
      'utf8',
    ),
  );
  tell(points === HONEST, `ours, watched: ${kind}, ${name}`, `${points} points`);
}

tell(heard === '', 'nothing reached the network', heard);
const left = ['20.0401', '20.0402', '20.0403', '20.0404', '20.0405', 'left-server'].flatMap(processesWith);
tell(left.length === 0, 'no process was left behind', left.join(', '));
stop(left);
const files = corpus.flatMap(({ naive }) => (naive.left ? [naive.left] : [])).filter((file) => existsSync(file));
tell(files.length === 0, 'no file was left behind', files.join(', '));
const strangers = [
  ...readdirSync(path.join(work, 'grades', 'results')).filter(
    (name) => ![...items, ...honest].some(({ student }) => student === name),
  ),
  ...readdirSync(path.join(work, 'grades')).filter(
    (name) =>
      ![
        'results',
        'secret',
        'grades.csv',
        'summary.csv',
        'left-out.csv',
        'students.json',
        'words.csv',
        'words.html',
      ].includes(name),
  ),
];
tell(strangers.length === 0, 'the folder of results holds results alone', strangers.join(', '));
const secret = readFileSync(path.join(work, 'grades', 'secret'), 'utf8').trim();
const pages = items.map(({ student }) =>
  readFileSync(path.join(work, 'grades', 'results', student, '04-logistic-regression', 'feedback.html'), 'utf8'),
);
tell(
  pages.every((page) => !page.includes('<script') && !page.includes(secret) && !page.includes('swordfish')),
  'no page of feedback holds a script or a secret',
);
if (process.env.VERBOSE) console.log(stdout);

server.close();
rmSync(work, { recursive: true, force: true });
