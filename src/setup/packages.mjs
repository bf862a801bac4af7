// The npm packages of the lock file. They are installed aside and take their place when all are there:
// an update that fails, for want of a network perhaps, leaves the old ones as they were.
import { cpSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inRoot, temporary } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamps.mjs';

// What npm reads; it links the package's command only where the command's file is.
const FILES = ['package.json', 'package-lock.json', path.join('src', 'package.json'), path.join('src', 'bin')];
// A file that npm can't write, on a full disk perhaps, is only a warning to it.
const LOST_FILE = /TAR_ENTRY_ERROR/;
const STAMP = '.layerwise-made-from';
const nodeModules = inRoot('node_modules');
const aside = path.join(temporary, 'packages');
const old = path.join(temporary, 'packages-old');

const key = () => {
  const { dependencies, devDependencies, overrides, workspaces } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return hashOf(JSON.stringify([dependencies, devDependencies, overrides, workspaces]), readFileSync(inRoot('package-lock.json')));
};

export const packagesAreInstalled = () => readStamp(path.join(nodeModules, STAMP)) === key();

export async function installPackages(detail) {
  const made = key();
  for (const folder of [aside, old]) rmSync(folder, { recursive: true, force: true });
  for (const file of FILES) cpSync(inRoot(file), path.join(aside, file), { recursive: true });
  const expected = topLevelPackages(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')));
  const timer = setInterval(() => detail(`${installedPackages()} of ${expected}`), 500);
  try {
    // Two short waits between three tries, so that a missing network is told soon.
    const retries = ['--fetch-retries=2', '--fetch-retry-factor=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
    await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', ...retries], { cwd: aside, failure: LOST_FILE });
  } finally {
    clearInterval(timer);
  }
  moveIfThere(nodeModules, old);
  renameSync(path.join(aside, 'node_modules'), nodeModules);
  for (const folder of [aside, old]) rmSync(folder, { recursive: true, force: true });
  writeStamp(path.join(nodeModules, STAMP), made);
}

function moveIfThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function topLevelPackages(lock) {
  return Object.keys(lock.packages).filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name)).length;
}

function installedPackages() {
  const folder = path.join(aside, 'node_modules');
  try {
    return readdirSync(folder).reduce((sum, name) => sum + (name.startsWith('@') ? readdirSync(path.join(folder, name)).length : name.startsWith('.') ? 0 : 1), 0);
  } catch {
    return 0;
  }
}
