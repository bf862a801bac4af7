import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { complete } from '../../../../src/tools/assignments/complete';
import { readAllResults, writeResult } from '../../../../src/tools/assignments/report/files';
import { writeGrades } from '../../../../src/tools/assignments/report/grades';
import type { Result, WordsResult } from '../../../../src/tools/assignments/result';
import { readHandedIn } from '../../../../src/tools/assignments/submissions/read-notebook';
import { takeWords } from '../../../../src/tools/assignments/take-words';
import { answersInWords } from '../../../../src/tools/assignments/words/answers';
import { readMarks } from '../../../../src/tools/assignments/words/marks';
import { LOGISTIC, notebookOf, type Cells } from './notebooks';

const rows = z.array(z.record(z.string(), z.string()));
const markdown = (id: string, source: string): Cells[number] => ({ cell_type: 'markdown', id, metadata: {}, source });
const withAnswer = (answer: string, change: (cells: Cells) => unknown = (cells) => cells): string =>
  notebookOf(LOGISTIC, {
    change: (cells) => change(cells.map((cell) => (cell.id === 'written' ? { ...cell, source: answer } : cell))),
  });
const wordsIn = (content: string): WordsResult => {
  const read = readHandedIn(Buffer.from(content));
  if ('problem' in read) throw new Error(read.problem);
  return answersInWords(read.cells, LOGISTIC)[0];
};
const withoutIds = (cells: Cells): unknown => cells.map(({ id: _, metadata: __, ...cell }) => cell);

describe('an answer in words is found', () => {
  it('by the id of its cell, with the cells of their own below it', () => {
    expect(wordsIn(withAnswer('Fraud.'))).toEqual({ question: 'written', max: 2, found: 'answered', answer: 'Fraud.' });
    expect(wordsIn(withAnswer('*Your answer here.*\n\nFraud.')).answer).toBe('Fraud.');
    expect(wordsIn(withAnswer('Fraud.', (cells) => [...cells, markdown('mine', 'And more.')])).answer).toBe(
      'Fraud.\n\nAnd more.',
    );
    expect(
      wordsIn(withAnswer('*Your answer here.*', (cells) => [...cells, markdown('mine', 'In a cell of my own.')]))
        .answer,
    ).toBe('In a cell of my own.');
  });

  it("by nbgrader's id, where cells have got new ones", () => {
    expect(
      wordsIn(
        withAnswer('Fraud.', (cells) =>
          cells.map((cell) => ({
            ...cell,
            id: `new-${String(cell.id)}`,
            metadata: cell.id === 'written' ? { nbgrader: { grade_id: 'written' } } : {},
          })),
        ),
      ),
    ).toMatchObject({ found: 'answered', answer: 'Fraud.' });
  });

  it('by the text of its task, where ids and metadata are gone', () => {
    expect(wordsIn(withAnswer('Fraud.', withoutIds))).toMatchObject({ found: 'answered', answer: 'Fraud.' });
    expect(wordsIn(withAnswer('*Your answer here.*', withoutIds))).toMatchObject({ found: 'blank', answer: '' });
  });

  it('in the cell of the task, in a raw cell, and in a code cell with a comment', () => {
    expect(
      wordsIn(
        withAnswer('', (cells) =>
          cells
            .filter(({ id }) => id !== 'written')
            .map((cell) => (cell.id === 'task-7' ? { ...cell, source: `${cell.source as string}\n\nFraud.` } : cell)),
        ),
      ),
    ).toMatchObject({ found: 'answered', answer: 'Fraud.' });
    expect(
      wordsIn(
        withAnswer('Fraud.', (cells) =>
          cells.map((cell) => (cell.id === 'written' ? { ...cell, cell_type: 'raw' } : cell)),
        ),
      ),
    ).toMatchObject({ found: 'answered', answer: 'Fraud.' });
    expect(
      wordsIn(
        withAnswer('', (cells) =>
          cells.map((cell) =>
            cell.id === 'written' ? { cell_type: 'code', id: 'x', metadata: {}, source: '// Fraud.' } : cell,
          ),
        ),
      ),
    ).toMatchObject({ found: 'answered', answer: '// Fraud.' });
  });

  it('or given to a person with the reason, where neither id nor task is left', () => {
    const lost = wordsIn(withAnswer('', () => [markdown('a', 'Screening, the threshold goes down.')]));
    expect(lost).toMatchObject({ found: 'unsure', answer: 'Screening, the threshold goes down.' });
    expect(lost.why).toContain('neither the cell for the answer nor its task is recognized');
    const moved = wordsIn(
      withAnswer('', (cells) => [markdown('a', 'I answer up here.'), ...cells.filter(({ id }) => id !== 'written')]),
    );
    expect(moved).toMatchObject({ found: 'unsure', answer: 'I answer up here.' });
    expect(moved.why).toContain('the cell for the answer is gone');
  });

  it('nowhere, where nothing was written', () => {
    expect(wordsIn(withAnswer('  *Your answer here.* '))).toMatchObject({ found: 'blank', answer: '' });
    expect(wordsIn(withAnswer('', (cells) => cells.filter(({ id }) => id !== 'written')))).toMatchObject({
      found: 'blank',
    });
  });
});

