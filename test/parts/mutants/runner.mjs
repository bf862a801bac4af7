// Vitest's runner, which after its one file runs a part's tests again and again: once with no mutant to see which tests
// reach which, or once for each mutant that it is told to try. Every run loads the part and its tests anew; TensorFlow
// and other packages stay loaded. What it finds goes line by line into a file, so that a run that is ended isn't lost.
import { appendFileSync, readFileSync } from 'node:fs';
import { startTests } from '@vitest/runner';
import { getFullName, getTests } from '@vitest/runner/utils';
import { TestRunner, vi } from 'vitest';
import { cleanTensorFlow } from './tensorflow.mjs';

const job = JSON.parse(readFileSync(process.env.LAYERWISE_MUTANTS, 'utf8'));
const say = (line) => appendFileSync(job.results, `${JSON.stringify(line)}\n`);
/** Where Stryker's switches look for the current mutant and leave what they were reached by. */
const switches = (globalThis.__stryker__ ??= {});

/** A mutant that turns a loop endless reaches its switch far more often than the right code does. */
const hitLimit = (hits) => 10 * hits + 1_000;
/** A process that has grown to this hands over to the next one. */
const MOST_BYTES = 2_500_000_000;

export default class MutantRunner extends TestRunner {
  #isTrying = false;
  #hasFailed = false;
  /** Names of the tests that run; undefined for all of a file. */
  #wanted;
  #startCpu;
  #cpu = new Map();

  async onAfterRunFiles(files) {
    super.onAfterRunFiles(files);
    if (this.#isTrying) return;
    this.#isTrying = true;
    // What becomes of a mutant's tests is no result of Vitest's run.
    Object.assign(this, { onCollectStart: super.onCollectStart, onCollected: undefined, onTaskUpdate: undefined });
    if (job.mutants) await this.#tryAll();
    else for (const file of job.files) await this.#watch(file);
    say({ done: true });
  }

  async #run(file, wanted) {
    vi.resetModules();
    cleanTensorFlow();
    this.#hasFailed = false;
    this.#wanted = wanted && new Set(wanted);
    const [result] = await startTests([{ filepath: file }], this);
    const failed = getTests(result).find((test) => test.result?.state === 'fail');
    return { file: result, killer: failed ? getFullName(failed, ' > ') : result.result?.state === 'fail' && file };
  }

  /** Which mutants a file's tests reach, by test, and those that loading it reaches. */
  async #watch(path) {
    switches.mutantCoverage = { static: {}, perTest: {} };
    this.#cpu.clear();
    const start = process.cpuUsage();
    const { file } = await this.#run(path);
    const { user, system } = process.cpuUsage(start);
    const all = (user + system) / 1000;
    say({
      file: path,
      errors: (file.result?.errors ?? []).map(({ message }) => message),
      loading: switches.mutantCoverage.static,
      loadingMs: [...this.#cpu.values()].reduce((left, ms) => left - ms, all),
      tests: getTests(file).map((test) => ({
        name: getFullName(test, ' > '),
        state: test.result?.state,
        message: test.result?.errors?.[0]?.message,
        ms: this.#cpu.get(test.id) ?? 0,
        reached: switches.mutantCoverage.perTest[test.id] ?? {},
      })),
    });
  }

  async #tryAll() {
    /** By source and file of tests: how many mutants it noticed there. It often notices the next one too. */
    const noticed = new Map();
    for (const { id, source, mostHits, files } of job.mutants) {
      if (process.memoryUsage().rss > MOST_BYTES) break;
      say({ begin: id });
      Object.assign(switches, { activeMutant: id, hitCount: 0, hitLimit: hitLimit(mostHits) });
      let killer = false;
      const countOf = ({ file }) => noticed.get(`${source} ${file}`) ?? 0;
      for (const { file, tests } of [...files].sort((a, b) => countOf(b) - countOf(a))) {
        ({ killer } = await this.#run(file, tests));
        if (!killer) continue;
        noticed.set(`${source} ${file}`, countOf({ file }) + 1);
        break;
      }
      say({ end: id, killer });
    }
    await this.#control();
  }

  /** Without a mutant the tests still pass, so that what killed the mutants was the mutants. */
  async #control() {
    switches.activeMutant = switches.hitCount = switches.hitLimit = undefined;
    for (const { file, tests } of job.control) {
      const { killer } = await this.#run(file, tests);
      if (killer) say({ broken: killer });
    }
  }

  onBeforeRunFiles(files) {
    if (!this.#wanted) return;
    const leave = (task) => {
      if (task.type === 'test') {
        if (!this.#wanted.has(getFullName(task, ' > '))) task.mode = 'skip';
      } else {
        task.tasks.forEach(leave);
        if (task.tasks.length > 0 && task.tasks.every(({ mode }) => mode === 'skip' || mode === 'todo'))
          task.mode = 'skip';
      }
    };
    files.forEach(leave);
  }

  async onBeforeRunTask(test) {
    if (this.#hasFailed && job.mutants) test.mode = 'skip';
    await super.onBeforeRunTask(test);
  }

  onBeforeTryTask(test) {
    super.onBeforeTryTask(test);
    if (!this.#isTrying) return;
    switches.currentTestId = test.id;
    if (job.mutants) switches.hitCount = 0;
    this.#startCpu = process.cpuUsage();
  }

  onAfterTryTask(test) {
    const { user, system } = process.cpuUsage(this.#startCpu);
    this.#cpu.set(test.id, (user + system) / 1000);
    switches.currentTestId = undefined;
    super.onAfterTryTask(test);
  }

  onAfterRunTask(test) {
    switches.currentTestId = undefined;
    this.#hasFailed ||= test.result?.state === 'fail';
    super.onAfterRunTask(test);
  }

  async onAfterRunSuite(suite) {
    if (!this.#isTrying) await super.onAfterRunSuite(suite);
  }
}
