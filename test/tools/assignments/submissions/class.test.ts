import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { complete } from '../../../../src/tools/assignments/complete';
import { writeResult } from '../../../../src/tools/assignments/report/files';
import { writeGrades } from '../../../../src/tools/assignments/report/grades';
import { plainText } from '../../../../src/tools/assignments/report/plain-text';
import { writeStudents } from '../../../../src/tools/assignments/report/students-file';
import type { Result } from '../../../../src/tools/assignments/result';
import { findSubmissions } from '../../../../src/tools/assignments/submissions/find';
import { assignmentNamed } from '../../../../src/tools/assignments/submissions/names';
import { readRoster } from '../../../../src/tools/assignments/submissions/roster';
import { lay, tgz, zip, type Entry } from './class-maker';
import { DESCENT, LOGISTIC, right } from './notebooks';

const FILE = `${LOGISTIC}.ipynb`;
const NAMES = ['02-tensors', DESCENT, LOGISTIC, 'A1-graph-mode'];
const rows = z.array(z.record(z.string(), z.string()));
let work = '';
beforeEach(() => void (work = mkdtempSync(path.join(os.tmpdir(), 'class-'))));
afterEach(() => rmSync(work, { recursive: true, force: true }));

const studentsOf = async (place: string, rosterText?: string): Promise<[string, number][]> => {
  const roster = rosterText === undefined ? undefined : path.join(work, 'roster.csv');
  if (roster !== undefined) writeFileSync(roster, rosterText ?? '');
  const { students, submissions } = await findSubmissions(place, {
    only: ['04'],
    roster: roster === undefined ? undefined : readRoster(roster),
  });
  return students.map(({ student }) => [student, submissions.filter((one) => one.student === student).length]);
};
const classOf = (names: readonly string[], before = ''): Entry[] =>
  names.map((name) => ({ name: `${before}${name}/${FILE}`, content: right }));

describe('the name of a notebook', () => {
  it('is known whatever stands between its words, before and behind it, in any case and form of Unicode', () => {
    const gap = fc.constantFrom('-', '_', ' ', '--', ' - ', '.');
    const before = fc.constantFrom('', 'Copy of ', 'ann_', 'Müller-', '(2) ', 'final ');
    const behind = fc.constantFrom('', ' (1)', ' - Copy', ' copy 2', '-Copy1', '_ann', ' (1) (1)', '2', '-é');
    const ending = fc.constantFrom('.ipynb', '.IPYNB', '.Ipynb', '.ipynb.txt');
    const form = fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD');
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        gap,
        before,
        behind,
        ending,
        form,
        fc.boolean(),
        (name, between, first, last, end, unicode, isUpper) => {
          const written = `${first}${name.replaceAll('-', between)}${last}`;
          expect(assignmentNamed(`${isUpper ? written.toUpperCase() : written}${end}`.normalize(unicode), NAMES)).toBe(
            name,
          );
        },
      ),
    );
  });

  it('is not seen where another stands', () => {
    for (const name of [
      '104-logistic-regression.ipynb',
      '04-logistic.ipynb',
      '4-logistic-regression.ipynb',
      'logistic-regression.ipynb',
      '04-logistic-regressions.ipynb',
      'notes.ipynb',
      '.ipynb',
    ])
      expect(assignmentNamed(name, NAMES), name).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => void assignmentNamed(text, NAMES)));
  });
});

