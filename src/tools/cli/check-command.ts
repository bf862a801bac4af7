import path from 'node:path';
import { checkChapterTable, checkNotebooks, hasFormatter } from '../book';

/** `layerwise check`: one line a notebook, its problems below; returns the exit status. */
export async function runCheck(options: { readonly folder?: string; readonly fix?: boolean }): Promise<number> {
  if (!hasFormatter()) {
    console.error(
      'check: prettier, which formats the cells, is one of the packages that only tests need. So it is installed: npm run check',
    );
    return 1;
  }
  let [checked, failed] = [0, 0];
  const tell = (name: string, problems: readonly string[], seconds?: number): void => {
    checked++;
    if (problems.length > 0) failed++;
    console.log(
      `${problems.length === 0 ? '[ok]  ' : '[fail]'} ${name}${seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`}`,
    );
    for (const problem of problems) console.log(`  ${problem}`);
  };
  const results = await checkNotebooks(({ name, problems, seconds }) => tell(name, problems, seconds), {
    ...options,
    ...(options.folder && { folder: path.resolve(options.folder) }),
  });
  if (results.length === 0) {
    console.error(
      `check: no notebook was found${options.folder ? ` in ${path.resolve(options.folder)}: expected chapters (NN-name.ipynb), and their exercises in a folder exercises` : ''}`,
    );
    return 1;
  }
  if (!options.folder) tell('README.md', checkChapterTable(options));
  console.log(`\n${checked - failed} of ${checked} are fine.`);
  return failed === 0 ? 0 : 1;
}
