// The handouts, which the stage before has made, give no reference answer away.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { assignmentNames, referenceFile } from '../../src/tools/assignments/assignment';
import {
  answersIn,
  hiddenTestsIn,
  knownAnswersIn,
  lettersOf,
  secretsIn,
} from '../../src/tools/assignments/release/answer-search';
import { solutionOf } from '../../src/tools/assignments/release/solutions';
import { studentVersion } from '../../src/tools/assignments/release/student-notebook';
import { filesIn } from '../../src/tools/assignments/release/course-files';
import { findLeaks } from '../../src/tools/assignments/release/leaks';
import { readNotebook } from '../../src/tools/notebook';
import { chapterNames, courseFolder } from '../../src/tools/course';
import { inRoot } from '../support/root';

const site = inRoot('build', 'handouts');
/** What only graders see of the chapters: file and text. */
const hidden = chapterNames().flatMap((chapter) =>
  filesIn(path.join(courseFolder, chapter))
    .filter((file) => /^(?:hidden|answers)\b/.test(file))
    .map((file) => ({ chapter, file, text: readFileSync(path.join(courseFolder, chapter, file), 'utf8') })),
);
const secrets = [
  ...assignmentNames().flatMap((name) => answersIn(readNotebook(referenceFile(name)))),
  ...hidden.flatMap(({ chapter, text }) => [...hiddenTestsIn(chapter, text), ...knownAnswersIn(chapter, text)]),
];

it('no page, search index, download or script holds an answer', async () => {
  const files = filesIn(site);
  const { leaks, unread } = await findLeaks(site, files, secrets);
  expect(leaks).toEqual([]);
  expect(unread.map(({ name }) => path.extname(name)).filter((ending) => ending !== '.pdf')).toEqual([]);
  expect(files.filter((file) => file.startsWith('downloads/exercises/'))).toEqual(
    assignmentNames().map((name) => `downloads/exercises/${name}.ipynb`),
  );
  for (const name of assignmentNames())
    expect(readFileSync(path.join(site, 'downloads', 'exercises', `${name}.ipynb`), 'utf8'), name).toContain(
      "throw new Error('not written yet');",
    );
});

it('nor does the book as a PDF', async () => {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const pdf = await getDocument({
    data: new Uint8Array(readFileSync(path.join(site, 'downloads', 'layerwise.pdf'))),
    verbosity: 0,
  }).promise;
  const pages = await Promise.all(
    Array.from({ length: pdf.numPages }, async (_, i) =>
      (await (await pdf.getPage(i + 1)).getTextContent()).items
        .map((item) => ('str' in item ? item.str : ''))
        .join(' '),
    ),
  );
  expect(secretsIn(pages.join('\n'), secrets)).toEqual([]);
  await pdf.destroy();
});

/** A cell's code as pages run it. */
const withoutTypes = (source: string): string =>
  ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;

/** So many letters and digits of one line tell it from what anybody writes. */
const LONG = 25;

it('no page with exercises, and none of what pages load to run cells, holds a line of an answer or a hidden test', () => {
  const read = (file: string): string => readFileSync(path.join(site, file), 'utf8');
  const files = filesIn(site).filter((file) => /-exercises\.html$|^assets\/live\/|^assets\/search-index/.test(file));
  expect(files).toEqual(expect.arrayContaining(['03-exercises.html', 'assets/live/exercises.js']));
  const shown = [
    ...assignmentNames().flatMap((name) => [
      JSON.stringify(readNotebook(inRoot('notebooks', `${name}.ipynb`)).content),
      ...studentVersion(referenceFile(name)).cells.flatMap(({ source }) => [source, withoutTypes(source)]),
    ]),
    ...chapterNames()
      .flatMap((chapter) => ['exercises.ts', 'studies.ts'].map((file) => path.join(courseFolder, chapter, file)))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'utf8')),
  ].map(lettersOf);
  const linesOf = (text: string): string[] => text.split('\n').map(lettersOf);
  const answers = assignmentNames().flatMap((name) =>
    readNotebook(referenceFile(name)).content.cells.flatMap(({ source }) => linesOf(solutionOf(source))),
  );
  const strings = hidden.flatMap(({ text }) => (text.match(/'[^'\n]*'/g) ?? []).map(lettersOf));
  const tests = hidden.flatMap(({ text }) => linesOf(text)).filter((line) => !line.startsWith('import'));
  const lines = [...new Set([...answers, ...strings, ...tests])].filter(
    (line) => line.length >= LONG && !shown.some((text) => text.includes(line)),
  );
  expect(lines.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => {
    const letters = lettersOf(read(file));
    return lines.filter((line) => letters.includes(line)).map((line) => `${file}: ${line}`);
  });
  expect(found).toEqual([]);
});
