// What runs first on a fresh clone: `npm start` and `npm test` both begin here. No dependencies; safe to run again and
// to interrupt.
const { checkNode } = require('./node-version.cjs');

function report(error) {
  console.error(`\nSet-up stopped: ${error instanceof Error ? error.message : error}`);
  if (error && error.cure) console.error(`To mend it: ${error.cure}`);
  else if (error && error.stack) console.error(error.stack);
  process.exitCode = 1;
}

try {
  checkNode();
  import('./main.mjs').then(({ main }) => main()).catch(report);
} catch (error) {
  report(error);
}
