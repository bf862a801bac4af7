// Set-up is killed (SIGKILL to its process group) in each step and at random times; one further run must make good all
// of it.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { complaints, differences, newClone, setUpIn, startSetUp, stepsDone, tree } from './place.mjs';

const TFJS = 'node_modules/@tensorflow/tfjs-node';
const TEMPLATE = '.venv/share/jupyter/nbconvert/templates/layerwise';

// In which step, what is undone for it, and how to see from outside that it has come so far. Those marked `more` are
// left out in CI.
const MOMENTS = [
  ['packages: half of them installed', ['node_modules'], (at) => count(at('build/tmp/packages/node_modules')) > 150],
  [
    'packages: the old ones moved away',
    ['node_modules/.layerwise-made-from'],
    (at) => existsSync(at('build/tmp/packages-old')),
  ],
  ['python: environment begun', ['.venv'], (at) => existsSync(at('.venv/pyvenv.cfg')), 'more'],
  ['python: downloading', ['.venv'], (at) => /Collecting/.test(text(at('build/setup.log'))), 'more'],
  ['python: installing', ['.venv'], (at) => count(at('.venv/lib/python3.*/site-packages')) > 30],
  ['tensorflow: downloading', ['.native'], (at) => count(at('.native/aside/download')) > 1, 'more'],
  ['tensorflow: unpacking', ['.native'], (at) => existsSync(at('.native/aside/wheel')), 'more'],
  ['tensorflow: compiling', ['.native'], (at) => existsSync(at('.native/aside/binding'))],
  ['addon: one of two links made', [`${TFJS}/deps`, `${TFJS}/lib`], (at) => existsSync(at(`${TFJS}/deps`))],
  ['operations: compiling', [`${TFJS}/lib/operations`], (at) => existsSync(at(`${TFJS}/lib/operations-aside`))],
  ['package: compiling', ['src/dist'], (at) => existsSync(at('src/dist.aside'))],
  [
    'kernelspecs: template begun',
    [TEMPLATE, '.venv/share/jupyter/kernels/tslab/made-from'],
    (at) => existsSync(at(TEMPLATE)),
  ],
];

const text = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** How many entries a folder has; one * may stand for a part of its path. */
function count(pattern) {
  try {
    const parts = pattern.split('/');
    const star = parts.findIndex((part) => part.includes('*'));
    if (star >= 0)
      parts[star] =
        readdirSync(parts.slice(0, star).join('/')).find((name) => name.startsWith(parts[star].split('*')[0])) ??
        parts[star];
    return readdirSync(parts.join('/')).length;
  } catch {
    return 0;
  }
}

/**
 * Starts set-up, kills it when `hasCome` or after so many milliseconds, runs it again, and says how it then differs
 * from a fresh one.
 */
async function killAndRepair(clone, fresh, hasCome) {
  const { child, ended } = startSetUp(clone);
  let isOver = false;
  const over = ended.then(() => (isOver = true));
  if (typeof hasCome === 'number') await Promise.race([over, new Promise((resolve) => setTimeout(resolve, hasCome))]);
  else
    while (!isOver && !hasCome((file) => path.join(clone, file))) await new Promise((resolve) => setImmediate(resolve));
  const wasInTime = !isOver;
  if (wasInTime) process.kill(-child.pid, 'SIGKILL');
  const { output } = await ended;
  const repair = setUpIn(clone);
  const wrong = [
    ...(repair.status === 0 ? [] : [repair.output]),
    ...complaints(clone),
    ...differences(fresh, tree(clone)),
  ];
  return { wasInTime, wrong, before: stepsDone(output), seconds: repair.seconds, redone: stepsDone(repair.output) };
}

/** Kills in each step of the clone that is set up; `fresh` is its tree. */
export async function killInEachStep(clone, fresh, report, isFull) {
  for (const [title, undone, hasCome, more] of MOMENTS) {
    if (more && !isFull) continue;
    for (const file of undone) rmSync(path.join(clone, file), { recursive: true, force: true });
    const { wasInTime, wrong, seconds, redone } = await killAndRepair(clone, fresh, hasCome);
    report(
      `killed: ${title}`,
      wasInTime ? wrong : ['set-up had ended before it could be killed', ...wrong],
      `repaired in ${seconds.toFixed(0)} s: ${redone.join(', ')}`,
    );
  }
}

/** Kills fresh set-ups in the same folder at random times within `lasts` seconds. */
export async function killAtRandomTimes(times, lasts, fresh, report) {
  for (let i = 0; i < times; i++) {
    // One time in each of as many equal parts, so that all of set-up has its turn.
    const after = ((i + Math.random()) / times) * lasts;
    const { wasInTime, wrong, before, seconds } = await killAndRepair(newClone(), fresh, after * 1000);
    report(
      `killed: ${wasInTime ? `after ${after.toFixed(1)} s` : 'not in time, it was faster'}`,
      wrong,
      `done before: ${before.join(', ') || 'nothing'}; repaired in ${seconds.toFixed(0)} s`,
    );
  }
}
