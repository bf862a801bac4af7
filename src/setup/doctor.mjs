// One line a part: is it there, which version, and the command that mends it. Works when nothing is installed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import nodeVersion from './node-version.cjs';
import { hasOperations } from './operations.mjs';
import { kernelspecs, inRoot, nodeShim, venvPython } from './paths.mjs';
import { paint } from './progress.mjs';
import { testPackagesAreInstalled } from './packages.mjs';
import { findPython, systemName } from './requirements.mjs';
import { cureFor, findProgram, systemParts } from './system-parts.mjs';
import { steps } from './steps.mjs';

const SET_UP = 'npm run setup';
const EXPECTED_TYPESCRIPT = '5.9.3';
const OFFICIAL_DOWNLOAD_TENSORFLOW = '2.9.1';

const ok = (text) => ({ status: 'OK', text });
const warn = (text, cure) => ({ status: 'WARN', text, cure });
const fail = (text, cure) => ({ status: 'FAIL', text, cure });
const isTrue = (check) => {
  try {
    return check();
  } catch {
    return false;
  }
};
const stepIsDone = (name) => isTrue(() => steps.find((step) => step.name === name)?.isDone() ?? false);
const version = (name) => JSON.parse(readFileSync(inRoot('node_modules', name, 'package.json'), 'utf8')).version;

/** The checks, in the order in which they are shown: [part, () => { status, text, cure }]. */
export const checks = [
  ['Node', () => ok(`${nodeVersion.checkNode()} on ${process.platform}-${process.arch}, ${systemName()}`)],
  ['Python', python],
  [
    'packages',
    () =>
      stepIsDone('packages')
        ? ok(`as in package-lock.json${isTrue(testPackagesAreInstalled) ? ', those of the tests too' : ''}`)
        : fail('node_modules is missing or not what package-lock.json says', SET_UP),
  ],
  ['addon', addon],
  [
    'operations',
    () =>
      isTrue(hasOperations)
        ? ok("graph mode's own, compiled for this processor")
        : warn(
            "graph mode's own operations are missing, or were compiled for another processor or from other sources; graphs are slower without",
            SET_UP,
          ),
  ],
  ['one tfjs', oneCopyOfTfjs],
  [
    'TypeScript',
    () =>
      version('typescript') === EXPECTED_TYPESCRIPT
        ? ok(EXPECTED_TYPESCRIPT)
        : fail(`${version('typescript')}, expected ${EXPECTED_TYPESCRIPT}`, SET_UP),
  ],
  [
    'layerwise',
    () =>
      stepIsDone('package')
        ? ok('compiled from the present sources')
        : fail('src/dist is missing or older than the sources', SET_UP),
  ],
  ['kernelspec', kernelspec],
  ['figures', figures],
  ...systemParts.map((part) => [part.name, () => program(part)]),
  ['data sets', dataSets],
];

function python() {
  if (!existsSync(venvPython)) return fail(`.venv is missing; the system has Python ${findPython().version}`, SET_UP);
  const answer = execFileSync(venvPython, ['--version'], { encoding: 'utf8' }).trim();
  return stepIsDone('python')
    ? ok(`${answer} in .venv, packages as in requirements.txt`)
    : fail(`${answer} in .venv, but not with the packages of requirements.txt`, SET_UP);
}

