import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { feedbackPage } from '../../../src/tools/assignments/report/feedback';
import { readAllResults, readResult, writeResult } from '../../../src/tools/assignments/report/files';
import { writeGrades } from '../../../src/tools/assignments/report/grades';
import { resultSchema, type Result } from '../../../src/tools/assignments/result';
import { hasSolution, replaceSolution, solutionOf } from '../../../src/tools/assignments/release/solutions';
import { root } from '../../support/root';

const reference = path.join(root, 'notebooks', 'exercises', '04-logistic-regression.ipynb');
const hasSandbox = spawnSync('bwrap', ['--version']).status === 0;
const table = z.array(z.record(z.string(), z.string()));

let work = '';
let submitted = '';
const grade = (words: readonly string[], env: NodeJS.ProcessEnv = process.env): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [path.join(root, 'src', 'bin', 'layerwise.mjs'), 'grade', ...words], {
    encoding: 'utf8',
    env,
  });
const resultAt = (out: string, student: string): Result =>
  resultSchema.parse(
    JSON.parse(readFileSync(path.join(work, out, 'results', student, '04-logistic-regression', 'result.json'), 'utf8')),
  );

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'grade-'));
  submitted = path.join(work, 'submitted');
  for (const student of ['=1+1', 'zoë <b>']) {
    mkdirSync(path.join(submitted, student, '04-logistic-regression'), { recursive: true });
    cpSync(reference, path.join(submitted, student, '04-logistic-regression', '04-logistic-regression.ipynb'));
  }
  const blank = readFileSync(reference, 'utf8').replaceAll(/ {2}\/\/ BEGIN SOLUTION.*?\/\/ END SOLUTION/g, '');
  writeFileSync(
    path.join(submitted, 'zoë <b>', '04-logistic-regression', '04-logistic-regression.ipynb'),
    blank.replace(
      '"function stableLoss(labels: number[], z: number[]): number {\\n",',
      '"function stableLoss(labels: number[], z: number[]): number {\\n", "throw new Error(\'<img src=x onerror=alert(1)>\');\\n",',
    ),
  );
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.skipIf(!hasSandbox)('layerwise grade', () => {
  it('writes a result, a page and a table, and says how it went', () => {
    const { status, stdout, stderr } = grade([submitted, '--out', path.join(work, 'one')]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/2 submissions; sandbox: bubblewrap, limits: (cgroup v1|cgroup v2|watcher)/);
    expect(stdout).toMatch(/2 graded, 0 unchanged/);
    expect(resultAt('one', '=1+1')).toMatchObject({ trusted: true, points: 27, max: 27, cells: [] });
    const page = readFileSync(
      path.join(work, 'one', 'results', 'zoë <b>', '04-logistic-regression', 'feedback.html'),
      'utf8',
    );
    expect(page).toContain('Submission of zoë &lt;b&gt;.');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toMatch(/<b>|<img|<script/);
    const rows = table.parse(parse(readFileSync(path.join(work, 'one', 'grades.csv')), { columns: true, bom: true }));
    expect(rows.filter(({ test }) => test === 'all').map(({ student, points }) => [student, points])).toEqual([
      ["'=1+1", '27'],
      ['zoë <b>', '23'],
    ]);
    expect(resultAt('one', 'zoë <b>').points).toBe(23);
  });

  it('shows no hidden input and no value of a hidden call', () => {
    const hidden = resultAt('one', 'zoë <b>')
      .exercises.flatMap(({ tests }) => tests)
      .filter((test) => test.hidden && test.status !== 'pass');
    expect(hidden.length).toBeGreaterThan(0);
    for (const { message } of hidden)
      expect(message).toMatch(
        /^stableLoss\(…\), with inputs that are not shown, threw an error; expected that it [^0-9]*$/,
      );
  });

  it('takes what has not changed from the run before, and grades again what has', () => {
    expect(grade([submitted, '--out', path.join(work, 'one')]).stdout).toMatch(/0 graded, 2 unchanged/);
    const file = path.join(work, 'one', 'results', '=1+1', '04-logistic-regression', 'result.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 300));
    const { stdout } = grade([submitted, '--out', path.join(work, 'one')]);
    expect(stdout).toMatch(/1 graded, 1 unchanged/);
    expect(resultAt('one', '=1+1').points).toBe(27);
  });

  it('gives the same bytes for the same submission under the same secret, whenever it is graded', () => {
    mkdirSync(path.join(work, 'two'));
    cpSync(path.join(work, 'one', 'secret'), path.join(work, 'two', 'secret'));
    utimesSync(path.join(submitted, '=1+1', '04-logistic-regression', '04-logistic-regression.ipynb'), 1, 1);
    grade([submitted, '--out', path.join(work, 'two'), '--jobs', '1']);
    for (const file of [
      'results/=1+1/04-logistic-regression/result.json',
      'results/zoë <b>/04-logistic-regression/result.json',
      'results/zoë <b>/04-logistic-regression/feedback.html',
      'grades.csv',
    ]) {
      expect(readFileSync(path.join(work, 'two', file), 'utf8')).toBe(
        readFileSync(path.join(work, 'one', file), 'utf8'),
      );
    }
  });

  it('obeys --only and --timeout', () => {
    expect(grade([submitted, '--out', path.join(work, 'three'), '--only', '02']).stdout).toMatch(/^0 submissions/m);
    expect(grade([submitted, '--out', path.join(work, 'three'), '--only', '99'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no assignment that begins with 99'),
    });
    expect(grade([submitted, '--out', path.join(work, 'three'), '--timeout', 'x'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('whole number'),
    });
  });

  it('keeps what another run has found, and takes in marks for answers in words', () => {
    const out = path.join(work, 'one');
    expect(grade([submitted, '--out', out, '--only', '02']).stdout).toContain('2 of 2 students without a submission');
    const sums = (): string[][] =>
      table
        .parse(parse(readFileSync(path.join(out, 'grades.csv')), { columns: true, bom: true }))
        .filter(({ test }) => test === 'all')
        .map(({ student, points }) => [student, points]);
    expect(sums()).toEqual([
      ["'=1+1", '27'],
      ['zoë <b>', '23'],
    ]);
    const marks = path.join(work, 'marks.csv');
    writeFileSync(marks, "assignment,student,question,points,comment\n04-logistic-regression,'=1+1,written,2,Good");
    expect(grade(['--words', marks, '--out', out])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Marks: 1 new or changed/),
    });
    expect(
      readFileSync(path.join(out, 'results', '=1+1', '04-logistic-regression', 'feedback.html'), 'utf8'),
    ).toContain('<strong>2 of 2</strong>: Good');
    expect(readFileSync(path.join(out, 'summary.csv'), 'utf8')).toContain("'=1+1,,29,29,29,");
    writeFileSync(marks, 'assignment,student,question,points\n04-logistic-regression,nobody,written,2');
    expect(grade(['--words', marks, '--out', out])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('line 2: unknown student "nobody"'),
    });
    expect(grade(['--out', out])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('expected a folder of submissions, or --words'),
    });
  });

  it('names what it leaves out', () => {
    const folder = path.join(work, 'odd');
    mkdirSync(path.join(folder, 'ann'), { recursive: true });
    writeFileSync(path.join(folder, 'ann', 'notes.ipynb'), '{}');
    writeFileSync(path.join(folder, 'loose.ipynb'), '{}');
    symlinkSync('/', path.join(folder, 'everything'));
    const { status, stdout, stderr } = grade([folder, '--out', path.join(work, 'four')]);
    expect(status).toBe(1);
    expect(stdout).toContain('Left out: ann/notes.ipynb: there is no assignment "notes"');
    expect(stdout).toContain(
      "Left out: loose.ipynb: it lies in no student's folder: put it into a folder with the student's name",
    );
    expect(stdout).toContain('Left out: everything: it is a link, which is not followed');
    expect(stderr).toContain('no submission was found');
  });
});

