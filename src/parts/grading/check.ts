import * as autodiff from '../autodiff';
import { escapeHtml, output } from '../display';
import { isOnNode, node } from '../files';
import { generator } from '../random';
import { tensorFlow } from '../tensorflow';
import { runningEngine } from '../tensorflow/private-members';
import { exerciseSets } from './exercise-sets';
import type { AnyExercise } from './exercise-sets';
import type { Case, Test, Tools } from './exercise';
import { shownProblem } from './messages';
import { callText, decode, encode, type Outcome } from './values';
import { harmOf, watch, type SideEffects, type TensorCounter } from './watch';
import { withoutWarnings } from './warnings';

/** What `check` throws when a test has not passed, so that the cell counts as failed. */
export class NotYet extends Error {
  override readonly name = 'NotYet';

  constructor(message: string) {
    super(message);
    // Where it was thrown tells a learner nothing.
    this.stack = `${this.name}: ${message}`;
  }
}

export interface CheckOptions {
  /** The function, where it can't be found by its name: in a kernel other than the course's. */
  readonly answer?: unknown;
  /** Shows the first so many hints (default 0). */
  readonly hints?: number;
}

interface Row {
  readonly test: Test;
  readonly problem?: string;
}

const VARIABLE = Symbol.for('layerwise.variable');
const tools: Tools = {
  get tf() {
    return tensorFlow();
  },
  get autodiff() {
    return autodiff;
  },
  get graph() {
    if (!isOnNode()) throw new Error('graph mode is not part of a page: run this check in the notebook');
    return node('module').createRequire(__filename)('../graph') as Tools['graph'];
  },
};

/**
 * Runs the visible tests of an exercise on your function, and shows how each of them ended.
 * A grader runs further tests, with other numbers.
 *
 * @param name the function's name, as in the task.
 * @throws NotYet where a test did not pass. @throws RangeError where there is no exercise of this name.
 * @example
 * import { check } from 'layerwise/grading';
 * const predict = (x: number, w: number, b: number): number => w * x + b;
 * await check('predict', { answer: predict });
 */
export async function check(name: string, { answer, hints = 0 }: CheckOptions = {}): Promise<void> {
  const exercise = find(name);
  const called = answer ?? variable(name);
  if (!isFunction(called))
    throw new NotYet(`there is no function ${name} yet: run the cell that declares it, then this one again`);
  const rows: Row[] = [];
  for (const test of exercise.tests) rows.push({ test, problem: await withoutWarnings(() => run(test, name, called)) });
  show(exercise, rows, exercise.hints.slice(0, hints));
  const failed = rows.filter(({ problem }) => problem !== undefined);
  if (failed.length > 0)
    throw new NotYet(
      `${name}: ${failed.length} of ${rows.length} tests did not pass${hints > 0 ? '' : `; for a hint: await check('${name}', { hints: 1 })`}`,
    );
}

type AnyFunction = (...args: never[]) => unknown;
const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

function find(name: string): AnyExercise {
  const all = exerciseSets().flatMap(({ exercises }) => exercises);
  const found = all.find((exercise) => exercise.name === name);
  if (!found)
    throw new RangeError(
      `check: there is no exercise "${name}"; expected one of ${all.map((exercise) => exercise.name).join(', ')}`,
    );
  return found;
}

/** The notebook's variable of that name, where the kernel tells. */
function variable(name: string): unknown {
  const ask: unknown = Reflect.get(globalThis, VARIABLE);
  return typeof ask === 'function' ? Reflect.apply(ask, undefined, [name]) : undefined;
}

/** What is wrong, or undefined. */
async function run(test: Test, name: string, answer: AnyFunction): Promise<string | undefined> {
  const cases = test.cases(generator(0));
  for (const [i, one] of [...cases, ...(test.frees ? [cases[0]] : [])].entries()) {
    const { outcome, effects } = await outcomeOf(test, answer, one);
    if (!one.expect.accepts(outcome)) return shownProblem(test, name, one, outcome);
    const harm = harmOf(effects, { frees: test.frees === true && i > 0 });
    if (harm) return `${test.words?.call?.(one.input) ?? callText(name, one.input)} ${harm}`;
  }
  return undefined;
}

async function outcomeOf(
  test: Test,
  answer: AnyFunction,
  { input }: Case,
): Promise<{ outcome: Outcome; effects: SideEffects }> {
  const engine = tensorScope();
  const watched = watch(answer, engine);
  try {
    return {
      outcome: { returned: decode(encode(await test.run(watched.call, decode(encode(input)), tools))) },
      effects: watched.effects(),
    };
  } catch (thrown) {
    return {
      outcome: {
        thrown:
          thrown instanceof Error
            ? { name: thrown.name, message: thrown.message }
            : { name: 'Thrown', message: String(thrown) },
      },
      effects: watched.effects(),
    };
  } finally {
    engine?.endScope();
  }
}

/**
 * Frees the tensors of a test when it ends, and the variables of its models and optimizers, which outlive a scope.
 * Where TensorFlow was never loaded, there are none.
 */
function tensorScope(): (TensorCounter & { endScope(): void }) | undefined {
  if (!runningEngine()) return undefined;
  const engine = tensorFlow().engine();
  const before = new Set(Object.values(engine.registeredVariables));
  engine.startScope();
  return {
    state: engine.state,
    endScope: () => {
      engine.endScope();
      for (const variable of Object.values(engine.registeredVariables)) if (!before.has(variable)) variable.dispose();
    },
  };
}

const CELL = 'padding:2px 10px;text-align:left;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.35)';

function show({ name, title, tests }: AnyExercise, rows: readonly Row[], hints: readonly string[]): void {
  const passed = rows.filter(({ problem }) => problem === undefined).length;
  const caption = `${name}, ${title}: ${passed} of ${tests.length} tests passed`;
  const lines = rows.map(({ test, problem }) => ({
    mark: problem === undefined ? '✓' : '✗',
    name: test.name,
    problem: problem ?? '',
  }));
  const html = [
    `<table style="border-collapse:collapse"><caption style="text-align:left;padding:4px 0">${escapeHtml(caption)}</caption>`,
    '<thead><tr>',
    ...['', 'test', 'what happened'].map((head) => `<th scope="col" style="${CELL}">${head}</th>`),
    '</tr></thead><tbody>',
    ...lines.map(
      (line) =>
        `<tr><td style="${CELL}">${line.mark}</td><td style="${CELL}">${escapeHtml(line.name)}</td><td style="${CELL}">${escapeHtml(line.problem)}</td></tr>`,
    ),
    '</tbody></table>',
    ...(hints.length > 0 ? [`<ol>${hints.map((hint) => `<li>${escapeHtml(hint)}</li>`).join('')}</ol>`] : []),
  ].join('');
  const text = [
    caption,
    ...lines.map((line) => `${line.mark} ${line.name}${line.problem ? `: ${line.problem}` : ''}`),
    ...hints.map((hint, i) => `hint ${i + 1}: ${hint}`),
  ].join('\n');
  output({ 'text/html': html, 'text/plain': text });
}
