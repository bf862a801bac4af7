// Runs in the worker, first: takes packs and cells from the page, one after the other.
import '../no-made-code';
import type { ToWorker } from '../messages';
import { door, type Pack } from './door';
import { errorOutput } from './errors';
import { connectExplored, exploredBy, redraw } from './explored';
import { connectImports } from './modules';
import { connectOutput, flush, outputOf, send } from './output';
import { beginWith, connectPrompt, openQuestion } from './prompt';
import { connectCells, runCell } from './run-cell';
import { runScript, worker } from './scope';

const lines = new Map<string, readonly number[]>();

connectOutput();
connectPrompt();
connectImports();
connectCells();
connectExplored();

// What is explored is drawn again when no cell runs.
let last: Promise<void> = Promise.resolve();
worker.onmessage = ({ data }) => {
  const next = (): Promise<void> => answer(data);
  // One that fails is told as a promise that nobody handles, and the next one is answered.
  last = last.then(next, next);
};
worker.addEventListener('unhandledrejection', ({ reason }) => send(errorOutput(reason, lines)));
// What a timer throws: the session goes on.
worker.addEventListener('error', (event) => {
  event.preventDefault();
  send(errorOutput(event.error, lines));
});
worker.postMessage({ kind: 'ready' });

async function answer(message: ToWorker): Promise<void> {
  if (message.kind === 'pack') {
    worker.postMessage({ kind: 'ready', problem: await install(message.text) });
    return;
  }
  if (message.kind === 'redraw') {
    worker.postMessage(redraw(message.id, message.values));
    return;
  }
  const cell = message.id;
  exploredBy(cell);
  outputOf(cell);
  lines.set(cell, message.lines);
  beginWith(message.answers);
  const [thrown] = await runCell(message).then(
    () => [],
    (error: unknown) => [{ error }],
  );
  const question = openQuestion();
  if (thrown && !question) send(errorOutput(thrown.error, lines));
  flush();
  worker.postMessage(
    question ? { kind: 'asks', cell, question } : { kind: 'done', cell, failed: thrown !== undefined },
  );
}

async function install(text: string): Promise<string | undefined> {
  try {
    runScript(text);
    const pack: unknown = Reflect.get(globalThis, 'layerwisePack');
    return isPack(pack) ? ((await pack.install(door)) ?? undefined) : 'a pack of this page is broken';
  } catch (thrown) {
    return `a pack of this page can't be used: ${String(thrown)}`;
  }
}

const isPack = (value: unknown): value is Pack =>
  typeof value === 'object' && value !== null && 'install' in value && typeof value.install === 'function';
