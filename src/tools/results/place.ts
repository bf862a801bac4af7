import { createRequire } from 'node:module';
import { chaptersWith, compiledFile, resultsFile } from '../course';
import { experimentsIn } from './experiments-in';
import type { Experiment } from '../../parts/experiments';

/** Where a chapter's experiments and their results lie. */
export interface Place {
  /** Its number, for example `06`. */
  readonly chapter: string;
  /** The compiled module that exports `experiments`. */
  readonly module: string;
  /** Its `results.json`, which may not be there yet. */
  readonly results: string;
}

/** The chapters that have experiments, in the course's order. */
export const places = (): Place[] =>
  chaptersWith('experiments').map((name) => ({
    chapter: name.replace(/-.*/, ''),
    module: compiledFile(name, 'experiments'),
    results: resultsFile(name),
  }));

/** What the chapter's module exports, checked. */
export function experimentsOf({ module }: Pick<Place, 'module'>): readonly Experiment[] {
  const loaded: unknown = createRequire(__filename)(module);
  return experimentsIn(loaded, module);
}
