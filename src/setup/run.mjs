// Runs a command with its output in a log, so that a set-up shows one line a step, and the log's end when it fails.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, writeSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';

const KEPT_LINES = 25;

/**
 * Runs `command` with `args`. Each line of output goes to `build/setup.log` and to `onLine`.
 * Resolves when it ends with status 0, else rejects with a Problem that holds the last lines.
 */
export function run(command, args, { onLine = () => {}, cwd = inRoot(), env = process.env } = {}) {
  mkdirSync(inRoot('build'), { recursive: true });
  const log = openSync(inRoot('build', 'setup.log'), 'a');
  writeSync(log, `\n$ ${command} ${args.join(' ')}\n`);
  const lastLines = [];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      let rest = '';
      stream.on('data', (text) => {
        writeSync(log, text);
        const lines = (rest + text).split(/\r?\n/);
        rest = lines.pop() ?? '';
        for (const line of lines) {
          lastLines.push(line);
          if (lastLines.length > KEPT_LINES) lastLines.shift();
          onLine(line);
        }
      });
    }
    child.on('error', (error) => {
      closeSync(log);
      reject(new Problem(`could not start ${command}: ${error.message}`, `check that ${command} is installed and on the PATH`));
    });
    child.on('close', (code, signal) => {
      closeSync(log);
      if (code === 0) return resolve();
      const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
      reject(new Problem(`${command} ${args[0] ?? ''} ${how}. Its last lines:\n${lastLines.join('\n')}`, 'read build/setup.log, mend what it names and run the same command again'));
    });
  });
}
