// One part, its mutants and the tests that reach them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../../src/setup/paths.mjs';
import { instrument, withKeys } from '../../support/instrumented.mjs';
import { linesOf, runJob } from './process.mjs';

/** Tests that would take hours over all mutants: they draw in a browser, or train for a minute. */
const LEFT_OUT = ['render.test.ts', 'generated-models.test.ts', 'golden-models.test.ts'];
/** Tests that ask what a whole process keeps alive: here mutants before have left something. */
const LEFT_OUT_TESTS = /garbage collector/;
/** Processor time in milliseconds. A slower test judges only mutants that no other test reaches. */
const SLOW_MS = 500;
/**
 * What all tests together may take for one mutant, with the loading of their files, in the same measure: many are reached
 * by every test of a part.
 */
const MOST_MS = 2500;
/** What the time of a test that is named after the mutant's file counts for, where tests are chosen. */
const NAMESAKE = 0.3;
/** Seconds of computing: to start, and the least for a mutant's tests. */
const [START, LEAST] = [60, 8];

const filesIn = (folder, ending) =>
  readdirSync(inRoot(folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);

/** Instruments a part. `mutants` have `file`, `line` and a `key` that is unique in the part. */
export async function mutantsOf(part) {
  const names = filesIn(`src/parts/${part}`, '.ts').filter((name) => !name.endsWith('.d.ts'));
  const sources = names.map((name) => ({ name, content: readFileSync(inRoot(name), 'utf8'), mutate: true }));
  const { files, mutants } = await instrument(sources);
  const placed = mutants.map(({ fileName, key, ...rest }) => ({
    ...rest,
    file: fileName,
    key: `${fileName.slice(`src/parts/${part}/`.length)}: ${key}`,
  }));
  return {
    sources: files.map(({ name, content }) => ({ file: name, content })),
    mutants: withKeys(placed, ({ file }) => file),
  };
}

/** Deals a list out to so many lanes; lanes that get nothing are left out. */
const dealt = (list, lanes) =>
  Array.from({ length: lanes }, (_, lane) => list.filter((_one, index) => index % lanes === lane)).filter(
    (hand) => hand.length > 0,
  );

/**
 * The folder in build/mutants of what is found out about a part as it is now, its tests as they are now. A run that was
 * ended goes on from there; what belongs to older code is deleted.
 */
function folderOf(part, sources) {
  const hash = createHash('sha256').update(JSON.stringify(sources));
  for (const name of filesIn(`test/parts/${part}`, '.ts')) hash.update(name).update(readFileSync(inRoot(name)));
  const folder = `${part}-${hash.digest('hex').slice(0, 8)}`;
  mkdirSync(inRoot('build', 'mutants', folder), { recursive: true });
  for (const name of readdirSync(inRoot('build', 'mutants')))
    if (name.startsWith(`${part}-`) && name !== folder)
      rmSync(inRoot('build', 'mutants', name), { recursive: true, force: true });
  return folder;
}

/** Lines that earlier jobs of a kind left in a folder. */
const foundBefore = (folder, kind) =>
  readdirSync(inRoot('build', 'mutants', folder))
    .filter((name) => name.startsWith(`${kind}-`) && name.endsWith('.jsonl'))
    .flatMap((name) => linesOf(inRoot('build', 'mutants', folder, name)));

/** A name for another job of a kind. */
function freshName(folder, kind, lane) {
  const taken = new Set(readdirSync(inRoot('build', 'mutants', folder)));
  for (let round = 1; ; round++) {
    const name = `${kind}-${lane}-${round}`;
    if (!taken.has(`${name}.json`)) return `${folder}/${name}`;
  }
}

/** What the part's tests reach where no mutant is active: by test file, its loading and each test. */
async function watched(folder, sources, tests, lane) {
  const files = [];
  // A process that ends too early hands over to the next one.
  while (files.length < tests.length) {
    const job = { sources, files: tests.slice(files.length) };
    const lines = await runJob(freshName(folder, 'reach', lane), job, () => 600);
    const found = lines.filter((line) => line.file);
    if (found.length === 0) throw new Error(`without a mutant the process ends in ${tests[files.length]}`);
    files.push(...found);
  }
  return files;
}

/** Runs the part's tests once without a mutant. Returns, by test file, what its loading and each test reaches. */
async function reached(part, folder, sources, lanes) {
  const known = foundBefore(folder, 'reach').filter((line) => line.file);
  const tests = filesIn(`test/parts/${part}`, '.test.ts')
    .filter((name) => !LEFT_OUT.some((left) => name.endsWith(`/${left}`)))
    .map((name) => inRoot(name))
    .filter((name) => !known.some(({ file }) => file === name));
  const found = dealt(tests, lanes).map((hand, lane) => watched(folder, sources, hand, lane));
  const files = [...known, ...(await Promise.all(found)).flat()];
  const failed = files.flatMap((file) => file.tests.filter(({ state }) => state === 'fail'));
  const broken = files.flatMap(({ file, errors }) => errors.map((error) => `${file}: ${error}`));
  if (broken.length > 0 || failed.length > files.flatMap((file) => file.tests).length / 10)
    throw new Error(
      `the tests of ${part} fail without a mutant: ${[...broken, ...failed.map(({ name }) => name)].join('; ')}`,
    );
  for (const { name, message } of failed)
    console.log(`[warn] ${part}: judges no mutant, since it fails without one: ${name}: ${message}`);
  return files.map((file) => ({
    ...file,
    tests: file.tests
      .filter(({ state, name }) => state === 'pass' && !LEFT_OUT_TESTS.test(name))
      .map((test) => ({ ...test, reaches: Object.keys(test.reached).length })),
  }));
}

const sumOf = (tests) => tests.reduce((sum, { ms }) => sum + ms, 0);

/** As many tests of a list, from its start, as the time allows, with the loading of their files; the first in any case. */
function withinTime(tests, mostMs) {
  const chosen = [];
  let ms = 0;
  for (const test of tests) {
    const cost = test.ms + (chosen.some(({ file }) => file === test.file) ? 0 : test.loadingMs);
    if (chosen.length > 0 && ms + cost > mostMs) continue;
    chosen.push(test);
    ms += cost;
  }
  return chosen;
}

/**
 * What a mutant's process runs: of the tests that reach it those that tell most of it for their time; the fastest files
 * first.
 */
function planOf({ id, file: source }, files, mostMs) {
  const reaching = files.flatMap(({ file, loading, loadingMs, tests }) =>
    tests.filter((test) => loading[id] || test.reached[id]).map((test) => ({ ...test, file, loadingMs })),
  );
  const quick = reaching.filter(({ ms }) => ms <= SLOW_MS);
  const isNamesake = ({ file }) => path.basename(file, '.test.ts') === path.basename(source, '.ts');
  // A test that reaches little says more of each place than one that goes through the whole part, and one that was
  // written for the file more than others.
  const costOf = (test) => (isNamesake(test) ? NAMESAKE : 1) * (1 + test.ms) * test.reaches;
  const chosen = withinTime(
    (quick.length > 0 ? quick : reaching).sort((a, b) => costOf(a) - costOf(b)),
    mostMs,
  );
  const judges = files
    .map(({ file }) => chosen.filter((test) => test.file === file))
    .filter((tests) => tests.length > 0)
    .sort((a, b) => sumOf(a) - sumOf(b));
  const mostHits = files
    .flatMap(({ loading, tests }) => [loading[id] ?? 0, ...tests.map((test) => test.reached[id] ?? 0)])
    .reduce((most, hits) => Math.max(most, hits), 0);
  return {
    id,
    source,
    mostHits,
    ms: sumOf(chosen),
    files: judges.map((tests) => ({ file: tests[0].file, tests: tests.map(({ name }) => name) })),
  };
}

/** What lines of results say: who noticed, by the mutant's id. */
const killersIn = (lines) =>
  new Map(lines.filter((line) => line.end).map(({ end, killer }) => [end, killer || undefined]));

/**
 * Tries what is planned, one mutant after the other. Returns who noticed, by the mutant's id. Where a test fails after
 * mutants without one, what it noticed before may be no mutant's doing: that is tried again with fewer mutants before.
 */
async function tryPlans(folder, kind, lane, job, plans) {
  const limits = new Map(plans.map(({ id, ms }) => [id, LEAST + ms / 100]));
  const killers = new Map();
  let size = plans.length;
  for (let left = plans; left.length > 0; left = left.filter(({ id }) => !killers.has(id))) {
    const name = freshName(folder, kind, lane);
    const mutants = left.slice(0, size);
    const lines = await runJob(name, { ...job, mutants }, (last) => limits.get(last?.begin) ?? START);
    const { begin } = lines.at(-1);
    if (begin) lines.push({ end: begin, killer: 'it never ends, or ends the process' });
    const tried = lines.filter((line) => line.end);
    if (tried.length === 0) throw new Error(`the runner of mutants tries none (${name})`);
    const broken = new Set(tried.length > 1 ? lines.filter((line) => line.broken).map((line) => line.broken) : []);
    for (const test of broken) console.log(`[warn] after mutants a test fails without one (${name}): ${test}`);
    size = broken.size > 0 ? Math.ceil(tried.length / 2) : plans.length;
    const sure = tried.filter(({ killer }) => !broken.has(killer));
    writeFileSync(
      inRoot('build', 'mutants', `${name}.jsonl`),
      sure.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    for (const [id, killer] of killersIn(sure)) killers.set(id, killer);
  }
  return killers;
}

/**
 * Tries mutants of a part, in so many processes side by side; those that an ended run tried are not tried again.
 * Returns them with `killer`: the test that noticed, or what else ended it; undefined for those that survive.
 *
 * @param options.share of the time that all tests together may take for one mutant (default 1).
 */
export async function tryMutants(part, sources, mutants, lanes, { share = 1 } = {}) {
  const folder = folderOf(part, sources);
  const files = await reached(part, folder, sources, lanes);
  const plans = mutants.map((mutant) => planOf(mutant, files, share * MOST_MS)).filter((plan) => plan.files.length > 0);
  const control = files.map(({ file, tests }) => ({
    file,
    tests: tests.filter(({ ms }) => ms <= SLOW_MS).map(({ name }) => name),
  }));
  const kind = share === 1 ? 'try' : `try${share}`;
  const known = killersIn(foundBefore(folder, kind));
  const untried = plans.filter(({ id }) => !known.has(id));
  if (known.size > 0) console.log(`${part}: ${plans.length - untried.length} of ${plans.length} are known`);
  const hands = dealt(untried, lanes).map((hand, lane) => tryPlans(folder, kind, lane, { sources, control }, hand));
  const killers = new Map([...known, ...(await Promise.all(hands)).flatMap((found) => [...found])]);
  const isReached = new Set(plans.map(({ id }) => id));
  return mutants.map((mutant) => ({
    ...mutant,
    killer: killers.get(mutant.id),
    isReached: isReached.has(mutant.id),
  }));
}

/** The mutants that change nothing that anyone could see, by part, each with the reason. */
export function equivalentOf(part) {
  const file = inRoot('test', 'parts', 'mutants', 'equivalent.json');
  const listed = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8'))[part] ?? []) : [];
  return new Map(listed.flatMap(({ reason, mutants }) => mutants.map((key) => [key, reason])));
}
