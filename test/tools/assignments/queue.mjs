// Submissions through a real Redis to several workers, of which some are killed, while Redis is restarted: each ends
// with exactly one result.
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, systemParts } from '../../../src/setup/system-parts.mjs';
import { baseCells, HONEST, notebook } from './hostile/corpus.mjs';

const require = createRequire(import.meta.url);
const { assignment } = require('../../../src/dist/tools/assignments/assignment.js');
const { submissionKey } = require('../../../src/dist/tools/assignments/grade-one.js');
const { connectionTo, openQueue } = require('../../../src/dist/tools/assignments/queue/jobs.js');
const root = fileURLToPath(new URL('../../..', import.meta.url));
const inRoot = (...parts) => path.join(root, ...parts);
const launcher = path.join(root, 'src', 'bin', 'layerwise.mjs');
const work = mkdtempSync(path.join(os.tmpdir(), 'queue-'));
const tell = (isFine, title, more = '') =>
  console.log(`[${isFine ? 'ok' : 'fail'}] ${title}${more ? `: ${more}` : ''}`);
const NAME = '04-logistic-regression';
const everyTest = assignment(NAME).exercises.flatMap(({ tests }) => tests).length;

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const address = `redis://127.0.0.1:${port}`;
const program = findProgram(systemParts.find(({ name }) => name === 'redis-server'));
const ended = (child) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));

async function startRedis() {
  const child = spawn(
    program,
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', work, '--appendonly', 'yes', '--appendfsync', 'always'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise((resolve) =>
    child.stdout.setEncoding('utf8').on('data', (text) => text.includes('Ready to accept connections') && resolve()),
  );
  return child;
}

const run = (...args) =>
  spawn(process.execPath, [launcher, 'queue', ...args, '--redis', address], { stdio: ['ignore', 'pipe', 'pipe'] });

// Somebody kills the worker that begins this one, once; and the first three that begin the poisoned one.
let deaths = { victim: 0, poison: 0 };
const graded = [];
const workers = new Set();
function startWorker() {
  const worker = run('work', '--jobs', '1', '--stalled', '2');
  workers.add(worker);
  let rest = '';
  worker.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const [what, , student] = line.split(/\s+/);
      if (what === 'graded') graded.push(student.replace(':', ''));
      const isVictim = student === 'victim' && deaths.victim === 0;
      if (what === 'begins' && (isVictim || (student === 'poison' && deaths.poison < 3))) {
        deaths[student]++;
        worker.kill('SIGKILL');
        workers.delete(worker);
        startWorker();
      }
    }
  });
  return worker;
}

const submitted = path.join(work, 'submitted');
const students = [...Array.from({ length: 10 }, (_, i) => `student-${i}`), 'victim', 'poison', 'twice'];
for (const student of students) {
  mkdirSync(path.join(submitted, student), { recursive: true });
  writeFileSync(
    path.join(submitted, student, `${NAME}.ipynb`),
    notebook([...baseCells(), { cell_type: 'markdown', id: 'who', metadata: {}, source: student }]),
  );
}

let redis = await startRedis();
const out = path.join(work, 'grades');
for (let i = 0; i < 3; i++) startWorker();

mkdirSync(out);
writeFileSync(path.join(out, 'secret'), 'secret\n');

// Two hand in the same folder at the same time.
const adders = [run('add', submitted, '--out', out), run('add', submitted, '--out', out)];
const said = ['', ''];
let restarted;
adders.forEach((adder, i) => {
  for (const stream of [adder.stdout, adder.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said[i] += text;
      if (!restarted && graded.length >= 4) {
        restarted = (async () => {
          redis.kill('SIGTERM');
          await ended(redis);
          redis = await startRedis();
        })();
      }
    });
  }
});
const late = setTimeout(() => {
  console.log(`[fail] the queue ends in four minutes\n${said.join('\n---\n')}\ngraded: ${graded.join(', ')}`);
  process.exit(1);
}, 240_000);
await Promise.all(adders.map(ended));
await restarted;
clearTimeout(late);

