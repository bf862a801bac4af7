// The real thing: notebooks run on the real kernels, in the real Python environment.
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeBook, type BookOptions, type BookResult } from '../../../src/tools/book';
import { readNotebook } from '../../../src/tools/notebook';
import { makeNotebook, notebookFolder, type MadeCell } from '../../support/make-notebook';
import { nodeShim } from '../../../src/setup/paths.mjs';
import { inRoot, root } from '../../support/root';

const folder = notebookFolder();
const good: MadeCell[] = [
  { id: 'title', markdown: '# A good one with $x^2$' },
  {
    id: 'imports',
    code: "import * as tf from '@tensorflow/tfjs-node';\nimport { show } from 'layerwise/display';\nimport { line } from 'layerwise/plot';",
  },
  { id: 'held', code: 'const held = tf.tensor1d([1, 2]);\nshow(held);' },
  {
    id: 'drawn',
    code: "show(line({ title: 'A line', alt: 'A line that rises from one to two between zero and one.', xLabel: 'x', yLabel: 'y', series: [{ name: 's', x: [0, 1], y: [1, 2] }] }));",
    tags: ['figure'],
  },
  { id: 'lesson', code: "const n: number = 'a';", tags: ['type-error', 'TS2322'] },
];
const names = ['good', 'throws', 'types', 'dies', 'exits', 'hangs', 'warns', 'leaks', 'nothing'].map(
  (name) => `zz-test-${name}`,
);
const history = path.join(folder, 'history.jsonl');
let results: Map<string, BookResult>;
const book = async (options: BookOptions): Promise<Map<string, BookResult>> =>
  new Map((await makeBook({ folder, ...options })).map((result) => [result.name.replace('zz-test-', ''), result]));
const kept = existsSync(path.join(root, 'build', 'book.json'))
  ? readFileSync(path.join(root, 'build', 'book.json'))
  : undefined;

beforeAll(async () => {
  vi.stubEnv('LAYERWISE_HISTORY', history);
  makeNotebook(folder, 'zz-test-good', good);
  makeNotebook(folder, 'zz-test-throws', [
    { id: 'first', code: 'const a = 1;' },
    { id: 'bad', code: "throw new Error('out of ideas');" },
    { id: 'after', code: 'console.log(a);' },
  ]);
  makeNotebook(folder, 'zz-test-types', [{ id: 'bad', code: "const n: number = 'a';" }]);
  makeNotebook(folder, 'zz-test-dies', [
    { id: 'first', code: "console.log('alive');" },
    { id: 'bad', code: "process.kill(process.pid, 'SIGKILL');\nawait new Promise(() => undefined);" },
  ]);
  makeNotebook(folder, 'zz-test-exits', [
    { id: 'first', code: "console.log('alive');" },
    { id: 'bad', code: 'process.exit(3);' },
  ]);
  makeNotebook(folder, 'zz-test-hangs', [{ id: 'bad', code: 'while (true) {}' }]);
  makeNotebook(folder, 'zz-test-warns', [{ id: 'bad', code: "console.warn('careful');" }]);
  makeNotebook(folder, 'zz-test-leaks', [
    { id: 'imports', code: "import * as tf from '@tensorflow/tfjs-node';" },
    { id: 'lost', code: 'tf.ones([3]).add(1).print();' },
  ]);
  makeNotebook(folder, 'zz-test-nothing', [{ id: 'title', markdown: '# Only words' }]);
  // Only the one that hangs may run out of time.
  results = new Map([
    ...(await book({ cellSeconds: 8, only: ['zz-test-hangs'] })),
    ...(await book({ jobs: 2, only: names.filter((name) => name !== 'zz-test-hangs') })),
  ]);
}, 240_000);
afterAll(() => {
  for (const name of names)
    for (const place of ['executed', 'fragments'])
      for (const ending of ['.ipynb', '.ipynb.made-from', '.html', '.html.made-from'])
        rmSync(path.join(root, 'build', place, name + ending), { force: true });
  if (kept) writeFileSync(path.join(root, 'build', 'book.json'), kept);
});

