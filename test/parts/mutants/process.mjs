// A process of Vitest that runs a part's tests on its mutants, watched from outside: one that hangs is ended, and the
// next one goes on.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from '../../../src/setup/paths.mjs';

const LOOKS_MS = 1000;
/** Without a line for so long, a process waits for what never comes. */
const WAITS_MS = 300_000;

/** What a runner wrote into a file of results, line by line. */
export const linesOf = (file) =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : [];

/** Seconds that the processes of a group have computed, whatever else the machine does. */
function secondsOf(group) {
  const lines = execFileSync('ps', ['-A', '-o', 'pgid=,time='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([id]) => Number(id) === group)
    .map(([, time]) => time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0))
    .reduce((sum, seconds) => sum + seconds, 0);
}

/**
 * Runs one job to its end and returns the lines that its runner wrote.
 *
 * @param name names the job's files: a path in build/mutants.
 * @param job for runner.mjs and vitest.config.mjs.
 * @param limitOf seconds of computing after which the process counts as hanging if it has written nothing since this line.
 */
export async function runJob(name, job, limitOf) {
  const [file, results, logFile] = ['json', 'jsonl', 'log'].map((ending) =>
    inRoot('build', 'mutants', `${name}.${ending}`),
  );
  writeFileSync(file, JSON.stringify({ ...job, results }));
  rmSync(results, { force: true });
  const log = openSync(logFile, 'w');
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
  const config = inRoot('test', 'parts', 'mutants', 'vitest.config.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config], {
    cwd: inRoot(),
    // A group of its own: what hangs is a child of this child.
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, LAYERWISE_MUTANTS: file, FORCE_COLOR: '0' },
  });
  const end = () => process.kill(-child.pid, 'SIGKILL');
  let seen = { lines: 0, at: performance.now(), seconds: 0 };
  const watch = setInterval(() => {
    const lines = linesOf(results);
    const [at, seconds] = [performance.now(), secondsOf(child.pid)];
    if (lines.length > seen.lines) seen = { lines: lines.length, at, seconds };
    const hangs = seconds - seen.seconds > limitOf(lines.at(-1)) || at - seen.at > WAITS_MS;
    if (hangs || lines.at(-1)?.done) end();
  }, LOOKS_MS);
  const stop = () => process.exit(1);
  process.on('exit', end).once('SIGINT', stop).once('SIGTERM', stop);
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  process.off('exit', end).off('SIGINT', stop).off('SIGTERM', stop);
  clearInterval(watch);
  closeSync(log);
  const lines = linesOf(results);
  if (lines.length === 0) throw new Error(`the runner of mutants broke: see ${logFile}`);
  return lines;
}
