// What set-up needs of the machine beside Node: Python with venv, a C++ compiler, space on the disk.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { freeBytes, gigabytes } from './explain.mjs';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';

const PYTHONS = ['python3.11', 'python3.12', 'python3.13', 'python3'];
const PYTHON_RANGE = 'from 3.11 to 3.13';

const isDebian = () => existsSync('/etc/debian_version');
const isMac = () => process.platform === 'darwin';

/** The command that installs a Debian package, or what to do on other systems. */
export function howToInstall(debian, mac, other) {
  if (isDebian()) return `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install -y ${debian}`;
  if (isMac()) return mac;
  return other;
}

function output(command, args) {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    }).trim();
  } catch {
    return undefined;
  }
}

/** Finds a Python that can make virtual environments. Throws a Problem when there is none. */
export function findPython(candidates = process.env.LAYERWISE_PYTHON ? [process.env.LAYERWISE_PYTHON] : PYTHONS) {
  const seen = [];
  for (const name of candidates) {
    const answer = output(name, [
      '-c',
      'import sys,importlib.util as u;print(sys.executable,"%d.%d"%sys.version_info[:2],bool(u.find_spec("venv") and u.find_spec("ensurepip")),sep="\\n")',
    ]);
    if (!answer) continue;
    const [executable, version, hasVenv] = answer.split('\n');
    seen.push(`${name} is ${version}${hasVenv === 'True' ? '' : ' without venv'}`);
    const minor = Number(version.split('.')[1]);
    if (version.startsWith('3.') && minor >= 11 && minor <= 13 && hasVenv === 'True') return { executable, version };
  }
  const found = seen.length ? ` (found: ${seen.join(', ')})` : '';
  throw new Problem(
    `no Python ${PYTHON_RANGE} with the venv module was found${found}`,
    howToInstall(
      'python3 python3-venv',
      'brew install python@3.13',
      `install Python ${PYTHON_RANGE} with venv, or name one: LAYERWISE_PYTHON=/path/to/python3 npm start`,
    ),
  );
}

/** Finds the C++ compiler. Throws a Problem when there is none. */
export function findCompiler(candidates = compilers()) {
  for (const name of candidates) {
    const answer = output(name, ['--version']);
    if (answer) return { command: name, version: answer.split('\n')[0] };
  }
  throw compilerProblem(candidates);
}

/** The compiler, or undefined. */
export function compilerOrNone() {
  try {
    return findCompiler();
  } catch {
    return undefined;
  }
}

const compilers = () => (process.env.CXX ? [process.env.CXX] : ['g++', 'c++', 'clang++']);

/** What is said where there is no compiler. */
export const compilerProblem = (candidates = compilers()) =>
  new Problem(
    `no C++ compiler was found (tried: ${candidates.join(', ')}); the bridge from JavaScript to TensorFlow is compiled on your machine`,
    howToInstall('g++', 'xcode-select --install', "install g++ (or clang++) with your system's package manager"),
  );

/** Throws the system's error where nothing may be written into the project's folder. */
export function checkFolder() {
  accessSync(root, constants.W_OK);
}

/** Throws a Problem where less than `bytes` are free on the project's disk. */
export function checkSpace(bytes, free = freeBytes()) {
  if (free === undefined || free >= bytes) return;
  throw new Problem(
    `set-up needs ${gigabytes(bytes)} more, and only ${gigabytes(free)} are free on the disk that holds ${root}`,
    'make space, or clone the course to another disk, then run the same command again',
  );
}

/** The system's name, as doctor shows it. */
export function systemName() {
  try {
    return /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}
