// Answers are found wherever and however they stand; where the course itself teaches, nothing is mistaken for one.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { escapeHtml } from '../../../src/parts/display';
import { assignmentNames, referenceFile } from '../../../src/tools/assignments/assignment';
import {
  answersIn,
  hiddenTestsIn,
  knownAnswersIn,
  secretsIn,
} from '../../../src/tools/assignments/release/answer-search';
import { courseFiles, filesIn, isForStudents } from '../../../src/tools/assignments/release/course-files';
import { extraFiles } from '../../../src/tools/assignments/release/extra-folders';
import { findLeaks } from '../../../src/tools/assignments/release/leaks';
import { studentVersion } from '../../../src/tools/assignments/release/student-notebook';
import { readNotebook } from '../../../src/tools/notebook';
import { inRoot } from '../../support/root';

const folder = mkdtempSync(path.join(os.tmpdir(), 'leaks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const notebooks = assignmentNames().map((name) => readNotebook(referenceFile(name)));
const secrets = notebooks.flatMap(answersIn);
const cells = notebooks.flatMap(({ name, content }) =>
  content.cells
    .filter(({ source }) => source.includes('BEGIN SOLUTION'))
    .map(({ id, source }) => ({
      name: `the answer of ${name}, cell "${id}"`,
      source: source.replace(/.*(?:BEGIN|END) SOLUTION.*\n?/g, ''),
    })),
);

/** Forms in which somebody might give an answer away, made without the search's own means. */
const forms: Readonly<Record<string, (code: string) => string>> = {
  'as it is': (code) => code,
  'indented otherwise': (code) =>
    code
      .split('\n')
      .map((line) => `\t\t${line.trim()}`)
      .join('\r\n'),
  'on one line': (code) => code.replace(/\s+/g, ' '),
  'in a JSON string': (code) => JSON.stringify({ source: code }),
  'in a JSON string in JSON': (code) => JSON.stringify(JSON.stringify(code)),
  'as the lines of a notebook': (code) => JSON.stringify(code.split(/(?<=\n)/), undefined, 1),
  'escaped for HTML': (code) => `<pre>${escapeHtml(code)}</pre>`,
  'escaped for HTML in JSON': (code) => JSON.stringify(`<pre>${escapeHtml(code)}</pre>`),
  'in colors': (code) =>
    code
      .split(/(\w+)/)
      .map((word, i) => (i % 2 === 1 ? `<span class="tok-${i}">${word}</span>` : escapeHtml(word)))
      .join(''),
  'with numbers as escapes': (code) => code.replace(/[<>&'"]/g, (sign) => `&#${sign.charCodeAt(0)};`),
};

function zipOf(name: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(content, name);
  zip.end();
  return buffer(zip.outputStream);
}

describe('the search for answers', () => {
  it('knows every answer', () => {
    expect(secrets.map(({ name }) => name)).toEqual(cells.map(({ name }) => name));
    expect(secrets.length).toBeGreaterThan(40);
  });

  it.each(Object.keys(forms))('finds each answer %s', (form) => {
    for (const { name, source } of cells)
      expect(secretsIn(`before ${forms[form](source)} after`, secrets), name).toContain(name);
  });

  it('finds none in what students get, nor in their notebooks', () => {
    for (const file of courseFiles().filter(isForStudents))
      expect(secretsIn(readFileSync(inRoot(file), 'latin1'), secrets), file).toEqual([]);
    for (const name of assignmentNames())
      expect(secretsIn(JSON.stringify(studentVersion(referenceFile(name))), secrets)).toEqual([]);
  });

  it('finds the hidden tests of an exercise, alone', () => {
    for (const [chapter, file, count] of [
      ['00-start-here', 'hidden.ts', 4],
      ['02-tensors', 'hidden/standardize.ts', 1],
    ] as const) {
      const text = readFileSync(inRoot('src', 'course', chapter, file), 'utf8');
      const tests = hiddenTestsIn(chapter, text);
      expect(tests).toHaveLength(count);
      const [, block] = text.split(/^(?=.*[^,] hiddenTests\(|^ {2}hiddenTests\()/m);
      expect(secretsIn(`const mine = [${block}];`, tests)).toEqual([`hidden tests of ${chapter}`]);
    }
  });

  it('finds a known answer, alone', () => {
    const text = readFileSync(inRoot('src', 'course', '02-tensors', 'answers', 'layer.ts'), 'utf8');
    const answers = knownAnswersIn('02-tensors', text);
    expect(answers.length).toBeGreaterThan(2);
    const [, , block] = text.split(/^(?=wrong\()/m);
    expect(secretsIn(`// mine\n${block}`, answers)).toEqual(['a known answer of 02-tensors']);
  });
});

describe('findLeaks', () => {
  it('looks into files of every kind, also in archives in archives, and says what it can’t read', async () => {
    const { source, name } = cells[6];
    const put = (file: string, content: string | Buffer): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    };
    const zipped = await zipOf('inner/page.html', Buffer.from(forms['in colors'](source)));
    cpSync(referenceFile('02-tensors'), path.join(folder, 'renamed.dat'));
    put('src/parts/nn/mine.ts', source);
    put('docs/page.html', forms['in colors'](source));
    put('docs/index.js', `window.index = ${forms['in a JSON string'](source)};`);
    put('docs/wide.txt', Buffer.from(`\uFEFF${source}`, 'utf16le'));
    put('docs/a.zip', await zipOf('b.zip', zipped));
    put('docs/a.gz', gzipSync(source));
    put(
      'docs/run.ipynb',
      JSON.stringify({
        cells: [
          {
            cell_type: 'code',
            source: '1',
            outputs: [{ output_type: 'stream', name: 'stdout', text: source.split(/(?<=\n)/) }],
          },
        ],
      }),
    );
    put('docs/harmless.md', 'Return the shape of the product.');
    put('docs/book.pdf', '%PDF-1.7 …');
    put('docs/broken.zip', Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from('no archive')]));
    const { leaks, unread } = await findLeaks(folder, filesIn(folder), secrets);
    const holders = [
      ...new Set(
        leaks.filter((leak) => leak.endsWith(`: holds ${name}`)).map((leak) => leak.slice(0, leak.indexOf(': holds'))),
      ),
    ];
    expect(holders.sort()).toEqual([
      'docs/a',
      'docs/a.zip/b.zip/inner/page.html',
      'docs/index.js',
      'docs/page.html',
      'docs/run.ipynb',
      'docs/wide.txt',
      'renamed.dat',
      'src/parts/nn/mine.ts',
    ]);
    expect(unread.map(({ name: file }) => file)).toEqual(['docs/book.pdf', 'docs/broken.zip']);
  });
});

describe('extraFiles', () => {
  it.each([
    ['nowhere', /expected a folder/],
    ['.', /the whole course/],
    ['..', /the whole course/],
    ['work', /learner's own/],
    ['build', /only build\/handouts/],
    ['node_modules', /not for students/],
    ['package.json', /expected a folder/],
  ])('refuses --with %s', (name, message) => {
    if (name === 'work') mkdirSync(inRoot('work'), { recursive: true });
    expect(() => extraFiles([inRoot(name)])).toThrow(message);
  });

  it('keeps the place of a folder in the project, and gives one from elsewhere its own name', () => {
    writeFileSync(path.join(folder, 'one.txt'), '1');
    expect(extraFiles([folder]).map(({ to }) => to)).toContain(`${path.basename(folder)}/one.txt`);
    expect(extraFiles([inRoot('notebooks', 'images')]).map(({ to }) => to)).toEqual([
      'notebooks/images/chapter-02.png',
    ]);
  });
});
