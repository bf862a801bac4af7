// An answer's points must not depend on what the tests draw: every reference, blank and wrong answer gets its exact
// points under many secrets.
// Functions: 5 secrets; trained models and tests of memory: 2; chosen by the environment's SEED. The stage `answers`
// grades under the first of them. `--all`: 200 and 20, always the same. A further word picks titles.
// All answers of a notebook run in one runner, one after the other, each in place of the reference; one that ends its
// runner costs another.
import { createRequire } from 'node:module';
import { chosen } from '../../support/chapters.mjs';
import { knownAnswers } from './known-answers.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../src/dist/tools/assignments/${name}.js`);
const { assignment, assignmentNames, referenceFile } = dist('assignment');
const { Compiler } = dist('compiler');
const { RunnerPool } = dist('runner');
const { drawFor } = dist('exercise-run');
const { judge } = dist('judge');
const { STUB, hasSolution, replaceSolution } = dist('release/solutions');
const { readNotebook, codeCells } = require('../../../src/dist/tools/notebook/index.js');

const all = process.argv.includes('--all');
const filter = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? '';
const COUNTS = all ? { functions: 200, trained: 20 } : { functions: 5, trained: 2 };
const FIRST = all ? 0 : 1;
/** Of answers that hang, each secret takes all of the exercise's seconds. */
const HANGING = all ? 3 : 1;
const TRAINED_SECONDS = 20;
/** Training on a busy machine may take longer than an exercise allows: here the draws are looked at, not the speed. */
const PATIENCE = 10;
const seed = all ? 'all' : (process.env.SEED ?? '1');
const compiler = new Compiler('bubblewrap');
const pool = new RunnerPool('bubblewrap', 1);

for (const name of chosen(assignmentNames())) await tryNotebook(name);
if (filter === '') await tryRandom();
await pool.close();
await compiler.close();

/**
 * Whatever a function draws itself, from `Math.random` or in TensorFlow, it draws again at each call, in every process,
 * and after it has replaced the source.
 */
async function tryRandom() {
  const training = `import * as tf from '@tensorflow/tfjs-node';
async function draws(): Promise<number[]> {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: 'relu', inputShape: [2] }), tf.layers.dropout({ rate: 0.5 }), tf.layers.dense({ units: 1, kernelInitializer: 'randomNormal' })] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await model.fit(tf.ones([40, 2]), tf.range(0, 40), { epochs: 3, batchSize: 7, verbose: 0 });
  return [Math.random(), ...model.getWeights().flatMap((weight) => Array.from(weight.dataSync()))];
}`;
  const found = [];
  for (const before of ['', 'Math.random = () => 0.5;', 'Math.random();']) {
    const runner = pool.take(['@tensorflow/tfjs-node']);
    await runner.problem;
    for (const { cell } of await compiler.compile([training, before])) await runner.runCell(cell, 60);
    for (let i = 0; i < 2; i++)
      found.push(JSON.stringify((await runner.call('draws', '(answer) => answer()', [], 60)).outcome));
    await runner.kill();
  }
  const isFine = new Set(found).size === 1 && JSON.parse(found[0]).returned?.length === 14;
  console.log(
    `[${isFine ? 'ok' : 'fail'}] what is random repeats at each call and in each process${isFine ? '' : `: ${found.join('; ')}`}`,
  );
}

/** The answers of a notebook's exercises, with the points they must get. */
function answersOf(name, cells) {
  return assignment(name).exercises.flatMap((graded) => {
    const { exercise, tests, max } = graded;
    const at = cells.findIndex(
      (source) => hasSolution(source) && new RegExp(`^(async )?function ${exercise.name}\\(`, 'm').test(source),
    );
    const isTrained = exercise.seconds > TRAINED_SECONDS || tests.some(({ test }) => test.memory);
    const variants = [
      ['the reference', undefined, max],
      ['the blank', STUB, 0],
      ...knownAnswers(name)
        .filter((known) => known.exercise === exercise.name && known.kind === 'wrong')
        .map(({ name: mistake, code, points }) => [`wrong: ${mistake}`, code, points]),
    ];
    return variants.map(([style, code, points]) => ({
      graded,
      at,
      source: code === undefined ? cells[at] : replaceSolution(cells[at], code),
      points,
      isTrained,
      title: `${name}, ${exercise.name}, ${style}`,
    }));
  });
}

async function tryNotebook(name) {
  const cells = codeCells(readNotebook(referenceFile(name))).map(({ source }) => source);
  const answers = answersOf(name, cells).filter(({ title }) => title.includes(filter));
  if (answers.length === 0) return;
  // Each answer is a cell of its own after the reference's, and so is each reference once more, to be put back.
  const sources = [...cells, ...answers.flatMap(({ source, at }) => [source, cells[at]])];
  const compiled = await compiler.compile(sources);
  let runner;
  const fresh = async () => {
    runner = pool.take(assignment(name).preload);
    const problem = await runner.problem;
    if (problem !== undefined) throw new Error(problem);
    for (const cell of compiled.slice(0, cells.length)) if ('cell' in cell) await runner.runCell(cell.cell, 60);
  };
  for (const [i, answer] of answers.entries()) {
    const [own, reference] = compiled.slice(cells.length + 2 * i);
    const put = async () => {
      if (!runner?.lives) await fresh();
      await runner.runCell('cell' in own ? own.cell : reference.cell, 60);
    };
    await put();
    const points =
      'cell' in own
        ? await pointsUnderAll(name, answer, () => runner, put)
        : new Map([[own.refused, { times: 1, example: 'none' }]]);
    const isFine = points.size === 1 && points.has(answer.points);
    const told = [...points]
      .map(
        ([value, { times, example }]) =>
          `${value} points in ${times}${value === answer.points ? '' : ` (secret ${example})`}`,
      )
      .join(', ');
    console.log(
      `[${isFine ? 'ok' : 'fail'}] ${answer.title}: ${isFine ? told : `expected ${answer.points} always, got ${told}`}`,
    );
    if (runner.lives) await runner.runCell(reference.cell, 60);
  }
  await runner?.kill();
}

/** For each number of points, under how many secrets the answer got it. */
async function pointsUnderAll(name, { graded: { exercise, tests }, isTrained }, runner, put) {
  const [secrets, seconds] = isTrained
    ? [COUNTS.trained, exercise.seconds * PATIENCE]
    : [COUNTS.functions, exercise.seconds];
  const found = new Map();
  let hung = 0;
  for (let i = FIRST; i < secrets && hung < HANGING; i++) {
    const secret = `${seed}-${i}`;
    let [points, isBroken] = [0, false];
    const start = performance.now();
    for (const graded of tests) {
      if (isBroken) break;
      const draw = drawFor(secret, name, exercise.name, graded.test.name);
      const { status } = await judge(runner(), exercise.name, graded, draw, {
        left: () => Math.max(0.1, seconds - (performance.now() - start) / 1000),
        seconds: exercise.seconds,
      });
      if (status === 'pass') points += graded.test.points;
      isBroken = status === 'timeout' || status === 'crashed';
    }
    if (isBroken) {
      hung++;
      await put();
    }
    const before = found.get(points) ?? { times: 0, example: secret };
    found.set(points, { ...before, times: before.times + 1 });
  }
  return found;
}
