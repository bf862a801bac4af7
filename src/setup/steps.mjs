// The steps of a set-up, in order. Each says when it is done and how to do it; nothing outside the project is touched.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { addonIsLinked, buildLibrary, libraryIsBuilt, linkAddon } from './native.mjs';
import { buildOperations, operationsAreBuilt } from './operations.mjs';
import { kernelspecKey, kernelspecStamp, plainSpecFile, writeKernelspecs } from './kernelspecs.mjs';
import { inRoot, venvPython } from './paths.mjs';
import { findPython } from './requirements.mjs';
import { run } from './run.mjs';
import { hashOf, hashOfFiles, readStamp, removeStamp, writeStamp } from './stamps.mjs';

const packagesStamp = inRoot('node_modules', '.layerwise-made-from');
const pythonStamp = inRoot('.venv', 'made-from');
const dist = inRoot('src', 'dist');

const packageKey = () => {
  const { dependencies, devDependencies, overrides, workspaces } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return hashOf(JSON.stringify([dependencies, devDependencies, overrides, workspaces]), readFileSync(inRoot('package-lock.json')));
};
const pythonKey = () => hashOf(readFileSync(inRoot('requirements.txt')), inRoot());
const sourceKey = () =>
  hashOfFiles([
    inRoot('tsconfig.json'),
    inRoot('src', 'tsconfig.json'),
    ...readdirSync(inRoot('src')).filter((name) => !name.startsWith('dist') && !['bin', 'setup', 'tsconfig.json'].includes(name)).map((name) => inRoot('src', name)),
  ]);

export const steps = [
  {
    name: 'packages',
    title: 'npm packages from the lock file',
    isDone: () => readStamp(packagesStamp) === packageKey(),
    run: async (detail) => {
      removeStamp(packagesStamp);
      const expected = topLevelPackages(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')));
      const timer = setInterval(() => detail(`${installedPackages()} of ${expected}`), 500);
      try {
        await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
      } finally {
        clearInterval(timer);
      }
      writeStamp(packagesStamp, packageKey());
    },
  },
  {
    name: 'python',
    title: 'Python environment (.venv) with JupyterLab',
    isDone: () => readStamp(pythonStamp) === pythonKey() && existsSync(venvPython),
    run: async (detail) => {
      const python = findPython();
      rmSync(inRoot('.venv'), { recursive: true, force: true });
      await run(python.executable, ['-m', 'venv', inRoot('.venv')]);
      const expected = readFileSync(inRoot('requirements.txt'), 'utf8').match(/^[\w.-]+==/gm)?.length ?? 0;
      let collected = 0;
      await run(venvPython, ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile', '--require-hashes', '-r', inRoot('requirements.txt')], {
        onLine: (line) => {
          if (line.startsWith('Collecting ')) detail(`${Math.min(++collected, expected)} of ${expected} downloaded`);
          if (line.startsWith('Installing ')) detail('installing');
        },
      });
      writeStamp(pythonStamp, pythonKey());
    },
  },
  {
    name: 'tensorflow',
    title: "TensorFlow's library and the addon (.native)",
    isDone: libraryIsBuilt,
    run: buildLibrary,
  },
  {
    name: 'addon',
    title: 'addon linked into tfjs-node and loaded',
    isDone: addonIsLinked,
    run: linkAddon,
  },
  {
    name: 'operations',
    title: "graph mode's own operations compiled",
    isDone: operationsAreBuilt,
    run: buildOperations,
  },
  {
    name: 'package',
    title: 'the package `layerwise` compiled',
    isDone: () => readStamp(path.join(dist, 'made-from')) === sourceKey(),
    run: async () => {
      const key = sourceKey();
      const aside = `${dist}.${process.pid}`;
      removeStamp(path.join(dist, 'made-from'));
      for (const name of readdirSync(inRoot('src'))) if (name.startsWith('dist.')) rmSync(inRoot('src', name), { recursive: true, force: true });
      await run(process.execPath, [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', inRoot('src'), '--outDir', aside]);
      writeStamp(path.join(aside, 'made-from'), key);
      rmSync(dist, { recursive: true, force: true });
      renameSync(aside, dist);
    },
  },
  {
    name: 'kernelspecs',
    title: 'kernelspecs, settings and template in .venv',
    isDone: () => readStamp(kernelspecStamp) === hashOf(kernelspecKey()) && existsSync(plainSpecFile),
    run: async () => {
      writeKernelspecs();
      writeStamp(kernelspecStamp, hashOf(kernelspecKey()));
    },
  },
];

function topLevelPackages(lock) {
  return Object.keys(lock.packages).filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name)).length;
}

function installedPackages() {
  try {
    return readdirSync(inRoot('node_modules')).reduce((sum, name) => sum + (name.startsWith('@') ? readdirSync(inRoot('node_modules', name)).length : name.startsWith('.') ? 0 : 1), 0);
  } catch {
    return 0;
  }
}
