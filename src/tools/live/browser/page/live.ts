// Makes the code cells of a page run in it. Nothing more is loaded before the first press.
import { isRunnable, type RunnableCell } from '../../chapter';
import { planFor } from '../../plan';
import type { CellOutput } from '../messages';
import { button, viewCell, type CellView } from './cell-view';
import { chapterNamed, scripts } from './scripts';
import { Session, type Outcome } from './session';

Object.assign(window, { layerwiseLive: scripts });

const views = new Map<string, CellView>();
const session = new Session(showOutput);
let cells: readonly RunnableCell[] | undefined;
let running: CellView | undefined;
/** Presses wait for each other; who stops, empties the queue. */
let queue: Promise<unknown> = Promise.resolve();
let stops = 0;

for (const section of document.querySelectorAll<HTMLElement>('section.code-cell')) {
  const view = viewCell(section);
  if (!view) continue;
  views.set(view.id, view);
  view.run.addEventListener('click', () => (running === view ? stop() : start(view.id)));
  view.reset.addEventListener('click', () => {
    resetView(view);
    view.run.focus();
  });
}
/** Tells how far Run all is. */
const progress = document.createElement('span');
progress.className = 'live-status';
progress.setAttribute('role', 'status');
if (views.size > 0) addPageBar();

function addPageBar(): void {
  const bar = document.createElement('div');
  bar.className = 'live-page-bar';
  const words = document.createElement('span');
  const all = document.querySelectorAll('section.code-cell').length;
  const which =
    views.size === all ? 'The code of this page runs' : `${views.size} of the ${all} cells of this page run`;
  words.textContent = `${which} in it. Nothing is sent anywhere.`;
  const runAll = button('Run all', 'Run all cells of this page');
  const stopAll = button('Stop', 'Stop whatever runs');
  const resetAll = button('Reset all', 'Reset all cells, and forget what they computed');
  runAll.addEventListener('click', () => {
    stop();
    startAll();
  });
  stopAll.addEventListener('click', stop);
  resetAll.addEventListener('click', () => {
    stop();
    views.forEach(resetView);
    progress.textContent = '';
  });
  bar.append(words, runAll, stopAll, resetAll, progress);
  document.querySelector('main h1')?.after(bar);
}

function resetView(view: CellView): void {
  view.outputs.reset();
  view.reset.hidden = true;
  view.say('');
}

function showOutput(cell: string, output: CellOutput): void {
  const view = views.get(cell);
  view?.outputs.show(output);
  view?.section.dispatchEvent(new CustomEvent('layerwise:output', { detail: output, bubbles: true }));
}

function stop(): void {
  stops++;
  session.stop();
}

/** Runs a cell after what it needs, when what was pressed before is done. */
function start(id: string): void {
  const begun = stops;
  views.get(id)?.say(running ? 'waits …' : 'starting …');
  queue = queue.then(async () => {
    if (stops > begun) views.get(id)?.say('stopped');
    else await runWithNeeds(id);
  });
}

/** Runs all cells in order; ends at the first that fails. */
function startAll(): void {
  const begun = stops;
  const ids = [...views.keys()];
  queue = queue.then(async () => {
    for (const [at, id] of ids.entries()) {
      progress.textContent = `${at} of ${ids.length} cells …`;
      if (await runWithNeeds(id)) continue;
      progress.textContent = stops > begun ? 'stopped' : `ended at ${id}, which failed`;
      return;
    }
    progress.textContent = `all ${ids.length} cells done`;
  });
}

async function runWithNeeds(id: string): Promise<boolean> {
  const view = views.get(id);
  if (!view) return true;
  try {
    cells ??= await loadCells();
    const cell = cells.find((one) => one.id === id);
    if (!cell) return true;
    for (const earlier of planFor(cell, cells, session.log)) {
      view.say(`first ${earlier.id} …`);
      const outcome = await runCell(earlier);
      if (outcome === 'done') continue;
      view.say(outcome === 'failed' ? `the earlier cell ${earlier.id} failed` : 'stopped');
      return false;
    }
    return (await runCell(cell)) === 'done';
  } catch (error) {
    view.say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function loadCells(): Promise<readonly RunnableCell[]> {
  const name = document.querySelector<HTMLElement>('[data-chapter]')?.dataset.chapter ?? '';
  const chapter = await chapterNamed(name);
  return chapter.cells.filter(isRunnable);
}

const WORDS: Readonly<Record<Outcome, string>> = { done: 'done', failed: 'failed', stopped: 'stopped' };

async function runCell(cell: RunnableCell): Promise<Outcome> {
  const view = views.get(cell.id);
  running = view;
  view?.setRunning(true);
  view?.say('running …');
  view?.outputs.begin();
  const begun = performance.now();
  let outcome: Outcome = 'failed';
  try {
    outcome = await session.run(cell);
    return outcome;
  } finally {
    running = undefined;
    view?.setRunning(false);
    if (outcome === 'done') view?.outputs.end();
    view?.say(`${WORDS[outcome]}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (view?.outputs.isNew) view.reset.hidden = false;
  }
}
