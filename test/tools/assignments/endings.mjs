// Submissions whose cells or answers hang, end their process, are slow or lie in unusual places: grading ends, and each
// costs what it deserves.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { baseCells, HONEST, notebook } from './hostile/corpus.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../src/dist/tools/assignments/${name}.js`);
const { assignment } = dist('assignment');
const { Compiler } = dist('compiler');
const { Runner, RunnerPool } = dist('runner');
const { grade } = dist('grade');
const { gradeOne } = dist('grade-one');
const { readResult, writeResult } = dist('report/files');
const { longTable } = dist('report/tables');

const NAME = '04-logistic-regression';
const HANG = 'for (;;);';
const NEVER = 'await new Promise(() => undefined);';
const current = assignment(NAME);
const compiler = new Compiler('bubblewrap');
const pool = new RunnerPool('bubblewrap', 1);
const tell = (isFine, title, more = '') =>
  console.log(`[${isFine ? 'ok' : 'fail'}] ${title}${more ? `: ${more}` : ''}`);

// All cells of the notebook as the author of the corpus has solved it: one answer, precisionAndRecall, is right.
const cells = baseCells().map(({ id, source }) => ({ id, source }));
const own = (source, id = 'own') => ({ id, source });
const changed = (id, change) => cells.map((cell) => (cell.id === id ? { ...cell, source: change(cell.source) } : cell));
const answer = cells.find(({ id }) => id === 'precision-recall').source;
const statusOf = (result, id) => result.cells.find(({ cell }) => cell === id)?.status;

/** Each: title, cells, options besides the limit of 2 s for a cell, and what the result must be beyond its points. */
const cases = [
  [
    'a right function in a cell that then hangs',
    changed('precision-recall', (source) => `${source}\n${HANG}`),
    {},
    (result) => statusOf(result, 'precision-recall') === 'timeout',
  ],
  [
    'a right function in a cell that then waits for ever',
    changed('precision-recall', (source) => `${source}\n${NEVER}`),
    {},
    (result) => statusOf(result, 'precision-recall') === 'timeout',
  ],
  [
    'a right function in a cell that hangs before it',
    changed('precision-recall', (source) => `${HANG}\n${source}`),
    {},
  ],
  [
    'a right function that uses what its cell computed before it hung',
    changed(
      'precision-recall',
      (source) =>
        `const pair = [1, 0].map((one) => one);\n${source.replaceAll('count(1, 0)', 'count(pair[0], pair[1])')}\n${HANG}\nconst late = 1;`,
    ),
    {},
  ],
  [
    'a right function in a cell that then exits',
    changed('precision-recall', (source) => `${source}\nprocess.exit();`),
    {},
    (result) => statusOf(result, 'precision-recall') === 'error',
  ],
  [
    'a right function in a cell that then kills its process',
    changed('precision-recall', (source) => `${source}\nprocess.kill(process.pid, 'SIGKILL');`),
    {},
    (result) => statusOf(result, 'precision-recall') === 'crashed',
  ],
  [
    'a right function in a cell that then fills its memory',
    changed(
      'precision-recall',
      (source) =>
        `${source}\nconst lists: number[][] = [];\nfor (;;) lists.push(Array.from({ length: 1e6 }, Math.random));`,
    ),
    { cellSeconds: 60 },
  ],
  [
    'a right function in a cell that throws',
    changed('precision-recall', (source) => `${source}\nthrow new Error('mine');`),
    {},
    (result) => statusOf(result, 'precision-recall') === 'error',
  ],
  [
    'a cell that leaves a hanging timer behind',
    // The second cell ends after the timer is due, so that it fires before the third begins.
    [
      own(`setTimeout(() => {\n  ${HANG}\n}, 50);`),
      own('const due = Date.now() + 100;\nwhile (Date.now() < due);', 'own-2'),
      ...cells,
    ],
    {},
    (result) => result.cells.some(({ cell }) => cell === 'all cells'),
  ],
  [
    'a cell that leaves a timer behind that kills the process',
    [own("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);"), ...cells],
    {},
  ],
  [
    'eight cells that hang',
    [...Array.from({ length: 8 }, (_, i) => own(HANG, `own-${i}`)), ...cells],
    { cellSeconds: 1 },
  ],
  [
    'four slow cells',
    [
      ...cells,
      ...Array.from({ length: 4 }, (_, i) =>
        own('await new Promise((resolve) => setTimeout(resolve, 10_100));', `own-${i}`),
      ),
    ],
    { cellSeconds: 30 },
    (result) => result.cells.filter(({ status }) => status === 'slow').length === 4,
  ],
  [
    'cells that take all the time there is',
    [
      ...Array.from({ length: 30 }, (_, i) =>
        own('await new Promise((resolve) => setTimeout(resolve, 1500));', `own-${i}`),
      ),
      ...cells,
    ],
    { submissionSeconds: 20 },
  ],
  [
    'an answer typed into the check cell',
    changed('precision-recall', () => '').map((cell) =>
      cell.id === 'precision-recall-check' ? { ...cell, source: `${answer}\n${cell.source}` } : cell,
    ),
    {},
  ],
  [
    'an answer merged with the check cell',
    cells
      .filter(({ id }) => id !== 'precision-recall-check')
      .map((cell) =>
        cell.id === 'precision-recall'
          ? {
              id: 'precision-recall-check',
              source: `${cell.source}\n\nawait check('precisionAndRecall', { hints: 1 });`,
            }
          : cell,
      ),
    {},
  ],
  [
    'an answer merged with all that follows',
    [{ id: 'merged', source: cells.map(({ source }) => source).join('\n') }],
    {},
  ],
];
const filter = process.argv[2] ?? '';
for (const [title, submitted, options, also = () => true] of cases.filter(([name]) => name.includes(filter))) {
  const result = await grade(current, submitted, {
    compiler,
    freshRunner: () => pool.take(current.preload),
    secret: 'endings',
    cellSeconds: 2,
    ...options,
  });
  const points = result.exercises.reduce((sum, exercise) => sum + exercise.points, 0);
  const isFine = points === HONEST && also(result);
  tell(
    isFine,
    title,
    `${points} points${isFine ? '' : `, expected ${HONEST}; ${JSON.stringify(result.cells)} ${JSON.stringify(result.exercises.map(({ name, tests }) => [name, tests.map((test) => [test.status, test.message])]))}`}`,
  );
}