tell(
  adders.every(({ exitCode }) => exitCode === 1) && said.every((text) => text.includes('1 could not be graded')),
  'both who handed in the folder got their results, and heard that one is missing',
  said.join('\n---\n').slice(-300),
);
tell(
  restarted !== undefined && deaths.victim === 1,
  'a worker was killed in the middle of a submission, and Redis was restarted',
);
tell(deaths.poison === 3, 'the submission that ends its workers was tried three times', `${deaths.poison}`);
for (const student of students) {
  const folder = path.join(out, 'results', student, NAME);
  const result = existsSync(path.join(folder, 'result.json'))
    ? JSON.parse(readFileSync(path.join(folder, 'result.json'), 'utf8'))
    : undefined;
  const expected = student === 'poison' ? 0 : HONEST;
  const tests = result?.exercises.flatMap((exercise) => exercise.tests) ?? [];
  const hasReason = expected > 0 || /its workers failed again and again/.test(result?.ungraded ?? '');
  tell(
    result?.points === expected &&
      tests.length === everyTest &&
      hasReason &&
      readdirSync(folder).sort().join() === 'feedback.html,result.json',
    `${student} has one result`,
    `${result?.points} points${result?.ungraded ? `, ${result.ungraded}` : ''}`,
  );
}
const rows = readFileSync(path.join(out, 'grades.csv'), 'utf8')
  .split('\r\n')
  .filter((row) => row.includes(',all,'));
tell(
  rows.length === students.length && new Set(rows).size === rows.length,
  'the table has one line of sums for each',
  `${rows.length}`,
);

const again = spawnSync(process.execPath, [launcher, 'queue', 'add', submitted, '--out', out, '--redis', address], {
  encoding: 'utf8',
});
tell(
  again.status === 0 && again.stdout.includes(`1 graded, ${students.length - 1} unchanged`),
  'handed in again, only that is graded whose grading had failed',
  again.stdout.slice(-200) + again.stderr,
);
const state = spawnSync(process.execPath, [launcher, 'queue', '--redis', address], { encoding: 'utf8' });
tell(
  /^0 waiting, 0 being graded, 0 graded and not yet written, 0 failed; 3 workers/.test(state.stdout),
  'the queue is empty and has three workers',
  state.stdout + state.stderr,
);

// Asked to end, a worker ends what it has begun.
const slow = path.join(work, 'slow', 'slow-one');
mkdirSync(slow, { recursive: true });
writeFileSync(
  path.join(slow, `${NAME}.ipynb`),
  notebook([
    ...baseCells(),
    {
      cell_type: 'code',
      id: 'wait',
      metadata: {},
      source: 'await new Promise((resolve) => setTimeout(resolve, 3000));',
      outputs: [],
      execution_count: null,
    },
  ]),
);
const [last, ...others] = workers;
others.forEach((worker) => worker.kill('SIGTERM'));
await Promise.all(others.map(ended));
const begun = new Promise((resolve) => last.stdout.on('data', (text) => text.includes('slow-one') && resolve()));
const adder = run('add', path.join(work, 'slow'), '--out', path.join(work, 'slow-grades'));
await begun;
last.kill('SIGTERM');
await Promise.all([ended(last), ended(adder)]);
const slowResult = JSON.parse(
  readFileSync(path.join(work, 'slow-grades', 'results', 'slow-one', NAME, 'result.json'), 'utf8'),
);
tell(
  last.exitCode === 0 && slowResult.points === HONEST,
  'a worker that is asked to end first ends what it has begun',
  `${slowResult.points} points`,
);

// A worker of another clone of the project, in another folder and with another Node, gives the same points; one of
// another version gives none, and that is said.
const clone = path.join(mkdtempSync(inRoot('build', 'clone-')), 'elsewhere');
mkdirSync(clone);
for (const name of [
  'node_modules',
  '.native',
  'src',
  'notebooks',
  'data',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
])
  spawnSync('cp', [['src'].includes(name) ? '-a' : '-al', path.join(root, name), clone]);
