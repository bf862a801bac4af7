import { existsSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { venvPython } from './paths.mjs';
import { Problem } from './problem.mjs';
import { checkFolder, checkSpace, compilerOrNone, compilerProblem, findPython } from './requirements.mjs';
import { clearTemporaryFiles, startLog } from './run.mjs';
import { steps } from './steps.mjs';

function noteMissingCompiler() {
  if (compilerOrNone()) return;
  const { message, cure } = compilerProblem();
  console.warn(
    `Note: ${message}.\nWithout one, tfjs-node's official build is downloaded: an older TensorFlow (2.9.1), slower. Better: ${cure}\n`,
  );
}

const NEEDS = { python: findPython, tensorflow: noteMissingCompiler };

/**
 * Does the steps that aren't done, in order, and returns their names.
 * What the steps need of the machine is looked for first, so that nothing stops half-way for want of Python or of
 * space.
 */
export async function setUp(showStep, list = steps, needs = NEEDS) {
  const undone = list.filter((step) => !isDone(step));
  if (undone.length === 0) {
    clearTemporaryFiles();
    return [];
  }
  checkFolder();
  for (const step of undone) needs[step.name]?.();
  const waiting = () => showStep('another set-up is at work in this folder: waiting for its end').done;
  return withLock(existsSync(venvPython) ? venvPython : findPython().executable, waiting, () =>
    doSteps(list, showStep),
  );
}

async function doSteps(list, showStep) {
  startLog();
  clearTemporaryFiles();
  // Only now, when no other set-up takes space for the same steps.
  checkSpace(list.filter((step) => !isDone(step)).reduce((sum, step) => sum + (step.bytes ?? 0), 0));
  const redone = [];
  try {
    for (const step of list) {
      if (isDone(step)) continue;
      await doStep(step, showStep(step.title));
      redone.push(step.name);
    }
  } finally {
    clearTemporaryFiles();
  }
  return redone;
}

async function doStep(step, shown) {
  try {
    await step.run(shown.detail);
    if (!isDone(step))
      throw new Problem(
        `what "${step.title}" should have made is not there, although nothing failed`,
        'read build/setup.log and run the same command again',
      );
    shown.done();
  } catch (error) {
    shown.fail();
    throw error;
  }
}

function isDone(step) {
  try {
    return step.isDone();
  } catch {
    return false;
  }
}
