import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assignment, assignmentNames } from '../../../src/tools/assignments/assignment';
import { inRoot } from '../../support/root';
import { answersIn, answersOf, knownAnswers } from '../../tools/assignments/known-answers.mjs';

const HEAD = 'const { wrong, slow, mistake, unusual } = answersTo(double);\n';
const read = (code: string): unknown => answersIn(`${HEAD}${code}`, 'double.ts');

describe('answersIn', () => {
  it('takes the text between the braces, types and comments and blank lines with it', () => {
    expect(
      read(`wrong('squares', 1, (x) => {
  // Not twice.
  const square = (value: number): number => {
    return value * value;
  };

  return square(x);
});`),
    ).toEqual([
      {
        exercise: 'double',
        kind: 'wrong',
        name: 'squares',
        points: 1,
        code: '// Not twice.\nconst square = (value: number): number => {\n  return value * value;\n};\n\nreturn square(x);',
      },
    ]);
  });

  it('takes a value without braces as what is returned, and tells kinds apart', () => {
    expect(
      read("slow(0, async (x) => 2 * x);\nmistake('it\\'s one', () => {});\nunusual('adds', (x) => x + x);"),
    ).toEqual([
      { exercise: 'double', kind: 'slow', points: 0, code: 'return 2 * x;' },
      { exercise: 'double', kind: 'mistake', name: "it's one", code: '' },
      { exercise: 'double', kind: 'unusual', name: 'adds', code: 'return x + x;' },
    ]);
  });

  it.each([
    ['right(1, (x) => x);', /^double\.ts:2: expected one of wrong, slow, mistake, unusual, got right$/],
    ["wrong('none', (x) => x);", /^double\.ts:2: expected a text or a number, got \(x\) => x$/],
    ["unusual('text', 'return x;');", /^double\.ts:2: expected an arrow function as the answer$/],
    ["unusual('none');", /^double\.ts:2: expected an arrow function as the answer$/],
    ["wrong('none', 2);", /^double\.ts:2: expected an arrow function as the answer$/],
    ['wrong();', /^double\.ts:2: expected a text or a number, got nothing$/],
  ])('refuses %s', (code, message) => {
    expect(() => read(code)).toThrow(message);
  });

  it('refuses a file that names no exercise', () => {
    expect(() => answersIn("wrong('squares', 1, (x) => x * x);", 'x.ts')).toThrow('x.ts: expected answersTo(exercise)');
  });
});

describe.each(assignmentNames())('the known answers of %s', (chapter) => {
  const names = assignment(chapter).exercises.map(({ exercise }) => exercise.name);

  it('are two wrong ones at least and a slow one for each exercise, and for no other', () => {
    for (const name of names) expect(answersOf(chapter, name).length).toBeGreaterThan(2);
    expect(knownAnswers(chapter).map(({ exercise }) => exercise)).toSatisfy((found: string[]) =>
      found.every((name) => names.includes(name)),
    );
  });

  it('have a name each, and points that the exercise can give', () => {
    const titles = knownAnswers(chapter).map(({ exercise, kind, name }) => `${exercise}, ${kind}: ${name}`);
    expect(new Set(titles).size).toBe(titles.length);
    for (const { exercise, points = 0, kind } of knownAnswers(chapter)) {
      const { max } = assignment(chapter).exercises.find((one) => one.exercise.name === exercise) ?? { max: 0 };
      expect(points, `${exercise}, ${kind}`).toBeLessThanOrEqual(kind === 'slow' ? max : max - 1);
    }
  });

  it('lie in files named for their exercise', () => {
    const folder = inRoot('src', 'course', chapter, 'answers');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const name = /answersTo\((\w+)\)/.exec(text)?.[1].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect([`${name}.ts`, `${name}-mistakes.ts`]).toContain(file);
    }
  });
});

it('are not compiled with the package', () => {
  const compiled = readdirSync(inRoot('src', 'dist', 'course'), { recursive: true, encoding: 'utf8' });
  expect(compiled.filter((name) => name.includes('answers'))).toEqual([]);
});
