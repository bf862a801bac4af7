// What Tab shows: code with the cursor at |, the first names in order, and the text that a choice replaces.
import { describe, expect, it } from 'vitest';
import { Checker } from '../../../src/tools/kernel/checker';
import { isComplete } from '../../../src/tools/kernel/completeness';
import { toCodePoints, toUtf16 } from '../../../src/tools/kernel/positions';
import { inRoot, root } from '../../support/root';

const checker = new Checker(inRoot('notebooks'), root);
const before = `
import * as tf from '@tensorflow/tfjs-node';
import * as data from 'layerwise/data';
import { generator } from 'layerwise/random';
const person = { name: 'Ada', age: 36, address: { city: 'London', zip: 'W1' } };
const names = ['a', 'b'];
class Circle {
  constructor(readonly radius: number) {}
  /** Its area. */
  area(): number { return 3; }
  private hidden = 1;
  static unit = 1;
}
const circle = new Circle(2);
enum Color { Red, Green }
interface Options { readonly rate: number; readonly verbose?: boolean }
/** Trains a model. @param options how */
function train(options: Options): void {}
/** Moves a point. @param by how far @param options where to */
function move(by: number, options: {\n  /** In degrees,\n   * north is 0. */\n  direction?: number; readonly to: 'left' | 'right' }): void {}
/** A shape. */
class Shape { constructor(readonly sides: number, readonly names: string[]) {} }
type Mode = 'train' | 'test';
function run(mode: Mode): void {}
const 合計 = 5;
`;
const { module, diagnoses } = checker.check(before);
checker.accept(module);

const split = (marked: string): [string, number] => [marked.replace('|', ''), marked.indexOf('|')];

describe('completion', () => {
  it('starts from a cell without errors', () => expect(diagnoses).toEqual([]));

  it.each<[string, string[], string]>([
    ['Math.sq|', ['sqrt'], 'sq'],
    ['math|', ['Math'], 'math'],
    ['JSON.|', ['parse', 'stringify'], ''],
    ['console.l|', ['log'], 'l'],
    ['Object.ke|', ['keys'], 'ke'],
    ['person.|', ['address', 'age', 'name'], ''],
    ['person.na|', ['name'], 'na'],
    ['person?.ad|', ['address'], 'ad'],
    ['person.address.|', ['city', 'zip'], ''],
    ['person.address.city.le|', ['length'], 'le'],
    ['names.fil|', ['fill', 'filter'], 'fil'],
    ['names[0].toU|', ['toUpperCase'], 'toU'],
    ['[1, 2].ma|', ['map'], 'ma'],
    ['circle.|', ['area', 'radius'], ''],
    ['circle.h|', [], 'h'],
    ['Circle.u|', ['unit'], 'u'],
    ['Color.|', ['Green', 'Red'], ''],
    ['tf.tensor2|', ['tensor2d'], 'tensor2'],
    ['tf.layers.den|', ['dense'], 'den'],
    ['tf.memory().num|', ['numBytes', 'numDataBuffers', 'numTensors'], 'num'],
    ['let t: tf.Ten|', ['Tensor', 'Tensor1D', 'Tensor2D'], 'Ten'],
    ['data.loadI|', ['loadInsurance', 'loadIris'], 'loadI'],
    ['gene|', ['generator'], 'gene'],
    ['pers|', ['person'], 'pers'],
    ['new Cir|', ['Circle'], 'Cir'],
    ['let o: Opt|', ['Options'], 'Opt'],
    ['if (circle instanceof Cir|', ['Circle'], 'Cir'],
    ['for (const n of nam|', ['names', 'namespace'], 'nam'],
    ['train({ |', ['rate', 'verbose'], ''],
    ['train({ r|', ['rate'], 'r'],
    ['train({ rate: 1, |', ['verbose'], ''],
    ['const { na| } = person', ['name'], 'na'],
    ['run("|', ['test', 'train'], ''],
    ["run('tr|", ['train'], 'tr'],
    ["import { loadIr| } from 'layerwise/data'", ['loadIris'], 'loadIr'],
    [
      "import { | } from 'layerwise/random'",
      ['DrawSeed', 'generator', 'RandomGenerator', 'seed', 'statelessNormal', 'statelessUniform'],
      '',
    ],
    [
      'import x from "layerwise/|',
      ['autodiff', 'data', 'display', 'experiments', 'grading', 'graph', 'memory', 'metrics', 'nn', 'plot', 'random'],
      '',
    ],
    ['import x from "node:fs/pr|', ['promises'], 'pr'],
    ['import x from "./ex|', ['exercises'], 'ex'],
    ['import x from "../d|', ['data'], 'd'],
    ["'😀'; Math.ab|", ['abs'], 'ab'],
    ["'合計'; person.ag|", ['age'], 'ag'],
    ['合|', ['合計'], '合'],
    ['`${person.a|}`', ['address', 'age'], 'a'],
    ['(await Promise.resolve(person)).na|', ['name'], 'na'],
    ['new Map<string, num|', ['number'], 'num'],
    ['cons|', ['console', 'const'], 'cons'],
    ['aw|', ['await'], 'aw'],
    ['undefinedThing.|', [], ''],
    ['// a comment with person.|', [], ''],
  ])('%s', (marked, first, replaced) => {
    const [code, cursor] = split(marked);
    const { start, end, names } = checker.complete(code, cursor);
    expect(names.slice(0, first.length)).toEqual(first);
    if (first.length === 0) expect(names).toEqual([]);
    expect(code.slice(start, end)).toBe(replaced);
    expect(end).toBe(cursor);
  });
});

