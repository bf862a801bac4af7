import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { reachedCode } from '../../../src/tools/results';
import { inRoot } from '../../support/root';

mkdirSync(inRoot('build', 'test'), { recursive: true });
const folder = mkdtempSync(inRoot('build', 'test', 'reached-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base: Readonly<Record<string, string>> = {
  'row.ts': `
    import { train } from './parts';
    import { unused } from './parts/other';
    export const row = (seed: number) => train(seed, RATE);
    export const other = () => unused();
    const RATE = 0.5;
    const LABEL = 'a label';
    export const label = LABEL;`,
  'parts/index.ts': `
    export { train, evaluate } from './train';
    export { unused } from './other';`,
  'parts/train.ts': `
    import * as steps from './steps';
    import seedrandom from 'seedrandom';
    /** Trains. */
    export function train(seed: number, rate: number) {
      const { first } = limits;
      return [steps.step(seed, rate), new Model(first), seedrandom('a')];
    }
    const limits = { first: 1, second: [2, 3] };
    class Model { constructor(readonly size: number) {} area() { return square(this.size); } }
    const square = (x: number) => x * x;
    export const evaluate = () => 'evaluated';
    Reflect.set(globalThis, 'layerwiseTestTrain', 1);`,
  'parts/steps.ts': `
    export const step = (x: number, rate: number) => x - rate;
    export const leap = (x: number) => x * 100;`,
  'parts/other.ts': `export const unused = () => 'unused';`,
};

let count = 0;
/** The hash of `row` where these files are changed; each call has a folder of its own. */
function hashOf(changes: Readonly<Record<string, string>> = {}, name = 'row', depth = ''): string {
  const place = path.join(folder, `${count++}`, depth);
  for (const [file, text] of Object.entries({ ...base, ...changes })) {
    const compiled = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
    });
    mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
    writeFileSync(path.join(place, file.replace(/\.ts$/, '.js')), compiled.outputText);
  }
  return reachedCode({ file: path.join(place, 'row.js'), name }).hash;
}
/** A file with one text in it replaced, which must be there. */
function edited(file: string, from: string, to: string): Readonly<Record<string, string>> {
  expect(base[file]).toContain(from);
  return { [file]: base[file].replace(from, to) };
}

const unchanged = hashOf();
/** SHA-256 of no bytes at all. */
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('the hash of reached code stays', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['comments', edited('parts/train.ts', '/** Trains. */', '/* Otherwise. */ // and more')],
    ['comments within a function', edited('parts/train.ts', 'const { first }', '/* why */\n\n const { first }')],
    ['line breaks', edited('parts/steps.ts', '=> x - rate', '=>\n      x -\n        rate')],
    ['line ends', { 'parts/train.ts': base['parts/train.ts'].replaceAll('\n', '\r\n') }],
    ['a comma after the last of a list', edited('parts/train.ts', '[2, 3] }', '[\n2,\n3,\n],\n}')],
    ['types', edited('parts/steps.ts', 'rate: number', 'rate: 1 | 2')],
    ['another function of a reached file', edited('parts/steps.ts', 'x * 100', 'x * 1000')],
    ['another export of a reached file', edited('parts/train.ts', "'evaluated'", "'otherwise'")],
    ['another constant of the same file', edited('row.ts', 'a label', 'another label')],
    ['an unused part behind the same index', edited('parts/other.ts', "'unused'", "'otherwise'")],
    ['a new name in the index', { 'parts/index.ts': `${base['parts/index.ts']}\nexport { leap } from './steps';` }],
    [
      'the name of a file',
      {
        'parts/training.ts': base['parts/train.ts'],
        'parts/train.ts': 'export const nothing = 1;',
        'parts/index.ts': base['parts/index.ts'].replace('./train', './training'),
      },
    ],
    ['an index between', { 'row.ts': base['row.ts'].replace("'./parts'", "'./parts/train'") }],
  ])('where only these change: %s', (_, changes) => {
    expect(hashOf(changes)).toBe(unchanged);
  });

  it('in another folder', () => {
    expect(hashOf({}, 'row', 'deep/er/with spaces/ü')).toBe(unchanged);
  });
});

describe('the hash of reached code changes', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['a number in the function', edited('row.ts', 'RATE = 0.5', 'RATE = 0.25')],
    ['an operator two files on', edited('parts/steps.ts', 'x - rate', 'x + rate')],
    ['a constant that is taken apart', edited('parts/train.ts', 'first: 1', 'first: 7')],
    ['a method', edited('parts/train.ts', 'square(this.size)', 'square(this.size + 1)')],
    ['what a method calls', edited('parts/train.ts', 'x * x', 'x * x * x')],
    ['text in a string', edited('parts/train.ts', "seedrandom('a')", "seedrandom('a ')")],
    [
      'what a reached file does when it is loaded',
      edited('parts/train.ts', "'layerwiseTestTrain', 1", "'layerwiseTestTrain', 2"),
    ],
    ['a file that is loaded for what it does', { 'row.ts': `import './parts/steps';\n${base['row.ts']}` }],
    ['another package', edited('parts/train.ts', "from 'seedrandom'", "from 'node:os'")],
    ['the function behind a name in the index', edited('parts/index.ts', 'train, evaluate', 'evaluate as train')],
  ])('with %s', (_, changes) => {
    expect(hashOf(changes)).not.toBe(unchanged);
  });

  it('with any export, where a whole module is meant', () => {
    const whole = hashOf({}, '*');
    expect(hashOf(edited('row.ts', 'a label', 'another label'), '*')).not.toBe(whole);
    expect(hashOf(edited('parts/other.ts', "'unused'", "'otherwise'"), '*')).not.toBe(whole);
    expect(hashOf(edited('parts/steps.ts', 'x * 100', 'x * 1000'), '*')).toBe(whole);
  });
});

describe('reached code', () => {
  it('names its packages', () => {
    const file = path.join(folder, '0', 'row.js');
    expect([...reachedCode({ file, name: 'row' }).packages]).toEqual(['seedrandom']);
    expect([...reachedCode({ file, name: 'other' }).packages]).toEqual([]);
  });

  it('refuses a name that its module has not', () => {
    const file = path.join(folder, '0', 'row.js');
    expect(() => reachedCode({ file, name: 'rows' })).toThrow('exports no rows');
  });

  it.each(['data/find-file', 'data/registry', 'plot/learning-curve', 'graph/accelerate'])(
    'ends at %s, which is there',
    (name) => {
      const file = inRoot('src', 'dist', 'parts', `${name}.js`);
      expect(existsSync(file)).toBe(true);
      expect(reachedCode({ file, name: '*' }).hash).toBe(nothing);
    },
  );
});
