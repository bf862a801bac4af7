// Cells one after the other in this process: what they show, or how they are refused or fail.
import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Interrupts } from '../../../src/tools/kernel/interrupts';
import { Session } from '../../../src/tools/kernel/session';
import { notebookFolder } from '../../support/make-notebook';
import { inRoot, root } from '../../support/root';

const session = new Session(inRoot('notebooks'), root, new Interrupts());
let executions = 0;

/** The text of a cell's result, or its error, and that in full. */
async function run(code: string): Promise<{ shown: string | undefined; full: string }> {
  const outcome = await session.run(code, ++executions);
  if (outcome.status === 'error')
    return { shown: `${outcome.error.ename}: ${outcome.error.evalue}`, full: outcome.error.traceback.join('\n') };
  const text: unknown = outcome.shown && Reflect.get(Object(outcome.shown), 'text/plain');
  return { shown: text === undefined ? undefined : String(text), full: '' };
}

const each = async (cells: readonly (readonly [string, string | RegExp | undefined])[]): Promise<void> => {
  for (const [code, expected] of cells) {
    const { shown, full } = await run(code);
    if (expected instanceof RegExp) expect(`${shown}\n${full}`, code).toMatch(expected);
    else expect(shown, code).toBe(expected);
  }
};

type Cells = readonly (readonly [string, string | RegExp | undefined])[];

describe('declarations', () => {
  it.each<[string, Cells]>([
    [
      'an empty list takes what is added, in the cell and in later ones',
      [
        ['const losses = []; losses.push(1); losses', '[ 1 ]'],
        ['losses.push(2); losses', '[ 1, 2 ]'],
        ["losses.push('a')", /TS2345/],
      ],
    ],
    [
      'a variable without a type has the one at the end of its cell',
      [
        ['let best; best = 3;', '3'],
        ['best = 4; best', '4'],
        ["best = 'x'", /TS2322/],
      ],
    ],
    [
      'and any where nothing was assigned',
      [
        ['let later; const none = [];', undefined],
        ["later = 'x'; none.push(1); [later, none]", "[ 'x', [ 1 ] ]"],
      ],
    ],
    ['null is a beginning', [["let begun = null; begun = 'a'; begun.toUpperCase()", "'A'"]]],
    [
      'var may be declared twice, and in a loop',
      [
        ['var twin = 1; var twin = 2; twin', '2'],
        ['for (var v of [1, 2]) {}\nfor (var v of [3]) {}', undefined],
        ['v', '3'],
        ['if (v > 2) { var inner = v * 2; }', undefined],
        ['inner', '6'],
      ],
    ],
    [
      'exports of every kind run',
      [
        ['function f() { return 1; }\nexport default f', undefined],
        ['const one = 1; export { one as eins }', undefined],
        ["export { basename } from 'node:path'", undefined],
        ['export const two = 2, three = one + two; export class Out {} export default class {}', undefined],
        ['[one, two, three, typeof Out]', "[ 1, 2, 3, 'function' ]"],
      ],
    ],
    [
      "parameters may have Node's names",
      [
        ['[{ foo: 1 }].map((exports) => exports.foo)', '[ 1 ]'],
        [
          'const g = (module: { a: number }, require: number, exports: number[]) => module.a + require + exports.length; g({ a: 1 }, 2, [3])',
          '4',
        ],
      ],
    ],
    [
      'so may variables',
      [
        [
          "const exports = 1, require = 2, module = 'm'; const __filename = 3; [exports, require, module, __filename]",
          "[ 1, 2, 'm', 3 ]",
        ],
      ],
    ],
    [
      'patterns',
      [
        [
          'const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], z: 5 }; [a, c, d, e]',
          '[ 1, 2, [ 3, 4 ], { z: 5 } ]',
        ],
        ['({ a: w } = { a: 9 })', /TS2304/],
        ['let w = 0; [w, ...d] = [8, 9]; ({ w } = { w: w + 1 }); [w, { w }]', /TS2588/],
        ['let w = 0; ({ w } = { w: w + 1 }); w++; ({ w })', '{ w: 2 }'],
      ],
    ],
    [
      'functions and classes keep their names',
      [
        [
          'const square = (n: number) => n * n; const Anonymous = class {}; let assigned; assigned = () => 1; [square.name, Anonymous.name, assigned.name]',
          "[ 'square', 'Anonymous', 'assigned' ]",
        ],
        ['square', '[Function: square]'],
      ],
    ],
    [
      'a copy of a constant can change',
      [
        ['const rate = 0.1', undefined],
        ['let lr = rate; lr *= 0.5; lr', '0.05'],
        ['rate = 3', /TS2588 Cannot assign to 'rate' because it is a constant/],
      ],
    ],
    [
      'an interface and a constant of one name both live',
      [
        ['interface Both { k: number }', undefined],
        ['const Both: Both = { k: 3 }', undefined],
        ['const other: Both = { k: Both.k + 1 }; other', '{ k: 4 }'],
        ["const Other: Both = { k: 'x' }", /TS2322/],
      ],
    ],
    [
      'enumerations and namespaces',
      [
        [
          'enum Color { Red, Green = 5 }\nnamespace Shapes { export const sides = 4; export interface Shape { n: number } }',
          undefined,
        ],
        ['const s: Shapes.Shape = { n: Shapes.sides }; [s.n, Color[5], Color.Red]', "[ 4, 'Green', 0 ]"],
      ],
    ],
    [
      "what is declared only is Node's",
      [
        ['declare const WebAssembly: { validate: unknown }; typeof WebAssembly.validate', "'function'"],
        ['typeof WebAssembly', "'object'"],
      ],
    ],
  ])('%s', (_, cells) => each(cells));
});