// Functions that never end cost their own exercise.
const slow = await grade(
  current,
  cells.map((cell) =>
    cell.source.includes('function stableLoss') || cell.source.includes('function oneStep')
      ? { ...cell, source: cell.source.replace('{\n', `{\n  ${HANG}\n`) }
      : cell,
  ),
  { compiler, freshRunner: () => pool.take(current.preload), secret: 'endings', exerciseSeconds: 1 },
);
tell(
  slow.exercises.reduce((sum, { points }) => sum + points, 0) === HONEST,
  'two functions that hang cost their own exercises',
);

// A part that can't be loaded is told.
const broken = new Runner('bubblewrap', ['layerwise/nothing-of-the-kind']);
tell(
  /nothing-of-the-kind/.test((await broken.problem) ?? ''),
  'a part that the sandbox lacks is named',
  await broken.problem,
);
await broken.kill();

// Where no process can be started, there is a result that says so, without points, and it doesn't count as graded.
const failing = {
  compiler,
  pool: { take: () => new Runner('bubblewrap', ['layerwise/nothing-of-the-kind']) },
  sandbox: 'bubblewrap',
  secret: 'endings',
};
const submission = { student: 'ann', assignment: NAME, content: Buffer.from(notebook(baseCells())) };
const failed = await gradeOne(submission, failing);
const out = mkdtempSync(path.join(os.tmpdir(), 'endings-'));
writeResult(out, failed);
const rows = longTable({ students: [], results: [failed] })
  .trim()
  .split('\r\n')
  .slice(1)
  .filter((row) => !row.includes(',answer in words,'));
tell(
  /nothing-of-the-kind/.test(failed.ungraded) &&
    readResult(out, 'ann', NAME, failed.key) === undefined &&
    rows.every((row) => /,not[ -](?:graded|run),,\d+,true$/.test(row)),
  'where grading fails there are no points, the reason is said, and it is graded again',
  `${failed.ungraded}; ${rows.at(-1)}`,
);
tell(
  readFileSync(path.join(out, 'results', 'ann', NAME, 'feedback.html'), 'utf8').includes('not graded yet'),
  'the page of feedback says that it is not graded yet',
);
rmSync(out, { recursive: true });
await pool.close();
await compiler.close();
