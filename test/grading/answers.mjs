// Every exercise, graded with its reference answer, blank, with its wrong answers and a slow one: each must get its exact points.
import { createRequire } from 'node:module';
import os from 'node:os';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../src/dist/grader/${name}.js`);
const { assignment, assignmentNames, referenceFile } = dist('assignment');
const { Compiler } = dist('compiler');
const { RunnerPool } = dist('runner');
const { grade } = dist('grade');
const { replaceSolution, hasSolution, STUB } = dist('release/solutions');
const { readNotebook, codeCells } = require('../../src/dist/notebook/index.js');

const filter = process.argv[2] ?? '';
const compiler = new Compiler('bubblewrap');
const pool = new RunnerPool('bubblewrap', 2);

const work = assignmentNames().flatMap((name) => {
  const { exercises } = assignment(name);
  const cells = codeCells(readNotebook(referenceFile(name))).map(({ id, source }) => ({ id, source }));
  return exercises.flatMap(({ exercise, answers, max }) => {
    const cell = cells.find(({ source }) => hasSolution(source) && new RegExp(`^(async )?function ${exercise.name}\\(`, 'm').test(source));
    if (!cell || !answers) throw new Error(`${name}: no answer for ${exercise.name}`);
    const variants = [
      ['the reference', undefined, max],
      ['the blank', STUB, answers.blank ?? 0],
      ...Object.entries(answers.wrong).map(([why, { code, points }]) => [`wrong: ${why}`, code, points]),
      ['the slow one', answers.slow.code, answers.slow.points],
    ];
    return variants.map(([variant, code, points]) => ({
      title: `${name}, ${exercise.name}, ${variant}`,
      points,
      max,
      name,
      exercise: exercise.name,
      cells: cells.map((other) => (other === cell && code !== undefined ? { ...other, source: replaceSolution(other.source, code) } : other)),
    }));
  });
}).filter(({ title }) => title.includes(filter));

async function worker() {
  for (let job = work.shift(); job; job = work.shift()) {
    const current = assignment(job.name);
    const { exercises: [result], cells } = await grade(current, job.cells, { compiler, freshRunner: () => pool.take(current.preload), secret: 'answers', only: [job.exercise] });
    const isRight = result.points === job.points && result.max === job.max;
    console.log(`[${isRight ? 'ok' : 'fail'}] ${job.title}: ${result.points} of ${result.max}${isRight ? '' : `, expected ${job.points}\n  ${result.tests.map((test) => `${test.status} ${test.points}/${test.max} ${test.name}: ${test.message ?? ''}`).join('\n  ')}\n  ${cells.map((cell) => `${cell.cell}: ${cell.message}`).join('\n  ')}`}`);
  }
}
await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, worker));
await pool.close();
await compiler.close();
