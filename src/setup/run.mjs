// Runs a command with its output in a log, so that a set-up shows one line a step, and the log's end when it fails.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { explainOutput } from './explain.mjs';
import { lockFile } from './lock.mjs';
import { inRoot, temporary } from './paths.mjs';
import { Problem } from './problem.mjs';
import { elapsed } from './progress.mjs';

const SHOWN_LINES = 25;
const LINES_OF_A_FAILURE = 80;
const logFile = inRoot('build', 'setup.log');

export const startLog = () => rmSync(logFile, { force: true });

/** Removes the folder for temporary files, in which a set-up that was killed may have left some. */
export const clearTemporaryFiles = () => existsSync(temporary) && rmSync(temporary, { recursive: true, force: true });

// What the reader's own environment must not change: development packages are left out in production, Python would look
// for modules elsewhere.
export const environment = () => {
  const env = { ...process.env, TMPDIR: temporary, PYTHONDONTWRITEBYTECODE: '1' };
  for (const name of ['NODE_ENV', 'PYTHONPATH', 'PYTHONHOME']) delete env[name];
  return env;
};

/**
 * Runs `command` with `args`; messages call it `name`. Each line of output goes to `build/setup.log` and to `onLine`.
 * `env` is added to the environment; what is undefined there is taken out.
 * Resolves when it ends with status 0, else rejects with a Problem: what is behind it where that is known, or the last
 * lines.
 * After `limitMs` it is ended. A line that matches `failure` makes it a failure whatever the status.
 */
export function run(
  command,
  args,
  { name = path.basename(command), onLine = () => {}, cwd = inRoot(), env = {}, limitMs, failure } = {},
) {
  mkdirSync(temporary, { recursive: true });
  const log = openLog();
  log.write(`\n$ ${command} ${args.join(' ')}\n`);
  const lines = [];
  const failures = [];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe', lockFile() ?? 'ignore'],
    });
    let isTooLate = false;
    const limit =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            isTooLate = true;
            child.kill('SIGKILL');
            // A program that it started may still hold them.
            child.stdout.destroy();
            child.stderr.destroy();
          }, limitMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      let rest = '';
      const take = (line) => {
        lines.push(line);
        if (failure?.test(line)) failures.push(line);
        onLine(line);
      };
      stream.on('data', (text) => {
        log.write(text);
        const whole = (rest + text).split(/\r?\n/);
        rest = whole.pop() ?? '';
        whole.forEach(take);
      });
      stream.on('end', () => rest && take(rest));
    }
    const end = () => {
      clearTimeout(limit);
      log.close();
    };
    child.on('error', (error) => {
      end();
      reject(
        new Problem(`could not start ${command}: ${error.message}`, `check that ${name} is installed and on the PATH`),
      );
    });
    child.on('close', (code, signal) => {
      end();
      if (code === 0 && failures.length === 0) return resolve();
      if (isTooLate)
        return reject(
          new Problem(
            `${name} was not done after ${elapsed(0, limitMs)}`,
            'look at the network and run the same command again',
          ),
        );
      const known = signal ? undefined : explainOutput(name, [...failures, ...lines.slice(-LINES_OF_A_FAILURE)]);
      reject(
        known ??
          new Problem(
            `${name} ${howItEnded(code, signal)}. Its last lines:\n${lines.slice(-SHOWN_LINES).join('\n')}`,
            'read build/setup.log, mend what it names and run the same command again',
          ),
      );
    });
  });
}

function howItEnded(code, signal) {
  if (signal === 'SIGKILL') return 'was ended by the system, most likely because memory ran out';
  return signal ? `was ended by ${signal}` : `ended with status ${code}`;
}

/**
 * The log, which must not stop a set-up where it can't be written: on a full disk the step itself says what is wrong.
 */
function openLog() {
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  const file = attempt(() => openSync(logFile, 'a'));
  return {
    write: (text) => file !== undefined && attempt(() => writeSync(file, text)),
    close: () => file !== undefined && attempt(() => closeSync(file)),
  };
}
