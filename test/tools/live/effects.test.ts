import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileChapter } from '../../../src/tools/live/compile';
import { isNotebookOnly, isRunnable, type RunnableCell } from '../../../src/tools/live/chapter';
import { planFor } from '../../../src/tools/live/plan';
import { KERNELSPEC, LANGUAGE_INFO, type Cell } from '../../../src/tools/notebook';
import { inRoot } from '../../support/root';

const code = (id: string, source: string, metadata = {}): Cell => ({
  ...{ cell_type: 'code' as const, id, metadata, source, outputs: [], execution_count: null },
});
const compile = (cells: Cell[]): ReturnType<typeof compileChapter> =>
  compileChapter({
    file: path.join(inRoot('notebooks'), '99-compiled.ipynb'),
    name: '99-compiled',
    content: {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO },
      cells,
    },
  });

/** The cells of these codes, named a, b, c … */
const cellsOf = (...sources: string[]): RunnableCell[] =>
  compile(sources.map((source, i) => code(String.fromCharCode(97 + i), source))).cells.filter(isRunnable);

/** Which cells the last of these needs. */
function needs(...sources: string[]): string {
  const cells = cellsOf(...sources);
  return planFor(cells[cells.length - 1], cells, [])
    .map(({ id }) => id)
    .join(' ');
}

describe('what a cell needs', () => {
  it.each([
    ['what it names', ['const x = 1;', 'const y = 2;', 'x'], 'a'],
    ['not what only looks like it', ['const x = 1;', 'const f = (x: number) => ({ x }).x;\nf(2)'], ''],
    ['what it writes in short', ['const x = 1;', '({ x })'], 'a'],
    ['not types', ['interface P { x: number }', 'const p: P = { x: 1 };'], ''],
    ['assignments', ['let x = 1;', 'x = 2;', 'x'], 'a b'],
    ['assignments to a part', ['const x = { n: 1 };', 'x.n++;', 'x'], 'a b'],
    ['assignments by pattern', ['let x = 1;', '[x] = [2];', 'x'], 'a b'],
    ['methods that change', ['const x = [1];', 'x.push(2);', 'x.slice()', 'x'], 'a b'],
    ['what functions change that it calls', ['let n = 0;\nconst up = () => n++;', 'up();', 'n'], 'a b'],
    [
      'also by way of others',
      ['let n = 0;', 'function up() { n++; }', 'const twice = () => { up(); up(); };', 'twice();', 'n'],
      'a b c d',
    ],
    ['not functions that nobody calls', ['let n = 0;', 'const up = () => n++;', 'n'], 'a'],
    ['what a function needs', ['const x = 1;', 'const f = () => x;', 'f()'], 'a b'],
    [
      'the function that it checks, by its name',
      ["import { check } from 'layerwise/grading';", 'const one = 1;', 'const f = () => one;', "await check('f');"],
      'a b c',
    ],
    ['what training changes', ['const m = { fit: () => 1 };', 'm.fit();', 'm'], 'a b'],
    ['what its own way to train changes', ['const m = { train: () => 1 };', 'm.train();', 'm'], 'a b'],
    [
      'what is trained by a function of the library',
      ["import { fit } from 'layerwise/train';\nconst m = { n: 1 };", 'fit(m);', 'm'],
      'a b',
    ],
    [
      'draws before its own',
      ["import { seed } from 'layerwise/random';\nconst random = seed(1);", 'random.normal();', 'random.normal()'],
      'a b',
    ],
    [
      'draws by what gets the generator',
      [
        "import { seed } from 'layerwise/random';\nconst random = seed(1);",
        '[1].map(() => String(random));',
        'random.normal()',
      ],
      'a b',
    ],
    [
      'draws of Math.random since the seed',
      ["import { seed } from 'layerwise/random';", 'Math.random();', 'seed(1);', 'Math.random();', 'Math.random()'],
      'a c d',
    ],
    [
      'none of the draws before a seed of its own',
      ["import { seed } from 'layerwise/random';", 'Math.random();', 'seed(1);\nMath.random();'],
      'a',
    ],
    [
      'draws by functions',
      [
        "import { seed } from 'layerwise/random';\nconst random = seed(1);",
        'const draw = () => random.normal();',
        'draw();',
        'random.normal()',
      ],
      'a b c',
    ],
  ])('%s', (_, sources, expected) => {
    expect(needs(...sources)).toBe(expected);
  });
});

describe('a compiled cell', () => {
  it('knows the lines that its script was made of', () => {
    const [cell] = cellsOf('// A comment.\n\nconst f = (x: number): number => {\n  return x;\n};\nf(1);');
    const at = cell.script.split('\n').findIndex((line) => line.includes('return x'));
    expect(cell.lines[at]).toBe(4);
  });

  it('loads the packs of its imports', () => {
    const [cell] = cellsOf("import { loadIris } from 'layerwise/data';\nimport { show } from 'layerwise/display';");
    expect(cell.packs).toEqual(['data']);
    expect(cellsOf("import { check } from 'layerwise/grading';")[0].packs).toEqual(['exercises']);
  });
});

describe('a cell that does not run in a page says why', () => {
  const reasons = compile([
    code('files', "import * as fs from 'node:fs';\nconst name = 'x';"),
    code('reads', 'fs.existsSync(name)'),
    code('again', "const name = 'y';"),
    code('fine', 'name'),
    code('native', 'const a = 1;', { 'node-only': 'it needs a compiler' }),
    code('refused', "const b: number = 'b';", { tags: ['type-error'] }),
  ]).cells.map((cell) => (isNotebookOnly(cell) ? cell.reason : isRunnable(cell) ? '' : 'refused'));

  it.each([
    [0, "Runs in the notebook: it imports node:fs, which a page doesn't have."],
    [1, 'Runs in the notebook: it builds on files, which does not run here.'],
    [2, ''],
    [3, ''],
    [4, 'Runs in the notebook: it needs a compiler.'],
    [5, 'refused'],
  ])('%s', (i, reason) => {
    expect(reasons[i]).toBe(reason);
  });
});
