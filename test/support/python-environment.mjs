// Python environments that single tests and benchmarks need beside the course's own: made on demand under build/, kept
// while their requirements stay.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';
import { findPython } from '../../src/setup/requirements.mjs';
import { hashOf, readStamp, writeStamp } from '../../src/setup/stamps.mjs';

/**
 * The interpreter of the environment build/<name>, with the packages of a file of requirements. Ends the process with a
 * message where that fails.
 */
export function pythonWith(name, requirements, options = ['--require-hashes']) {
  const folder = inRoot('build', name);
  const python = path.join(folder, 'bin', 'python');
  const key = hashOf(readFileSync(requirements), options.join(' '));
  if (readStamp(path.join(folder, 'made-from')) === key && existsSync(python)) return python;
  console.log(`installing ${path.basename(requirements)} into build/${name} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  run(findPython().executable, ['-m', 'venv', folder]);
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-compile',
    '--disable-pip-version-check',
    ...options,
    '-r',
    requirements,
  ]);
  writeStamp(path.join(folder, 'made-from'), key);
  return python;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  console.error(
    `${command} ${args.join(' ')} ended with status ${status}; mend what it says above and run the same command again`,
  );
  process.exit(1);
}
