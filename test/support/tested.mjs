// What the stages of tests have passed on, so that CI tries again what has changed since, and of the rest a sample by seed.
// test/tested/ holds it, to be committed with a change: a file a chapter for the stages that go by chapter, `stages.json`
// for those that are tried as a whole; in each a hash of all that a stage reaches. Only a run of the stage in which
// nothing failed and nothing was skipped writes there; one that fails strikes out what it tried. A hash that lies (it was
// edited, or the code reaches what isn't hashed here) hides a fault until it is drawn, which is in about one run of ONE_IN:
// each draws anew.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot } from '../../src/setup/paths.mjs';

const require = createRequire(import.meta.url);
/** Of what has not changed, one in so many is tried. */
export const ONE_IN = 7;

const dist = (...parts) => inRoot('src', 'dist', ...parts);
/** A file, or those below a folder; nothing where there is neither. */
const filesBelow = (place) =>
  statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(place)
        .filter((name) => name !== '__pycache__')
        .sort()
        .flatMap((name) => filesBelow(path.join(place, name)))
    : [place].filter(existsSync);

/** Whether a source isn't part of the compiled code: other files, and what is bundled for a browser. */
const isBesideCode = (file) => !/\.(ts|md)$/.test(file) || file.includes(path.join('live', 'browser'));

/** A program of the tests and the modules of the tests that it imports. */
function programFiles(name, seen = new Set()) {
  const file = [name, `${name}.ts`].find((place) => place.startsWith(inRoot('test')) && existsSync(place));
  if (file === undefined || seen.has(file)) return seen;
  seen.add(file);
  for (const [, imported] of readFileSync(file, 'utf8').matchAll(/from '(\.{1,2}\/[\w./-]+)'/g))
    programFiles(path.resolve(path.dirname(file), imported), seen);
  return seen;
}

/** A chapter's notebooks, its folder and the parts that its notebooks import, as `code` and `places`. */
function reachOfChapter(chapter) {
  const notebooks = ['', 'exercises'].map((folder) => path.join('notebooks', folder, `${chapter}.ipynb`));
  const texts = notebooks.map((name) => inRoot(name)).filter(existsSync);
  const imported = texts.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'layerwise\/([\w-]+)'/g)]);
  const parts = [...new Set(imported.map(([, name]) => path.join('parts', name, 'index.js')))];
  const own = path.join('course', chapter);
  return { code: [own, ...parts], places: [...notebooks, path.join('src', own)] };
}

/**
 * SHA-256 of what a stage reaches. `code`: folders or files of dist, hashed with all that they load, without comments, and
 * what lies beside their sources; `places`: folders or files, as they are, with the modules that tests among them import;
 * `chapters`: notebooks, folders and the parts that the notebooks import. In each: packages, data sets, graph mode's
 * operations. Paths and this machine are no part of it.
 */
export function keyOf({ code = [], places = [], chapters = [] }) {
  const { codeHash, loadedFiles } = require(dist('tools', 'compiled-code.js'));
  const { lockedPackages } = require(dist('tools', 'locked-packages.js'));
  const ofChapters = chapters.map(reachOfChapter);
  const entries = [...code, ...ofChapters.flatMap((chapter) => chapter.code)]
    .flatMap((name) => filesBelow(dist(name)))
    .filter((file) => file.endsWith('.js'));
  const loaded = [...loadedFiles(entries)].map((file) => [path.relative(dist(), file), codeHash(file)]);
  const beside = [...code, path.join('parts', 'graph', 'operations')].flatMap((name) =>
    filesBelow(inRoot('src', name)).filter(isBesideCode),
  );
  const whole = [
    ...places,
    ...ofChapters.flatMap((chapter) => chapter.places),
    'requirements.txt',
    'data/registry.json',
  ]
    .flatMap((name) => filesBelow(inRoot(name)))
    .flatMap((file) => [file, ...programFiles(file)]);
  const read = [...new Set([...beside, ...whole])].map((file) => [path.relative(inRoot(), file), readFileSync(file)]);
  const hash = createHash('sha256');
  for (const [name, content] of [...loaded, ...read].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(name).update('\0').update(content).update('\0');
  return hash.update(JSON.stringify(lockedPackages())).digest('hex');
}

const fileOf = (name) => inRoot('test', 'tested', `${name}.json`);
const readStamps = (name) => (existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : {});

function write(name, stage, key) {
  const { [stage]: _, ...others } = readStamps(name);
  const all = key === undefined ? others : { ...others, [stage]: key };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  mkdirSync(inRoot('test', 'tested'), { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** What a stage that goes by chapter reaches of one. */
const reachOf = (stage, chapter) => ({ ...stage.byChapter.reach, chapters: [chapter] });

/** Whether a stage has passed on this chapter as it is. */
export const hasPassedOn = (stage, chapter) => readStamps(chapter)[stage.name] === keyOf(reachOf(stage, chapter));

/** Writes that a stage has passed, on these chapters where it goes by chapter, or strikes it out. */
export function stamp(stage, chapters, passed) {
  if (stage.reach) write('stages', stage.name, passed ? keyOf(stage.reach) : undefined);
  if (stage.byChapter?.reach)
    for (const chapter of chapters) write(chapter, stage.name, passed ? keyOf(reachOf(stage, chapter)) : undefined);
}

/** A number of 32 bits by which each stage draws its own. */
export const seedOf = (stage, seed) => createHash('sha256').update(`${seed} ${stage.name}`).digest().readUInt32LE();

/** Whether a stage that is tried as a whole has passed on all that it reaches, and isn't drawn. */
export const rests = (stage, seed) =>
  stage.reach !== undefined &&
  seedOf(stage, seed) % ONE_IN !== 0 &&
  readStamps('stages')[stage.name] === keyOf(stage.reach);
