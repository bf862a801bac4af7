// All tests, stage by stage, with one line of counts at the end. `npm test -- unit` runs single stages; CI=true runs those too that cost much network.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeShim } from '../src/setup/paths.mjs';
import { installForTests } from '../src/setup/system-parts.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...parts) => path.join(root, ...parts);
const node = (...args) => [process.execPath, args];
const launcher = inRoot('src', 'bin', 'layerwise.mjs');
const vitest = (name, ...args) =>
  node(inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', inRoot('test', 'vitest.config.mjs'), '--reporter=default', '--reporter=json', `--outputFile.json=${report(name)}`, ...args);
const report = (name) => inRoot('build', 'test', `${name}.json`);
const book = (name, ...args) => ({ name, command: node(launcher, 'book', '--force', ...args), count: countBook });

// Each file is a suite of Python's unittest, run where the notebooks are.
const python = (...files) => ['/bin/sh', ['-c', `cd '${inRoot('notebooks')}'; status=0; for file in ${files.map((file) => `'${inRoot(file)}'`).join(' ')}; do '${inRoot('.venv', 'bin', 'python')}' "$file" 2>&1 || status=1; done; exit $status`]];

const SEPARATE = ['test/setup/**', 'test/book/**', 'test/notebooks/**'];
const stages = [
  { name: 'types', command: node(inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', inRoot('test', 'tsconfig.json')), count: countStatus },
  { name: 'lint', command: node(inRoot('node_modules', 'eslint', 'bin', 'eslint.js'), '--config', inRoot('test', 'eslint.config.mjs'), 'src', 'test'), count: countStatus },
  // These break parts of the set-up on purpose and mend them again, so nothing else may run beside them.
  { name: 'setup', command: vitest('setup', 'test/setup', '--no-file-parallelism'), count: countVitest },
  { name: 'unit', command: vitest('unit', ...SEPARATE.flatMap((pattern) => ['--exclude', pattern])), count: countVitest },
  { name: 'check', command: node(launcher, 'check'), count: countLines },
  { name: 'kernel', command: python('test/kernel/conformance.py', 'test/kernel/behavior.py', 'test/kernel/soak.py'), count: countUnittest },
  { name: 'book', command: vitest('book', 'test/book', '--no-file-parallelism'), count: countVitest },
  // The same models where our own operations couldn't be compiled, and what a long training leaves in memory.
  { name: 'no-operations', command: ['/usr/bin/env', ['LAYERWISE_OPERATIONS=off', ...vitest('no-operations', 'test/graph/generated-models.test.ts', 'test/graph/golden-models.test.ts').flat()]], count: countVitest },
  { name: 'memory', command: node('--expose-gc', '--require', nodeShim, inRoot('test', 'graph', 'memory.mjs')), count: countLines },
  { name: 'exported', command: node(inRoot('test', 'graph', 'exported.mjs')), count: countLines },
  // Known answers, unusual ones and hostile ones through the real grader; the queue on a real Redis; the cycle with nbgrader.
  { name: 'answers', command: node('--require', nodeShim, inRoot('test', 'grading', 'answers.mjs')), count: countLines },
  { name: 'unusual', command: node('--require', nodeShim, inRoot('test', 'grading', 'unusual.mjs')), count: countLines },
  { name: 'hostile', command: node('--require', nodeShim, inRoot('test', 'grading', 'hostile.mjs')), count: countLines },
  { name: 'queue', command: node('--require', nodeShim, inRoot('test', 'grading', 'queue.mjs')), count: countLines },
  { name: 'nbgrader', command: python('test/grading/nbgrader_cycle.py'), count: countUnittest },
  { name: 'containers', command: node(inRoot('test', 'setup', 'containers.mjs')), count: countLines },
  // Set-up on machines that it has never seen. It downloads everything several times, so it runs in CI and where it is asked for.
  { name: 'trials', command: node(inRoot('test', 'setup', 'trials.mjs')), count: countLines, isOptional: true },
  book('exercises', '--exercises'),
  book('plain-tslab', '--only', '02', '--kernel', 'tslab-plain'),
  book('chapters'),
  { name: 'notebooks', command: vitest('notebooks', 'test/notebooks'), count: countVitest },
];

function countVitest(status, output, name) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(readFileSync(report(name), 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests || (success && status === 0 ? 0 : 1), skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function countBook(status) {
  try {
    const { results } = JSON.parse(readFileSync(inRoot('build', 'book.json'), 'utf8'));
    const passed = results.filter((result) => result.status === 'ok').length;
    return { passed, failed: results.length - passed || (status === 0 ? 0 : 1), skipped: 0 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function countLines(status, output) {
  const passed = (output.match(/^\[ok\]/gm) ?? []).length;
  const failed = (output.match(/^\[fail\]/gm) ?? []).length;
  return { passed, failed: failed || (status === 0 && passed > 0 ? 0 : 1), skipped: 0 };
}

function countUnittest(status, output) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
  const ran = sum(/^Ran (\d+) tests? in/gm);
  const failed = sum(/\b(?:failures|errors)=(\d+)/g);
  // The only optional sample that is left out is the pager, which the protocol calls deprecated.
  const withoutSample = sum(/\bskipped=(\d+)/g);
  return { passed: Math.max(0, ran - failed - withoutSample), failed: failed || (status === 0 && ran > 0 ? 0 : 1), skipped: 0 };
}

function countStatus(status) {
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function run([command, args]) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });
  // Each process that loads TensorFlow says on stderr which processor features it uses; there is no switch for these lines.
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (!isChatter(line)) process.stderr.write(`${line}\n`);
  });
  return new Promise((resolve) =>
    child.on('close', (code) => {
      if (rest && !isChatter(rest)) process.stderr.write(rest);
      resolve({ status: code ?? 1, output });
    }),
  );
}

const isChatter = (line) => /^WARNING: All log messages before absl::InitializeLog|port\.cc:\d+\] oneDNN custom operations are on|cpu_feature_guard\.cc|^To enable the following instructions/.test(line);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`There is no test stage ${unknown.join(', ')}. Stages: ${stages.map((stage) => stage.name).join(', ')}`);
  process.exit(1);
}

