// How fast submissions are graded: beside nbgrader's own autograde on the same notebooks, for growing numbers, and with
// growing numbers of workers on a queue.
// `npm run bench:grading` runs all three parts; `npm run bench:grading -- beside`, `growth` or `queue` one of them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';
import { findProgram, systemParts } from '../../src/setup/system-parts.mjs';

const require = createRequire(import.meta.url);
const { assignment, referenceFile } = require('../../src/dist/tools/assignments/assignment.js');
const { replaceSolution, hasSolution, STUB } = require('../../src/dist/tools/assignments/release/solutions.js');
const { generator } = require('../../src/dist/parts/random/index.js');

const launcher = inRoot('src', 'bin', 'layerwise.mjs');
mkdirSync(inRoot('build', 'bench'), { recursive: true });
const work = mkdtempSync(inRoot('build', 'bench', 'grading-'));
const NAMES = ['02-tensors', '03-gradient-descent', '04-logistic-regression', '05-neural-networks-from-scratch'];
const BESIDE = 20;
const asked = process.argv[2];

/**
 * A notebook as a student might hand it in: each answer right, wrong or missing. `released` is the one that students
 * were given, if nbgrader is to know its cells again.
 */
function submission(name, seed, released) {
  const random = generator(seed);
  const notebook = JSON.parse(readFileSync(referenceFile(name), 'utf8'));
  const { exercises } = assignment(name);
  const given =
    released && new Map(JSON.parse(readFileSync(released, 'utf8')).cells.map((cell) => [cell.id, cell.metadata]));
  for (const cell of notebook.cells) {
    cell.metadata = given?.get(cell.id) ?? cell.metadata;
    const source = [cell.source].flat().join('');
    const found =
      hasSolution(source) && exercises.find(({ exercise }) => source.includes(`function ${exercise.name}(`));
    const answers = found ? Object.values(found.answers.wrong).filter(({ points }) => points < found.max) : [];
    const draw = random.uniform();
    cell.source = !found
      ? source
      : draw < 0.7
        ? source.replace(/ *\/\/ (BEGIN|END) SOLUTION\n/g, '')
        : replaceSolution(source, draw < 0.9 ? random.choice(answers).code : STUB);
    if (found) cell.source = `// Student ${seed}.\n${cell.source}`;
  }
  return JSON.stringify(notebook);
}

function submissions(folder, count, names = NAMES, released = () => undefined) {
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length];
    const place = path.join(folder, `student-${String(i).padStart(4, '0')}`, name);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, `${name}.ipynb`), submission(name, i, released(name)));
  }
  return folder;
}

/** Runs a command; seconds, and the most memory that its own process held, in MiB. */
async function timed(command, words, options = {}) {
  const start = performance.now();
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  let [most, complaints] = [0, ''];
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints = (complaints + text).slice(-2000)));
  const watch = setInterval(() => {
    try {
      most = Math.max(most, (Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20);
    } catch {
      // It has ended.
    }
  }, 200);
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  if (status !== 0 && !options.mayFail)
    throw new Error(`${command} ${words.join(' ')} ended with status ${status}: ${complaints}`);
  return { seconds: (performance.now() - start) / 1000, most };
}

const perMinute = (count, seconds) => ((count * 60) / seconds).toFixed(1).padStart(7);

async function beside() {
  console.log(
    `${BESIDE} submissions for each of two notebooks, ${os.availableParallelism()} cores: submissions a minute`,
  );
  const env = {
    ...process.env,
    PATH: `${inRoot('.venv', 'bin')}:${process.env.PATH}`,
    PYDEVD_DISABLE_FILE_VALIDATION: '1',
  };
  const course = path.join(work, 'course');
  const released = spawnSync(
    process.execPath,
    [launcher, 'release', '--out', path.join(work, 'release'), '--nbgrader', course],
    { encoding: 'utf8' },
  );
  if (released.status !== 0) throw new Error(released.stderr);
  for (const name of ['02-tensors', '04-logistic-regression']) {
    submissions(path.join(course, 'submitted'), BESIDE, [name], () =>
      path.join(course, 'release', name, `${name}.ipynb`),
    );
    const ours = await timed(process.execPath, [
      launcher,
      'grade',
      path.join(course, 'submitted'),
      '--only',
      name,
      '--out',
      path.join(work, `grades-${name}`),
    ]);
    // Its exit status tells of submissions that it could not grade.
    const stock = await timed(inRoot('.venv', 'bin', 'nbgrader'), ['autograde', name, '--force'], {
      cwd: course,
      env,
      mayFail: true,
    });
    console.log(
      `  ${name.padEnd(24)} nbgrader ${perMinute(BESIDE, stock.seconds)}   layerwise ${perMinute(BESIDE, ours.seconds)}   ${(stock.seconds / ours.seconds).toFixed(1)} times as fast`,
    );
    rmSync(path.join(course, 'submitted'), { recursive: true });
  }
}

async function growth() {
  console.log('growing numbers, in one process: submissions a minute, most memory of the grader');
  for (const count of [50, 200, 1000]) {
    const { seconds, most } = await timed(process.execPath, [
      launcher,
      'grade',
      submissions(path.join(work, `submitted-${count}`), count),
      '--out',
      path.join(work, `grades-${count}`),
    ]);
    console.log(
      `  ${String(count).padStart(5)} submissions ${seconds.toFixed(0).padStart(6)} s ${perMinute(count, seconds)} a minute ${most.toFixed(0).padStart(6)} MiB`,
    );
  }
}

async function queue() {
  const program = findProgram(systemParts.find(({ name }) => name === 'redis-server'));
  if (!program) return console.log('queue: left out, because redis-server is not installed');
  const port = await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
  const redis = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', work, '--save', ''], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) =>
    redis.stdout.setEncoding('utf8').on('data', (text) => text.includes('Ready to accept connections') && resolve()),
  );
  const address = ['--redis', `redis://127.0.0.1:${port}`];
  console.log('queue, workers with one submission at a time each: submissions a minute');
  try {
    for (const count of [1, 2, 4]) {
      const folder = submissions(path.join(work, `queued-${count}`), 60);
      const workers = Array.from({ length: count }, () =>
        spawn(process.execPath, [launcher, 'queue', 'work', '--jobs', '1', ...address], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      );
      await Promise.all(workers.map((worker) => new Promise((resolve) => worker.stdout.once('data', resolve))));
      const { seconds } = await timed(process.execPath, [
        launcher,
        'queue',
        'add',
        folder,
        '--out',
        path.join(work, `queue-grades-${count}`),
        ...address,
      ]);
      console.log(`  ${count} workers ${perMinute(60, seconds)} a minute`);
      workers.forEach((worker) => worker.kill('SIGTERM'));
      await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))));
    }
  } finally {
    redis.kill('SIGTERM');
  }
}

const parts = { beside, growth, queue };
if (asked !== undefined && !Object.hasOwn(parts, asked)) {
  console.error(`expected one of ${Object.keys(parts).join(', ')}, got "${asked}"`);
  process.exit(1);
}
try {
  for (const [name, run] of Object.entries(parts)) if (asked === undefined || asked === name) await run();
} finally {
  rmSync(work, { recursive: true, force: true });
}
