// Cells as a naive grader runs them: one after the other in an ordinary process, among its own.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../../src/dist/${name}.js`);
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = path.join(root, 'notebooks', 'exercises');

/** Runs a cell after those before it, without looking at its types: returns what it threw. */
export function naiveRunner() {
  const { CellModules } = dist('tools/notebook/index');
  const { CellRunner } = dist('tools/kernel/cell-runner');
  const { compileCell } = dist('tools/kernel/compiled-cell');
  const { Interrupts } = dist('tools/kernel/interrupts');
  const modules = new CellModules(folder, 'kernel');
  const runner = new CellRunner(new Interrupts(), createRequire(path.join(folder, 'notebook.js')));
  let count = 0;
  return async (source) => {
    try {
      const module = modules.next(source);
      modules.declare(module);
      await runner.run(compileCell(module, ++count).cell);
      return undefined;
    } catch (thrown) {
      return thrown ?? new Error('nothing was thrown');
    }
  };
}

/** Checks the types of a notebook's cells. */
export function checkTypes(sources) {
  const { Checker } = dist('tools/kernel/checker');
  new Checker(folder, root).checkAll(sources);
}
