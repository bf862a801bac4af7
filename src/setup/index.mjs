// What runs first on a fresh clone: `npm start` and `npm test` both begin here. No dependencies; safe to run again and to interrupt.
import { checkNode } from './requirements.mjs';
import { elapsed, paint, showStep } from './progress.mjs';

try {
  checkNode();
  const { setUp } = await import('./set-up.mjs');
  const start = performance.now();
  const redone = await setUp(showStep);
  if (redone.length > 0) console.log(`Set up in ${elapsed(start)}.\n`);
} catch (error) {
  console.error(`\n${paint('red', 'Set-up stopped', process.stderr)}: ${error instanceof Error ? error.message : error}`);
  if (error?.cure) console.error(`To mend it: ${error.cure}`);
  if (!error?.cure && error?.stack) console.error(error.stack);
  process.exitCode = 1;
}
