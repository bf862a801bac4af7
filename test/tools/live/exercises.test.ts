import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagesOf } from '../../../src/parts/grading/exercise';
import { exerciseSets } from '../../../src/parts/grading/exercise-sets';
import { withHints } from '../../../src/tools/live/browser/page/hints';
import { isRunnable, type RunnableCell } from '../../../src/tools/live/chapter';
import { compileCells } from '../../../src/tools/live/compile';
import { refuseHidden } from '../../../src/tools/live/exercise-pack';
import { isInRuntime, packsOf } from '../../../src/tools/live/modules';
import { Workshop } from '../../../src/tools/live/workshop';
import { codeCells, readNotebook } from '../../../src/tools/notebook';
import { inRoot } from '../../support/root';

describe('a bundle for pages', () => {
  it.each(['hidden.ts', 'hidden/to-batches.ts', 'answers/fate.ts'])('must not hold %s of a chapter', (name) => {
    const file = inRoot('src', 'course', '03-gradient-descent', ...name.split('/'));
    expect(() => refuseHidden([inRoot('src', 'parts', 'plot', 'index.ts'), file])).toThrow(
      `a page must not hold ${file}: only graders see it`,
    );
  });

  it('may hold visible exercises, and the part that names hidden tests', () => {
    const files = [path.join('src', 'course', '06-first-network', 'studies.ts'), 'src/parts/grading/hidden-tests.ts'];
    expect(() => refuseHidden(files.map((file) => inRoot(file)))).not.toThrow();
  });

  it('takes parts with a state from the runtime, but not those that come with the exercises', () => {
    expect(['autodiff', 'display', 'graph', 'tensorflow'].map(isInRuntime)).toEqual([true, true, true, true]);
    expect(['grading', 'content', 'files'].map(isInRuntime)).toEqual([false, false, false]);
  });
});

it('the exercises of a chapter bring TensorFlow where their tests use it', () => {
  const missing = exerciseSets().flatMap(({ notebook, exercises }) => {
    const code = codeCells(readNotebook(inRoot('notebooks', 'exercises', `${notebook}.ipynb`)));
    const imported = code.flatMap(({ source }) => [...source.matchAll(/ from '([^']+)'/g)].map(([, name]) => name));
    const packs = imported.flatMap((name) => packsOf(name) ?? []);
    const needed = exercises.flatMap(({ tests }) => tests.flatMap(packagesOf)).flatMap((name) => packsOf(name) ?? []);
    return needed.filter((pack) => !packs.includes(pack)).map((pack) => `${notebook}: ${pack}`);
  });
  expect(missing).toEqual([]);
});

const cellNamed = (id: string, source: string): RunnableCell => {
  const [cell] = compileCells([{ id, source }]);
  if (!isRunnable(cell)) throw new Error(`${id} does not run`);
  return cell;
};

describe('hints', () => {
  it('are asked for in the call of the check, and nowhere else', () => {
    const cell = cellNamed(
      'fate-check',
      "import { check } from 'layerwise/grading';\nawait check('fate');\nconsole.log('check');",
    );
    const { script } = withHints(cell, 2);
    expect(script.replace('{ hints: 2 }', '').length).toBe(cell.script.length + ', '.length);
    expect(script).toMatch(/check\u200c\('fate', \{ hints: 2 \}\)/);
    expect(withHints(cell, 0)).toBe(cell);
  });
});

describe('a cell that builds on one that is refused', () => {
  const texts = [
    { id: 'imports', source: "import { check } from 'layerwise/grading';" },
    { id: 'one', source: 'function one(): number { return 1; }' },
    { id: 'two', source: 'const two = (): number => one() + 1;' },
    { id: 'check', source: "await check('two');" },
    { id: 'again', source: 'function one(): number { return 2; }' },
    { id: 'last', source: "await check('one');" },
  ];
  const workshop = new Workshop(texts, inRoot());
  const blocker = (asked: string, changed: Record<string, string>): string | undefined =>
    workshop.revise(new Map(Object.entries(changed)), asked).blocker?.id;

  it.each([
    ['is told that one', 'check', { two: 'const two = (): number => "2";' }, 'two'],
    ['also by way of another', 'check', { one: 'function one(): number { return "1"; }' }, 'one'],
    ['also where its name is broken', 'check', { two: 'const tow = (: number => 2;' }, 'two'],
    ['not where another cell declares it anew', 'last', { one: 'function one(): number { return "1"; }' }, undefined],
    ['not where the change is right', 'check', { one: 'function one(): number { return 3; }' }, undefined],
  ])('%s', (_, asked, changed, expected) => {
    expect(blocker(asked, changed)).toBe(expected);
  });
});