describe('inspection', () => {
  it.each<[string, RegExp]>([
    ['tr|ain', /function train\(options: Options\): void[\s\S]*Trains a model\.[\s\S]*\*@param\* options how/],
    ['train|', /function train/],
    ['circle.ar|ea()', /\(method\) Circle\.area\(\): number[\s\S]*Its area\./],
    ['person.na|me', /\(property\) name: string/],
    ['generat|or', /generator\(seed: number\)[\s\S]*A generator of random numbers[\s\S]*@example/],
    ['tf.tensor|1d', /tensor1d[\s\S]*Creates rank-1/],
    ["'😀' + 合|計", /const 合計: 5/],
  ])('%s', (marked, markdown) => {
    const [code, cursor] = split(marked);
    expect(checker.inspect(code, cursor)?.markdown).toMatch(markdown);
  });

  it.each<[string, RegExp[]]>([
    [
      'tf.layers.dense(|',
      [
        /^dense\(args: DenseLayerArgs\): Dense$/m,
        /^- units: number: Positive integer, dimensionality of the output space\.$/m,
        /^- activation\?: /m,
        /^- inputShape\?: [^:]*: If defined,/m,
        /fully connected/,
      ],
    ],
    ['const layer = tf.layers.dense({ units: 3, | });', [/^- useBias\?: boolean: /m]],
    [
      'await tf.sequential().fit(tf.ones([1]), tf.ones([1]), { epochs: 3, |',
      [/^fit\(x: /m, /^- args: A `ModelFitConfig`/m, /^- batchSize\?: number: Number of samples per gradient update/m],
    ],
    ['move(|', [/^move\(by: number, options: /m, /^- by: how far$/m, /^- options: where to$/m, /^Moves a point\.$/m]],
    ['move(2, |)', [/^- direction\?: number: In degrees, north is 0\.$/m, /^- to: "left" \| "right"$/m]],
    [
      'console.log(circle, train({ rate: |1 }))',
      [/^train\(options: Options\): void$/m, /^- rate: number$/m, /^- verbose\?: boolean$/m],
    ],
    ['new Shape(3, |', [/^Shape\(sides: number, names: string\[\]\): Shape$/m]],
    ['new Map(|', [/^Map\(/m, /\n.*Map\(/]],
    ['Math.max(1, |', [/^max\(\.\.\.values: number\[\]\): number$/m, /numeric expressions/]],
  ])('inside the arguments: %s', (marked, texts) => {
    const [code, cursor] = split(marked);
    const help = checker.inspect(code, cursor);
    for (const text of texts) expect(help?.text).toMatch(text);
    expect(help?.markdown).toMatch(/^```typescript\n/);
  });

  it('lists no options of lists, classes and types of the language', () => {
    for (const code of ['new Shape(3, ', 'new Map(', 'Math.max(', 'move('])
      expect(checker.inspect(code, code.length)?.text, code).not.toMatch(/^- \w+\??: (.*=>|number$)/m);
  });

  it('finds nothing where nothing is', () => expect(checker.inspect('1 + 1', 2)).toBeUndefined());
});

describe('isComplete', () => {
  it.each([
    ['1', 'complete'],
    ['', 'complete'],
    ['`a ${1} b`', 'complete'],
    ['await x', 'complete'],
    ['for await (const a of b) {}', 'complete'],
    ['const s = "a";', 'complete'],
    ...[
      'async () => 1',
      "'abc\\\nd'",
      'declare const x: number',
      'declare function f(): void',
      'let a',
      'let a: number',
      'function f(): void;\nfunction f() {}',
      'x!',
      '() => {}\n\n  ',
    ].map((code) => [code, 'complete']),
    ...[
      'function f() {',
      '[1, 2',
      'const s = `open',
      '`a ${',
      '`a ${b',
      'f(',
      'f(a,',
      'f( // why',
      '/* open',
      'if (a) {\n  b();',
      'const o = {',
      'x.',
      'if (a)',
      'if (a) b(); else',
      'try {}',
      'try { f() } catch',
      '() =>',
      'const x =',
      'a ?',
      '1 +',
      'label:',
      'for (;;)',
      'do {} while',
    ].map((code) => [code, 'incomplete']),
    ...[
      'const x: number',
      'const x',
      'let { a }',
      'const [a]',
      'using r',
      'export const',
      'var',
      'function f()',
      'function f(): void;',
      'async function f(a: number): Promise<void>',
      'class A',
      'class A {',
      'abstract class A { m()',
      '@dec',
      '@dec class',
      'enum E { A =',
      'type T =',
      'interface I',
      'export',
      'export default',
      'import',
      'import x from',
      'import type',
      'const f = <T,',
      "'abc\\",
    ].map((code) => [code, 'incomplete']),
    ...[
      'const = 1;',
      '}',
      ')',
      'let 1x = 2;\n1',
      "'abc",
      '"abc',
      "'abc\nf(",
      'foo(]',
      'foo({ a: 1)',
      '[1, 2)',
      '/re',
      '0x',
      '1_',
      'const x: number;',
      'const x\nx',
      'function f()\n5',
      '...',
      'a b',
    ].map((code) => [code, 'invalid']),
  ])('%j is %s', (code, status) => expect(isComplete(code).status).toBe(status));
});

describe('positions', () => {
  it('convert between code points and UTF-16 units and back', () => {
    const code = 'a😀合b';
    expect([0, 1, 2, 3, 4].map((points) => toUtf16(code, points))).toEqual([0, 1, 3, 4, 5]);
    expect([0, 1, 3, 4, 5].map((units) => toCodePoints(code, units))).toEqual([0, 1, 2, 3, 4]);
  });
});
