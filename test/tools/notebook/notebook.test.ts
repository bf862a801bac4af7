import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarationsOf, formatDiagnostic, identifiersOf, readNotebook, typeCheck } from '../../../src/tools/notebook';
import { makeNotebook, notebookFolder, type MadeCell } from '../../support/make-notebook';
import { root } from '../../support/root';

const folder = notebookFolder();
let count = 0;
const check = (...code: string[]): string[] =>
  typeCheck(
    readNotebook(
      makeNotebook(
        folder,
        `n${count++}`,
        code.map((text, i): MadeCell => ({ id: `cell-${i + 1}`, code: text })),
      ),
    ),
    root,
  ).map((diagnostic) => formatDiagnostic(diagnostic).replace(/^n\d+\./, ''));

describe('declarationsOf', () => {
  it.each([
    [
      'const a = 1, b = 2;',
      [
        ['a', 'constant'],
        ['b', 'constant'],
      ],
    ],
    [
      'let { x, y: [z] } = f();',
      [
        ['x', 'variable'],
        ['z', 'variable'],
      ],
    ],
    ['async function f() {}', [['f', 'function']]],
    [
      'class A {} enum B {} namespace C {}',
      [
        ['A', 'class'],
        ['B', 'class'],
        ['C', 'class'],
      ],
    ],
    [
      'interface I {} type T = I;',
      [
        ['I', 'type'],
        ['T', 'type'],
      ],
    ],
    [
      "import d, { e, f as g } from 'x'; import * as h from 'y'; import 'z';",
      [
        ['d', 'import'],
        ['e', 'import'],
        ['g', 'import'],
        ['h', 'import'],
      ],
    ],
    ['{ const inner = 1; } if (x) { var hidden = 2; }', [['hidden', 'variable']]],
    [
      'for (var i = 0, [j] = [1]; ;) {} () => { var local; }',
      [
        ['i', 'variable'],
        ['j', 'variable'],
      ],
    ],
    [
      'using r = f(); export default class D {} import e = C.D;',
      [
        ['r', 'constant'],
        ['D', 'class'],
        ['e', 'import'],
      ],
    ],
  ])('%s', (code, expected) => expect(declarationsOf(code).map(({ name, kind }) => [name, kind])).toEqual(expected));

  it('identifiersOf finds what a cell may use, not words in strings', () => {
    expect([...identifiersOf("f(a.b, 'c', { e: g }) // d")]).toEqual(['f', 'a', 'g']);
  });
});

describe('typeCheck', () => {
  it('carries declarations of every kind from cell to cell', () => {
    expect(
      check(
        "import * as tf from '@tensorflow/tfjs-node'; import { generator } from 'layerwise/random';",
        'interface Point { x: number } class Circle { constructor(readonly center: Point) {} } enum Color { Red } function twice(n: number) { return 2 * n; } let total = 0;',
        'const c = new Circle({ x: twice(1) }); total = c.center.x; const t: tf.Tensor1D = tf.tensor1d([1]); const red: Color = Color.Red; const u = generator(1).uniform();',
        'const sum: number = total + c.center.x + u; const p: Point = c.center;',
      ),
    ).toEqual([]);
  });

  it('lets the last declaration of a name win', () => {
    expect(check('const x = 1;', "const x = 'text';", 'x.toUpperCase();')).toEqual([]);
  });

  it('knows top-level await in every form', () => {
    expect(
      check(
        'const a = await Promise.resolve(1);',
        'for await (const v of [Promise.resolve(a)]) v.toFixed();',
        'const f = async () => 1; (await f()).toFixed();',
      ),
    ).toEqual([]);
  });

  it('is strict, and names notebook, cell, line and column', () => {
    expect(check('const a: number | undefined = [1].find((v) => v > 0);', '// a comment\n  a.toFixed();')).toEqual([
      "ipynb:cell 2 (cell-2):2:3 TS18048 'a' is possibly 'undefined'.",
    ]);
    expect(check('let n = 1;', 'n.toUpperCase()')).toEqual([
      "ipynb:cell 2 (cell-2):1:3 TS2339 Property 'toUpperCase' does not exist on type 'number'.",
    ]);
    expect(check('function f(x) { return x; }')[0]).toContain('TS7006');
  });

  it('refuses an assignment of another type to a variable of an earlier cell', () => {
    expect(check('let total = 0;', "total = 'zero';")).toEqual([
      "ipynb:cell 2 (cell-2):1:1 TS2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it('reports syntax errors and names that no cell declares', () => {
    expect(check('const = 1;')[0]).toContain('TS1134');
    expect(check('nowhere();')).toEqual(["ipynb:cell 1 (cell-1):1:1 TS2304 Cannot find name 'nowhere'."]);
    expect(check('later();', 'function later() {}')).toEqual([
      "ipynb:cell 1 (cell-1):1:1 TS2304 Cannot find name 'later'.",
    ]);
  });
});

describe('readNotebook', () => {
  it('names the file and the place of what is wrong', () => {
    const broken = path.join(folder, 'broken.ipynb');
    writeFileSync(broken, '{');
    expect(() => readNotebook(broken)).toThrow(/broken\.ipynb: not a notebook: /);
    const old = makeNotebook(folder, 'old', [], (notebook) => (notebook.nbformat_minor = 2));
    expect(() => readNotebook(old)).toThrow(/old\.ipynb: not a notebook in nbformat 4\.5: .*nbformat_minor/s);
    const nameless = makeNotebook(folder, 'nameless', [], (notebook) => (notebook.metadata = {}));
    expect(() => readNotebook(nameless)).toThrow(/language_info/);
  });
});