describe('makeBook', () => {
  it('goes on after a failure: every notebook has a result, in order', () => {
    expect([...results.keys()].sort()).toEqual(names.map((name) => name.replace('zz-test-', '')).sort());
    expect([...results.values()].filter((result) => result.status === 'ok').map((result) => result.name)).toEqual([
      'zz-test-good',
    ]);
  });

  it.each<[string, string, string | undefined, RegExp]>([
    ['throws', 'error', 'bad', /out of ideas/],
    ['types', 'error', 'bad', /Type 'string' is not assignable to type 'number'/],
    ['dies', 'death', 'bad', /the kernel died/],
    ['exits', 'error', 'bad', /process\.exit\(3\) ended the kernel/],
    ['hangs', 'timeout', 'bad', /ran for more than 8 s/],
    ['warns', 'stderr', 'bad', /careful/],
    ['leaks', 'leak', undefined, /2 tensors are still alive/],
    ['nothing', 'empty', undefined, /no cell was executed/],
  ])('%s: reported as %s, with the cell and what was said', (name, kind, cell, message) => {
    const [failure] = results.get(name)?.failures ?? [];
    expect([failure?.kind, failure?.cell]).toEqual([kind, cell]);
    expect(failure?.message).toMatch(message);
  });

  it('writes the executed notebook without the hidden cell, with outputs, and the compiler’s words under a lesson', () => {
    const cells = readNotebook(path.join(root, 'build', 'executed', 'zz-test-good.ipynb')).content.cells;
    expect(cells.map(({ id }) => id)).toEqual(good.map(({ id }) => id));
    expect(JSON.stringify(cells[2])).toContain('Tensor float32, shape [2]');
    expect(JSON.stringify(cells[3])).toContain('application/vnd.plotly.v1+json');
    expect(JSON.stringify(cells[4])).toContain("TS2322 Type 'string' is not assignable to type 'number'.");
  });

  it('leaves no cell in the learner’s history', () => {
    expect(existsSync(history)).toBe(false);
  });

  it('makes a site of the chapters that ran, beside the notebooks', () => {
    const html = readFileSync(path.join(folder, 'handouts', 'zz-test-good.html'), 'utf8');
    expect(html).toContain('alt="A line that rises from one to two between zero and one."');
    expect(html).toContain('Code of the figure');
    expect(html.match(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g) ?? []).toEqual([]);
    expect(readFileSync(path.join(folder, 'handouts', 'index.html'), 'utf8')).toContain('zz-test-good.html');
    expect(existsSync(path.join(folder, 'handouts', 'zz-test-throws.html'))).toBe(false);
  });

  it('does not run again what is unchanged, unless forced, and runs what has changed', async () => {
    expect((await book({ only: ['zz-test-good'] })).get('good')).toMatchObject({ status: 'ok', unchanged: true });
    const page = path.join(folder, 'handouts', 'zz-test-good.html');
    rmSync(page);
    expect((await book({ only: ['zz-test-good'] })).get('good')).toMatchObject({ status: 'ok', unchanged: true });
    expect(existsSync(page), 'a page that is missing is made again').toBe(true);
    expect((await book({ only: ['zz-test-good'], force: true })).get('good')?.unchanged).toBe(false);
    makeNotebook(folder, 'zz-test-good', [...good, { id: 'more', code: 'console.log(1);' }]);
    expect((await book({ only: ['zz-test-good'] })).get('good')).toMatchObject({
      status: 'ok',
      unchanged: false,
      executedCells: 4,
    });
    expect((await book({ only: ['zz-test-warns'] })).get('warns')).toMatchObject({
      status: 'failed',
      unchanged: false,
    });
  });

  it('would run again for code that the cells or the kernel use, and not for comments, handouts or grading', () => {
    // In a copy: others use the compiled files meanwhile.
    const copy = notebookFolder();
    for (const name of readFileSync(inRoot('.course-files'), 'utf8').trim().split('\n'))
      if (/^(?:src|data)\/|^[\w.-]+$/.test(name)) cpSync(inRoot(name), path.join(copy, name), { recursive: true });
    cpSync(inRoot('src', 'dist'), path.join(copy, 'src', 'dist'), { recursive: true });
    symlinkSync(inRoot('node_modules'), path.join(copy, 'node_modules'));
    const dist = (...parts: string[]): string => path.join(copy, 'src', 'dist', ...parts);
    const program = `const { readNotebook } = require(${JSON.stringify(dist('tools', 'notebook', 'index.js'))});
      const { bookKey } = require(${JSON.stringify(dist('tools', 'book', 'book-key.js'))});
      console.log(bookKey(readNotebook(${JSON.stringify(path.join(folder, 'zz-test-good.ipynb'))}), 'tslab'));`;
    const key = (): string =>
      execFileSync(process.execPath, ['--require', nodeShim, '-e', program], { cwd: copy, encoding: 'utf8' });
    const before = key();
    const after = (parts: readonly string[], more: string): boolean => {
      const text = readFileSync(dist(...parts), 'utf8');
      writeFileSync(dist(...parts), `${text}${more}`);
      const isSame = key() === before;
      writeFileSync(dist(...parts), text);
      return isSame;
    };
    expect(after(['parts', 'plot', 'index.js'], '\n// A comment.\n')).toBe(true);
    expect(after(['tools', 'book', 'site', 'build.js'], '\nexports.more = 1;\n')).toBe(true);
    expect(after(['tools', 'assignments', 'judge.js'], '\nexports.more = 1;\n')).toBe(true);
    expect(after(['parts', 'metrics', 'index.js'], '\nexports.more = 1;\n')).toBe(true);
    expect(after(['parts', 'plot', 'index.js'], '\nexports.more = 1;\n')).toBe(false);
    expect(after(['tools', 'kernel', 'session.js'], '\nexports.more = 1;\n')).toBe(false);
    expect(key()).toBe(before);
  });

  it('says so where no notebook fits, or the jobs make no sense', async () => {
    await expect(makeBook({ folder, only: ['77'] })).rejects.toThrow('book: no notebook begins with 77 in ');
    await expect(makeBook({ folder, jobs: 0 })).rejects.toThrow('book: expected at least 1 job, got 0');
  });
});