function addon() {
  if (!stepIsDone('addon')) return fail("tfjs-node's addon is not built or not linked", SET_UP);
  const script =
    "const tf=require('@tensorflow/tfjs-node');console.log(tf.version['tfjs-node'],tf.backend().binding.TF_Version,tf.tensor([1,2]).sum().dataSync()[0])";
  const [tfjs, tensorflow, sum] = execFileSync(process.execPath, ['--require', nodeShim, '-e', script], {
    encoding: 'utf8',
    cwd: inRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
    .trim()
    .split(' ');
  if (sum !== '3') return fail(`1 + 2 gave ${sum}`, SET_UP);
  const text = `tfjs-node ${tfjs} on TensorFlow ${tensorflow}`;
  return tensorflow === OFFICIAL_DOWNLOAD_TENSORFLOW
    ? warn(`${text}: the official download, older and slower`, `install a C++ compiler, then: ${SET_UP}`)
    : ok(text);
}

function oneCopyOfTfjs() {
  const copies = [];
  const walk = (folder) => {
    for (const name of readdirSync(folder, { withFileTypes: true })) {
      if (!name.isDirectory() || name.name.startsWith('.')) continue;
      const here = path.join(folder, name.name);
      if (name.name.startsWith('@')) walk(here);
      else if (path.basename(folder) === '@tensorflow' && /^tfjs(-node|-core|-layers)?$/.test(name.name))
        copies.push(path.relative(inRoot(), here));
      if (existsSync(path.join(here, 'node_modules'))) walk(path.join(here, 'node_modules'));
    }
  };
  walk(inRoot('node_modules'));
  if (copies.length === 0) return fail('tfjs is not installed', SET_UP);
  const nested = copies.filter((file) => file.split('node_modules').length > 2);
  return nested.length === 0
    ? ok(`${version('@tensorflow/tfjs-core')}, a single copy`)
    : fail(`more than one copy: ${nested.join(', ')}`, `rm -rf node_modules && ${SET_UP}`);
}

function kernelspec() {
  const file = path.join(kernelspecs, 'tslab', 'kernel.json');
  if (!existsSync(file)) return fail('the kernel is not known to Jupyter', SET_UP);
  const spec = JSON.parse(readFileSync(file, 'utf8'));
  const missing = spec.argv.filter((word) => path.isAbsolute(word) && !existsSync(word));
  return missing.length === 0 && stepIsDone('kernelspecs')
    ? ok(`${spec.display_name} (tslab)`)
    : fail(`the kernel's files have moved${missing.length ? `: ${missing.join(', ')}` : ''}`, SET_UP);
}

function figures() {
  const file = inRoot('.venv', 'share', 'jupyter', 'labextensions', 'jupyterlab-plotly', 'package.json');
  return existsSync(file)
    ? ok(`JupyterLab draws them (plotly extension ${JSON.parse(readFileSync(file, 'utf8')).version})`)
    : fail('JupyterLab lacks the plotly extension', SET_UP);
}

function program(part) {
  const file = findProgram(part);
  return file ? ok(file) : warn(`not installed; needed for ${part.neededFor}`, cureFor(part));
}

function dataSets() {
  const compiled = inRoot('src', 'dist', 'parts', 'data', 'index.js');
  if (!existsSync(compiled)) return fail('unknown until the package is compiled', SET_UP);
  const { findDataSets } = createRequire(import.meta.url)(compiled);
  const { found, missing, broken } = findDataSets();
  const text = `${found.length} found (${found.join(', ')})${missing.length ? `; ${missing.length} not here: ${missing.join(', ')}` : ''}`;
  if (broken.length > 0)
    return fail(`damaged: ${broken.join('; ')}`, 'git checkout -- data, or put the right file in place');
  return ok(text);
}

/** Runs all checks, prints a line each, and returns the exit status: 1 where a part FAILs. */
export function doctor(write = (line) => console.log(line)) {
  let status = 0;
  for (const [part, check] of checks) {
    const result = outcome(check);
    const color = { OK: 'green', WARN: 'yellow', FAIL: 'red' }[result.status];
    write(
      `${paint(color, `[${result.status}]`.padEnd(6))} ${part.padEnd(13)} ${result.text}${result.cure ? `\n       ${''.padEnd(13)} → ${result.cure}` : ''}`,
    );
    if (result.status === 'FAIL') status = 1;
  }
  return status;
}

function outcome(check) {
  try {
    return check();
  } catch (error) {
    return fail(String(error?.message ?? error).split('\n')[0], error?.cure ?? SET_UP);
  }
}
