// The Python environment .venv with what requirements.txt pins. One that is there is brought up to date; only a damaged
// or moved one is made anew.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inRoot, venvPython } from './paths.mjs';
import { Problem } from './problem.mjs';
import { findPython } from './requirements.mjs';
import { run } from './run.mjs';
import { pip } from './settings.mjs';
import { hashOf, readStamp, removeStamp, writeStamp } from './stamps.mjs';

const requirements = inRoot('requirements.txt');
const stamp = inRoot('.venv', 'made-from');
const key = () => hashOf(readFileSync(requirements), inRoot());
// Not from requirements.txt: the environment's own, and the course's exporters (lab.mjs).
const NOT_PINNED = ['pip', 'setuptools', 'layerwise-export'];

export const pythonIsSetUp = () =>
  readStamp(stamp) === key() && existsSync(venvPython) && missingFromPython().length === 0;

/** Pins of every machine whose package isn't in .venv, and JupyterLab's command where that is missing. */
function missingFromPython() {
  const library = inRoot('.venv', 'lib');
  const there = new Set(
    readdirSync(library)
      .filter((name) => name.startsWith('python3'))
      .flatMap((name) => readdirSync(path.join(library, name, 'site-packages')))
      .map((name) => normalized(name)),
  );
  const missing = [...readFileSync(requirements, 'utf8').matchAll(/^([\w.-]+)==([\w.!+]+)(?! *;)(?=\s)/gm)]
    .map(([, name, version]) => `${name}-${version}`)
    .filter((name) => !there.has(normalized(`${name}.dist-info`)));
  return existsSync(inRoot('.venv', 'bin', 'jupyter-lab')) ? missing : [...missing, 'bin/jupyter-lab'];
}

export async function setUpPython(detail) {
  if (!canBeUpdated()) {
    removeStamp(stamp);
    const python = findPython();
    rmSync(inRoot('.venv'), { recursive: true, force: true });
    await run(python.executable, ['-m', 'venv', inRoot('.venv')], { name: "Python's venv" });
  }
  const pinned = pins();
  let collected = 0;
  await pip(
    venvPython,
    ['install', '--verbose', '--disable-pip-version-check', '--no-compile', '--require-hashes', '-r', requirements],
    {
      onLine: (line) => {
        if (line.startsWith('Collecting '))
          detail(`${Math.min(++collected, pinned.length)} of ${pinned.length} downloaded`);
        if (!line.startsWith('Installing ')) return;
        // Until here nothing has been changed, and what is there can still be used.
        removeStamp(stamp);
        detail('installing');
      },
    },
  );
  const extra = (await installed()).filter((name) => !pinned.includes(name) && !NOT_PINNED.includes(name));
  if (extra.length > 0) {
    removeStamp(stamp);
    await pip(venvPython, ['uninstall', '--yes', ...extra]);
  }
  const [missing] = missingFromPython();
  if (missing !== undefined)
    throw new Problem(
      `pip left out ${missing}`,
      'look for a setting that says so (.venv/bin/pip config list), then run the same command again',
    );
  writeStamp(stamp, key());
}

/** It was complete once, and lies where it was made: an environment holds its own path. */
function canBeUpdated() {
  const madeBy = inRoot('.venv', 'pyvenv.cfg');
  return (
    readStamp(stamp) !== undefined &&
    existsSync(venvPython) &&
    existsSync(madeBy) &&
    readFileSync(madeBy, 'utf8').includes(` -m venv ${inRoot('.venv')}\n`)
  );
}

const normalized = (name) => name.toLowerCase().replace(/[-_.]+/g, '-');

function pins() {
  return [...readFileSync(requirements, 'utf8').matchAll(/^([\w.-]+)==/gm)].map(([, name]) => normalized(name));
}

async function installed() {
  let answer = '[]';
  await pip(venvPython, ['list', '--format=json', '--disable-pip-version-check'], {
    onLine: (line) => {
      if (line.startsWith('[')) answer = line;
    },
  });
  return JSON.parse(answer).map(({ name }) => normalized(name));
}
