import path from 'node:path';
import { checkNotebooks } from '../book';

/** `layerwise check`: one line a notebook, its problems below; returns the exit status. */
export function runCheck(options: { readonly folder?: string }): number {
  const results = checkNotebooks(({ name, problems, seconds }) => {
    console.log(`${problems.length === 0 ? '[ok]  ' : '[fail]'} ${name} (${seconds.toFixed(1)} s)`);
    for (const problem of problems) console.log(`  ${problem}`);
  }, options.folder && path.resolve(options.folder));
  const failed = results.filter((result) => result.problems.length > 0).length;
  if (results.length === 0) {
    console.error('check: no notebook was found');
    return 1;
  }
  console.log(`\n${results.length - failed} of ${results.length} are fine.`);
  return failed === 0 ? 0 : 1;
}
