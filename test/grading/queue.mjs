// Submissions through a real Redis to several workers, of which some are killed, while Redis is restarted: each ends with exactly one result.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, systemParts } from '../../src/setup/system-parts.mjs';
import { baseCells, HONEST, notebook } from './hostile/corpus.mjs';

const require = createRequire(import.meta.url);
const { connectionTo, openQueue } = require('../../src/dist/grader/queue/jobs.js');
const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = path.join(root, 'src', 'bin', 'layerwise.mjs');
const work = mkdtempSync(path.join(os.tmpdir(), 'queue-'));
const tell = (isFine, title, more = '') => console.log(`[${isFine ? 'ok' : 'fail'}] ${title}${more ? `: ${more}` : ''}`);
const NAME = '04-logistic-regression';

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const address = `redis://127.0.0.1:${port}`;
const program = findProgram(systemParts.find(({ name }) => name === 'redis-server'));
const ended = (child) => (child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve)));

async function startRedis() {
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', work, '--appendonly', 'yes', '--appendfsync', 'always'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.setEncoding('utf8').on('data', (text) => text.includes('Ready to accept connections') && resolve()));
  return child;
}

const run = (...args) => spawn(process.execPath, [launcher, 'queue', ...args, '--redis', address], { stdio: ['ignore', 'pipe', 'pipe'] });

// Somebody kills the worker that begins this one, once; and every worker that begins the poisoned one.
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
      if (what === 'begins' && (isVictim || student === 'poison')) {
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
const students = [...Array.from({ length: 10 }, (_, i) => `student-${i}`), 'victim', 'poison', 'broken', 'twice'];
for (const student of students) {
  mkdirSync(path.join(submitted, student), { recursive: true });
  writeFileSync(path.join(submitted, student, `${NAME}.ipynb`), notebook([...baseCells(), { cell_type: 'markdown', id: 'who', metadata: {}, source: student }]));
}

let redis = await startRedis();
const out = path.join(work, 'grades');
for (let i = 0; i < 3; i++) startWorker();

// A job that no worker can make sense of, under the name that the submission will have.
mkdirSync(out);
writeFileSync(path.join(out, 'secret'), 'secret\n');
const { submissionKey } = require('../../src/dist/grader/grade-one.js');
const key = submissionKey({ student: 'broken', assignment: NAME, content: readFileSync(path.join(submitted, 'broken', `${NAME}.ipynb`)) }, { sandbox: 'bubblewrap', secret: 'secret' });
const queue = openQueue(connectionTo(address));
await queue.add('broken', { nothing: 'of use' }, { jobId: key });
await queue.close();

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

tell(adders.every(({ exitCode }) => exitCode === 0), 'both who handed in the folder got their results', said.join('\n---\n').slice(-300));
tell(restarted !== undefined && deaths.victim === 1, 'a worker was killed in the middle of a submission, and Redis was restarted');
tell(deaths.poison === 3, 'the submission that ends its workers was tried three times', `${deaths.poison}`);
for (const student of students) {
  const folder = path.join(out, 'results', student, NAME);
  const result = existsSync(path.join(folder, 'result.json')) ? JSON.parse(readFileSync(path.join(folder, 'result.json'), 'utf8')) : undefined;
  const expected = ['poison', 'broken'].includes(student) ? 0 : HONEST;
  const tests = result?.exercises.flatMap((exercise) => exercise.tests) ?? [];
  const hasReason = expected > 0 || /grading it failed again and again/.test(result?.problem ?? '');
  tell(result?.points === expected && tests.length === 20 && hasReason && readdirSync(folder).sort().join() === 'feedback.html,result.json', `${student} has one result`, `${result?.points} points${result?.problem ? `, ${result.problem}` : ''}`);
}
const rows = readFileSync(path.join(out, 'grades.csv'), 'utf8').split('\r\n').filter((row) => row.includes(',all,'));
tell(rows.length === students.length && new Set(rows).size === rows.length, 'the table has one line of sums for each', `${rows.length}`);

const again = spawnSync(process.execPath, [launcher, 'queue', 'add', submitted, '--out', out, '--redis', address], { encoding: 'utf8' });
tell(again.status === 0 && again.stdout.includes(`0 graded, ${students.length} unchanged`), 'handed in again, nothing is graded again');
const state = spawnSync(process.execPath, [launcher, 'queue', '--redis', address], { encoding: 'utf8' });
tell(/^0 waiting, 0 being graded, 0 graded and not yet written, 0 failed; 3 workers/.test(state.stdout), 'the queue is empty and has three workers', state.stdout + state.stderr);

// Asked to end, a worker ends what it has begun.
const slow = path.join(work, 'slow', 'slow-one');
mkdirSync(slow, { recursive: true });
writeFileSync(path.join(slow, `${NAME}.ipynb`), notebook([...baseCells(), { cell_type: 'code', id: 'wait', metadata: {}, source: 'await new Promise((resolve) => setTimeout(resolve, 3000));', outputs: [], execution_count: null }]));
const [last, ...others] = workers;
others.forEach((worker) => worker.kill('SIGTERM'));
await Promise.all(others.map(ended));
const begun = new Promise((resolve) => last.stdout.on('data', (text) => text.includes('slow-one') && resolve()));
const adder = run('add', path.join(work, 'slow'), '--out', path.join(work, 'slow-grades'));
await begun;
last.kill('SIGTERM');
await Promise.all([ended(last), ended(adder)]);
const slowResult = JSON.parse(readFileSync(path.join(work, 'slow-grades', 'results', 'slow-one', NAME, 'result.json'), 'utf8'));
tell(last.exitCode === 0 && slowResult.points === HONEST, 'a worker that is asked to end first ends what it has begun', `${slowResult.points} points`);

redis.kill('SIGTERM');
await ended(redis);
const gone = spawnSync(process.execPath, [launcher, 'queue', '--redis', address], { encoding: 'utf8', timeout: 30_000 });
tell(gone.status === 1 && gone.stderr.includes('Redis does not answer'), 'without Redis the command says so');
rmSync(work, { recursive: true, force: true });