const otherNode = path.join(work, 'other-node.cjs');
writeFileSync(otherNode, "Object.defineProperty(process, 'version', { value: 'v99.0.0' });\n");
const honest = notebook(baseCells());
const handIn = (student) => {
  mkdirSync(path.join(work, student, student), { recursive: true });
  writeFileSync(path.join(work, student, student, `${NAME}.ipynb`), honest);
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      launcher,
      'queue',
      'add',
      path.join(work, student),
      '--out',
      path.join(work, `${student}-grades`),
      '--redis',
      address,
    ],
    { encoding: 'utf8' },
  );
  return {
    status,
    stderr,
    result: JSON.parse(
      readFileSync(path.join(work, `${student}-grades`, 'results', student, NAME, 'result.json'), 'utf8'),
    ),
    table: readFileSync(path.join(work, `${student}-grades`, 'grades.csv'), 'utf8'),
  };
};
const workFrom = (folder) =>
  spawn(
    process.execPath,
    [
      '--require',
      otherNode,
      path.join(folder, 'src', 'bin', 'layerwise.mjs'),
      'queue',
      'work',
      '--jobs',
      '1',
      '--redis',
      address,
    ],
    { stdio: 'ignore' },
  );
const stop = async (worker) => {
  worker.kill('SIGTERM');
  await ended(worker);
};
const elsewhere = workFrom(clone);
const same = handIn('same');
tell(
  same.status === 0 && same.result.points === HONEST && same.result.ungraded === undefined,
  'a worker in another clone of the same commit, under another Node, gives the same points',
  `${same.result.points} points, ${same.result.ungraded}`,
);
await stop(elsewhere);
appendFileSync(path.join(clone, 'src', 'dist', 'parts', 'grading', 'compare.js'), '\nexports.another = true;\n');
const stranger = workFrom(clone);
const refused = handIn('refused');
const ownSum = refused.table.split('\r\n').find((row) => row.includes(',all,'));
tell(
  refused.status === 1 &&
    /another version of the course \(version \w{12}, Node v\d.*\) than the worker on .* has \(version \w{12}, Node v99/.test(
      refused.result.ungraded,
    ) &&
    ownSum.includes(',all,not graded,,27,'),
  'a worker of another version gives no points, and both versions are named',
  `${refused.result.ungraded}; ${ownSum}; ${refused.stderr}`,
);
await stop(stranger);
const right = workFrom(root);
const later = handIn('refused');
tell(
  later.status === 0 && later.result.points === HONEST,
  'what was refused is graded when it is handed in to the right version',
  `${later.result.points} points`,
);

// A job that no worker can make sense of, under the name that the submission will have.
mkdirSync(path.join(work, 'broken-grades'));
writeFileSync(path.join(work, 'broken-grades', 'secret'), 'secret\n');
const queue = openQueue(connectionTo(address));
await queue.add(
  'broken',
  { nothing: 'of use' },
  {
    jobId: submissionKey(
      { student: 'broken', assignment: NAME, content: Buffer.from(honest) },
      { sandbox: 'bubblewrap', secret: 'secret' },
    ),
  },
);
await queue.close();
const broken = handIn('broken');
tell(
  broken.status === 1 &&
    /again and again: what the queue holds under this name is no submission/.test(broken.result.ungraded) &&
    handIn('broken').result.points === HONEST,
  'a job that no worker understands is said, and is graded when it is handed in again',
  broken.result.ungraded,
);
await stop(right);
rmSync(path.dirname(clone), { recursive: true, force: true });

redis.kill('SIGTERM');
await ended(redis);
const gone = spawnSync(process.execPath, [launcher, 'queue', '--redis', address], {
  encoding: 'utf8',
  timeout: 30_000,
});
tell(gone.status === 1 && gone.stderr.includes('Redis does not answer'), 'without Redis the command says so');
rmSync(work, { recursive: true, force: true });
