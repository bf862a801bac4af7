// What CI tries of the stages and of the chapters, in a small course of its own.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { notebookFolder } from './make-notebook';
import { inRoot } from './root';

const course = notebookFolder();
const inCourse = (...parts: string[]): string => path.join(course, ...parts);
const CHAPTERS = ['01-one', '02-two', '03-three', '04-four', '05-five', '06-six'];
const PROGRAM = 'test/tools/stage.mjs';
const MODULES = ['chapters', 'tested'].map((name) => `test/support/${name}.mjs`);

function write(file: string, text: string): void {
  mkdirSync(path.dirname(inCourse(file)), { recursive: true });
  writeFileSync(inCourse(file), text);
}

beforeAll(() => {
  for (const name of ['compiled-code', 'course', 'locked-packages', 'paths'].map((file) => `tools/${file}.js`))
    cpSync(inRoot('src', 'dist', name), inCourse('src', 'dist', name));
  for (const name of ['src/dist/parts/random', 'src/setup', ...MODULES, 'package-lock.json'])
    cpSync(inRoot(name), inCourse(name), { recursive: true });
  symlinkSync(inRoot('node_modules'), inCourse('node_modules'));
  write('requirements.txt', '');
  write('data/registry.json', '{}');
  write('src/parts/graph/operations/one.cc', '');
  for (const tool of ['assignments', 'kernel', 'book']) {
    write(`src/tools/${tool}/README.md`, '');
    write(`src/dist/tools/${tool}/main.js`, `// unlike require("./nothing")\nexports.run = require("./used");`);
    write(`src/dist/tools/${tool}/used.js`, 'exports.one = 1;');
    write(`src/dist/tools/${tool}/report/table.js`, 'exports.table = 1;');
  }
  write('src/dist/parts/plot/index.js', 'exports.line = 1;');
  write('test/tools/helper.mjs', 'export const one = 1;');
  write('test/tools/case.json', '{}');
  write('test/support/helper.ts', 'export const two = 2;');
  write('test/tools/two.test.ts', "import { two } from '../support/helper';");
  write(PROGRAM, "import { one } from './helper.mjs';\nconsole.log(one);");
  for (const name of CHAPTERS) {
    write(`notebooks/${name}.ipynb`, name === '02-two' ? "import { line } from 'layerwise/plot';" : name);
    write(`notebooks/exercises/${name}.ipynb`, name);
    write(`src/course/${name}/answers/one.ts`, name);
    write(`src/dist/course/${name}/hidden.js`, 'exports.tests = 1;');
  }
});

