// A process of Vitest that runs a part's tests on its mutants, watched from outside: one that hangs is ended, and the
// next one goes on.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from '../../../src/setup/paths.mjs';

const LOOKS_MS = 500;

const linesOf = (file) =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : [];

/**
 * Runs one job to its end and returns the lines that its runner wrote.
 *
 * @param name names the job's files in build/mutants.
 * @param job for runner.mjs and vitest.config.mjs.
 * @param limitOf milliseconds after which the process counts as hanging if it has written nothing since this line.
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
  let seen = 0;
  let since = performance.now();
  const watch = setInterval(() => {
    const lines = linesOf(results);
    if (lines.length > seen) [seen, since] = [lines.length, performance.now()];
    if (performance.now() - since > limitOf(lines.at(-1)) || lines.at(-1)?.done) process.kill(-child.pid, 'SIGKILL');
  }, LOOKS_MS);
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearInterval(watch);
  closeSync(log);
  const lines = linesOf(results);
  if (lines.length === 0) throw new Error(`the runner of mutants broke: see ${logFile}`);
  return lines;
}