describe('a book that is stopped', () => {
  it('ends the kernels that it started', async () => {
    const place = notebookFolder();
    const pidFile = path.join(place, 'pid');
    makeNotebook(place, 'zz-test-stopped', [
      {
        id: 'pid',
        code: `import { renameSync, writeFileSync } from 'node:fs';\nwriteFileSync('${pidFile}.aside', String(process.pid));\nrenameSync('${pidFile}.aside', '${pidFile}');`,
      },
      { id: 'endless', code: 'while (true) {}' },
    ]);
    const command = spawn(
      process.execPath,
      [path.join(root, 'src', 'bin', 'layerwise.mjs'), 'book', '--folder', place],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => command.on('close', resolve));
    await until(() => existsSync(pidFile));
    const kernel = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(kernel)).toBe(true);
    command.kill('SIGTERM');
    expect(await ended).toBe(143);
    await until(() => !isAlive(kernel));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie waits for its parent, it doesn't run.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('every public part', () => {
  it.each(['tslab', 'tslab-plain'] as const)('is imported by the kernel %s, with its types', async (kernel) => {
    const place = notebookFolder();
    const parts = [
      'data',
      'random',
      'display',
      'plot',
      'memory',
      'autodiff',
      'nn',
      'metrics',
      'experiments',
      'graph',
      'grading',
    ];
    makeNotebook(place, 'zz-test-parts', [
      { id: 'imports', code: parts.map((part) => `import * as ${part} from 'layerwise/${part}';`).join('\n') },
      {
        id: 'typed',
        code: 'const words: string[] = [typeof data.loadIris, typeof display.show, typeof plot.line, typeof memory.disposeAll];\nconst n: number = random.generator(1).uniform();\nconsole.log(words.join(), n < 1);',
      },
      { id: 'refused', code: 'const wrong: string = random.generator(1).uniform();' },
    ]);
    const [result] = await makeBook({ folder: place, kernel });
    expect(
      result.failures.map(({ cell, message }) => [
        cell,
        /Type 'number' is not assignable to type 'string'/.test(message),
      ]),
    ).toEqual([['refused', true]]);
    rmSync(path.join(root, 'build', kernel === 'tslab' ? 'executed' : 'executed-tslab-plain', 'zz-test-parts.ipynb'), {
      force: true,
    });
  });
});
