import { findCompiler, findPython } from './requirements.mjs';
import { steps } from './steps.mjs';

const NEEDS = { python: findPython, tensorflow: findCompiler };

/**
 * Does the steps that aren't done, in order, and returns their names.
 * What the steps need of the machine is looked for first, so that nothing stops half-way for want of a compiler.
 */
export async function setUp(showStep, list = steps, needs = NEEDS) {
  const isDone = (step) => {
    try {
      return step.isDone();
    } catch {
      return false;
    }
  };
  for (const step of list) if (!isDone(step)) needs[step.name]?.();
  const redone = [];
  for (const step of list) {
    if (isDone(step)) continue;
    const shown = showStep(step.title);
    try {
      await step.run(shown.detail);
      shown.done();
    } catch (error) {
      shown.fail();
      throw error;
    }
    redone.push(step.name);
  }
  return redone;
}
