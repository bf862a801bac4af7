import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHandedIn } from '../../../../src/tools/assignments/submissions/read-notebook';
import { findSubmissions, type Found } from '../../../../src/tools/assignments/submissions/find';
import { lay, tar, tgz, zip, type Entry } from './class-maker';
import { blank, LOGISTIC, notebookOf, right, utf16 } from './notebooks';

const FILE = `${LOGISTIC}.ipynb`;
const OLD = new Date('2026-02-01T10:00:00Z');
const NEW = new Date('2026-03-05T10:00:00Z');
const withCell = (change: object): string =>
  notebookOf(LOGISTIC, { change: (cells) => cells.map((cell, i) => (i === 3 ? { ...cell, ...change } : cell)) });
const version3 = (): string => {
  const { cells } = JSON.parse(right) as { cells: { cell_type: string; source: string }[] };
  const old = cells.map(({ cell_type: type, source }) =>
    type === 'code'
      ? { cell_type: type, input: source.split(/(?<=\n)/), outputs: [], language: 'typescript' }
      : { cell_type: type, source },
  );
  return JSON.stringify({
    nbformat: 3,
    nbformat_minor: 0,
    metadata: { name: '' },
    worksheets: [{ cells: [{ cell_type: 'heading', level: 2, source: 'My work' }, ...old] }],
  });
};

/**
 * What a student hands in, and what is right: graded from this file, or a submission with this problem, or left out for
 * this reason.
 */
interface Case {
  readonly student: string;
  readonly entries: readonly Entry[];
  readonly graded?: string;
  readonly problem?: RegExp;
  readonly leftOut?: readonly (readonly [string, RegExp])[];
  readonly copies?: RegExp;
}

const one = (student: string, name: string, content: string | Buffer = right): Case => ({
  student,
  entries: [{ name, content }],
  graded: name,
});
const refused = (student: string, name: string, problem: RegExp, content: string | Buffer = 'x'): Case => ({
  student,
  entries: [{ name, content }],
  problem,
});

