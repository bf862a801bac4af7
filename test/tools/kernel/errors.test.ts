// What an error shows: the learner's line first, libraries folded, and the errors inside it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../src/tools/kernel/excerpt';
import { Interrupts } from '../../../src/tools/kernel/interrupts';
import { Session } from '../../../src/tools/kernel/session';
import { stackEntries } from '../../../src/tools/kernel/stack';
import { notebookFolder } from '../../support/make-notebook';
import { root } from '../../support/root';

const folder = path.join(notebookFolder(), 'a dir (1) ä');
mkdirSync(folder);
const session = new Session(folder, root, new Interrupts());
let executions = 0;

/** The lines that a cell's error shows, without colors. */
async function shown(code: string, name?: string): Promise<string[]> {
  const outcome = await session.run(code, ++executions, name);
  if (outcome.status === 'ok') throw new Error(`expected an error of: ${code}`);
  return outcome.error.traceback.flatMap((lines) => lines.replace(/\u001b\[\d+m/g, '').split('\n'));
}

describe('an error shows', () => {
  it("the cell's line first, then its calls by the number of the prompt", async () =>
    expect(await shown("const inner = () => { throw new RangeError('no'); };\n\ninner();", 'cell 23')).toEqual([
      'RangeError: no',
      "> 1 | const inner = () => { throw new RangeError('no'); };",
      '    |                             ^',
      '  2 | ',
      '  3 | inner();',
      '    at inner cell 23:1:29',
      '    at cell 23:3:1',
    ]));

  it("the cell's line before that of a file that it calls", async () => {
    writeFileSync(
      path.join(folder, 'helper (2).js'),
      '\n\nexports.fail = function fail() {\n  throw new Error("in the file");\n};\n',
    );
    writeFileSync(path.join(folder, 'helper (2).d.ts'), 'export function fail(): never;\n');
    const lines = await shown("import { fail } from './helper (2)';\nfail();", 'cell 4');
    expect(lines.slice(0, 4)).toEqual([
      'Error: in the file',
      "  1 | import { fail } from './helper (2)';",
      '> 2 | fail();',
      '    | ^',
    ]);
    expect(lines[4]).toMatch(/^ {4}at fail build\/test\/notebooks-\w+\/a dir \(1\) ä\/helper \(2\)\.js:4:9$/);
    expect(lines).toContain('> 4 |   throw new Error("in the file");');
    expect(lines.at(-1)).toBe('    at cell 4:2:1');
  });

  it.each<[string, string, RegExp]>([
    [
      'the package',
      "import { encodePng } from 'layerwise/display';\nconst rows = [1];\nrows.map(() => encodePng({ pixels: [1, 2], height: 1, width: 1 }));",
      /^ {4}… 1 frame in layerwise\/display \(src\/parts\/display\/image\.ts:\d+:\d+\)$/,
    ],
    [
      'Node',
      "import { readFileSync } from 'node:fs';\n\nreadFileSync('/no/such/file');",
      /^ {4}… \d frames? in node:fs$/,
    ],
    [
      'a package',
      "import { PNG } from 'pngjs';\n\nPNG.sync.read(Buffer.from('text'));",
      /^ {4}… \d+ frames? in pngjs$/,
    ],
  ])('calls inside %s in one line', async (_, code, fold) => {
    const lines = await shown(code, 'cell 7');
    expect(lines.filter((line) => line.startsWith('>'))).toEqual([`> 3 | ${code.split('\n')[2]}`]);
    expect(lines.filter((line) => line.includes('frame'))).toEqual([expect.stringMatching(fold)]);
    expect(lines.at(-1)).toMatch(/^ {4}at cell 7:3:\d+$/);
    expect(lines.join('\n')).not.toMatch(/node_modules|src\/tools\/kernel/);
  });

  it.each<[string, string, string[]]>([
    ['awaited', "import { readFile } from 'node:fs/promises';\nawait readFile('/no/such/file');", ['cell 9:2:1']],
    [
      'awaited in a function',
      "import { readFile as read } from 'node:fs/promises';\nasync function load() {\n  return await read('/no/such/file');\n}\nawait load();",
      ['cell 9:3:10', 'cell 9:5:1'],
    ],
    [
      'left to the kernel',
      "const failing = new Promise((_, reject) => setTimeout(reject, 1, Object.assign(new Error('late'), { stack: '' })));\nfailing",
      ['cell 9:2:1'],
    ],
  ])('where what left no trace was %s', async (_, code, places) => {
    const lines = await shown(code, 'cell 9');
    expect(lines.flatMap((line) => /^ {4}at (.*)$/.exec(line)?.[1] ?? [])).toEqual(places);
    expect(lines.find((line) => line.startsWith('>'))).toContain(code.split('\n')[Number(places[0].split(':')[1]) - 1]);
  });

  it('a call that repeats once', async () => {
    const lines = await shown(
      'function deep(n: number): number { return n > 0 ? deep(n - 1) : JSON.parse("{"); }\ndeep(5);',
      'cell 2',
    );
    expect(lines.filter((line) => line.startsWith('    at'))).toEqual([
      '    at deep cell 2:1:70',
      '    at deep cell 2:1:51 (5 times)',
      '    at cell 2:2:1',
    ]);
  });

  it('nothing of a message that looks like a stack', async () =>
    expect(
      (await shown('throw new Error("first\\n    at fake (/etc/passwd:1:1)");')).filter((line) =>
        line.startsWith('    at '),
      ),
    ).toEqual(['    at fake (/etc/passwd:1:1)', expect.stringMatching(/^ {4}at cell \d+:1:7$/)]));
});

describe('errors inside an error', () => {
  it('that caused it are told with their lines', async () => {
    const lines = await shown(
      "function read() {\n  JSON.parse('{');\n}\ntry {\n  read();\n} catch (cause) {\n  throw new Error('no settings', { cause });\n}",
      'cell 3',
    );
    expect(lines[0]).toBe('Error: no settings');
    const inner = lines.findIndex((line) => line.startsWith('caused by: SyntaxError: '));
    expect(lines.slice(inner + 1)).toContain("> 2 |   JSON.parse('{');");
    expect(lines.slice(inner + 1)).toContain('    at read cell 3:2:8');
  });

  it('that it gathers are told', async () => {
    const lines = await shown(
      "await Promise.any([\n  Promise.reject(new Error('one')),\n  Promise.reject('two'),\n]);",
      'cell 3',
    );
    expect(lines.slice(0, 2)).toEqual(['AggregateError: All promises were rejected', '> 1 | await Promise.any([']);
    expect(lines).toContain('1 of 2: Error: one');
    expect(lines.at(-1)).toBe('2 of 2: two');
  });

  it('that failed while another ended are told', async () => {
    const lines = await shown(
      "using failing = { [Symbol.dispose]() { throw new Error('at the end'); } };\nthrow new RangeError('first');",
    );
    expect(lines.filter((line) => /^\w.*: /.test(line))).toEqual([
      expect.stringMatching(/^SuppressedError: /),
      'while ending: Error: at the end',
      'after: RangeError: first',
    ]);
  });

  it('that hold themselves, or very many, end', async () => {
    expect((await shown("const round = new Error('round');\nround.cause = round;\nthrow round;")).at(-1)).toBe(
      'caused by: an error that was shown above',
    );
    const lines = await shown('throw new AggregateError(Array.from({ length: 500 }, (_, i) => new Error(String(i))));');
    expect(lines.length).toBeLessThan(60);
    expect(lines.at(-1)).toBe('and 491 more errors');
  });
});

describe('a stack', () => {
  it.each<[string, object | undefined]>([
    ['    at f (/a dir (1)/b.js:2:3)', { name: 'f', file: '/a dir (1)/b.js', line: 2, column: 3 }],
    ['    at /a dir (1)/b.js:2:3', { name: '', file: '/a dir (1)/b.js', line: 2, column: 3 }],
    [
      '    at async Promise.then.f [as g] (file:///a%20dir%20(1)/b.mjs:2:3)',
      { name: 'Promise.then.f [as g]', file: '/a dir (1)/b.mjs', line: 2, column: 3 },
    ],
    ['    at async file:///b.mjs:2:3', { name: '', file: '/b.mjs', line: 2, column: 3 }],
    ['    at node:fs:10:5', { name: '', file: 'node:fs', line: 10, column: 5 }],
    ['    at new Point (/a:b/c.js:2:3)', { name: 'new Point', file: '/a:b/c.js', line: 2, column: 3 }],
    ['    at Array.map (<anonymous>)', undefined],
    ['    at async Promise.all (index 0)', undefined],
    ['    at eval (eval at <anonymous> (/a/b.js:1:1), <anonymous>:1:7)', undefined],
  ])('%s', (line, entry) => expect(stackEntries(`Error: message\n${line}`, 'message')).toEqual(entry ? [entry] : []));
});

describe('an excerpt', () => {
  it.each([1, 40, 95, 200, 399, 400])('of a wide line holds its place at column %d', (column) => {
    const line = Array.from({ length: 400 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    const [first, second] = excerpt(line, 1, column, 30);
    const caret = second.replace(/\u001b\[\d+m/g, '');
    expect(first[caret.indexOf('^')]).toBe(line[column - 1]);
    expect(Math.max(first.length, caret.length)).toBeLessThan(112);
  });

  it('puts the caret under the place in a line with tabs', () =>
    expect(excerpt('\tif (a)\t{ b }', 1, 11)[1].replace(/\u001b\[\d+m/g, '')).toBe('    | \t      \t  ^'));
});
