// The steps of a set-up, in order. Each says when it is done, how to do it, and how much space it takes meanwhile;
// nothing outside the project is touched but the caches of npm and pip.
import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { filesAreListed, listFiles } from './files.mjs';
import { kernelspecsAreWritten, writeKernelspecs } from './kernelspecs.mjs';
import { addonIsLinked, buildLibrary, libraryIsBuilt, linkAddon } from './native.mjs';
import { buildOperations, operationsAreBuilt } from './operations.mjs';
import { installPackages, installTestPackages, packagesAreInstalled, testPackagesAreInstalled } from './packages.mjs';
import { inRoot } from './paths.mjs';
import { pythonIsSetUp, setUpPython } from './python.mjs';
import { run } from './run.mjs';
import { hashOfFiles, readStamp, removeStamp, writeStamp } from './stamps.mjs';

const dist = inRoot('src', 'dist');
const distStamp = path.join(dist, 'made-from');

const sourceKey = () =>
  hashOfFiles([
    inRoot('tsconfig.json'),
    inRoot('src', 'tsconfig.json'),
    ...readdirSync(inRoot('src'))
      .filter((name) => !name.startsWith('dist') && !['bin', 'setup', 'tsconfig.json'].includes(name))
      .map((name) => inRoot('src', name)),
  ]);

async function compilePackage() {
  const key = sourceKey();
  const aside = `${dist}.aside`;
  removeStamp(distStamp);
  rmSync(aside, { recursive: true, force: true });
  await run(
    process.execPath,
    [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', inRoot('src'), '--outDir', aside],
    { name: 'the TypeScript compiler' },
  );
  writeStamp(path.join(aside, 'made-from'), key);
  rmSync(dist, { recursive: true, force: true });
  renameSync(aside, dist);
}

/** What the course needs. */
export const steps = [
  { name: 'files', title: "the course's files listed (.course-files)", isDone: filesAreListed, run: listFiles },
  {
    name: 'packages',
    title: 'npm packages from the lock file',
    bytes: 0.6e9,
    isDone: packagesAreInstalled,
    run: installPackages,
  },
  {
    name: 'python',
    title: 'Python environment (.venv) with JupyterLab',
    bytes: 0.4e9,
    isDone: pythonIsSetUp,
    run: setUpPython,
  },
  {
    name: 'tensorflow',
    title: "TensorFlow's library and the addon (.native)",
    bytes: 1.2e9,
    isDone: libraryIsBuilt,
    run: buildLibrary,
  },
  { name: 'addon', title: 'addon linked into tfjs-node and loaded', isDone: addonIsLinked, run: linkAddon },
  {
    name: 'operations',
    title: "graph mode's own operations compiled",
    isDone: operationsAreBuilt,
    run: buildOperations,
  },
  {
    name: 'package',
    title: 'the package `layerwise` compiled',
    bytes: 0.02e9,
    isDone: () => readStamp(distStamp) === sourceKey(),
    run: compilePackage,
  },
  {
    name: 'kernelspecs',
    title: 'kernelspecs, settings and template in .venv',
    isDone: kernelspecsAreWritten,
    run: writeKernelspecs,
  },
];

/** The same, with the packages that only the tests need. */
export const stepsForTests = steps.map((step) =>
  step.name !== 'packages'
    ? step
    : {
        ...step,
        title: 'npm packages from the lock file, those of the tests too',
        bytes: 0.8e9,
        isDone: testPackagesAreInstalled,
        run: installTestPackages,
      },
);
