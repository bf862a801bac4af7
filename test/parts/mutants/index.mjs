// Changes the code of the parts in many small ways and lets each part's own tests judge. A mutant that no test notices
// is a hole in the tests, or stands in equivalent.json with the reason why it changes nothing.
// npm run mutants [-- PART…] [--since REF] [--survivors] [--sample N] [--seed N] [--lanes N] [--print]: parts; only files
// that changed since a commit; only what survived when the score was kept, to see what new tests notice, or others in
// thrice the time; N mutants drawn over these parts; N processes side by side, else one a core; only print, and keep no
// score. What an ended run found out of the same code and tests stays in build/mutants, and the next run goes on there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { inRoot } from '../../../src/setup/paths.mjs';
import { equivalentOf, mutantsOf, tryMutants } from './part.mjs';

const { generator } = createRequire(import.meta.url)('../../../src/dist/parts/random/index.js');

const PARTS = ['autodiff', 'data', 'graph', 'metrics', 'nn', 'plot', 'random'];
const scoresFile = inRoot('test', 'parts', 'mutants', 'scores.json');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    since: { type: 'string' },
    survivors: { type: 'boolean', default: false },
    sample: { type: 'string' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: String(os.availableParallelism()) },
    print: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`There are no mutants of ${unknown.join(', ')}. Parts: ${PARTS.join(', ')}`);
  process.exit(1);
}
const lanes = Number(values.lanes);
if (!Number.isInteger(lanes) || lanes < 1) {
  console.error(`--lanes: expected a whole number from 1, got ${values.lanes}`);
  process.exit(1);
}
const git = (...args) => execFileSync('git', args, { cwd: inRoot(), encoding: 'utf8' }).trim();
/** Another hundred for each commit, the same for everyone who tries it. */
const seed = values.seed === undefined ? parseInt(git('rev-parse', '--short=7', 'HEAD'), 16) : Number(values.seed);
const changed = values.since && new Set(git('diff', '--name-only', values.since, '--', 'src/parts').split('\n'));

/** What is known of one part after its mutants were tried; prints the survivors. */
function judged(part, all, tried) {
  const equivalent = equivalentOf(part);
  const isListed = ({ key }) => equivalent.has(key);
  const survivors = tried.filter((mutant) => !mutant.killer && !isListed(mutant));
  const killed = tried.filter(({ killer }) => killer);
  const counted = killed.length + survivors.length;
  const score = counted === 0 ? 100 : Math.round((1000 * killed.length) / counted) / 10;
  console.log(
    `[ok] ${part}: ${score} % of ${counted} mutants noticed${tried.length < all.length ? `, a sample of ${all.length}` : ''}; ${tried.length - counted} equivalent`,
  );
  for (const { line, key, isReached } of survivors)
    console.log(`  survives${isReached ? '' : ', reached by no test'}: ${key} (line ${line})`);
  for (const { key, killer } of killed.filter(isListed))
    console.log(`[warn] is listed as equivalent, but "${killer}" notices: ${key}`);
  for (const key of equivalent.keys())
    if (!all.some((mutant) => mutant.key === key))
      console.log(`[warn] is listed as equivalent, but there is no such mutant: ${key}`);
  return {
    score,
    mutants: all.length,
    tried: tried.length,
    ...(tried.length < all.length ? { seed } : {}),
    noticed: killed.length,
    equivalent: tried.length - counted,
    survivors: survivors.map(({ key }) => key),
  };
}

const scores = existsSync(scoresFile) ? JSON.parse(readFileSync(scoresFile, 'utf8')) : {};

/** A part's score, where only those that survived before were tried again. */
function together(part, again) {
  const before = scores[part];
  const noticed = before.noticed + again.noticed;
  const { survivors } = again;
  const score = Math.round((1000 * noticed) / (noticed + survivors.length)) / 10;
  return { ...before, score, noticed, equivalent: before.equivalent + again.equivalent, survivors };
}

/** Keeps one part's score among the others'. */
function keep(part, result) {
  scores[part] = { ...result, date: new Date().toISOString().slice(0, 10) };
  const sorted = Object.entries(scores).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(scoresFile, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

mkdirSync(inRoot('build', 'mutants'), { recursive: true });
const asked = positionals.length > 0 ? positionals : PARTS;
const parts = [];
for (const part of asked) {
  const { sources, mutants } = await mutantsOf(part);
  const survivors = values.survivors && new Set(scores[part]?.survivors);
  const chosen = mutants.filter(
    ({ file, key }) => (!changed || changed.has(file)) && (!survivors || survivors.has(key)),
  );
  parts.push({ part, sources, all: mutants, chosen });
}
if (values.sample) {
  console.log(`seed ${seed}`);
  const everything = parts.flatMap(({ chosen }) => chosen);
  const drawn = new Set(generator(seed).shuffle(everything).slice(0, Number(values.sample)));
  for (const one of parts) one.chosen = one.chosen.filter((mutant) => drawn.has(mutant));
}
for (const { part, sources, all, chosen } of parts.filter((one) => one.chosen.length > 0)) {
  const start = performance.now();
  const result = judged(part, all, await tryMutants(part, sources, chosen, lanes, { share: values.survivors ? 3 : 1 }));
  console.log(`  ${Math.round((performance.now() - start) / 1000)} s`);
  if (!values.print && !changed) keep(part, values.survivors ? together(part, result) : result);
}
