// A process that computes one row: it reads its task from its parent, and ends with it.
import * as tf from '@tensorflow/tfjs-node';
import { checkedFiles } from '../../parts/data/find-file';
import { bandOf } from '../../parts/experiments';
import { computeValues } from '../../parts/experiments/compute';
import type { ResultRow } from '../../parts/experiments/results';
import { experimentsOf } from './place';
import { rowCode } from './row-code';
import type { Answer, Task } from './task';
import { versions } from './versions';

/** Resolves once the parent has it: seeds may keep this process busy for minutes. */
const tell = (answer: Answer): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(answer, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });

async function compute({ module, id, rowId, seeds }: Task): Promise<ResultRow> {
  const found = experimentsOf({ module }).find((experiment) => experiment.id === id);
  if (!found) throw new Error(`${module} has no experiment ${id}`);
  tf.enableProdMode();
  const before = process.cpuUsage();
  const values = await computeValues(found, seeds, (seed, measures) => tell({ seed, measures }));
  const used = process.cpuUsage(before);
  return {
    id: rowId,
    label: found.label,
    seeds,
    seconds: Math.round((used.user + used.system) / 1e5) / 10,
    date: new Date().toISOString().slice(0, 10),
    versions: versions(),
    code: rowCode(found, module).code,
    data: Object.fromEntries([...checkedFiles()].sort(([a], [b]) => (a < b ? -1 : 1))),
    measures: Object.fromEntries(Object.entries(values).map(([name, measured]) => [name, bandOf(measured)])),
    values,
  };
}

process.on('disconnect', () => process.exit(1));
process.once('message', (task: Task) => {
  compute(task)
    .then((row) => tell({ row }))
    .catch((error: unknown) => tell({ error: error instanceof Error ? error.message : String(error) }))
    .catch(() => undefined)
    .finally(() => process.disconnect());
});
