import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Checker } from '../../../src/tools/kernel/checker';
import { root } from '../../support/root';

const folder = path.join(root, 'notebooks');
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Notebooks in which refused cells are used, replaced, and chained. */
const notebooks: Readonly<Record<string, readonly string[]>> = {
  'nothing is wrong': ['const a = 1;', 'const b: number = a;', 'b + a;'],
  'a name from a refused cell': ['const a: string = 1;', 'a.length;', 'const b = 2;', 'b;'],
  'a refused cell that would replace a name': [
    "const a = 'text';",
    'const a: string = 1, other = 2;',
    'a.toUpperCase();',
    'other;',
  ],
  'a chain of cells that depend on each other': [
    'const c0: string = 1;',
    ...numbers(9).map((i) => `const c${i + 1} = c${i};`),
    'const free = 1;',
    'free + c9;',
  ],
  'a chain that a later cell heals': [
    'const c0: string = 1;',
    'const c1 = c0;',
    'const c0 = 1;',
    'const c1 = c0 + 1;',
    'c1.toFixed(2);',
    'c2;',
    'const c3 = c2;',
    'c3;',
  ],
  'a syntax error in between': ['const a = 1;', 'const b = (;', 'function f() { return a; }', 'b;', 'f();'],
  'types and classes of refused cells': [
    'interface Point { x: number }\nconst p: Point = { x: "1" };',
    'class Line { constructor(readonly from: Point) {} }',
    'new Line({ x: 1 });',
    'interface Point { x: number }',
    'class Line { constructor(readonly from: Point) {} }',
    'new Line({ x: 1 }).from.x.toFixed();',
  ],
  'a refused cell that adds to a global type': [
    'declare global { interface Array<T> { second(): T } }\nconst bad: string = 1;',
    '[1, 2].second();',
    'const a = 1;',
  ],
};

describe('a whole notebook, checked at once', () => {
  let checker: Checker;
  let checked: string[] = [];
  beforeAll(() => {
    checker = new Checker(folder, root);
    const service = Reflect.get(checker, 'service') as { getSemanticDiagnostics(file: string): unknown };
    const original = service.getSemanticDiagnostics.bind(service);
    service.getSemanticDiagnostics = (file) => {
      checked.push(file);
      return original(file);
    };
  });

  it.each(Object.entries(notebooks))('gives what checking cell by cell gives: %s', (_, codes) => {
    checker.reset();
    const inTurn = codes.map((code) => {
      const { module, diagnoses } = checker.check(code);
      if (diagnoses.length === 0) checker.accept(module);
      return { text: diagnoses.length === 0 ? module.text : '', diagnoses };
    });
    expect(
      checker
        .checkAll(codes)
        .map(({ module, diagnoses }) => ({ text: diagnoses.length === 0 ? module.text : '', diagnoses })),
    ).toEqual(inTurn);
  });

  it.each([
    ['errors of their own', (i: number) => `const a${i}: string = ${i};`],
    [
      'errors that follow from the one before',
      (i: number) => (i === 0 ? 'const a0: string = 1;' : `const a${i} = a${i - 1};`),
    ],
  ])('looks at each cell a few times at most, however many have %s', (_, cell) => {
    checked = [];
    expect(checker.checkAll(numbers(40).map(cell)).every(({ diagnoses }) => diagnoses.length > 0)).toBe(true);
    expect(checked.length).toBeLessThanOrEqual(40 * 5);
  });
});