const resultOf = (student: string, answer: string): Result => {
  const result: Result = {
    schema: 1,
    student,
    assignment: LOGISTIC,
    key: 'k',
    trusted: true,
    sandbox: { kind: 'bubblewrap', limits: 'watcher', userNamespaces: 'closed' },
    points: 20,
    max: 27,
    cells: [],
    exercises: [],
  };
  return complete(result, { file: `${student}/${LOGISTIC}.ipynb` }, Buffer.from(withAnswer(answer)), []);
};

describe('marks for answers in words', () => {
  let out = '';
  const file = (name: string): string => path.join(out, name);
  const table = (name: string): Record<string, string>[] =>
    rows.parse(parse(readFileSync(file(name)), { columns: true, bom: true }));
  const feedback = (student: string): string =>
    readFileSync(path.join(out, 'results', student, LOGISTIC, 'feedback.html'), 'utf8');
  const fill = (name: string, lines: readonly string[]): string => {
    writeFileSync(file(name), lines.join('\r\n'));
    return file(name);
  };
  const everything = (): string[] =>
    readdirSync(out, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .map((name) => `${name} ${readFileSync(file(name), 'utf8')}`);

  beforeEach(() => {
    out = mkdtempSync(path.join(os.tmpdir(), 'words-'));
    for (const [student, answer] of [
      ['007', 'Fraud, the threshold goes down.'],
      ['Müller', '<script>alert(1)</script> Screening;\n=SUM(A1)'],
      ['zoë', '*Your answer here.*'],
    ] as const)
      writeResult(out, resultOf(student.normalize('NFC'), answer));
    writeGrades(out);
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  it('go from words.csv to feedback and tables', () => {
    expect(table('words.csv').map(({ student, points, max }) => [student, points, max])).toEqual([
      ['007', '', '2'],
      ['Müller', '', '2'],
      ['zoë', '', '2'],
    ]);
    expect(feedback('007')).toContain('Not marked yet, of 2');
    expect(table('summary.csv')[0]).toMatchObject({
      student: '007',
      [`${LOGISTIC} (of 29)`]: '20',
      notes: `answers in words not marked yet: ${LOGISTIC}`,
    });
    const given = fill('mine.csv', [
      'assignment,student,question,points,comment',
      `${LOGISTIC},007,written,1.5,"Say <why>, please"`,
      `${LOGISTIC},Müller,written,2,`,
    ]);
    expect(takeWords(out, given)).toMatchObject({ changed: 2, withdrawn: 0, written: { toMark: 0 } });
    expect(feedback('007')).toContain('<strong>1.5 of 2</strong>: Say &lt;why&gt;, please');
    expect(feedback('007')).toContain('With the answers in words: 21.5 of 29');
    expect(table('summary.csv').map((row) => row[`${LOGISTIC} (of 29)`])).toEqual(['21.5', '22', '20']);
    expect(table('words.csv').map(({ points, comment }) => [points, comment])).toEqual([
      ['1.5', 'Say <why>, please'],
      ['2', ''],
      ['', ''],
    ]);
    expect(
      table('grades.csv')
        .filter(({ test }) => test === 'answer in words')
        .map(({ status, points }) => [status, points]),
    ).toEqual([
      ['marked', '1.5'],
      ['marked', '2'],
      ['nothing written', '0'],
    ]);
  });

  it('are shown escaped, by question', () => {
    const page = readFileSync(file('words.html'), 'utf8');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Screening;\n=SUM(A1)');
    expect(page).not.toContain('<script');
    expect(page).toContain('Nothing was written by: zoë.');
    expect(page.match(/<h2 /g)).toHaveLength(1);
  });

  it('are read as spreadsheets save them: semicolons, decimal commas, numbers without their zeros, other encodings', () => {
    takeWords(out, fill('de.csv', ['\ufeffAssignment;Student;Question;Points', `${LOGISTIC};7;written;0,5`]));
    expect(readMarks(out)).toMatchObject([{ student: '007', points: 0.5 }]);
    writeFileSync(
      file('old.csv'),
      Buffer.from(`assignment,student,question,points\r\n${LOGISTIC},M\u00fcller,written,1\r\n`, 'latin1'),
    );
    takeWords(out, file('old.csv'));
    expect(readMarks(out)).toMatchObject([{ student: '007' }, { student: 'Müller', points: 1 }]);
    writeFileSync(
      file('text.txt'),
      Buffer.from(
        `\ufeffassignment\tstudent\tquestion\tpoints\r\n${LOGISTIC}\tMu\u0308ller\twritten\t2\r\n`,
        'utf16le',
      ),
    );
    takeWords(out, file('text.txt'));
    expect(readMarks(out)).toMatchObject([{ student: '007' }, { student: 'Müller', points: 2 }]);
  });

  it('that are wrong are named, each line, and nothing is taken in', () => {
    const before = everything();
    const bad = [
      'assignment,student,question,points',
      `${LOGISTIC},007,written,2`,
      `${LOGISTIC},Müller,written,good`,
      `${LOGISTIC},zoë,written,2.5`,
      `${LOGISTIC},nobody,written,1`,
      `${LOGISTIC},007,other,1`,
      `03-gradient-descent,007,written,1`,
      `${LOGISTIC},007,written,-1`,
      `${LOGISTIC},007,written,1`,
    ];
    const named =
      /no mark was taken in[^]*line 3: "Müller".*a number from 0 to 2, got "good"[^]*line 4: "zoë".*2.5 points are more than the 2[^]*line 5: unknown student "nobody"[^]*line 6: .*no question "other"[^]*line 7: .*no result for "03-gradient-descent"[^]*line 8: .*got "-1"[^]*line 9: .*line 2 marks the same answer/;
    expect(() => takeWords(out, fill('bad.csv', bad))).toThrow(named);
    rmSync(file('bad.csv'));
    expect(everything()).toEqual(before);
    expect(() => takeWords(out, fill('bad.csv', ['a,b', '1,2']))).toThrow(
      /there is no column assignment, student, question, points/,
    );
    expect(() => takeWords(out, fill('bad.csv', ['']))).toThrow(/no column/);
    expect(() => takeWords(out, file('missing.csv'))).toThrow(/missing\.csv.*expected the table words\.csv/);
    expect(() =>
      takeWords(out, fill('bad.csv', ['assignment,student,question,points', `${LOGISTIC},"007,written,1`])),
    ).toThrow(/bad\.csv.*expected the table words\.csv/);
  });

  it('of several people add up: empty points leave marks as they are, and a dash takes one back', () => {
    takeWords(
      out,
      fill('a.csv', ['assignment,student,question,points', `${LOGISTIC},007,written,2`, `${LOGISTIC},Müller,written,`]),
    );
    takeWords(
      out,
      fill('b.csv', ['assignment,student,question,points', `${LOGISTIC},007,written,`, `${LOGISTIC},Müller,written,1`]),
    );
    expect(readMarks(out)).toMatchObject([
      { student: '007', points: 2 },
      { student: 'Müller', points: 1 },
    ]);
    expect(
      takeWords(out, fill('c.csv', ['assignment,student,question,points', `${LOGISTIC},007,written,-`])),
    ).toMatchObject({ withdrawn: 1, written: { toMark: 1 } });
    expect(readMarks(out)).toMatchObject([{ student: 'Müller' }]);
  });

  it('that are filled in and not taken in yet outlive another run; what has no place any more is put aside', () => {
    const text = readFileSync(file('words.csv'), 'utf8');
    writeFileSync(file('words.csv'), text.replace('goes down.",,2,', 'goes down.",1.5,2,'));
    expect(table('words.csv')[0].points).toBe('1.5');
    writeResult(out, resultOf('late', 'Me too.'));
    writeGrades(out);
    expect(table('words.csv').map(({ student, points }) => [student, points])).toEqual([
      ['007', '1.5'],
      ['Müller', ''],
      ['late', ''],
      ['zoë', ''],
    ]);
    rmSync(path.join(out, 'results', '007'), { recursive: true });
    const { kept } = writeGrades(out);
    expect(kept).toBe(file('words-before-1.csv'));
    expect(table('words-before-1.csv')[0]).toMatchObject({ student: '007', points: '1.5' });
    writeFileSync(file('words.csv'), 'notes of my own');
    expect(writeGrades(out).kept).toBe(file('words-before-2.csv'));
    expect(existsSync(file('words-before-2.csv'))).toBe(true);
  });

  it('hold for the answer that was marked, and not for another', () => {
    const old = table('words.csv')[0];
    takeWords(out, fill('a.csv', ['assignment,student,question,points', `${LOGISTIC},007,written,2`]));
    const [{ student, assignment }] = readAllResults(out).results;
    const again = (answer: string): Result =>
      complete(resultOf('007', ''), { file: 'x' }, Buffer.from(withAnswer(answer)), readMarks(out));
    expect(again('Fraud, the threshold goes down.').words?.[0].mark).toEqual({ points: 2 });
    expect(again('Something else.').words?.[0].mark).toBeUndefined();
    writeResult(out, again('Something else.'));
    expect(() =>
      takeWords(
        out,
        fill('late.csv', [
          'assignment,student,question,answer,points',
          `${assignment},${student},written,"${old.answer}",1`,
        ]),
      ),
    ).toThrow(/the answer has changed since this table was made/);
  });
});
