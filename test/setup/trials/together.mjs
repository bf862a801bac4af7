// Set-ups that meet in one folder.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { complaints, differences, setUpIn, startSetUp, stepsDone, tree } from './place.mjs';

const isWaiting = (output) => /another set-up is at work in this folder/.test(output);

/** In CI the first two have little to do: who waits for whom depends on no step. */
export async function meetings(clone, fresh, report, isFull) {
  for (const folder of isFull ? ['.venv', 'src/dist'] : ['src/dist'])
    rmSync(path.join(clone, folder), { recursive: true, force: true });
  const both = await Promise.all([startSetUp(clone).ended, startSetUp(clone).ended]);
  const waited = both.filter(({ output }) => isWaiting(output));
  const done = both.map(({ output }) => stepsDone(output).join(', '));
  report(
    'two set-ups at once',
    [
      ...both.filter(({ status }) => status !== 0).map(({ output }) => output),
      ...(waited.length === 1 && done.includes('')
        ? []
        : [`expected one to wait and then to have nothing to do: ${both.map(({ output }) => output).join('\n--\n')}`]),
      ...complaints(clone),
      ...differences(fresh, tree(clone)),
    ],
    `one did ${done.find((steps) => steps !== '')}, the other waited`,
  );

  rmSync(path.join(clone, 'node_modules'), { recursive: true, force: true });
  const { child, ended } = startSetUp(clone);
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && !existsSync(path.join(clone, 'build', 'tmp', 'packages', 'node_modules')))
    await new Promise((resolve) => setImmediate(resolve));
  // Only set-up itself: the npm that it started lives on for a while.
  if (!isOver) process.kill(child.pid, 'SIGKILL');
  const second = setUpIn(clone);
  await ended;
  report(
    'a second set-up while the npm of a killed one still runs',
    [...(second.status === 0 ? [] : [second.output]), ...complaints(clone), ...differences(fresh, tree(clone))],
    isWaiting(second.output) ? 'it waited for it' : 'npm had ended with its parent',
  );
}
