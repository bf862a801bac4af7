// The handouts, which the stage before has made, give no reference answer away.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { assignmentNames, referenceFile } from '../../src/tools/assignments/assignment';
import { answersIn, secretsIn } from '../../src/tools/assignments/release/answer-search';
import { filesIn } from '../../src/tools/assignments/release/course-files';
import { findLeaks } from '../../src/tools/assignments/release/leaks';
import { readNotebook } from '../../src/tools/notebook';
import { inRoot } from '../support/root';

const site = inRoot('build', 'handouts');
const secrets = assignmentNames().flatMap((name) => answersIn(readNotebook(referenceFile(name))));

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