/** Runs a program in the course that has its `chapters.mjs`, and a stage of each kind. */
function inProgram(body: string): string {
  const modules = MODULES.map((name) => JSON.stringify(inCourse(name)));
  const program = `const [{ chaptersFor }, { keyOf, rests, stamp }] = await Promise.all([${modules.join()}].map((name) => import(name)));
    const code = ['tools/assignments/main.js', 'tools/assignments/nothing'];
    const graded = { name: 'graded', byChapter: { reach: { code, places: ['${PROGRAM}'] }, quick: 2 } };
    const shown = { name: 'shown', byChapter: { reach: { code: ['tools/kernel', 'tools/book'] } } };
    const whole = { name: 'whole', reach: { code, places: ['test/tools'] } };
    const chapters = ${JSON.stringify(CHAPTERS)};
    ${body}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: course, encoding: 'utf8' });
}

const drawn = z.array(z.array(z.string()));
const keys = (): Record<string, string> =>
  z.record(z.string(), z.string()).parse(
    JSON.parse(
      inProgram(`console.log(JSON.stringify(Object.fromEntries([graded, shown].flatMap((stage) =>
        chapters.map((chapter) => [stage.name + ' ' + chapter.slice(0, 2), keyOf({ ...stage.byChapter.reach, chapters: [chapter] })])))))`),
    ),
  );

describe('what a stage reaches of a chapter', () => {
  let before: Record<string, string>;
  beforeAll(() => void (before = keys()));
  const all = (stage: string): string[] => CHAPTERS.map((chapter) => `${stage} ${chapter.slice(0, 2)}`);
  it.each<[string, string, string[]]>([
    ['an answer', 'src/course/01-one/answers/one.ts', ['graded 01', 'shown 01']],
    ['a hidden test', 'src/dist/course/01-one/hidden.js', ['graded 01', 'shown 01']],
    ['its exercises', 'notebooks/exercises/06-six.ipynb', ['graded 06', 'shown 06']],
    ['a part that its notebook imports', 'src/dist/parts/plot/index.js', ['graded 02', 'shown 02']],
    ['a part that none imports', 'src/dist/parts/random/index.js', []],
    ['the grader', 'src/dist/tools/assignments/used.js', all('graded')],
    ['what the grader doesn’t load', 'src/dist/tools/assignments/report/table.js', []],
    ['the handouts', 'src/dist/tools/book/report/table.js', all('shown')],
    ['what its program imports', 'test/tools/helper.mjs', all('graded')],
    ['graph mode’s operations', 'src/parts/graph/operations/one.cc', [...all('graded'), ...all('shown')]],
    ['a README', 'src/tools/assignments/README.md', []],
  ])('%s', (_, file, changed) => {
    const text = readFileSync(inCourse(file), 'utf8');
    appendFileSync(inCourse(file), '\nmore;');
    const after = keys();
    writeFileSync(inCourse(file), text);
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(changed);
  });

  it('is the same after a comment', () => {
    appendFileSync(inCourse('src/dist/tools/kernel/used.js'), '\n// more\n');
    expect(keys()).toEqual(before);
  });
});

describe('the chapters that are tried', () => {
  /** By each of these seeds. */
  const tried = (seeds: number, more = '', stage = 'graded'): string[][] =>
    drawn.parse(
      JSON.parse(
        inProgram(
          `console.log(JSON.stringify(Array.from({ length: ${seeds} }, (_, seed) => chaptersFor(${stage}, { seed, ${more} }))))`,
        ),
      ),
    );

  it('are all that have not passed yet; in a quick run as many as the stage says', () => {
    expect(tried(2)).toEqual([CHAPTERS, CHAPTERS]);
    expect(tried(1, 'isQuick: true')[0]).toHaveLength(2);
    expect(tried(2, 'isLate: true').map(({ length }) => length)).toEqual([3, 3]);
  });

  it('are a few where nothing has changed: each has its turn, and a seed draws the same again', () => {
    inProgram('stamp(graded, chapters, true);');
    const found = tried(12);
    expect(found.map(({ length }) => length)).toEqual(found.map(() => 3));
    expect([...new Set(found.flat())].sort()).toEqual(CHAPTERS);
    expect(tried(12)).toEqual(found);
    expect(tried(1, 'isEvery: true')).toEqual([CHAPTERS]);
    expect(tried(1, '', 'shown')).toEqual([CHAPTERS]);
  });

  it('are always those that have changed or failed, until they pass', () => {
    appendFileSync(inCourse('src/course/06-six/answers/one.ts'), 'more');
    inProgram("stamp(graded, ['03-three'], false);");
    for (const found of tried(6)) {
      expect(found).toEqual(expect.arrayContaining(['03-three', '06-six']));
      expect(found).toHaveLength(5);
    }
    for (const found of tried(6, 'isLate: true')) {
      expect(found).toEqual(expect.arrayContaining(['03-three', '06-six']));
      expect(found).toHaveLength(3);
    }
    inProgram("stamp(graded, ['03-three', '06-six'], true);");
    expect(tried(1)[0]).toHaveLength(3);
  });
});

describe('a stage that is tried as a whole', () => {
  /** How many of so many seeds leave it out. */
  const left = (seeds: number): number =>
    z
      .number()
      .parse(
        JSON.parse(
          inProgram(
            `console.log(Array.from({ length: ${seeds} }, (_, seed) => rests(whole, seed)).filter(Boolean).length)`,
          ),
        ),
      );

  it('is left out once it has passed, but for one run in seven', () => {
    expect(left(20)).toBe(0);
    inProgram('stamp(whole, undefined, true);');
    // Of 700 seeds 600 on average; the standard deviation is 9.
    expect(left(700)).toBeGreaterThan(560);
    expect(left(700)).toBeLessThan(640);
  });

  it.each([
    ['its code', 'src/dist/tools/assignments/used.js'],
    ['what lies beside its tests', 'test/tools/case.json'],
    ['what its tests import', 'test/support/helper.ts'],
    ['packages', 'requirements.txt'],
  ])('is tried where this has changed: %s', (_, file) => {
    inProgram('stamp(whole, undefined, true);');
    expect(left(20)).toBeGreaterThan(0);
    appendFileSync(inCourse(file), '\nmore;');
    expect(left(20)).toBe(0);
  });

  it('is tried until it passes again', () => {
    inProgram('stamp(whole, undefined, true); stamp(whole, undefined, false);');
    expect(left(20)).toBe(0);
  });
});