async function cases(): Promise<Case[]> {
  const zipped = await zip([{ name: FILE, content: right }]);
  const locked = Buffer.from(zipped);
  for (const mark of ['PK\u0003\u0004', 'PK\u0001\u0002'])
    locked[locked.indexOf(mark, 0, 'latin1') + (mark.endsWith('\u0004') ? 6 : 8)] |= 1;
  const zeros = await zip([{ name: FILE, content: Buffer.alloc(30 * 2 ** 20) }]);
  // In the archive's list of contents the size stands 24 bytes after the mark of an entry.
  const liar = Buffer.from(zeros);
  liar.writeUInt32LE(1000, liar.indexOf('PK\u0001\u0002', 0, 'latin1') + 24);
  return [
    ...[
      FILE,
      `first/${FILE}`,
      `${LOGISTIC}/${FILE}`,
      `a/b/c/d/e/${FILE}`,
      '04-Logistic-Regression.ipynb',
      '04-LOGISTIC-REGRESSION.IPYNB',
      '04_logistic_regression.ipynb',
      '04 logistic regression.ipynb',
      '04-logistic-regression (1).ipynb',
      '04-logistic-regression(2).ipynb',
      '04-logistic-regression - Copy.ipynb',
      '04-logistic-regression copy.ipynb',
      '04-logistic-regression-Copy1.ipynb',
      'Copy of 04-logistic-regression.ipynb',
      'Kopie von 04-logistic-regression.ipynb',
      '04-logistic-regression_final_FINAL.ipynb',
      'lee-04-logistic-regression.ipynb',
      '04-logistic-regression.ipynb.txt',
      '04-logistic-regression.ipynb.json',
      'Untitled.ipynb',
      'homework.ipynb',
      `０４-logistic-regression.ipynb`,
    ].map((name, i) => one(`named ${i}`, name)),
    { student: 'in a zip', entries: [{ name: 'work.zip', content: zipped }], graded: `work.zip/${FILE}` },
    {
      student: 'in a ZIP',
      entries: [
        {
          name: 'HAND-IN.ZIP',
          content: await zip([{ name: 'My Work\\04-logistic-regression.IPYNB', content: right }]),
        },
      ],
      graded: 'HAND-IN.ZIP/My Work/04-logistic-regression.IPYNB',
    },
    {
      student: 'in a tar',
      entries: [{ name: 'work.tar', content: await tar([{ name: `./${FILE}`, content: right }]) }],
      graded: `work.tar/${FILE}`,
    },
    {
      student: 'in a tar.gz',
      entries: [{ name: 'work.tar.gz', content: await tgz([{ name: `x/${FILE}`, content: right }]) }],
      graded: `work.tar.gz/x/${FILE}`,
    },
    {
      student: 'in a tgz',
      entries: [{ name: 'work.TGZ', content: await tgz([{ name: FILE, content: right }]) }],
      graded: `work.TGZ/${FILE}`,
    },
    {
      student: 'zip in zip',
      entries: [{ name: 'outer.zip', content: await zip([{ name: 'inner.zip', content: zipped }]) }],
      graded: `outer.zip/inner.zip/${FILE}`,
    },
    {
      student: 'zip in tar in zip',
      entries: [
        {
          name: 'a.zip',
          content: await zip([{ name: 'b.tgz', content: await tgz([{ name: 'c.zip', content: zipped }]) }]),
        },
      ],
      graded: `a.zip/b.tgz/c.zip/${FILE}`,
    },
    {
      student: 'too deep in zips',
      entries: [
        {
          name: 'a.zip',
          content: await zip([
            {
              name: 'b.zip',
              content: await zip([{ name: 'c.zip', content: await zip([{ name: 'd.zip', content: zipped }]) }]),
            },
          ]),
        },
      ],
      leftOut: [['a.zip/b.zip/c.zip/d.zip', /more than 3 deep/]],
    },
    {
      student: 'a zip without notebooks',
      entries: [
        {
          name: 'work.zip',
          content: await zip([
            { name: 'notes.txt', content: 'x' },
            { name: '__MACOSX/._notes.txt', content: 'x' },
          ]),
        },
      ],
      leftOut: [
        ['work.zip/notes.txt', /outside a notebook/],
        ['work.zip/__MACOSX', /systems and editors/],
      ],
    },
    {
      student: 'an empty zip',
      entries: [{ name: 'work.zip', content: await zip([]) }],
      leftOut: [['work.zip', /empty/]],
    },
    {
      student: 'no zip at all',
      entries: [{ name: 'work.zip', content: 'not an archive' }],
      leftOut: [['work.zip', /this archive can't be read/]],
    },
    refused('a cut zip', `${LOGISTIC}.zip`, /this archive can't be read/, zipped.subarray(0, zipped.length / 2)),
    {
      student: 'a cut tar.gz',
      entries: [
        { name: `${LOGISTIC}.tar.gz`, content: (await tgz([{ name: FILE, content: right }])).subarray(0, 1500) },
      ],
      problem: /this archive can't be read/,
    },
    {
      student: 'a zip with a password',
      entries: [{ name: 'work.zip', content: locked }],
      problem: /locked with a password/,
    },
    {
      student: 'a zip that leads out',
      entries: [
        {
          name: 'work.zip',
          content: Buffer.from(
            (await zip([{ name: `abcd/${FILE}`, content: right }]))
              .toString('latin1')
              .replaceAll('abcd/', '../../')
              .replaceAll('../../', '../x/'),
            'latin1',
          ),
        },
      ],
      problem: /names a place outside itself/,
    },
    { student: 'a zip bomb', entries: [{ name: 'work.zip', content: zeros }], problem: /unpacks to more than 20 MB/ },
    {
      student: 'a zip that says it is small',
      entries: [{ name: 'work.zip', content: liar }],
      problem: /can't be unpacked/,
    },
    {
      student: 'a tar bomb',
      entries: [{ name: 'work.tgz', content: await tgz([{ name: FILE, content: Buffer.alloc(30 * 2 ** 20) }]) }],
      problem: /unpacks to more than 20 MB/,
    },
    {
      student: 'a link in a zip',
      entries: [{ name: 'work.zip', content: await zip([{ name: FILE, linkTo: '/etc/passwd' }]) }],
      problem: /a link, which is not followed/,
    },
    {
      student: 'a link in a tar',
      entries: [{ name: 'work.tar', content: await tar([{ name: FILE, linkTo: '/etc/passwd' }]) }],
      problem: /a link, which is not followed/,
    },
    { student: 'a link', entries: [{ name: FILE, linkTo: '/etc/passwd' }], problem: /a link, which is not followed/ },
    {
      student: 'a 7z',
      entries: [{ name: 'work.7z', content: 'x' }],
      leftOut: [['work.7z', /archives of this kind are not read/]],
    },
    refused('a web page', `${LOGISTIC}.html`, /a web page made from a notebook.*hand in the notebook itself/),
    refused('typescript', `${LOGISTIC}.ts`, /outside a notebook.*hand in the notebook itself/),
    refused('a document', `${LOGISTIC}.docx`, /a document can't be graded/),
    refused('a pdf', `${LOGISTIC}.pdf`, /a document can't be graded/),
    {
      student: 'another document',
      entries: [{ name: 'homework.docx', content: 'x' }],
      leftOut: [['homework.docx', /hand in the notebook itself/]],
    },
    { student: 'nothing', entries: [{ name: './' }], leftOut: [['', /the folder is empty/]] },
    {
      student: 'an empty folder in a folder',
      entries: [{ name: 'week4/' }],
      leftOut: [['week4', /the folder is empty/]],
    },
    {
      student: 'only a checkpoint',
      entries: [{ name: `.ipynb_checkpoints/${LOGISTIC}-checkpoint.ipynb`, content: right }],
      leftOut: [['.ipynb_checkpoints', /systems and editors/]],
    },
    {
      student: 'another chapter',
      entries: [{ name: '03-gradient-descent.ipynb', content: right }],
      leftOut: [['03-gradient-descent.ipynb', /another assignment/]],
    },
    {
      student: "somebody else's notes",
      entries: [{ name: 'notes.ipynb', content: '{"nbformat":4,"cells":[]}' }],
      leftOut: [['notes.ipynb', /there is no assignment "notes"/]],
    },
    one('mark at the beginning', FILE, `\ufeff${right}`),
    one('utf-16', FILE, utf16(right)),
    one('utf-16, big end first', FILE, utf16(right, true)),
    one('utf-16 without a mark', FILE, utf16(right, false, false)),
    one('id null', FILE, withCell({ id: null })),
    one('id a number', FILE, withCell({ id: 17 })),
    one('no id', FILE, withCell({ id: undefined })),
    one('no metadata', FILE, withCell({ metadata: undefined })),
    one('metadata null', FILE, withCell({ metadata: null })),
    one(
      'not a number',
      FILE,
      right.replace(
        '"outputs":[]',
        '"outputs":[{"output_type":"display_data","metadata":{},"data":{"x":NaN,"y":-Infinity}}]',
      ),
    ),
    one('nbformat 3', FILE, version3()),
    one(
      'minor version 2',
      FILE,
      notebookOf(LOGISTIC, { top: { nbformat_minor: 2 }, change: (cells) => cells.map(({ id: _, ...cell }) => cell) }),
    ),
    one('nbformat missing', FILE, notebookOf(LOGISTIC, { top: { nbformat: undefined } })),
    refused('nbformat 5', FILE, /nbformat 5, newer than version 4/, notebookOf(LOGISTIC, { top: { nbformat: 5 } })),
    refused('nbformat 2', FILE, /nbformat 2, of before 2012/, notebookOf(LOGISTIC, { top: { nbformat: 2 } })),
    refused('cut off', FILE, /ends in the middle/, right.slice(0, 2000)),
    refused('an empty file', FILE, /it is empty/, ''),
    refused('a web page as notebook', FILE, /a web page under the name of one/, '<!DOCTYPE html><html></html>'),
    refused('a merge', FILE, /a merge that was not finished/, `{\n<<<<<<< HEAD\n${right}\n=======\n>>>>>>> theirs\n}`),
    refused('a zip as notebook', FILE, /a compressed archive under the name of one/, zipped),
    refused('no object', FILE, /it is no notebook/, '[]'),
    refused('cells of text', FILE, /needs a list of cells/, '{"nbformat":4,"cells":["a"]}'),
    {
      student: 'twice, second newer',
      entries: [
        { name: `first/${FILE}`, content: blank, modified: OLD },
        { name: `second/${FILE}`, content: right, modified: NEW },
      ],
      graded: `second/${FILE}`,
      copies: /graded: .*second.*2026-03-05 10:00 UTC\), the newest; not graded: .*first.*2026-02-01 10:00 UTC/,
    },
    {
      student: 'twice, second an empty stub of the same time',
      entries: [
        { name: `first/${FILE}`, content: blank },
        { name: `second/${FILE}`, content: right },
      ],
      graded: `second/${FILE}`,
      copies: /the one with most answers/,
    },
    {
      student: 'a notebook and a newer zip',
      entries: [
        { name: FILE, content: blank, modified: OLD },
        { name: 'new.zip', content: await zip([{ name: FILE, content: right, modified: NEW }]), modified: OLD },
      ],
      graded: `new.zip/${FILE}`,
      copies: /the newest/,
    },
    {
      student: 'a notebook and an older zip, packed later',
      entries: [
        { name: FILE, content: right, modified: new Date('2026-03-03T10:00:00Z') },
        { name: 'old.zip', content: await zip([{ name: FILE, content: blank, modified: OLD }]), modified: NEW },
      ],
      graded: FILE,
      copies: /the newest/,
    },
    {
      student: 'times unknown',
      entries: [
        { name: 'a.tar', content: await tar([{ name: FILE, content: blank, modified: new Date(0) }]) },
        { name: 'b.tar', content: await tar([{ name: FILE, content: right, modified: new Date(0) }]) },
      ],
      graded: `b.tar/${FILE}`,
      copies: /its time is unknown/,
    },
    {
      student: 'the newest is cut off',
      entries: [
        { name: FILE, content: right, modified: OLD },
        { name: '04-logistic-regression (1).ipynb', content: right.slice(0, 500), modified: NEW },
      ],
      graded: FILE,
      copies: /the one that can be read/,
    },
    {
      student: 'a notebook and its web page',
      entries: [
        { name: FILE, content: right },
        { name: `${LOGISTIC}.html`, content: 'x' },
        { name: 'data.csv', content: '1' },
      ],
      graded: FILE,
      leftOut: [
        [`${LOGISTIC}.html`, /a web page/],
        ['data.csv', /it is no notebook/],
      ],
    },
  ];
}

let work = '';
let all: Case[] = [];
let found: Found;
beforeAll(async () => {
  work = mkdtempSync(path.join(os.tmpdir(), 'messy-'));
  all = await cases();
  for (const { student, entries } of all) {
    mkdirSync(path.join(work, student));
    lay(path.join(work, student), entries);
  }
  lay(work, [
    { name: 'loose.ipynb', content: right },
    { name: 'zipped student.zip', content: await zip([{ name: `deep/er/${FILE}`, content: right }]) },
    { name: 'grades.xlsx', content: 'x' },
    { name: '.DS_Store', content: 'x' },
    { name: 'everything', linkTo: '/' },
  ]);
  found = await findSubmissions(work, { only: ['04'] });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('a messy class', () => {
  it('has sixty students and more, each with a row', () => {
    expect(all.length).toBeGreaterThan(60);
    expect(found.students.map(({ student }) => student).sort()).toEqual(
      [...all.map(({ student }) => student), 'zipped student'].sort(),
    );
  });

  it('is graded or left out with the true reason, file by file', async () => {
    for (const { student, graded, problem, leftOut = [], copies } of all) {
      const submission = found.submissions.find((one) => one.student === student);
      const left = found.students.find((one) => one.student === student)?.leftOut ?? [];
      expect([student, submission?.file], student).toEqual([
        student,
        graded === undefined ? (problem === undefined ? undefined : expect.any(String)) : path.join(student, graded),
      ]);
      const content = await submission?.read();
      const read = content === undefined || 'problem' in content ? content : readHandedIn(content);
      if (graded !== undefined) expect(read, student).toHaveProperty('cells');
      if (problem !== undefined)
        expect(read && 'problem' in read ? read.problem : 'it was read', student).toMatch(problem);
      if (copies === undefined) expect(submission?.copies, student).toBeUndefined();
      else expect(submission?.copies, student).toMatch(copies);
      for (const [file, why] of leftOut)
        expect(left, student).toContainEqual({
          file: path.join(student, file).replace(/\/$/, ''),
          why: expect.stringMatching(why),
        });
      if (graded === undefined && problem === undefined) expect(left.length, student).toBeGreaterThan(0);
    }
  });

  it('names what belongs to nobody', () => {
    for (const [file, why] of [
      ['loose.ipynb', /no student's folder/],
      ['grades.xlsx', /no notebook/],
      ['.DS_Store', /systems and editors/],
      ['everything', /a link/],
    ] as const)
      expect(found.ignored).toContainEqual({ file, why: expect.stringMatching(why) });
  });

  it('is read with the code that was handed in', async () => {
    for (const student of ['utf-16', 'nbformat 3', 'id null', 'in a tar.gz', 'zip in tar in zip', 'not a number']) {
      const content = await found.submissions.find((one) => one.student === student)?.read();
      const read = content === undefined || 'problem' in content ? { problem: 'nothing' } : readHandedIn(content);
      expect(
        'cells' in read &&
          read.cells.some(({ type, source }) => type === 'code' && source.includes('function stableLoss')),
        student,
      ).toBe(true);
    }
  });
});