describe('a class', () => {
  const three: [string, number][] = [
    ['ann', 1],
    ['ben', 1],
    ['Müller', 1],
  ];
  const names = ['ann', 'ben', 'Müller'];

  it('is found in an archive of it, with or without a folder around, zip or tar, named or lying alone in a folder', async () => {
    const archives = {
      'class.zip': await zip(classOf(names)),
      'folder.zip': await zip(classOf(names, 'hand-ins/')),
      'same.zip': await zip(classOf(names, 'same/')),
      'class.tar.gz': await tgz(classOf(names, './')),
    };
    for (const [name, content] of Object.entries(archives)) {
      lay(work, [
        { name, content },
        { name: `alone-${name}/${name}`, content },
      ]);
      expect(await studentsOf(path.join(work, name)), name).toEqual([
        ['Müller', 1],
        ['ann', 1],
        ['ben', 1],
      ]);
      expect((await studentsOf(path.join(work, `alone-${name}`))).sort(), `alone: ${name}`).toEqual([
        ['Müller', 1],
        ['ann', 1],
        ['ben', 1],
      ]);
    }
    expect(three).toHaveLength(3);
  });

  it('of archives in an archive is found', async () => {
    const own = await zip([{ name: FILE, content: right }]);
    lay(work, [
      {
        name: 'all.zip',
        content: await zip([
          { name: 'ann.zip', content: own },
          { name: 'ben.ZIP', content: own },
        ]),
      },
    ]);
    expect(await studentsOf(path.join(work, 'all.zip'))).toEqual([
      ['ann', 1],
      ['ben', 1],
    ]);
  });

  it('is not taken apart where one student has folders of their own', async () => {
    lay(work, [
      { name: `one/ann/first/${FILE}`, content: right },
      { name: `one/ann/second/${FILE}`, content: right },
      { name: `two/ann/${LOGISTIC}/${FILE}`, content: right },
      { name: `two/ann/${DESCENT}/${DESCENT}.ipynb`, content: right },
      { name: 'three/ann.zip', content: await zip([{ name: `x/${FILE}`, content: right }]) },
      { name: 'three/ben/', content: '' },
    ]);
    expect(await studentsOf(path.join(work, 'one'))).toEqual([['ann', 1]]);
    expect(await studentsOf(path.join(work, 'two'))).toEqual([['ann', 1]]);
    expect(await studentsOf(path.join(work, 'three'))).toEqual([
      ['ann', 1],
      ['ben', 0],
    ]);
  });

  it('as Moodle and Canvas give it out is found, two students of one name too', async () => {
    lay(work, [
      { name: `moodle/Ann Lee_111_assignsubmission_file_/${FILE}`, content: right },
      { name: 'moodle/Ann Lee_111_assignsubmission_onlinetext_/onlinetext.html', content: 'x' },
      { name: `moodle/Ben Ray_112_assignsubmission_file_/${FILE}`, content: right },
      { name: `moodle/Ben Ray_113_assignsubmission_file_${FILE}`, content: right },
      {
        name: 'canvas.zip',
        content: await zip([
          { name: 'leeann_1001_5001_04-logistic-regression-1.ipynb', content: right },
          { name: 'rayben_LATE_1002_5002_04_logistic_regression.ipynb', content: right },
          { name: 'zuse_1003_5003_essay.docx', content: 'x' },
        ]),
      },
    ]);
    expect(await studentsOf(path.join(work, 'moodle'))).toEqual([
      ['Ann Lee', 1],
      ['Ben Ray (112)', 1],
      ['Ben Ray (113)', 1],
    ]);
    expect(await studentsOf(path.join(work, 'canvas.zip'))).toEqual([
      ['leeann', 1],
      ['rayben', 1],
      ['zuse', 0],
    ]);
    expect(
      await studentsOf(path.join(work, 'canvas.zip'), 'id,name\nu1,"Lee, Ann"\nu2,Ben Ray\nu3,Konrad Zuse'),
    ).toEqual([
      ['u1', 1],
      ['u2', 1],
      ['u3', 0],
      ['zuse', 0],
    ]);
  });

  it('has everybody on the roster, and says who is not', async () => {
    lay(work, [
      ...classOf(['U001', 'lee_ann', 'stranger'], 'class/'),
      { name: 'class.zip', content: await zip(classOf(['U001', 'lee_ann'])) },
    ]);
    const roster = 'ID;Name;Email\r\nu001;Ben Ray;\r\nu002;"Ann Lee";ann@example.org\r\nu003;Nobody Yet;';
    expect(await studentsOf(path.join(work, 'class'), roster)).toEqual([
      ['stranger', 1],
      ['u001', 1],
      ['u002', 1],
      ['u003', 0],
    ]);
    const found = await findSubmissions(path.join(work, 'class'), {
      roster: readRoster(path.join(work, 'roster.csv')),
    });
    expect(found.students.filter(({ isListed }) => !isListed).map(({ student }) => student)).toEqual(['stranger']);
    expect(found.students.find(({ student }) => student === 'u003')).toMatchObject({ name: 'Nobody Yet' });
    expect(await studentsOf(work, roster)).toEqual([
      ['stranger', 1],
      ['u001', 1],
      ['u002', 1],
      ['u003', 0],
    ]);
  });

  it('refuses a roster that is none, naming the line', () => {
    for (const [text, said] of [
      ['', /expected a CSV file/],
      ['a,b\n1,2', /expected a CSV file.*"id" or "name"/],
      ['id\nu1\nu2\nu1', /line 4: "u1" is in line 2 too/],
      ['id,name,x\n,,1', /line 2: neither an id nor a name/],
    ] as const) {
      writeFileSync(path.join(work, 'bad.csv'), text);
      expect(() => readRoster(path.join(work, 'bad.csv')), text).toThrow(said);
    }
    expect(() => readRoster(path.join(work, 'missing.csv'))).toThrow(/missing\.csv/);
  });

  it('knows a student in NFC and NFD as one', async () => {
    lay(work, [
      { name: `${'Müller'.normalize('NFC')}/${FILE}`, content: right },
      { name: `${'Müller'.normalize('NFD')}/${DESCENT}.ipynb`, content: right },
      { name: `${'Müller'.normalize('NFD')}.zip`, content: await zip([{ name: FILE, content: right }]) },
    ]);
    const { students, submissions } = await findSubmissions(work);
    expect(students.map(({ student }) => student)).toEqual(['Müller']);
    expect(submissions.map(({ assignment, copies }) => [assignment, copies !== undefined])).toEqual([
      [DESCENT, false],
      [LOGISTIC, true],
    ]);
  });
});

