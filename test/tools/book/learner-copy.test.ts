import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { giveLearnerCopy } from '../../../src/tools/book';
import { KERNELSPEC, LANGUAGE_INFO } from '../../../src/tools/notebook';
import { inRoot } from '../../support/root';

const parent = mkdtempSync(path.join(os.tmpdir(), 'learner-copy-'));
afterAll(() => rmSync(parent, { recursive: true }));

let course = '';
let work = '';
const chapter = (text: string): string =>
  JSON.stringify({
    cells: [{ cell_type: 'markdown', id: 'title', metadata: {}, source: text }],
    metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO },
    nbformat: 4,
    nbformat_minor: 5,
  });
const put = (file: string, text: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const give = (): ReturnType<typeof giveLearnerCopy> => giveLearnerCopy(work, course);
const inWork = (name: string): string => readFileSync(path.join(work, name), 'utf8');
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(work, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ipynb'))
      .map((name) => [name, inWork(name)]),
  );

beforeEach(() => {
  course = mkdtempSync(path.join(parent, 'course-'));
  work = path.join(mkdtempSync(path.join(parent, 'project-')), 'work');
  put(path.join(course, '02-tensors.ipynb'), chapter('# one'));
  put(path.join(course, '03-descent.ipynb'), chapter('# two'));
});

describe('the learner’s copy', () => {
  it('of the real course holds all chapters, and exercises without an answer', () => {
    const { given, beside, problems } = giveLearnerCopy(work);
    expect({ beside, problems }).toEqual({ beside: [], problems: [] });
    const names = ['', 'exercises'].flatMap((folder) =>
      readdirSync(inRoot('notebooks', folder))
        .filter((name) => name.endsWith('.ipynb'))
        .map((name) => path.join(folder, name)),
    );
    expect([...given].sort()).toEqual(names.sort());
    for (const name of given) {
      if (name.startsWith('exercises')) expect(inWork(name), name).not.toContain('BEGIN SOLUTION');
      // What JupyterLab would write is what the course has.
      else expect(inWork(name), name).toBe(readFileSync(inRoot('notebooks', name), 'utf8'));
    }
    expect(inWork('exercises/02-tensors.ipynb')).toContain("throw new Error('not written yet');");
    expect(existsSync(path.join(work, 'images', 'chapter-02.png'))).toBe(true);
  });

  it('is made once: what the learner writes stays, and what the learner adds', () => {
    give();
    put(path.join(work, '02-tensors.ipynb'), 'mine');
    put(path.join(work, 'notes.ipynb'), 'notes');
    const before = contents();
    expect(give()).toEqual({ given: [], beside: [], problems: [] });
    expect(contents()).toEqual(before);
  });

  it('gets a changed chapter beside its own, once, whatever its own has become', () => {
    give();
    put(path.join(work, '02-tensors.ipynb'), 'no notebook any more');
    put(path.join(course, '02-tensors.ipynb'), chapter('# one, better'));
    const newer = '02-tensors (new).ipynb';
    expect(give()).toEqual({ given: [], beside: [{ file: '02-tensors.ipynb', newer }], problems: [] });
    expect(inWork('02-tensors.ipynb')).toBe('no notebook any more');
    expect(inWork(newer)).toContain('# one, better');
    rmSync(path.join(work, newer));
    expect(give().beside, 'what was given and deleted does not come back').toEqual([]);
    put(path.join(work, newer), 'mine too');
    put(path.join(course, '02-tensors.ipynb'), chapter('# one, best'));
    expect(give().beside).toEqual([{ file: '02-tensors.ipynb', newer: '02-tensors (new 2).ipynb' }]);
    expect(inWork(newer)).toBe('mine too');
  });

  it('gives a chapter anew that was renamed or deleted', () => {
    give();
    renameSync(path.join(work, '02-tensors.ipynb'), path.join(work, 'mine.ipynb'));
    expect(give()).toEqual({ given: ['02-tensors.ipynb'], beside: [], problems: [] });
  });

  it('overwrites nothing where its record is lost or broken, and calls nothing new that is there already', () => {
    give();
    put(path.join(work, '03-descent.ipynb'), 'mine');
    put(path.join(work, '.given.json'), '{ broken');
    expect(give()).toEqual({
      given: [],
      beside: [{ file: '03-descent.ipynb', newer: '03-descent (new).ipynb' }],
      problems: [],
    });
    expect(inWork('03-descent.ipynb')).toBe('mine');
    rmSync(path.join(work, '.given.json'));
    give();
    expect(
      readdirSync(work)
        .filter((name) => name.endsWith('.ipynb'))
        .sort(),
    ).toEqual(['02-tensors.ipynb', '03-descent (new).ipynb', '03-descent.ipynb']);
  });

  it('does not call a chapter changed when only the kernel’s language has a new version', () => {
    give();
    put(path.join(course, '02-tensors.ipynb'), chapter('# one').replace(LANGUAGE_INFO.version, '9.9'));
    expect(give().beside).toEqual([]);
  });

  it('gives no exercise whose answer can’t be cut, says so, and gives the others', () => {
    const exercise = chapter('# one').replace('# one', '// BEGIN SOLUTION');
    put(path.join(course, 'exercises', '02-tensors copy.ipynb'), exercise);
    put(path.join(course, 'exercises', '02-tensors.ipynb'), exercise);
    const { given, problems } = give();
    expect(given).toEqual(['02-tensors.ipynb', '03-descent.ipynb']);
    expect(problems).toEqual([
      expect.stringMatching(/02-tensors copy\.ipynb: there is no assignment/),
      expect.stringMatching(/02-tensors\.ipynb: .*/),
    ]);
    expect(JSON.stringify(contents())).not.toContain('SOLUTION');
  });
});
