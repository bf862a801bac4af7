import { describe, expect, it } from 'vitest';
import { Freshness } from '../../../src/tools/live/browser/page/freshness';
import { isRunnable, type CellText } from '../../../src/tools/live/chapter';
import { compileCells } from '../../../src/tools/live/compile';
import { Workshop } from '../../../src/tools/live/workshop';
import { inRoot } from '../../support/root';

const texts: CellText[] = [
  { id: 'one', source: 'const n = 1;' },
  { id: 'lesson', source: "const wrong: number = 'a';", isRefused: true },
  { id: 'twice', source: 'const twice = n * 2;' },
  { id: 'shown', source: 'twice' },
];
const runnable = (cells: readonly object[]): string[] =>
  cells.flatMap((cell) => ('script' in cell && 'id' in cell ? [String(cell.id)] : []));

describe('what readers write', () => {
  const workshop = new Workshop(texts, inRoot());
  const revise = (asked: string, changed: Record<string, string> = {}): ReturnType<Workshop['revise']> =>
    workshop.revise(new Map(Object.entries(changed)), asked);

  it('is compiled with what it means for later cells', () => {
    const { cells, error } = revise('one', { one: 'let n = 1;\nconst other = 2;' });
    expect(error).toBeUndefined();
    expect(cells.filter(isRunnable).find(({ id }) => id === 'one')?.declares).toEqual(['n', 'other']);
    expect(runnable(cells)).toEqual(['one', 'twice', 'shown']);
  });

  it('is refused with the place, and then declares nothing', () => {
    const wrong = { one: 'const n: number = "1";' };
    const { cells, error } = revise('one', wrong);
    expect(error).toMatchObject({ ename: 'TypeError', line: 1 });
    expect(error?.traceback[0]).toBe("line 1:7 TS2322 Type 'string' is not assignable to type 'number'.");
    expect(runnable(cells)).toEqual(['twice', 'shown']);
    expect(revise('twice', wrong).error?.evalue).toContain("Cannot find name 'n'");
    expect(revise('shown', wrong).blocker).toMatchObject({ id: 'one', error: { line: 1 }, declares: ['n', 'n'] });
  });

  it('may make a later cell wrong, which is told when that one runs', () => {
    expect(revise('twice', { one: "const n = 'one';" }).error?.evalue).toMatch(/^line 1:15 TS2362/);
    expect(revise('twice', { one: 'const n = 7;' }).error).toBeUndefined();
  });

  it('may mend a lesson; what is printed in it is refused as a lesson', () => {
    expect(revise('lesson')).toMatchObject({ isLesson: true, error: { line: 1 } });
    const { cells, error, isLesson } = revise('lesson', { lesson: 'const wrong = 3;' });
    expect({ error, isLesson }).toEqual({ error: undefined, isLesson: false });
    expect(runnable(cells)).toContain('lesson');
  });

  it('says of what a page does not have only that', () => {
    const { cells, error } = revise('one', { one: "import os from 'node:os';\nconst n = os.cpus().length;" });
    expect(error).toBeUndefined();
    expect(cells[0]).toEqual({
      id: 'one',
      reason: "Runs in the notebook: it imports node:os, which a page doesn't have.",
    });
    expect(cells[2]).toEqual({
      id: 'twice',
      reason: 'Runs in the notebook: it builds on one, which does not run here.',
    });
  });

  it('that is the same as before compiles to the same', () => {
    expect(revise('one', { one: texts[0].source }).cells).toEqual(compileCells(texts));
  });
});

describe('what is older than what it builds on', () => {
  const behind: Readonly<Record<string, readonly string[]>> = { one: [], twice: ['one'], shown: ['one', 'twice'] };

  it('is told until it ran again, or until all is printed again', () => {
    const freshness = new Freshness();
    const stale = (): string[] =>
      Object.entries(behind).flatMap(([id, others]) => (freshness.changedSince(id, others) === undefined ? [] : [id]));
    expect(stale()).toEqual([]);
    freshness.noteRun('one', 'const n = 5;');
    freshness.noteOutput('one', []);
    expect(stale()).toEqual(['twice', 'shown']);
    freshness.noteOutput('twice', behind.twice);
    expect(stale()).toEqual(['shown']);
    expect(freshness.changedSince('shown', behind.shown)).toBe('one');
    freshness.noteOutput('shown', behind.shown);
    expect(stale()).toEqual([]);
    freshness.forget('one');
    expect(stale()).toEqual(['twice', 'shown']);
    freshness.forget('twice');
    freshness.forget('shown');
    expect(stale()).toEqual([]);
  });
});