describe('using', () => {
  it('ends with the cell, the last first', () =>
    each([
      [
        "const said: string[] = [];\nusing first = { [Symbol.dispose]() { said.push('first'); } };\nawait using second = { async [Symbol.asyncDispose]() { said.push('second'); } };\nfunction help() { return said.length; }\nclass Within {}\nsaid.push('in'); help()",
        '1',
      ],
      ['said', "[ 'in', 'second', 'first' ]"],
      ["using failing = { [Symbol.dispose]() { said.push('failing'); } };\nthrow new Error('no');", 'Error: no'],
      ['[said.at(-1), typeof Within, help()]', "[ 'failing', 'function', 4 ]"],
    ]));
});

describe('augmentation', () => {
  it('adds to global types, and again with other types when the cell runs again', () =>
    each([
      [
        'declare global { interface Array<T> { lastOne(): T } }\nArray.prototype.lastOne = function () { return this[this.length - 1]; };\n[1, 2].lastOne()',
        '2',
      ],
      ['[1, 2, 3].lastOne().toFixed()', "'3'"],
      ['declare global { interface Array<T> { lastOne(): T | undefined } }', undefined],
      ['[1].lastOne().toFixed()', /TS2532|TS18048/],
      ['declare global { var shared: number }\nglobalThis.shared = 4;', '4'],
      ['shared + 1', '5'],
    ]));
});

describe('what failed', () => {
  it.each<[string, Cells]>([
    [
      'leaves earlier values and their types',
      [
        ['const d = [1, 2, 3];\nfunction mayFail(): string { throw new Error("no"); }', undefined],
        ['const d = mayFail();', 'Error: no'],
        ['d.map((n) => n + 1)', '[ 2, 3, 4 ]'],
      ],
    ],
    [
      'keeps what was done before',
      [
        ["const before = 1;\nthrow new Error('x');\nconst after = 2;", 'Error: x'],
        ['before', '1'],
        ['after', /TS2304/],
      ],
    ],
    [
      'while it awaited too',
      [
        [
          "const kept = 1; await Promise.resolve();\nconst kept2 = await Promise.reject(new Error('late'));",
          'Error: late',
        ],
        ['kept', '1'],
        ['kept2', /TS2304/],
      ],
    ],
    [
      'also where V8 refuses the cell',
      [
        ['const keep = 5', undefined],
        ["// @ts-nocheck\nconst keep = 'x'; delete keep;", /SyntaxError/],
        ['keep.toFixed()', "'5'"],
      ],
    ],
    [
      'also where an import fails',
      [
        ['const read = 1', undefined],
        ["// @ts-nocheck\nimport { read } from './no-such-file';\nconst keep = 'x';", /no-such-file/],
        ['[read, keep]', '[ 1, 5 ]'],
      ],
    ],
  ])('%s', (_, cells) => each(cells));
});

