// Adds buttons to the code cells of a page. What runs them is loaded at the first press.
import { button } from './button';
import { viewCell, type CellView } from './cell-view';
import type { Runner } from './runner';
import { chapterNamed, makeEditor, makeRunner, makeSharing, packText, scripts } from './scripts';
import type { Sharing } from './sharing';
import { SHARED } from './site-scripts';

Object.assign(window, { layerwiseLive: scripts });

const views = new Map<string, CellView>();
/** Tells how far Run all is. */
const progress = document.createElement('span');
progress.className = 'live-status';
progress.setAttribute('role', 'status');
const tell = (text: string): void => void (progress.textContent = text);

const { chapter = '' } = document.querySelector<HTMLElement>('[data-chapter]')?.dataset ?? {};

let loading: Promise<Runner> | undefined;
let runner: Runner | undefined;

/** Hands a press to what runs cells, and says what is missing. */
function press(what: (runner: Runner) => void, say: (text: string) => void): void {
  if (runner) return what(runner);
  say('starting …');
  loading ??= makeRunner().then(
    (make) => (runner = make({ chapter, views, scripts: { packText, chapterNamed }, changedTexts, tell })),
  );
  loading.then(what).catch((error: unknown) => {
    loading = undefined;
    say(error instanceof Error ? error.message : String(error));
  });
}

/** Hands something to what runs cells where it is there, or on its way. */
function tellRunner(what: (runner: Runner) => void): void {
  if (runner) what(runner);
  // Who pressed Run is told what is missing.
  else loading?.then(what, () => undefined);
}

/** Hands something to what shares cells, and says what is missing. */
function share(what: (sharing: Sharing) => unknown, say: (text: string) => void): void {
  makeSharing()
    .then((make) => what(make({ chapter, views, tell })))
    .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
}

/** Opens the cell that the page's address holds. */
function openShared(): void {
  const { hash } = location;
  if (hash.startsWith(SHARED)) share((sharing) => sharing.open(hash), tell);
}

/** What readers wrote, by the ids of cells. */
function changedTexts(): Map<string, string> {
  return new Map(
    [...views.values()].flatMap(({ id, text }): [string, string][] => (text === undefined ? [] : [[id, text]])),
  );
}

const { layerwiseExercises: ExercisePage } = window;
const article = document.querySelector<HTMLElement>('[data-exercises]');
const exercises = article && ExercisePage ? new ExercisePage(article, changedTexts, chapterNamed) : undefined;

function tellProblem(id: string, problem: string | undefined): void {
  if (problem !== undefined) views.get(id)?.say(problem);
}

for (const section of document.querySelectorAll<HTMLElement>('section.code-cell')) {
  const view = viewCell(section, {
    onRun: (id) =>
      press(
        (ready) => ready.press(id),
        (text) => views.get(id)?.say(text),
      ),
    onReset: (id) => {
      views.get(id)?.restore();
      exercises?.keep(id, undefined);
      tellRunner((ready) => ready.reset(id));
    },
    makeEditor,
    onShare: (id) => {
      const view = views.get(id);
      if (view)
        share(
          (sharing) => sharing.give(view),
          (text) => view.say(text),
        );
    },
    onChange: exercises && ((id, text) => tellProblem(id, exercises.keep(id, text))),
  });
  if (view) views.set(view.id, view);
}
exercises?.recall(views);
if (views.size > 0) {
  addPageBar();
  openShared();
  window.addEventListener('hashchange', openShared);
}

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
  const open = button('Open shared cell', 'Open shared cell, which somebody has given you');
  open.addEventListener('click', () => share((sharing) => sharing.ask(bar), tell));
  runAll.addEventListener('click', () => press((ready) => ready.runAll(), tell));
  stopAll.addEventListener('click', () => tellRunner((ready) => ready.stop()));
  resetAll.addEventListener('click', () => {
    views.forEach((view) => view.restore());
    tell('');
    tellRunner((ready) => ready.resetAll());
  });
  bar.append(
    words,
    ...(exercises ? exercises.buttons(() => press((ready) => ready.checkAll(), tell), tell) : [runAll]),
    stopAll,
    ...(exercises ? [] : [resetAll]),
    open,
    progress,
  );
  document.querySelector('main h1')?.after(bar);
}
