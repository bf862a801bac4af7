// The list of the files that make up the course: `release` gives students nothing that isn't in it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';
import { writeStamp } from './stamps.mjs';

// At the top and ignored by git: not in a folder that somebody deletes to set up anew, when other files lie about
// already.
export const fileList = inRoot('.course-files');
const MADE =
  /(?:^|\/)(?:node_modules|\.git|\.ipynb_checkpoints|__pycache__)(?:\/|$)|^(?:\.venv|\.native|\.course-files|build|work|src\/dist[^/]*)(?:\/|$)/;

/** What git tracks; undefined where the project is no checkout of its own, or git can't say. */
function trackedFiles() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  try {
    const files = execFileSync('git', ['ls-files', '-z'], {
      cwd: root,
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\0');
    return files.includes('package-lock.json')
      ? files.filter((file) => file !== '' && existsSync(inRoot(file)))
      : undefined;
  } catch {
    return undefined;
  }
}

function filesThere(folder = '') {
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (MADE.test(file)) return [];
    return entry.isDirectory() ? filesThere(file) : entry.isFile() ? [file] : [];
  });
}

const listOf = (files) => `${[...files].sort().join('\n')}\n`;

/**
 * With git the list follows it. Without, it is made once, by the first set-up, when nothing but the course is there.
 */
export function filesAreListed() {
  if (!existsSync(fileList)) return false;
  const tracked = trackedFiles();
  return tracked === undefined || readFileSync(fileList, 'utf8') === listOf(tracked);
}

export async function listFiles() {
  writeStamp(fileList, listOf(trackedFiles() ?? filesThere()));
}