describe('what names mean now', () => {
  it.each<[string, Cells]>([
    [
      'a function calls the function declared last',
      [
        ['function scale(n: number) { return 3 * n; }\nfunction twice(n: number) { return scale(n); }\ntwice(1)', '3'],
        ['function scale(n: number) { return 100 * n; }', undefined],
        ['twice(1)', '100'],
      ],
    ],
    [
      'and sees the variable declared last',
      [
        ['let u = 1; const fu = () => u;', undefined],
        ["let u = 'text'; fu()", "'text'"],
      ],
    ],
    [
      'a class knows itself',
      [
        [
          'class Node1 { static made = 0; static first = Node1.made + 1; copy() { return new Node1(); } }\nconst node = new Node1();',
          undefined,
        ],
        ['class Node1 { other = 1; }', undefined],
        ['"other" in node.copy()', 'false'],
      ],
    ],
    [
      'an import is a name like others',
      [
        ["import { join } from 'node:path';\nconst joined = () => join('a', 'b');", undefined],
        ["const join = (...parts: string[]) => parts.join('+');", undefined],
        ['joined()', "'a+b'"],
      ],
    ],
  ])('%s', (_, cells) => each(cells));

  it('messages say why values of a class that was declared again do not fit', () =>
    each([
      ['class Point { private x = 1; }\nconst point = new Point();', undefined],
      ['class Point { private x = 1; }', undefined],
      [
        'const same: Point = point;',
        /TS2322 Type 'Point' is not assignable to type 'Point'[^]*`Point` was declared again since this value was made/,
      ],
    ]));

  it('messages have the names that the learner wrote', () =>
    each([
      ['const nothing: any = 5;', undefined],
      ['nothing()', 'TypeError: nothing is not a function'],
      ['let text: string = new Both2();\nclass Both2 {}', /TS2322 Type 'Both2'/],
    ]));
});

describe('functions that no longer fit', () => {
  /** The lines that the last of these cells writes below itself. */
  async function said(...cells: readonly string[]): Promise<string[]> {
    const lines: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    try {
      for (const code of cells.slice(0, -1)) await run(code);
      lines.length = 0;
      await run(cells[cells.length - 1]);
    } finally {
      write.mockRestore();
    }
    return lines.map((line) => line.replace(/\(cell \d+\)/g, '(cell N)'));
  }

  it.each<[string, string[], string[]]>([
    [
      'return another type',
      ['let v1 = 1; const fv = () => v1;', "let v1 = 'text';"],
      ['`fv` (cell N) no longer fits: `v1` is now a string\n'],
    ],
    [
      'have an error',
      [
        'function size(n: number) { return 3 * n; }\nfunction shown(n: number) { return size(n).toFixed(); }',
        'function size(n: string) { return n; }',
      ],
      ['`shown` (cell N) no longer fits: `size` is now of type `(n: string) => string`\n'],
    ],
    [
      'are named together',
      [
        'let w1 = 1;',
        'const fw = () => w1 * 2;',
        'class Weigher { weigh() { return w1.toFixed(); } }',
        "let w1 = 'heavy';",
      ],
      ['`fw` (cell N) and `Weigher` (cell N) no longer fit: `w1` is now a string\n'],
    ],
    ['fit when the type is the same', ['let x1 = 1; const fx = () => x1 + 1;', 'let x1 = 2;'], []],
    [
      'fit when the type is another that does',
      ['let y1: string | number = 1; const fy = () => `${y1}`;', "let y1 = 'text';"],
      [],
    ],
    [
      'are no matter once they were declared again',
      ['let z1 = 1; const fz = () => z1;', 'const fz = 2;', "let z1 = 'text';"],
      [],
    ],
    [
      'are not judged by what was narrowed around them',
      [
        'const h1: number | undefined = [1].find((n) => n > 0);\nif (h1 === undefined) throw new Error();\nconst fh = () => h1 + 1;',
        'const h1: number | undefined = [2].find((n) => n > 0);',
      ],
      [],
    ],
    [
      'do not change when the cell fails',
      ['let q1 = 1; const fq = () => q1;', "let q1 = String(JSON.parse('{'));"],
      [],
    ],
  ])('%s', async (_, cells, expected) => expect(await said(...cells)).toEqual(expected));
});

