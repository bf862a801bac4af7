// The npm packages of the lock file. They are installed aside and take their place when all are there:
// an update that fails, for want of a network perhaps, leaves the old ones as they were.
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inRoot, temporary } from './paths.mjs';
import { Problem } from './problem.mjs';
import { npmCi } from './settings.mjs';
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
  const { dependencies, devDependencies, overrides, workspaces } = JSON.parse(
    readFileSync(inRoot('package.json'), 'utf8'),
  );
  return hashOf(
    JSON.stringify([dependencies, devDependencies, overrides, workspaces]),
    readFileSync(inRoot('package-lock.json')),
  );
};

// What the stamp says after the key where the packages of the tests are there too.
const WITH_TESTS = ' with tests';
const stamp = () => readStamp(path.join(nodeModules, STAMP));

/** Those that the course needs; more may be there. */
export const packagesAreInstalled = () =>
  [key(), key() + WITH_TESTS].includes(stamp()) && missingPackages(inRoot()).length === 0;

/** Those that only the tests need as well. */
export const testPackagesAreInstalled = () =>
  stamp() === key() + WITH_TESTS && missingPackages(inRoot(), { withTests: true }).length === 0;

const lock = () => JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;

/** What the lock file asks for on every machine and isn't in the `node_modules` of a folder. */
function missingPackages(folder, { withTests = false } = {}) {
  const files = Object.entries(lock())
    .filter(([name, { optional, dev }]) => name.startsWith('node_modules/') && !optional && (withTests || !dev))
    .map(([name]) => path.join(name, 'package.json'));
  return [...files, path.join('node_modules', '.bin', 'layerwise')].filter(
    (file) => !existsSync(path.join(folder, file)),
  );
}

export const installTestPackages = (detail) => installPackages(detail, { withTests: true });

/** Where those of the tests were there, they stay: whoever ran the tests will run them again. */
export async function installPackages(detail, { withTests = stamp()?.endsWith(WITH_TESTS) ?? false } = {}) {
  const made = key() + (withTests ? WITH_TESTS : '');
  for (const folder of [aside, old]) rmSync(folder, { recursive: true, force: true });
  for (const file of FILES) cpSync(inRoot(file), path.join(aside, file), { recursive: true });
  const expected = Object.entries(lock()).filter(
    ([name, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name) && (withTests || !dev),
  ).length;
  const timer = setInterval(() => detail(`${installedPackages()} of ${expected}`), 500);
  try {
    // Two short waits between three tries, so that a missing network is told soon.
    const retries = [
      '--fetch-retries=2',
      '--fetch-retry-factor=2',
      '--fetch-retry-mintimeout=1000',
      '--fetch-retry-maxtimeout=5000',
    ];
    await npmCi([withTests ? '--include=dev' : '--omit=dev', ...retries], { cwd: aside, failure: LOST_FILE });
  } finally {
    clearInterval(timer);
  }
  const [missing] = missingPackages(aside, { withTests });
  if (missing !== undefined)
    throw new Problem(
      `npm left out ${missing}`,
      'look for a setting in ~/.npmrc that says so (npm config list), then run the same command again',
    );
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

function installedPackages() {
  const folder = path.join(aside, 'node_modules');
  try {
    return readdirSync(folder).reduce(
      (sum, name) =>
        sum + (name.startsWith('@') ? readdirSync(path.join(folder, name)).length : name.startsWith('.') ? 0 : 1),
      0,
    );
  } catch {
    return 0;
  }
}
