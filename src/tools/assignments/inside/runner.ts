// Runs a submission's cells, and answers calls of its functions. It lives in a sandbox, for one submission alone:
// whatever the submission does to this process, all that leaves it is data, which the grader judges.
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import path from 'node:path';
import { TOOL_PACKAGES } from '../../../parts/grading/exercise';
import { decodeJson, encode } from '../../../parts/grading/values';
import { watch, type TensorCounter } from '../../../parts/grading/watch';
import { CellRunner } from '../../kernel/cell-runner';
import type { CompiledCell } from '../../kernel/compiled-cell';
import { Interrupts } from '../../kernel/interrupts';
import { slotOf } from '../../kernel/slots';
import { generator } from '../../../parts/random';
import { Channel } from '../channel';
import { freezeModules, protect } from './protect';
import { REACHED } from './reached';

// Kept before a submission can replace them. `eval` called by another name evaluates globally.
const evaluate = eval;
const { apply, get } = Reflect;

/** What the grader asks of a runner, one request at a time. */
export type RunnerRequest = { readonly id: number } & (
  | { readonly ask: 'cell'; readonly cell: CompiledCell }
  | { readonly ask: 'call'; readonly name: string; readonly run: string; readonly input: unknown }
);

const [folder, ...preload] = process.argv.slice(2);
const channel = new Channel(new Socket({ fd: 3 }));
const required = createRequire(path.join(folder, 'notebook.js'));
const load = (name: string): unknown => required(name);
const interrupts = new Interrupts();
const runner = new CellRunner(
  interrupts,
  Object.assign(load, {
    resolve: required.resolve,
    cache: required.cache,
    extensions: Reflect.get(required, 'extensions'),
    main: required.main,
  }),
);

/** What packages export, taken before the submission comes: what it does to modules changes nothing here. */
const packages = new Map<string, object>();
/** What tests may use. */
const tools: Record<string, unknown> = {};
let counter: TensorCounter | undefined;

function loadAll(names: readonly string[]): void {
  for (const name of names) {
    const loaded = load(name);
    if (typeof loaded !== 'object' || loaded === null) continue;
    protect(loaded);
    packages.set(name, Object.freeze({ ...loaded }));
  }
  freezeModules(required.cache, path.join(__dirname, '..', '..', '..'));
  for (const [tool, name] of Object.entries(TOOL_PACKAGES)) tools[tool] = packages.get(name);
  Object.freeze(tools);
  counter = tensorCounter();
}

const isEngine = (value: unknown): value is TensorCounter =>
  typeof value === 'object' && value !== null && 'state' in value;

function tensorCounter(): TensorCounter | undefined {
  const tf = packages.get(TOOL_PACKAGES.tf);
  const engine: unknown =
    tf && 'engine' in tf && typeof tf.engine === 'function' ? apply(tf.engine, undefined, []) : undefined;
  return isEngine(engine) ? engine : undefined;
}

/** As in a notebook, what a timer throws ends nothing, and neither do these. */
process.on('uncaughtException', () => undefined);
const exit = process.exit.bind(process);
for (const name of ['exit', 'reallyExit', 'abort']) {
  Reflect.set(process, name, () => {
    throw new Error(`process.${name} was called: it would end the whole notebook`);
  });
}

/** Makes what is random repeat: initial weights, dropout and shuffling in TensorFlow.js draw from it too. */
const SEED = 0;
const sources = { generator, defineProperty: Object.defineProperty, math: Math };
function seedRandom(): void {
  try {
    sources.defineProperty(sources.math, 'random', {
      value: sources.generator(SEED).uniform,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  } catch {
    // The submission has replaced it for good.
  }
}

/** Tells that the request begins, or which statement of its cell is reached: the grader then knows what never ended. */
let current = 0;
const reached = (statement: number): void => channel.send({ id: current, reached: statement });
Object.defineProperty(globalThis, REACHED, { value: reached });

const describeError = (thrown: unknown): { name: string; message: string } =>
  thrown instanceof Error
    ? { name: String(thrown.name).slice(0, 200), message: String(thrown.message).slice(0, 2000) }
    : { name: 'Thrown', message: String(thrown).slice(0, 2000) };

async function answer(request: RunnerRequest): Promise<object> {
  current = request.id;
  reached(0);
  if (request.ask === 'cell') {
    interrupts.begin(request.id);
    await runner.run(request.cell);
    return {};
  }
  const called: unknown = get(globalThis, slotOf(request.name));
  if (typeof called !== 'function') return { missing: true };
  const run: unknown = evaluate(`(${request.run})`);
  if (typeof run !== 'function') return { missing: true };
  seedRandom();
  const watched = watch((...args: unknown[]): unknown => apply(called, undefined, args), counter);
  const ended = await outcomeOf(() => apply(run, undefined, [watched.call, decodeJson(request.input), tools]));
  return { ...ended, effects: watched.effects() };
}

/** What a call returns, as text, or throws. */
async function outcomeOf(
  call: () => unknown,
): Promise<{ readonly value: string } | { readonly thrown: ReturnType<typeof describeError> }> {
  try {
    return { value: encode(await call()) };
  } catch (thrown) {
    return { thrown: describeError(thrown) };
  }
}

/** The last request settles when the one before it has. */
let last: Promise<void> = Promise.resolve();

function receive(request: RunnerRequest): void {
  last = last.then(async () => {
    try {
      channel.send({ id: request.id, ...(await answer(request)) });
    } catch (thrown) {
      channel.send({ id: request.id, thrown: describeError(thrown) });
    }
  });
}

channel.onMessage((message) => receive(message as RunnerRequest));
void channel.closed.then(() => exit());
try {
  loadAll(preload);
  seedRandom();
  channel.send({ ready: true });
} catch (error) {
  channel.send({ failed: describeError(error).message });
}