describe('a compiled function follows', () => {
  const CALLS = `const called = []; for (let call = 0; call < 4; call++) called.push(step(x).dataSync()[0]); called`;
  const four = (value: number): string => `[ ${Array(4).fill(value).join(', ')} ]`;

  it('names that later cells bind anew, functions and classes that they declare again', () =>
    each([
      [`import * as tf from '@tensorflow/tfjs-node';\nimport { compile } from 'layerwise/graph';`, undefined],
      [
        'let w = tf.scalar(2); let rate = 1; const x = tf.scalar(1); function bend(t: tf.Tensor) { return t; }',
        undefined,
      ],
      ['class Net { bias = 0; forward(t: tf.Tensor) { return bend(t.mul(w)).mul(rate).add(this.bias); } }', undefined],
      ['const net = new Net(); const step = compile((t: tf.Tensor) => net.forward(t));', undefined],
      [CALLS, four(2)],
      ['w = tf.scalar(3);', /^Tensor float32/],
      [CALLS, four(3)],
      ['rate = 0.5;', '0.5'],
      [CALLS, four(1.5)],
      ['function bend(t: tf.Tensor) { return t.add(1); }', undefined],
      [CALLS, four(2)],
      ['net.bias = 4;', '4'],
      [CALLS, four(6)],
      ['step.history.length', '5'],
      [
        'const each = [0, 1].map((value) => { w = tf.scalar(value); return step(x).dataSync()[0]; }); each',
        '[ 4.5, 5 ]',
      ],
    ]));
});

describe("Node's own", () => {
  it('import.meta, __dirname, require, import()', () =>
    each([
      ["const require2 = globalThis.require; require2('node:path').basename('a/b')", "'b'"],
      [
        '[import.meta.dirname === __dirname, import.meta.url.startsWith("file:///"), typeof require2, __dirname.endsWith("notebooks")]',
        "[ true, true, 'function', true ]",
      ],
      ["const path = await import('node:path'); [path.basename('a/b'), path.default.basename('a/c')]", "[ 'b', 'c' ]"],
      [
        "import fs, { readFileSync as read1 } from 'node:fs';\nimport * as os from 'node:os';\n[typeof fs.statSync, typeof read1, typeof os.cpus]",
        "[ 'function', 'function', 'function' ]",
      ],
      ['typeof fs.statSync', "'function'"],
    ]));

  it('// @ts-nocheck holds where earlier names are used', () =>
    each([
      ['const five = 5', undefined],
      ["// @ts-nocheck\nconst six: number = five + 'x'; six", "'5x'"],
    ]));
});

// A process has one session: the second one's folder is from here on what `__dirname` tells.
describe('files that were edited', () => {
  it('are loaded anew, data and JavaScript too, with their new types', async () => {
    const folder = notebookFolder();
    const own = new Session(folder, root, new Interrupts());
    const write = (name: string, text: string, time: number): void => {
      writeFileSync(path.join(folder, name), text);
      utimesSync(path.join(folder, name), time, time);
    };
    const text = async (code: string): Promise<unknown> => {
      const outcome = await own.run(code, ++executions);
      return outcome.status === 'error' ? outcome.error.evalue : Reflect.get(Object(outcome.shown), 'text/plain');
    };
    write('helper.d.ts', 'export const version: number;', 1000);
    write('helper.js', 'exports.version = 1;', 1000);
    write('data.json', '{ "rows": 1 }', 1000);
    expect(
      await text("import data from './data.json'; import { version } from './helper.js'; [data.rows, version]"),
    ).toBe('[ 1, 1 ]');
    write('helper.js', 'exports.version = 2;', 2000);
    write('data.json', '{ "rows": "many" }', 2000);
    expect(
      await text(
        "import data from './data.json'; import { version } from './helper.js'; [data.rows.toUpperCase(), version]",
      ),
    ).toBe("[ 'MANY', 2 ]");
    for (const [file, types] of [
      ['modern.js', 'modern.d.ts'],
      ['modern.mjs', 'modern.d.mts'],
    ]) {
      write(types, 'export const version: number; declare const name: string; export default name;', 1000);
      for (const version of [1, 2]) {
        write(
          file,
          `import { basename } from 'node:path';\nexport const version = ${version};\nexport default basename('a/n${version}');`,
          1000 * version,
        );
        expect(
          await text(
            `import name, { version } from './${file}'; const all = await import('./${file}'); [name, version, all.version]`,
          ),
          file,
        ).toBe(`[ 'n${version}', ${version}, ${version} ]`);
      }
    }
    write('here.mjs', 'export const version = import.meta.url.length > 9 ? 1 : 0;', 1000);
    expect(await text("// @ts-nocheck\nimport { version } from './here.mjs'; version")).toBe('1');
  });
});
