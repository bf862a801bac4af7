// Kernelspecs: `tslab` is what learners get; `tslab-plain`, for tests only, is the unmodified kernel.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { labSources, writeLab } from './lab.mjs';
import { inRoot, kernelspecs, nodeShim } from './paths.mjs';
import { hashOf, readStamp, writeStamp } from './stamps.mjs';

const QUIET_TENSORFLOW = { TF_CPP_MIN_LOG_LEVEL: '3' };
const tslab = inRoot('node_modules', 'tslab', 'bin', 'tslab');

export const plainJupyterPath = inRoot('build', 'jupyter');
const plainSpecs = path.join(plainJupyterPath, 'kernels');

const ours = {
  argv: [
    process.execPath,
    '--expose-gc',
    '--require',
    nodeShim,
    inRoot('src', 'dist', 'tools', 'kernel', 'main.js'),
    '{connection_file}',
  ],
  display_name: 'TypeScript (Layerwise)',
  language: 'typescript',
  interrupt_mode: 'message',
  // The C library gives each thread memory of its own, which it rarely gives back: two such pools are enough.
  env: { ...QUIET_TENSORFLOW, MALLOC_ARENA_MAX: '2' },
};

// Three layers, one above the other.
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="10" fill="#0072b2"/><g fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round"><path d="M32 12 54 23 32 34 10 23Z"/><path d="m10 32 22 11 22-11M10 41l22 11 22-11"/></g></svg>\n`;

const plain = {
  argv: [process.execPath, '--require', nodeShim, tslab, 'kernel', '--config-path={connection_file}'],
  display_name: 'TypeScript (plain tslab)',
  language: 'typescript',
  env: QUIET_TENSORFLOW,
};

// When what the kernelspecs and JupyterLab's files hold changes, they are written anew.
const key = () => hashOf(JSON.stringify([ours, LOGO, plain, labSources()]));

const stamp = path.join(kernelspecs, 'tslab', 'made-from');
const plainSpecFile = path.join(plainSpecs, 'tslab-plain', 'kernel.json');

export const kernelspecsAreWritten = () => readStamp(stamp) === key() && existsSync(plainSpecFile);

/** Writes both kernelspecs, and what JupyterLab and nbconvert get of the course. */
export async function writeKernelspecs() {
  writeLab();
  for (const [folder, content] of [
    [path.join(kernelspecs, 'tslab'), ours],
    [path.dirname(plainSpecFile), plain],
  ]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (content === ours) writeFileSync(path.join(folder, 'logo-svg.svg'), LOGO);
    writeFileSync(path.join(folder, 'kernel.json'), `${JSON.stringify(content, undefined, 2)}\n`);
  }
  writeStamp(stamp, key());
}
