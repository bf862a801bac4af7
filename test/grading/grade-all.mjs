// Grades answers to single exercises in real sandboxes, two at a time, and tells of each whether it got its points.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../src/dist/grader/${name}.js`);
const { assignment, referenceFile } = dist('assignment');
const { Compiler } = dist('compiler');
const { RunnerPool } = dist('runner');
const { grade } = dist('grade');
const { replaceSolution, hasSolution } = dist('release/solutions');
const { readNotebook, codeCells } = require('../../src/dist/notebook/index.js');

/** The cells of a notebook with references, with this code as the answer of one exercise; without code, the reference. */
function cellsWith(name, exercise, code) {
  const isIt = new RegExp(`^(async )?function ${exercise}\\(`, 'm');
  const cells = codeCells(readNotebook(referenceFile(name))).map(({ id, source }) => ({ id, source, holds: hasSolution(source) && isIt.test(source) }));
  if (!cells.some(({ holds }) => holds)) throw new Error(`${name}: no cell has an answer for ${exercise}`);
  return cells.map(({ id, source, holds }) => ({ id, source: holds && code !== undefined ? replaceSolution(source, code) : source }));
}

/** Jobs: `{ name, exercise, style, code, points }`; without points, full marks. A word on the command line picks those with it in their title. */
export async function gradeAll(jobs, secret) {
  const compiler = new Compiler('bubblewrap');
  const pool = new RunnerPool('bubblewrap', 2);
  const waiting = jobs.map((job) => ({ ...job, title: `${job.name}, ${job.exercise}, ${job.style}` })).filter(({ title }) => title.includes(process.argv[2] ?? ''));
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const current = assignment(job.name);
      const { max } = current.exercises.find(({ exercise }) => exercise.name === job.exercise);
      const { exercises: [result], cells } = await grade(current, cellsWith(job.name, job.exercise, job.code), { compiler, freshRunner: () => pool.take(current.preload), secret, only: [job.exercise] });
      const expected = job.points ?? max;
      const isRight = result.points === expected && result.max === max;
      const details = [...result.tests.map((test) => `${test.status} ${test.points}/${test.max} ${test.name}: ${test.message ?? ''}`), ...cells.map((cell) => `${cell.cell}: ${cell.message}`)];
      console.log(`[${isRight ? 'ok' : 'fail'}] ${job.title}: ${result.points} of ${result.max}${isRight ? '' : `, expected ${expected}\n  ${details.join('\n  ')}`}`);
    }
  };
  await Promise.all([work(), work()]);
  await pool.close();
  await compiler.close();
}
