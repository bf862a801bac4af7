// A child process: runs one notebook's answers without a sandbox, and judges each mutant as the grader does.
// Told `load`, it runs cells; told `try`, it makes one mutant the current one and tells which test kills it.
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../../src/dist/${name}.js`);
const { CellRunner } = dist('tools/kernel/cell-runner');
const { slotOf } = dist('tools/kernel/slots');
const { assignment } = dist('tools/assignments/assignment');
const { CELL_FOLDER } = dist('tools/assignments/compiler');
const { judge } = dist('tools/assignments/judge');
const { decode, encode } = dist('parts/grading/values');
const { watch } = dist('parts/grading/watch');
const { generator, seed } = dist('parts/random/index');

/** Turns of loops in one call: far more than any right answer takes. The clock of a busy machine decides nothing. */
const MOST_TURNS = 6_000_000;
const required = createRequire(path.join(CELL_FOLDER, 'notebook.js'));
let turns = 0;
class Endless extends Error {
  name = 'Endless';
}
const loops = {
  flag: Int32Array.of(1),
  stop: () => {
    if (++turns > MOST_TURNS) throw new Endless('its loops never end');
  },
};
const cells = new CellRunner(loops, required);
const tools = {
  get tf() {
    return required('@tensorflow/tfjs-node');
  },
  get autodiff() {
    return required('layerwise/autodiff');
  },
  get graph() {
    return required('layerwise/graph');
  },
};

/** TensorFlow's engine, where a cell has loaded it. */
const engine = () => (required.cache[required.resolve('@tensorflow/tfjs-node')] ? tools.tf.engine() : undefined);

/**
 * What an answer that only looks examples up has seen: of the visible tests, the calls that returned, by their
 * arguments.
 */
const examples = new Map();
const evaluated = new Map();

const listsIn = (value) => (Array.isArray(value) ? [value, ...value.flatMap(listsIn)] : []);

/** Changes each value of a kind that an answer is given, after the reference has worked on copies. */
const spoils =
  (isOfKind, spoil) =>
  (reference, name, act) =>
  (...args) => {
    const copies = args.map((value) => (Array.isArray(value) ? structuredClone(value) : value));
    const result = reference(
      ...(args.some((value) => typeof value === 'function' || typeof value?.dispose === 'function') ? args : copies),
    );
    for (const value of args
      .flatMap((arg) => [arg, ...listsIn(arg)])
      .filter((one) => isOfKind(one) && one !== result)) {
      act();
      spoil(value);
    }
    return result;
  };
const isListOfNumbers = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');

/** Mutants of the whole function: they need the reference, not its text. One that never acts is no mutant. */
const WHOLE = {
  'knows the shown examples alone':
    (reference, name, act) =>
    (...args) => {
      const known = examples.get(name);
      if (known.size === 0) return reference(...args);
      act();
      return decode(known.get(encode(args)) ?? [...known.values()].at(-1));
    },
  'returns the first example always':
    (reference, name, act) =>
    (...args) => {
      const [first] = examples.get(name).values();
      if (first === undefined) return reference(...args);
      act();
      return decode(first);
    },
  'remembers its first result': (reference, name, act) => {
    let first;
    return (...args) => {
      if (args.length > 0) act();
      return (args.length > 0 ? (first ??= { result: reference(...args) }) : { result: reference() }).result;
    };
  },
  'sorts the lists that it is given': spoils(isListOfNumbers, (list) => list.sort((a, b) => b - a)),
  'empties the lists that it is given': spoils(
    (value) => Array.isArray(value) && value.length > 0,
    (list) => list.splice(0),
  ),
  'disposes the tensors that it is given': spoils(
    (value) => typeof value?.dispose === 'function' && typeof value.shape === 'object',
    (tensor) => tensor.dispose(),
  ),
};

/** What judges a runner in a sandbox judges this. */
const here = (name, answer) => ({
  memory: () => 0,
  call: async (_, source, input) => {
    const run = evaluated.get(source) ?? evaluated.set(source, (0, eval)(`(${source})`)).get(source);
    turns = 0;
    engine()?.startScope();
    const watched = watch(answer, engine());
    try {
      return {
        status: 'done',
        outcome: { returned: decode(encode(await run(watched.call, decode(encode(input)), tools))) },
        effects: watched.effects(),
      };
    } catch (thrown) {
      return {
        status: 'done',
        outcome: {
          thrown:
            thrown instanceof Error
              ? { name: thrown.name, message: thrown.message }
              : { name: 'Thrown', message: String(thrown) },
        },
        effects: watched.effects(),
      };
    } finally {
      engine()?.endScope();
    }
  },
});

/** The first test with points that a mutant fails, or undefined where it gets them all. */
async function killedBy(notebook, name, answer, draws) {
  const { exercise, tests } = assignment(notebook).exercises.find((one) => one.exercise.name === name);
  for (const { test, hidden } of tests) {
    if (test.points === 0) continue;
    seed(draws);
    const { memory, ...rest } = test;
    const { status, message } = await judge(here(name, answer), name, { test: rest, hidden }, generator(draws), {
      left: () => exercise.seconds,
      seconds: exercise.seconds,
    });
    if (status !== 'pass') return { test: test.name, hidden, message };
  }
  return undefined;
}

/** Remembers what the reference returns for the calls that the visible tests show. */
async function learnExamples(notebook, name, reference) {
  const seen = new Map();
  const watched = (...args) => {
    const key = encode(args);
    const result = reference(...args);
    if (!(result instanceof Promise)) seen.set(key, encode(result));
    else
      void result.then(
        (value) => seen.set(key, encode(value)),
        () => undefined,
      );
    return result;
  };
  const { exercise } = assignment(notebook).exercises.find((one) => one.exercise.name === name);
  for (const test of exercise.tests)
    for (const { input } of test.cases(generator(0))) await here(name, watched).call(name, String(test.run), input);
  examples.set(name, seen);
}

async function attempt({ notebook, name, called, mutant, whole, draws }) {
  Object.assign((globalThis.__stryker__ ??= {}), { activeMutant: mutant });
  const reference = globalThis[slotOf(called)];
  if (!whole) return { killed: await killedBy(notebook, name, reference, draws) };
  if (!examples.has(name)) await learnExamples(notebook, name, reference);
  let isIdle = true;
  const killed = await killedBy(
    notebook,
    name,
    WHOLE[whole](reference, name, () => (isIdle = false)),
    draws,
  );
  return { killed, isIdle };
}

process.on('message', async (message) => {
  try {
    if (message.load) {
      for (const cell of message.load) await cells.run(cell);
      process.send({});
    } else process.send(message.wholes ? { wholes: Object.keys(WHOLE) } : await attempt(message));
  } catch (error) {
    process.send({ broken: error.stack });
  }
});
