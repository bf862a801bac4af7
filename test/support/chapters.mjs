// Which chapters a stage tries. The stages that grow by chapter try whatever has changed since they last passed, and of
// the rest a sample by seed, so that a run of CI stays short however many chapters there are. Late in a run, as on a slow
// machine, a sample is all that they try, of what has changed first.
// What they passed on is written in test/tested/<chapter>.json: for each stage a hash of all that it reaches of the
// chapter. Only a run of the stage in which nothing failed and nothing was skipped writes there; one that fails strikes
// out what it tried. A hash that lies (it was edited, or the code reaches what isn't hashed here) hides a fault until the
// sample draws its chapter, which is in about one run of ONE_IN: each draws anew.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';

const require = createRequire(import.meta.url);
/** One in so many of the chapters that have not changed. */
const ONE_IN = 7;
/** Fewer would leave a stage with hardly a case. */
const LEAST = 3;

/** The names in LAYERWISE_CHAPTERS, which the runner sets for a stage; all names where nothing is set. */
export const chosen = (names) => {
  const asked = process.env.LAYERWISE_CHAPTERS?.split(',');
  return asked ? names.filter((name) => asked.includes(name)) : names;
};

const dist = (...parts) => inRoot('src', 'dist', ...parts);
/** A file, or those below a folder; nothing where there is neither. */
const filesBelow = (place) =>
  statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(place)
        .sort()
        .flatMap((name) => filesBelow(path.join(place, name)))
    : [place].filter(existsSync);

/** Whether a source isn't part of the compiled code: other files, and what is bundled for a browser. */
const isBesideCode = (file) => !/\.(ts|md)$/.test(file) || file.includes(path.join('live', 'browser'));

/** A test's program and the modules of the tests that it imports. */
function programFiles(name, seen = new Set()) {
  const file = [name, `${name}.ts`].find((place) => place.startsWith(inRoot('test')) && existsSync(place));
  if (file === undefined || seen.has(file)) return seen;
  seen.add(file);
  for (const [, imported] of readFileSync(file, 'utf8').matchAll(/from '(\.{1,2}\/[\w./-]+)'/g))
    programFiles(path.resolve(path.dirname(file), imported), seen);
  return seen;
}

/**
 * SHA-256 of all that a stage reaches of a chapter: its notebooks and its folder; the compiled code of these tools, of
 * what the chapter's tests load and of the parts that its notebooks import, without comments; the stage's own program;
 * packages, data sets, graph mode's operations. Paths and this machine are no part of it.
 */
export function keyOf({ tools, program }, chapter) {
  const { codeHash, loadedFiles } = require(dist('tools', 'compiled-code.js'));
  const { lockedPackages } = require(dist('tools', 'locked-packages.js'));
  const hash = createHash('sha256');
  const add = (...texts) => texts.forEach((text) => hash.update(text).update('\0'));
  const notebooks = ['', 'exercises'].map((folder) => inRoot('notebooks', folder, `${chapter}.ipynb`));
  const texts = notebooks.filter(existsSync).map((file) => readFileSync(file, 'utf8'));
  const parts = new Set(texts.flatMap((text) => [...text.matchAll(/'layerwise\/([\w-]+)'/g)].map(([, name]) => name)));
  const entries = [
    ...tools.flatMap((tool) => filesBelow(dist('tools', tool))),
    ...filesBelow(dist('course', chapter)),
    ...[...parts].map((part) => dist('parts', part, 'index.js')),
  ].filter((file) => file.endsWith('.js') && existsSync(file));
  for (const file of [...loadedFiles(entries)].sort()) add(path.relative(dist(), file), codeHash(file));
  const read = [
    ...filesBelow(inRoot('src', 'course', chapter)),
    ...tools.flatMap((tool) => filesBelow(inRoot('src', 'tools', tool))).filter(isBesideCode),
    ...filesBelow(inRoot('src', 'parts', 'graph', 'operations')).filter(isBesideCode),
    ...(program ? programFiles(program) : []),
    inRoot('requirements.txt'),
    inRoot('data', 'registry.json'),
  ];
  add(...texts, ...read.map((file) => readFileSync(file)), ...lockedPackages());
  return hash.digest('hex');
}

const stampFile = (chapter) => inRoot('test', 'tested', `${chapter}.json`);
const readStamps = (chapter) =>
  existsSync(stampFile(chapter)) ? JSON.parse(readFileSync(stampFile(chapter), 'utf8')) : {};

/** Writes that a stage has passed on these chapters, or strikes it out. */
export function stamp(stage, chapters, passed) {
  if (!stage.byChapter.tools) return;
  mkdirSync(inRoot('test', 'tested'), { recursive: true });
  for (const chapter of passed ? chapters : chapters.filter((name) => existsSync(stampFile(name)))) {
    const { [stage.name]: _, ...others } = readStamps(chapter);
    const all = passed ? { ...others, [stage.name]: keyOf(stage.byChapter, chapter) } : others;
    const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(stampFile(chapter), `${JSON.stringify(sorted, undefined, 2)}\n`);
  }
}

/**
 * The chapters that a stage tries now. In a quick run as many as it says, by seed; with `isEvery`, and in a stage without
 * stamps, all; else those that have changed and some of the others by seed. With `isLate` a few by seed, those that have
 * changed first.
 */
export function chaptersFor(stage, { isQuick, isEvery, isLate = false, seed }) {
  const { chapterNames } = require(dist('tools', 'course.js'));
  const { generator } = require(dist('parts', 'random', 'index.js'));
  const names = chapterNames();
  // Each stage draws chapters of its own.
  const ownSeed = createHash('sha256').update(`${seed} ${stage.name}`).digest().readUInt32LE();
  const drawn = generator(ownSeed).shuffle(names);
  if (isQuick) return drawn.slice(0, stage.byChapter.quick).sort();
  if (isEvery || !stage.byChapter.tools) return names;
  const changed = drawn.filter((name) => readStamps(name)[stage.name] !== keyOf(stage.byChapter, name));
  const others = drawn.filter((name) => !changed.includes(name));
  if (isLate) return [...changed, ...others].slice(0, LEAST).sort();
  return [...changed, ...others.slice(0, Math.max(LEAST, Math.ceil(names.length / ONE_IN)))].sort();
}