describe('tables', () => {
  const resultOf = (student: string, assignment: string, points: number, problem?: string): Result =>
    complete(
      {
        schema: 1,
        student,
        assignment,
        key: 'k',
        trusted: true,
        sandbox: { kind: 'bubblewrap', limits: 'watcher', userNamespaces: 'closed' },
        points,
        max: 27,
        ...(problem === undefined ? {} : { problem }),
        cells: [],
        exercises: [],
      },
      { file: `${student}/x.ipynb`, copies: undefined },
      problem === undefined ? Buffer.from(right) : { problem },
      [],
    );
  const table = (name: string): Record<string, string>[] =>
    rows.parse(parse(readFileSync(path.join(work, name)), { columns: true, bom: true }));

  it('have a line for each student, and keep what other runs have found', async () => {
    const students = (names: readonly string[]): Parameters<typeof writeStudents>[1] => ({
      students: names.map((student) => ({
        student,
        isListed: true,
        leftOut: student === 'odd' ? [{ file: 'odd/x.html', why: 'a web page' }] : [],
      })),
      ignored: [],
    });
    writeResult(work, resultOf('ann', LOGISTIC, 20));
    writeResult(work, resultOf('Müller', LOGISTIC, 10));
    writeResult(work, resultOf('web', LOGISTIC, 0, 'a web page'));
    writeStudents(work, students(['ann', 'Müller', 'nobody', 'odd']));
    writeGrades(work);
    writeResult(work, resultOf('ann', DESCENT, 5));
    writeStudents(work, students(['ann', 'late']));
    writeGrades(work);
    expect(readFileSync(path.join(work, 'summary.csv')).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(
      table('summary.csv').map((row) => [
        row.student,
        row[`${DESCENT} (of 29)`],
        row[`${LOGISTIC} (of 29)`],
        row.total,
        row.notes,
      ]),
    ).toEqual([
      ['Müller', '', '10', '10', `answers in words not marked yet: ${LOGISTIC}`],
      ['ann', '5', '20', '25', expect.stringContaining('not marked yet')],
      ['late', '', '', '0', 'nothing handed in'],
      ['nobody', '', '', '0', 'nothing handed in'],
      ['odd', '', '', '0', 'nothing that could be graded; odd/x.html: a web page'],
      ['web', '', '0', '0', `${LOGISTIC} not graded: a web page`],
    ]);
    expect(
      table('grades.csv')
        .filter(({ test }) => test === 'all')
        .map(({ assignment, student, status }) => [assignment, student, status]),
    ).toEqual(
      expect.arrayContaining([
        [DESCENT, 'ann', 'graded'],
        [LOGISTIC, 'Müller', 'graded'],
        [DESCENT, 'Müller', 'nothing handed in'],
        [LOGISTIC, 'late', 'nothing handed in'],
        [LOGISTIC, 'odd', 'nothing that could be graded'],
      ]),
    );
  });

  it('hold names as text: no formulas, no escape sequences; folders too', () => {
    for (const student of ['=cmd|x', '\u001b[2J\u202egrade', '../up', '..', `${'x'.repeat(300)}`])
      writeResult(work, resultOf(student, LOGISTIC, 1));
    writeGrades(work);
    const text = readFileSync(path.join(work, 'summary.csv'), 'utf8');
    expect(text).toContain("'=cmd|x");
    expect(text).toContain('\\u001b[2J\\u202egrade');

    expect(text).not.toMatch(/\u001b|\u202e/);
    expect(table('summary.csv')).toHaveLength(5);
  });

  it('show what would act in a terminal as its number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(plainText(text.replaceAll(/[^a-z]/g, ''))).toBe(text.replaceAll(/[^a-z]/g, ''));
      }),
    );
  });

  it('are made in a folder that has none yet', () => {
    mkdirSync(path.join(work, 'new'));
    expect(writeGrades(path.join(work, 'new'))).toEqual({ toMark: 0, broken: [] });
  });
});
