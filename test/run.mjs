// The tests, stage by stage: one line each, the details of what failed, and one line of counts at the end. Everything
// that a stage prints is in build/test/<stage>.log.
// `npm test` runs the quick stages, with a few chapters by seed; `CI=true npm test` all; `npm test -- unit` single ones.
// `--all`: with all chapters and stages, also those that have passed as they are. SAMPLE_SEED, a whole number, draws the
// same again.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot, root } from '../src/setup/paths.mjs';
import { elapsed, rewriteLine } from '../src/setup/progress.mjs';
import { installForTests } from '../src/setup/system-parts.mjs';
import { anywhere, checks, first, lanes } from './stages.mjs';
import { chaptersFor } from './support/chapters.mjs';
import { ONE_IN, rests, stamp } from './support/tested.mjs';

const SHOWN_LINES = 200;
/** On a slow machine, stages that begin later than this in CI try a sample of the chapters that have changed. */
const LATE_AFTER_MINUTES = 40;
const logs = inRoot('build', 'test');
const isCi = process.env.CI === 'true';
const stages = [...checks, ...first, ...lanes.flat(), ...anywhere];
/** Names of the stages that run now, each with its start. */
const running = new Map();
let progress;

/** Runs a stage's command to its end with its output in a file. Resolves with its status. */
function run({ name, command, env }, log, chapters) {
  const [program, ...args] = typeof command === 'function' ? command(chapters) : command;
  const file = openSync(log, 'w');
  running.set(name, performance.now());
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', file, file],
    env: {
      ...process.env,
      FORCE_COLOR: '0',
      SAMPLE_SEED: seed,
      LAYERWISE_HISTORY: path.join(logs, `${name}-history.jsonl`),
      ...(chapters ? { LAYERWISE_CHAPTERS: chapters.join() } : {}),
      ...env,
    },
  });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1))).finally(
    () => {
      running.delete(name);
      closeSync(file);
    },
  );
}

/** The details of a failure, and where the rest is. */
function show(details, log) {
  const lines = details.split('\n');
  if (lines.length > SHOWN_LINES) lines.splice(SHOWN_LINES, Infinity, `… ${lines.length - SHOWN_LINES} lines more`);
  console.log(lines.map((line) => `    ${line}`.trimEnd()).join('\n'));
  console.log(`    All that it printed: ${path.relative(root, log)}`);
}

async function runStage(stage) {
  const log = path.join(logs, `${stage.name}.log`);
  const start = performance.now();
  const isLate = isCi && !isEvery && start > LATE_AFTER_MINUTES * 60_000;
  const chapters = stage.byChapter && chaptersFor(stage, { isQuick, isEvery, isLate, seed });
  const status = await run(stage, log, chapters);
  const { passed, failed, skipped, details, warnings = [] } = stage.read(status, readFileSync(log, 'utf8'));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  progress?.clear();
  const line = `${stage.name.padEnd(13)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped ${seconds.padStart(5)} s`;
  console.log(line);
  if (!isQuick) stamp(stage, chapters, failed === 0 && skipped === 0);
  if (warnings.length > 0) show(warnings.join('\n'), log);
  if (failed > 0) show(details, log);
  return { name: stage.name, line, passed, failed, skipped, chapters };
}

const words = process.argv.slice(2);
const asked = words.filter((word) => word !== '--all');
const isEvery = words.includes('--all');
const isQuick = asked.length === 0 && !isCi;
const seed = process.env.SAMPLE_SEED ?? String(Math.floor(Math.random() * 1e6));
const unknown = asked.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no test stage ${unknown.join(', ')}. Stages: ${stages.map((stage) => stage.name).join(', ')}`,
  );
  process.exit(1);
}

rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
for (const part of installForTests()) console.log(`${part.name} is missing: the tests that need it count as skipped.`);

const results = [];
const resting = [];
/** Whether a stage is asked for, or belongs to this run and has something to try. */
function isDue(stage) {
  if (asked.length > 0) return asked.includes(stage.name);
  if (!isCi) return stage.isQuick;
  if (isEvery || !rests(stage, seed)) return true;
  resting.push(stage.name);
  return false;
}
/**
 * Runs these stages one after the other. Each is taken from the list as it begins, so that several may share a list.
 */
async function runInOrder(list) {
  for (let stage = list.shift(); stage; stage = list.shift()) if (isDue(stage)) results.push(await runStage(stage));
}
progress = process.stdout.isTTY
  ? rewriteLine(() => [...running].map(([name, start]) => `${name} … ${elapsed(start)}`).join('   '))
  : undefined;
// One core at a time gives one stage at a time.
const hasCores = os.availableParallelism() > 1;
if (hasCores) await Promise.all(checks.map((stage) => runInOrder([stage])));
else await runInOrder([...checks]);
await runInOrder([...first]);
const rest = [...anywhere];
const runLane = async (lane) => {
  await runInOrder([...lane]);
  await runInOrder(rest);
};
if (hasCores) await Promise.all(lanes.map(runLane));
else await runLane(lanes.flat());
progress?.end();

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const [passed, skipped] = [sum('passed'), sum('skipped')];
const byChapter = results.filter(({ chapters }) => chapters);
const failed = sum('failed') + (isCi ? skipped : 0);
// Where all is well, the lines above are the table.
if (sum('failed') > 0) console.log(`\n${results.map(({ line }) => line).join('\n')}`);
console.log();
if (isQuick)
  console.log('These were the quick stages, with a few chapters. All: `CI=true npm test`; one: `npm test -- STAGE`.');
if (byChapter.length > 0)
  console.log(
    `Chapters (SAMPLE_SEED=${seed} draws the same): ${byChapter.map(({ name, chapters }) => `${name} ${chapters.map((chapter) => chapter.slice(0, 2)).join(' ')}`).join('; ')}.`,
  );
if (resting.length > 0)
  console.log(
    `Left out, because nothing that they reach has changed since they passed (one in ${ONE_IN} is drawn all the same; \`--all\` runs all): ${resting.join(', ')}.`,
  );
if (skipped > 0)
  console.log(
    `${skipped} tests were skipped because something that they need is not on this machine; \`npm run doctor\` says what.`,
  );
if (skipped > 0 && isCi) console.log('In CI nothing may be skipped: that counts as a failure.');
if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
