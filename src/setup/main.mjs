import { explain } from './explain.mjs';
import { elapsed, showStep } from './progress.mjs';
import { setUp } from './set-up.mjs';
import { steps, stepsForTests } from './steps.mjs';

/** Sets up what isn't, with a line a step; with `--tests` also what only the tests need. Rejects with a Problem where the reader can do something about it. */
export async function main() {
  const start = performance.now();
  try {
    const redone = await setUp(showStep, process.argv.includes('--tests') ? stepsForTests : steps);
    if (redone.length > 0) console.log(`Set up in ${elapsed(start)}.\n`);
  } catch (error) {
    throw explain(error);
  }
}
