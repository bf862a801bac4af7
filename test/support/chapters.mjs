// Which chapters a stage tries. The stages that grow by chapter try whatever has changed since they last passed, and of
// the rest a sample by seed, so that a run of CI stays short however many chapters there are. Late in a run, as on a slow
// machine, a sample is all that they try, of what has changed first.
import { createRequire } from 'node:module';
import { inRoot } from '../../src/setup/paths.mjs';
import { hasPassedOn, ONE_IN, seedOf } from './tested.mjs';

const require = createRequire(import.meta.url);
/** Fewer would leave a stage with hardly a case. */
const LEAST = 3;

/** The names in LAYERWISE_CHAPTERS, which the runner sets for a stage; all names where nothing is set. */
export const chosen = (names) => {
  const asked = process.env.LAYERWISE_CHAPTERS?.split(',');
  return asked ? names.filter((name) => asked.includes(name)) : names;
};

/**
 * The chapters that a stage tries now. In a quick run as many as it says, by seed; with `isEvery`, and in a stage that
 * remembers nothing, all; else those that have changed and some of the others by seed. With `isLate` a few by seed, those
 * that have changed first.
 */
export function chaptersFor(stage, { isQuick, isEvery, isLate = false, seed }) {
  const { chapterNames } = require(inRoot('src', 'dist', 'tools', 'course.js'));
  const { generator } = require(inRoot('src', 'dist', 'parts', 'random', 'index.js'));
  const names = chapterNames();
  const drawn = generator(seedOf(stage, seed)).shuffle(names);
  if (isQuick) return drawn.slice(0, stage.byChapter.quick).sort();
  if (isEvery || !stage.byChapter.reach) return names;
  const changed = drawn.filter((name) => !hasPassedOn(stage, name));
  const others = drawn.filter((name) => !changed.includes(name));
  if (isLate) return [...changed, ...others].slice(0, LEAST).sort();
  return [...changed, ...others.slice(0, Math.max(LEAST, Math.ceil(names.length / ONE_IN)))].sort();
}
