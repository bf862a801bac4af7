import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Experiment } from '../../parts/experiments';
import { reachedCode, type Entry } from './reached-code';

/**
 * SHA-256 of what an experiment's results depend on but its data and its libraries: the code that its function reaches,
 * and its settings.
 *
 * @param module the compiled module that exports the experiments; it has been loaded.
 */
export function rowCode({ id, run, made }: Experiment, module: string): { code: string; usesTensorFlow: boolean } {
  const { hash, packages } = reachedCode(entryOf(made?.from ?? run) ?? { file: module, name: '*' });
  const settings = canonical(made?.settings ?? {}, `the settings of ${id}`);
  return {
    code: createHash('sha256').update(`${hash}\0${settings}`).digest('hex'),
    usesTensorFlow: packages.has('@tensorflow/tfjs-node'),
  };
}

/** The module among those loaded that exports this function: where it is made, before an index that hands it on. */
function entryOf(wanted: unknown): Entry | undefined {
  const found = Object.values(createRequire(__filename).cache).flatMap((loaded): Entry[] => {
    const exported: unknown = loaded?.exports;
    if (!loaded || loaded.filename.includes(`${path.sep}node_modules${path.sep}`)) return [];
    if (typeof exported !== 'object' || exported === null) return [];
    const name = Object.keys(exported).find((key) => Reflect.get(exported, key) === wanted);
    return name === undefined ? [] : [{ file: loaded.filename, name }];
  });
  const isIndex = ({ file }: Entry): number => Number(path.basename(file) === 'index.js');
  return found.sort((a, b) => isIndex(a) - isIndex(b) || (a.file < b.file ? -1 : 1))[0];
}

/** Settings as text that doesn't depend on the order of their names. */
function canonical(value: unknown, where: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: unknown, i) => canonical(item, `${where}, ${i}`)).join()}]`;
  if (typeof value !== 'object')
    throw new TypeError(
      `${where}: expected numbers, texts, truth values, lists and objects of them, got a ${typeof value}; give its name instead`,
    );
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item, `${where}, ${key}`)}`).join()}}`;
}
