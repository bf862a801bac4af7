import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { checkChapterTable, checkNotebooks, newChapter } from '../../../src/tools/book';
import { notebookFolder } from '../../support/make-notebook';
import { inRoot } from '../../support/root';

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name))
    .sort();

describe('newChapter', () => {
  it('writes two notebooks and one folder, which pass check', async () => {
    const root = notebookFolder();
    const files = newChapter('07-convolutional-networks', root);
    expect(files.slice().sort()).toEqual(filesBelow(root));
    expect([...new Set(files.map((file) => path.dirname(file)))]).toEqual([
      'notebooks',
      'notebooks/exercises',
      'src/course/07-convolutional-networks',
      'src/course/07-convolutional-networks/answers',
    ]);
    const results = await checkNotebooks(() => undefined, { folder: path.join(root, 'notebooks') });
    expect(results.map(({ problems }) => problems)).toEqual([[], []]);
  });

  it('writes tests that compile strictly in their place', () => {
    const root = notebookFolder();
    newChapter('A2-two-words', root);
    const content = path.join(root, 'src', 'course', 'A2-two-words');
    const files = ['exercises.ts', 'hidden.ts', 'answers/two-words-example.ts'].map((name) => {
      // As if it lay in the project's own folder of chapters.
      const text = readFileSync(path.join(content, name), 'utf8').replaceAll(
        /(?:\.\.\/){2,3}parts/g,
        inRoot('src', 'parts'),
      );
      writeFileSync(path.join(content, name), text);
      return path.join(content, name);
    });
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(inRoot('src', 'tsconfig.json'), (file) => ts.sys.readFile(file)).config,
      ts.sys,
      inRoot('src'),
    );
    const program = ts.createProgram(files, { ...options, rootDir: undefined, noEmit: true });
    expect(
      files
        .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
    ).toEqual([]);
  });

  it.each(['7-networks', '07', '07-', '07-Networks', '07-a_b', 'B1-networks', '../07-networks', '07-networks/x', ''])(
    'refuses the name "%s"',
    (name) => {
      const root = notebookFolder();
      expect(() => newChapter(name, root)).toThrow(/^new: expected a name such as 07-convolutional-networks/);
      expect(filesBelow(root)).toEqual([]);
    },
  );

  it('refuses a number that is taken, and leaves what is there', () => {
    const root = notebookFolder();
    newChapter('07-first', root);
    const before = filesBelow(root);
    for (const name of ['07-second', '07-first'])
      expect(() => newChapter(name, root)).toThrow('new: chapter 07 is there already: notebooks/07-first.ipynb');
    expect(filesBelow(root)).toEqual(before);
  });
});

describe('checkChapterTable', () => {
  const place = (): { readme: string; notebooks: string } => {
    const root = notebookFolder();
    newChapter('07-first', root);
    newChapter('A1-second', root);
    const readme = path.join(root, 'README.md');
    const text = readFileSync(inRoot('README.md'), 'utf8');
    writeFileSync(readme, text);
    return { readme, notebooks: path.join(root, 'notebooks') };
  };

  it('finds an old table, and makes it anew from the heads when asked', () => {
    const { readme, notebooks } = place();
    expect(checkChapterTable({}, readme, notebooks)).toEqual([
      "its table of chapters is not as the notebooks' heads are: npm run check -- --fix",
    ]);
    expect(checkChapterTable({ fix: true }, readme, notebooks)).toEqual([]);
    expect(checkChapterTable({}, readme, notebooks)).toEqual([]);
    expect(readFileSync(readme, 'utf8')).toContain(
      '| [07 First](notebooks/07-first.ipynb) | name the first thing that a learner can do after it | two hours |\n| [A1 Second](notebooks/A1-second.ipynb) |',
    );
    // All else stays.
    const around = (file: string): string => readFileSync(file, 'utf8').replace(/^\| .*ipynb\).*\n/gm, '');
    expect(around(readme)).toBe(around(inRoot('README.md')));
  });

  it('says what a head lacks, and where the table should be', () => {
    const { readme, notebooks } = place();
    const file = path.join(notebooks, '07-first.ipynb');
    writeFileSync(file, readFileSync(file, 'utf8').replace('**Time:**', 'It takes'));
    expect(checkChapterTable({ fix: true }, readme, notebooks)).toEqual([
      '07-first.ipynb: its first cell must hold how long it takes, "**Time:** about two hours"',
    ]);
    writeFileSync(readme, '# Nothing\n');
    expect(checkChapterTable({ fix: true }, readme, notebooks).join()).toMatch(
      /^README\.md: expected a table of chapters between/,
    );
    expect(readFileSync(readme, 'utf8')).toBe('# Nothing\n');
  });
});
