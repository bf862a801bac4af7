// Grades answers to single exercises in real sandboxes, two at a time.
import { createRequire } from 'node:module';
import { twoAtATime } from '../../support/two-at-a-time.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../src/dist/tools/assignments/${name}.js`);
const { assignment, referenceFile } = dist('assignment');
const { Compiler } = dist('compiler');
const { RunnerPool } = dist('runner');
const { grade } = dist('grade');
const { replaceSolution, hasSolution } = dist('release/solutions');
const { readNotebook, codeCells } = require('../../../src/dist/tools/notebook/index.js');

/** Whether a cell declares the function that an exercise asks for. */
const declares = (source, exercise) => new RegExp(`^(async )?function ${exercise}\\(`, 'm').test(source);

const references = new Map();

/** The cells of a notebook with references. */
function referenceCells(name) {
  if (!references.has(name)) references.set(name, codeCells(readNotebook(referenceFile(name))));
  return references.get(name).map(({ id, source }) => ({ id, source }));
}

/**
 * The cells of a notebook with references, with this code as the answer of one exercise; without code, the reference.
 */
export const cellsWith = (name, exercise, code) => cellsWithAll(name, [{ exercise, code }]);

/** The same with an answer to each of several exercises: `{ exercise, code }`. */
function cellsWithAll(name, answers) {
  const cells = referenceCells(name);
  for (const { exercise, code } of answers) {
    const cell = cells.find(({ source }) => hasSolution(source) && declares(source, exercise));
    if (!cell) throw new Error(`${name}: no cell has an answer for ${exercise}`);
    if (code !== undefined) cell.source = replaceSolution(cell.source, code);
  }
  return cells;
}

/**
 * What the exercises of each submission, `{ name, exercises, cells, seconds }`, got (without seconds, within their
 * own), and what its cells did: `{ exercises, cells }`, in their order. `each` is told of every one as it comes.
 */
export async function gradesOf(submissions, secret, each = () => undefined) {
  const compiler = new Compiler('bubblewrap');
  const pool = new RunnerPool('bubblewrap', 2);
  const results = [];
  await twoAtATime(submissions.entries(), async ([i, submission]) => {
    const current = assignment(submission.name);
    results[i] = await grade(current, submission.cells, {
      compiler,
      freshRunner: () => pool.take(current.preload),
      secret,
      only: submission.exercises,
      exerciseSeconds: submission.seconds,
    });
    each(submission, results[i]);
  });
  await pool.close();
  await compiler.close();
  return results;
}

/**
 * Answers that one student could hand in, `{ name, seconds, jobs }`: one to an exercise. One that calls another
 * exercise's function comes with its reference, so that it isn't graded for another's mistake.
 */
function submissionsOf(jobs) {
  const submissions = [];
  const calls = (job, other) => job.calls.includes(other.exercise) && other.code !== undefined;
  for (const job of jobs) {
    const { name, seconds } = job;
    const fits = (submission) =>
      submission.name === name &&
      submission.seconds === seconds &&
      submission.jobs.every((other) => other.exercise !== job.exercise && !calls(job, other) && !calls(other, job));
    const found = submissions.find(fits);
    if (found) found.jobs.push(job);
    else submissions.push({ name, seconds, jobs: [job] });
  }
  return submissions.map((submission) => ({
    ...submission,
    exercises: submission.jobs.map(({ exercise }) => exercise),
    cells: cellsWithAll(submission.name, submission.jobs),
  }));
}

/** A job with its title, and with the names of the exercises whose functions its answer calls. */
function titled(job) {
  const { source } = cellsWith(job.name, job.exercise, job.code).find((cell) => declares(cell.source, job.exercise));
  const others = assignment(job.name)
    .exercises.map(({ exercise }) => exercise.name)
    .filter((name) => name !== job.exercise);
  return {
    ...job,
    title: `${job.name}, ${job.exercise}, ${job.style}`,
    calls: others.filter((name) => new RegExp(`\\b${name}\\b`).test(source)),
  };
}

/**
 * Tells of each job, `{ name, exercise, style, code, points, seconds }`, whether it got its points; without points,
 * full marks. As many as can are handed in together. A word on the command line picks those with it in their title.
 */
export async function gradeAll(jobs, secret) {
  const picked = jobs.map(titled).filter(({ title }) => title.includes(process.argv[2] ?? ''));
  await gradesOf(submissionsOf(picked), secret, (submission, { exercises, cells }) => {
    for (const job of submission.jobs)
      tell(
        job,
        exercises.find(({ name }) => name === job.exercise),
        cells,
      );
  });
}

function tell({ name, exercise, title, ...job }, { points, max, tests }, cells) {
  const expected = job.points ?? max;
  const isRight =
    points === expected && max === assignment(name).exercises.find((graded) => graded.exercise.name === exercise).max;
  const details = [
    ...tests.map((test) => `${test.status} ${test.points}/${test.max} ${test.name}: ${test.message ?? ''}`),
    ...cells.map((cell) => `${cell.cell}: ${cell.message}`),
  ];
  console.log(
    `[${isRight ? 'ok' : 'fail'}] ${title}: ${points} of ${max}${isRight ? '' : `, expected ${expected}\n  ${details.join('\n  ')}`}`,
  );
}
