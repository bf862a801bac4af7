// Changes the reference answers in many small ways and lets the grader's tests judge each: a mutant with full points is
// a hole in the tests, or stands in the chapter's answers/survivors.json with the reason why it is right.
// npm run mutants:answers [-- WORD…] [--all] [--seed N]: chapters or exercises whose names begin so; every mutant of
// trained answers, not a sample.
import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chosen } from '../../support/chapters.mjs';
import { fileURLToPath } from 'node:url';
import { programOf } from './mutants/program.mjs';

const require = createRequire(import.meta.url);
const { assignment, assignmentNames } = require('../../../src/dist/tools/assignments/assignment.js');
const { generator } = require('../../../src/dist/parts/random/index.js');
const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..', '..');
const shim = path.join(root, 'src', 'setup', 'node-shim.cjs');

/** The mutants that are right, by exercise, each with the reason. */
function survivorsOf(notebook) {
  const file = path.join(root, 'src', 'course', notebook, 'answers', 'survivors.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Exercises with more seconds than this train: each call costs, so a sample of their mutants is tried. */
const TRAINED_SECONDS = 15;
const SAMPLE = 3;
/** A native call can't be interrupted: the process that hangs in one is replaced. */
const HANGS_MS = 120_000;

const words = process.argv.slice(2);
const all = words.includes('--all');
const seedAt = words.indexOf('--seed');
const draws = seedAt < 0 ? 1 : Number(words[seedAt + 1]);
const asked = words.filter((word, i) => !word.startsWith('--') && (seedAt < 0 || i !== seedAt + 1));

/** A process with one notebook's program. It is started when it is first asked, and again after it has ended. */
class Judge {
  #child;
  #cells;

  constructor(cells) {
    this.#cells = cells;
  }

  async #start() {
    this.#child = fork(path.join(here, 'mutants', 'judged-here.mjs'), {
      execArgv: ['--require', shim],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return this.#ask({ load: this.#cells });
  }

  #ask(message) {
    return new Promise((resolve) => {
      const done = (answer) => {
        clearTimeout(timer);
        this.#child?.removeAllListeners();
        resolve(answer);
      };
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), HANGS_MS);
      this.#child.once('message', done);
      this.#child.once('exit', () => {
        this.#child = undefined;
        done({ killed: { test: 'the process ended, or hung', hidden: true } });
      });
      this.#child.send(message);
    });
  }

  /** Names of the mutants that need no change of the text. */
  async wholes() {
    return (await this.#answer({ wholes: true })).wholes;
  }

  /** What kills a mutant, and whether it changes nothing. */
  attempt(mutant) {
    return this.#answer(mutant);
  }

  async #answer(message) {
    const loaded = this.#child ? {} : await this.#start();
    if (loaded.killed) throw new Error(`the program of mutants can't be loaded: ${loaded.killed.test}`);
    const answer = loaded.broken ? loaded : await this.#ask(message);
    if (answer.broken) throw new Error(answer.broken);
    return answer;
  }

  end() {
    this.#child?.kill();
  }
}

async function tryExercise(judge, notebook, { exercise }, mutants) {
  const { name } = exercise;
  const listed = new Map(
    (survivorsOf(notebook)[name] ?? []).flatMap(({ reason, mutants: keys }) => keys.map((key) => [key, reason])),
  );
  const own = mutants.filter((mutant) => mutant.exercise === name);
  const everything = [...own, ...(await judge.wholes()).map((whole) => ({ key: whole, whole, called: name, id: '' }))];
  const isTrained = exercise.seconds > TRAINED_SECONDS;
  const tried = isTrained && !all ? generator(draws).shuffle(everything).slice(0, SAMPLE) : everything;
  const counts = { tried: 0, killed: 0, shown: 0, listed: 0 };
  const problems = [];
  const { killed: reference } = await judge.attempt({ notebook, name, called: name, mutant: '', draws });
  if (reference) problems.push(`the reference answer itself fails: ${reference.test}: ${reference.message}`);
  for (const { called, id, key, whole } of tried) {
    const { killed, isIdle } = await judge.attempt({ notebook, name, called, mutant: id, whole, draws });
    if (isIdle) continue;
    counts.tried++;
    if (killed) counts.killed++;
    if (killed && !killed.hidden) counts.shown++;
    if (!killed && listed.has(key)) counts.listed++;
    if (!killed && !listed.has(key)) problems.push(`survives: ${key}`);
    if (killed && listed.has(key)) problems.push(`is listed as a survivor, but "${killed.test}" kills it: ${key}`);
  }
  for (const key of listed.keys())
    if (!everything.some((mutant) => mutant.key === key))
      problems.push(`is listed as a survivor, but there is no such mutant: ${key}`);
  console.log(
    `[${problems.length > 0 ? 'fail' : 'ok'}] ${notebook}, ${name}: ${counts.tried} mutants${tried.length < everything.length ? `, a sample of ${everything.length}` : ''}, ${counts.killed} killed, ${counts.shown} of them by visible tests; ${counts.listed} survivors listed`,
  );
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length === 0;
}

let isRight = true;
for (const notebook of chosen(assignmentNames())) {
  const exercises = assignment(notebook).exercises.filter(
    ({ exercise }) =>
      asked.length === 0 || asked.some((word) => notebook.startsWith(word) || exercise.name.startsWith(word)),
  );
  if (exercises.length === 0) continue;
  const { cells, mutants } = await programOf(notebook);
  const judge = new Judge(cells);
  for (const exercise of exercises) isRight = (await tryExercise(judge, notebook, exercise, mutants)) && isRight;
  judge.end();
}
if (!isRight) process.exitCode = 1;