rmSync(inRoot('build', 'test'), { recursive: true, force: true });
mkdirSync(inRoot('build', 'test'), { recursive: true });
for (const part of installForTests()) console.log(`${part.name} is missing: the tests that need it count as skipped.`);

const total = { passed: 0, failed: 0, skipped: 0 };
const table = [];
for (const stage of stages) {
  if (asked.length > 0 ? !asked.includes(stage.name) : stage.isOptional && process.env.CI !== 'true') continue;
  console.log(`\n== ${stage.name}`);
  const start = performance.now();
  const { status, output } = await run(stage.command);
  const counts = stage.count(status, output, stage.name);
  for (const key of Object.keys(total)) total[key] += counts[key];
  table.push(`${stage.name.padEnd(12)} ${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(3)} failed ${String(counts.skipped).padStart(3)} skipped ${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s`);
}

console.log(`\n${table.join('\n')}\n`);
if (asked.length === 0 && process.env.CI !== 'true') console.log(`Left out, because they cost much network: ${stages.filter((stage) => stage.isOptional).map((stage) => stage.name).join(', ')}. \`npm test -- trials\` runs them.`);
if (total.skipped > 0) console.log(`${total.skipped} tests were skipped because something that they need is not on this machine; \`npm run doctor\` says what.`);
const skippedInCi = total.skipped > 0 && process.env.CI === 'true';
if (skippedInCi) console.log('In CI nothing may be skipped: that counts as a failure.');
if (total.failed > 0 || total.passed === 0 || skippedInCi) process.exitCode = 1;
console.log(`${total.passed} passed, ${total.failed + (skippedInCi ? total.skipped : 0)} failed`);