describe('without a sandbox', () => {
  const bin = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: path.join(work, 'no-programs') });

  it('it refuses, says why and what to install', () => {
    const { status, stderr } = grade([submitted, '--out', path.join(work, 'five')], bin());
    expect(status).toBe(1);
    expect(stderr).toContain('the program bwrap is not installed');
    expect(stderr).toContain('apt-get install -y bubblewrap');
    expect(existsSync(path.join(work, 'five'))).toBe(false);
  });

  it('--unsafe grades, and marks the results untrusted', () => {
    const { status, stderr } = grade([submitted, '--out', path.join(work, 'six'), '--unsafe'], bin());
    expect(stderr).toContain('results are marked untrusted');
    expect(status).toBe(0);
    expect(resultAt('six', '=1+1')).toMatchObject({ trusted: false, sandbox: { kind: 'none' }, points: 27 });
    expect(
      readFileSync(path.join(work, 'six', 'results', '=1+1', '04-logistic-regression', 'feedback.html'), 'utf8'),
    ).toContain("can't be trusted");
    expect(readFileSync(path.join(work, 'six', 'grades.csv'), 'utf8')).toContain(',27,27,false');
  });

  it('a folder that is not there is named', () => {
    expect(grade([path.join(work, 'nowhere')])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nowhere: expected a folder with one folder or archive a student'),
    });
  });
});

describe('files of results', () => {
  const result: Result = {
    schema: 1,
    student: '"quoted", x',
    assignment: '04-logistic-regression',
    key: 'k',
    trusted: true,
    sandbox: { kind: 'bubblewrap', limits: 'watcher', userNamespaces: 'closed' },
    points: 0,
    max: 1,
    problem: '<i>no</i>',
    cells: [{ cell: '<u>', status: 'error', message: '</td><script>' }],
    exercises: [
      {
        name: 'f',
        title: 't',
        points: 0,
        max: 1,
        tests: [{ name: 'n', hidden: false, status: 'fail', points: 0, max: 1, message: '"&<>' }],
      },
    ],
  };

  it('escape everything in pages', () => {
    const page = feedbackPage(result);
    expect(page).toContain('&lt;i&gt;no&lt;/i&gt;');
    expect(page).toContain('&lt;/td&gt;&lt;script&gt;');
    expect(page).not.toMatch(/<script|<i>|<u>/);
  });

  it('are read back only whole and for the same key', () => {
    const out = path.join(work, 'files');
    writeResult(out, { ...result, student: 's' });
    expect(readResult(out, 's', result.assignment, 'k')).toEqual({ ...result, student: 's' });
    expect(readResult(out, 's', result.assignment, 'other')).toBeUndefined();
    writeGrades(out);
    expect(parse(readFileSync(path.join(out, 'grades.csv')), { columns: true, bom: true })).toHaveLength(2);
    expect(readAllResults(out)).toEqual({ results: [{ ...result, student: 's' }], broken: [] });
  });
});

describe('answers in notebooks', () => {
  const source = 'function f(): number {\n  // BEGIN SOLUTION\n  return 1;\n  // END SOLUTION\n}\n';

  it('are found, taken out and replaced with their indentation', () => {
    expect(hasSolution(source)).toBe(true);
    expect(solutionOf(source)).toBe('  return 1;');
    expect(replaceSolution(source, 'const x = 2;\n\nreturn x;')).toBe(
      'function f(): number {\n  const x = 2;\n\n  return x;\n}\n',
    );
    expect(hasSolution('// BEGIN SOLUTION\nreturn 1;')).toBe(false);
  });
});
