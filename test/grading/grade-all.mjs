// Grades answers to single exercises in real sandboxes, two at a time.
import { createRequire } from 'node:module';
import { twoAtATime } from '../support/two-at-a-time.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../src/dist/grader/${name}.js`);
const { assignment, referenceFile } = dist('assignment');
const { Compiler } = dist('compiler');
const { RunnerPool } = dist('runner');
const { grade } = dist('grade');
const { replaceSolution, hasSolution } = dist('release/solutions');
const { readNotebook, codeCells } = require('../../src/dist/notebook/index.js');

/** The cells of a notebook with references, with this code as the answer of one exercise; without code, the reference. */
export function cellsWith(name, exercise, code) {
  const isIt = new RegExp(`^(async )?function ${exercise}\\(`, 'm');
  const cells = codeCells(readNotebook(referenceFile(name))).map(({ id, source }) => ({ id, source, holds: hasSolution(source) && isIt.test(source) }));
  if (!cells.some(({ holds }) => holds)) throw new Error(`${name}: no cell has an answer for ${exercise}`);
  return cells.map(({ id, source, holds }) => ({ id, source: holds && code !== undefined ? replaceSolution(source, code) : source }));
}

/** What the exercise of each job, `{ name, exercise, cells, seconds }`, got (without seconds, within the exercise's own), and what its cells did: `{ exercise, cells }`, in their order. `each` is told of every one as it comes. */
export async function gradesOf(jobs, secret, each = () => undefined) {
  const compiler = new Compiler('bubblewrap');
  const pool = new RunnerPool('bubblewrap', 2);
  const results = [];
  await twoAtATime(jobs.entries(), async ([i, job]) => {
    const current = assignment(job.name);
    const { exercises: [exercise], cells } = await grade(current, job.cells, { compiler, freshRunner: () => pool.take(current.preload), secret, only: [job.exercise], exerciseSeconds: job.seconds });
    results[i] = { exercise, cells };
    each(job, results[i]);
  });
  await pool.close();
  await compiler.close();
  return results;
}

/** Tells of each job, `{ name, exercise, style, code, points, seconds }`, whether it got its points; without points, full marks. A word on the command line picks those with it in their title. */
export async function gradeAll(jobs, secret) {
  const titled = jobs.map((job) => ({ ...job, title: `${job.name}, ${job.exercise}, ${job.style}`, cells: cellsWith(job.name, job.exercise, job.code) })).filter(({ title }) => title.includes(process.argv[2] ?? ''));
  await gradesOf(titled, secret, (job, { exercise: { points, max, tests }, cells }) => {
    const expected = job.points ?? max;
    const isRight = points === expected && max === assignment(job.name).exercises.find(({ exercise }) => exercise.name === job.exercise).max;
    const details = [...tests.map((test) => `${test.status} ${test.points}/${test.max} ${test.name}: ${test.message ?? ''}`), ...cells.map((cell) => `${cell.cell}: ${cell.message}`)];
    console.log(`[${isRight ? 'ok' : 'fail'}] ${job.title}: ${points} of ${max}${isRight ? '' : `, expected ${expected}\n  ${details.join('\n  ')}`}`);
  });
}
