import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { computeBands, readResults, type Experiment, type ResultRow } from '../../parts/experiments';
import { chapterModule, chaptersWith, resultsFile } from '../course';

const isList = (value: unknown): value is readonly Experiment[] =>
  Array.isArray(value) &&
  value.every((item: unknown) => typeof item === 'object' && item !== null && 'id' in item && 'run' in item);

/** The experiments of a chapter, which may depend on the data that this machine has. */
async function experimentsOf(chapter: string): Promise<readonly Experiment[]> {
  const given: unknown = Reflect.get(chapterModule(chapter, 'experiments') ?? {}, 'experiments');
  const made: unknown = typeof given === 'function' ? await Reflect.apply(given, undefined, []) : given;
  if (!isList(made))
    throw new Error(`results: ${chapter} must export its experiments as a list, or a function that makes one`);
  return made;
}

export interface ResultsCommandOptions {
  readonly seeds?: number;
  /** Only experiments whose id has this in it. */
  readonly only?: string;
}

/**
 * `layerwise results NN`: runs the experiments of a chapter over the seeds and writes their bands; returns the exit
 * status.
 */
export async function runResults(chapter: string, options: ResultsCommandOptions): Promise<number> {
  try {
    return await compute(chapter, options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function compute(chapter: string, { seeds = 10, only = '' }: ResultsCommandOptions): Promise<number> {
  const known = chaptersWith('experiments');
  const name = known.find((candidate) => candidate.startsWith(`${chapter}-`));
  if (name === undefined) {
    console.error(
      `results: expected one of ${known.map((candidate) => candidate.replace(/-.*/, '')).join(', ')}, got "${chapter}"`,
    );
    return 1;
  }
  tf.enableProdMode();
  const chosen = (await experimentsOf(name)).filter(({ id }) => id.includes(only));
  if (chosen.length === 0) {
    console.error(`results: no experiment of chapter ${chapter} has "${only}" in its name`);
    return 1;
  }
  const started = Date.now();
  let done = 0;
  for (const experiment of chosen) {
    const measures = await computeBands(experiment, seeds, (seed, measured) => {
      done++;
      const left = ((Date.now() - started) / 1000 / done) * (chosen.length * seeds - done);
      console.log(
        `[${done}/${chosen.length * seeds}, ${left.toFixed(0)} s left] ${experiment.id}, seed ${seed}: ${Object.entries(
          measured,
        )
          .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
          .join(', ')}`,
      );
    });
    store(chapter, resultsFile(name), {
      id: experiment.id,
      label: experiment.label,
      seeds,
      date: new Date().toISOString().slice(0, 10),
      versions: versions(),
      measures,
    });
  }
  console.log(`written: ${path.relative(process.cwd(), resultsFile(name))}`);
  return 0;
}

/** Puts a row in its place; rows of other data sets, and those that were not run, stay. */
function store(chapter: string, file: string, row: ResultRow): void {
  const known = existsSync(file) ? readResults(chapter).rows : [];
  const rows = known.some(({ id }) => id === row.id)
    ? known.map((old) => (old.id === row.id ? row : old))
    : [...known, row];
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify({ chapter, rows }, undefined, 1)}\n`);
  renameSync(`${file}.new`, file);
}

const versions = (): Record<string, string> => ({
  node: process.versions.node,
  tensorflow: tf.version['tfjs-core'],
  library: libraryVersion(),
});

/** The version of the native library that computes. */
function libraryVersion(): string {
  const binding: unknown = Reflect.get(tf.backend(), 'binding');
  return typeof binding === 'object' && binding !== null ? String(Reflect.get(binding, 'TF_Version')) : 'none';
}
