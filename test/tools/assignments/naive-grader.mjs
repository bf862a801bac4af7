// A grader as one might write it first, kept to show that each attack of the hostile corpus works where nothing stops
// it.
// It unpacks what it is given, runs the notebook in an ordinary process with the tests as cells among the others, and
// counts what that process prints.
// usage: node naive-grader.mjs SUBMISSION [--types], in a folder of its own; prints {"points": …}. It checks types
// where it is asked to.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { checkTypes, naiveRunner } from './hostile/naive-cells.mjs';

const require = createRequire(import.meta.url);
const areTypesChecked = process.argv.includes('--types');

/** The tests that students have in their notebook, with the points of each. */
export const tests = {
  'odds-check': {
    points: 3,
    code: 'const odds = oddsAndProbability(Math.log(4));\nassert.ok(close(odds.odds, 4) && close(odds.probability, 0.8));',
  },
  'stable-loss-check': {
    points: 4,
    code: 'assert.ok(close(stableLoss([1, 0], [0, 0]), Math.LN2));\nassert.ok(close(stableLoss([0], [1000]), 1000));',
  },
  'one-step-check': {
    points: 5,
    code: 'const after = oneStep([0, 0], 0, [[1, 2], [-1, 0]], [1, 0], 0.1);\nassert.ok(after.w.every((value) => close(value, 0.05)) && close(after.b, 0));',
  },
  'precision-recall-check': {
    points: 5,
    code: 'const found = precisionAndRecall([1, 1, 1, 0, 0], [1, 0, 0, 1, 0]);\nassert.ok(close(found.precision, 0.5) && close(found.recall, 1 / 3));',
  },
  'cheapest-check': {
    points: 5,
    code: 'assert.equal(cheapestThreshold([0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.35, 0.6, 0.7, 0.9], [0.2, 0.32, 0.65], { alarm: 1, miss: 1 }), 0.32);',
  },
  'epochs-needed-check': {
    points: 5,
    code: 'assert.equal(epochsNeeded([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]), 6);',
  },
};
const PRELUDE =
  "import { strict as assert } from 'node:assert';\nconst close = (a: number, b: number): boolean => !(Math.abs(a - b) > 1e-6);";

async function unpack(archive) {
  const yauzl = require('yauzl');
  const zip = await yauzl.openPromise(archive, { lazyEntries: true, decodeStrings: false, validateEntrySizes: false });
  for await (const entry of zip.eachEntry()) {
    const target = path.resolve('unpacked', entry.fileName.toString('utf8'));
    mkdirSync(path.dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
  }
  return path.resolve('unpacked', readdirSync('unpacked').find((name) => name.endsWith('.ipynb')) ?? '');
}

async function runCells(file) {
  const { cells } = JSON.parse(readFileSync(file, 'utf8'));
  const code = cells
    .filter(({ cell_type: type, metadata }) => type === 'code' && !metadata?.tags?.includes('skip-execution'))
    .map(({ id, source }) => ({ id, text: Array.isArray(source) ? source.join('') : source }));
  if (areTypesChecked) checkTypes(code.map(({ text }) => text));
  const run = naiveRunner();
  await run(PRELUDE);
  const failed = new Set();
  for (const { id, text } of code) {
    const thrown = await run(text.startsWith('await check(') ? tests[id].code : text);
    if (thrown) failed.add(id);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const id of Object.keys(tests)) console.log(`[${failed.has(id) ? 'failed' : 'passed'}] ${id}`);
  process.exit();
}

async function grade(submission) {
  const file = submission.endsWith('.zip') ? await unpack(submission) : submission;
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('../../../src/setup/node-shim.cjs'),
      fileURLToPath(import.meta.url),
      '--run',
      file,
      ...(areTypesChecked ? ['--types'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: process.env },
  );
  let output = '';
  let length = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('latin1').on('data', (text) => {
      length += text.length;
      output += text;
      if (output.length > 20_000_000) output = output.slice(-1_000_000);
    });
  }
  await new Promise((resolve) => child.on('close', resolve));
  if (existsSync('result.json')) return { ...JSON.parse(readFileSync('result.json', 'utf8')), length };
  if (!/^\[(passed|failed)\]/m.test(output)) throw new Error('the notebook gave no result');
  const passed = new Set([...output.matchAll(/^\[passed\] (\S+)$/gm)].map(([, id]) => id));
  return {
    points: [...passed].reduce((sum, id) => sum + (tests[id]?.points ?? 0), 0),
    length,
    output: output.slice(-2000),
  };
}

const isMain = process.argv[1] === fileURLToPath(import.meta.url);
if (isMain && process.argv[2] === '--run') await runCells(process.argv[3]);
else if (isMain) console.log(JSON.stringify(await grade(process.argv[2])));
