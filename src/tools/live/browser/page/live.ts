// Makes the code cells of a page run in it. Nothing more is loaded before the first press.
import { planFor } from '../../plan';
import { isNotebookOnly, type RunnableCell } from '../../chapter';
import type { Refusal } from '../../workshop';
import type { CellOutput } from '../messages';
import { button } from './button';
import { viewCell, type CellView } from './cell-view';
import { Cells } from './cells';
import { connectExplorers } from './explorer';
import { Freshness } from './freshness';
import { withHints } from './hints';
import { chapterNamed, scripts } from './scripts';
import { Session, type Outcome } from './session';

Object.assign(window, { layerwiseLive: scripts });

const views = new Map<string, CellView>();
const session = new Session(showOutput);
connectExplorers(session);
const cells = new Cells(document.querySelector<HTMLElement>('[data-chapter]')?.dataset.chapter ?? '');
const freshness = new Freshness();
/** The cell that was pressed, while it, or what it needs, is checked or runs. */
let asked: string | undefined;
let running: CellView | undefined;
/** Presses wait for each other; who stops, empties the queue. */
let queue: Promise<unknown> = Promise.resolve();
let stops = 0;
const { layerwiseExercises: ExercisePage } = window;
const article = document.querySelector<HTMLElement>('[data-exercises]');
const exercises = article && ExercisePage ? new ExercisePage(article, changedTexts, chapterNamed) : undefined;

for (const section of document.querySelectorAll<HTMLElement>('section.code-cell')) {
  const view = viewCell(section, {
    onRun: (id) => (running?.id === id ? stop() : start(id)),
    onReset: (id) => {
      if (asked === id || running?.id === id) stop();
      resetView(views.get(id));
      exercises?.keep(id, undefined);
      tellStale();
    },
    onChange: exercises && ((id, text) => tellProblem(id, exercises.keep(id, text))),
  });
  if (view) views.set(view.id, view);
}
exercises?.recall(views);
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
  words.textContent = `${which} in it. ${exercises ? 'What you write stays in this browser. ' : ''}Nothing is sent anywhere.`;
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
    freshness.clear();
    progress.textContent = '';
  });
  bar.append(
    words,
    ...(exercises ? exercises.buttons(startChecks, (text) => (progress.textContent = text)) : [runAll]),
    stopAll,
    ...(exercises ? [] : [resetAll]),
    progress,
  );
  document.querySelector('main h1')?.after(bar);
}

function resetView(view: CellView | undefined): void {
  view?.restore();
  if (view) freshness.forget(view.id);
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

/** Runs all cells in order; ends at the first that fails, but for those whose lesson it is to be refused. */
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

/** Runs all cells that check, whatever becomes of them. */
function startChecks(): void {
  stop();
  const begun = stops;
  const checks = [...views.values()].filter(({ isCheck }) => isCheck);
  queue = queue.then(async () => {
    let passed = 0;
    for (const [at, { id }] of checks.entries()) {
      progress.textContent = `${at} of ${checks.length} checks …`;
      if (await runWithNeeds(id)) passed++;
      if (stops > begun) break;
    }
    progress.textContent = stops > begun ? 'stopped' : `${passed} of ${checks.length} checks passed`;
  });
}

/** What readers wrote, by the ids of cells. */
function changedTexts(): Map<string, string> {
  return new Map(
    [...views.values()].flatMap(({ id, text }): [string, string][] => (text === undefined ? [] : [[id, text]])),
  );
}

function tellProblem(id: string, problem: string | undefined): void {
  if (problem !== undefined) views.get(id)?.say(problem);
}

/** Whether the cell and what it needs ended well; a cell that is refused as its lesson says did. */
async function runWithNeeds(id: string): Promise<boolean> {
  const view = views.get(id);
  if (!view) return true;
  const begun = stops;
  asked = id;
  try {
    const changed = changedTexts();
    const {
      cells: all,
      error,
      isLesson,
      blocker,
    } = await cells.revised(changed, id, () => view.say('checking types …'));
    if (stops > begun) {
      view.say('stopped');
      return false;
    }
    view.mark(error?.line);
    if (error) {
      showRefusal(view, error);
      return isLesson === true;
    }
    const cell = cells.runnable.find((one) => one.id === id);
    if (!cell) {
      view.say(all.filter(isNotebookOnly).find((one) => one.id === id)?.reason ?? 'does not run in a page');
      return false;
    }
    if (blocker) {
      const earlier = views.get(blocker.id);
      earlier?.mark(blocker.error.line);
      if (earlier) showRefusal(earlier, blocker.error);
      view.say(`the earlier cell ${blocker.id} is refused by the compiler`);
      return false;
    }
    for (const earlier of planFor(cell, cells.runnable, session.log)) {
      view.say(`first ${earlier.id} …`);
      const outcome = await runCell(earlier, changed);
      if (outcome === 'done') continue;
      view.say(outcome === 'failed' ? `the earlier cell ${earlier.id} failed` : 'stopped');
      return false;
    }
    return (await runCell(cell, changed)) === 'done';
  } catch (thrown) {
    view.say(thrown instanceof Error ? thrown.message : String(thrown));
    return false;
  } finally {
    asked = undefined;
    tellStale();
  }
}

function showRefusal(view: CellView, { ename, evalue, traceback }: Refusal): void {
  view.outputs.begin();
  showOutput(view.id, { kind: 'error', name: ename, message: evalue, frames: [], lines: traceback });
  view.say('refused by the compiler');
  view.reset.hidden = false;
  freshness.noteOutput(view.id, cells.behind(view.id));
}

const WORDS: Readonly<Record<Outcome, string>> = { done: 'done', failed: 'failed', stopped: 'stopped' };

async function runCell(cell: RunnableCell, changed: ReadonlyMap<string, string>): Promise<Outcome> {
  const view = views.get(cell.id);
  running = view;
  view?.setRunning(true);
  view?.say('running …');
  view?.outputs.begin();
  const begun = performance.now();
  let outcome: Outcome = 'failed';
  try {
    outcome = await session.run(withHints(cell, view?.hints ?? 0));
    return outcome;
  } finally {
    running = undefined;
    view?.setRunning(false);
    if (outcome === 'done') view?.outputs.end();
    const isWrong = outcome === 'failed' && view?.isCheck;
    view?.say(`${isWrong ? 'not yet right' : WORDS[outcome]}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (view?.outputs.isNew) view.reset.hidden = false;
    if (changed.size > 0 || freshness.isOpen) {
      freshness.noteRun(cell.id, changed.get(cell.id));
      freshness.noteOutput(cell.id, cells.behind(cell.id));
    }
  }
}

/** Dims outputs that are older than what they build on. */
function tellStale(): void {
  if (!freshness.isOpen) return;
  for (const view of views.values()) view.setStale(freshness.changedSince(view.id, cells.behind(view.id)));
}
