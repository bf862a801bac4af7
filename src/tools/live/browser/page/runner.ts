// What runs the cells of a page: a script of its own, which the page loads at the first press.
import { planFor } from '../../plan';
import { isNotebookOnly, type RunnableCell } from '../../chapter';
import type { Refusal } from '../../workshop';
import type { CellOutput, Question } from '../messages';
import type { CellView } from './cell-view';
import { Cells } from './cells';
import { connectExplorers } from './explorer';
import { Freshness } from './freshness';
import { withHints } from './hints';
import { Outputs } from './outputs';
import { askIn } from './question';
import { Session, type Outcome } from './session';
import type { SiteScripts } from './site-scripts';

declare const layerwiseLive: { runner(make: MakeRunner): void };

/** What a runner needs of its page. */
export interface RunnerPage {
  readonly chapter: string;
  readonly views: ReadonlyMap<string, CellView>;
  readonly scripts: SiteScripts;
  /** What readers wrote, by the ids of cells. */
  readonly changedTexts: () => ReadonlyMap<string, string>;
  /** Tells how far all cells are. */
  readonly tell: (progress: string) => void;
}

export type MakeRunner = (page: RunnerPage) => Runner;

const WORDS: Readonly<Record<Outcome, string>> = { done: 'done', failed: 'failed', stopped: 'stopped' };

/** Runs cells, one press after the other, each after what it needs. */
export class Runner {
  private readonly session: Session;
  private readonly cells: Cells;
  private readonly freshness = new Freshness();
  private readonly outputs: ReadonlyMap<string, Outputs>;
  /** The cell that was pressed, while it, or what it needs, is checked or runs. */
  private asked: string | undefined;
  private running: string | undefined;
  /** By cell: what readers answered to it since it was pressed. */
  private readonly answers = new Map<string, readonly string[]>();
  private asking: AbortController | undefined;
  /** Presses wait for each other; who stops, empties the queue. */
  private queue: Promise<unknown> = Promise.resolve();
  private stops = 0;

  constructor(private readonly page: RunnerPage) {
    this.session = new Session(page.scripts, (cell, output) => this.show(cell, output));
    this.cells = new Cells(page.chapter, page.scripts);
    this.outputs = new Map([...page.views].map(([id, view]) => [id, new Outputs(view.outputs)]));
    connectExplorers(this.session);
  }

  /** Runs a cell when what was pressed before is done; stops it where it runs. */
  press(id: string): void {
    if (this.running === id) return this.stop();
    const begun = this.stops;
    const view = this.page.views.get(id);
    view?.say(this.running === undefined ? 'starting …' : 'waits …');
    this.queue = this.queue.then(async () => {
      if (this.stops > begun) view?.say('stopped');
      else await this.runWithNeeds(id);
    });
  }

  /** Runs all cells in order; ends at the first that fails, but for those whose lesson it is to be refused. */
  runAll(): void {
    this.stop();
    const begun = this.stops;
    const { views, tell } = this.page;
    const ids = [...views.keys()];
    this.queue = this.queue.then(async () => {
      for (const [at, id] of ids.entries()) {
        if (this.stops > begun) return tell('stopped');
        tell(`${at} of ${ids.length} cells …`);
        if (await this.runWithNeeds(id)) continue;
        return tell(this.stops > begun ? 'stopped' : `ended at ${id}, which failed`);
      }
      tell(`all ${ids.length} cells done`);
    });
  }

  /** Runs all cells that check, whatever becomes of them. */
  checkAll(): void {
    this.stop();
    const begun = this.stops;
    const { views, tell } = this.page;
    const checks = [...views.values()].filter(({ isCheck }) => isCheck);
    this.queue = this.queue.then(async () => {
      let passed = 0;
      for (const [at, { id }] of checks.entries()) {
        if (this.stops > begun) break;
        tell(`${at} of ${checks.length} checks …`);
        if (await this.runWithNeeds(id)) passed++;
      }
      tell(this.stops > begun ? 'stopped' : `${passed} of ${checks.length} checks passed`);
    });
  }

  stop(): void {
    this.stops++;
    this.asking?.abort();
    this.session.stop();
  }

  /** The cell shows again what was printed. */
  reset(id: string): void {
    if (this.asked === id || this.running === id) this.stop();
    this.outputs.get(id)?.reset();
    this.freshness.forget(id);
    this.tellStale();
  }

  resetAll(): void {
    this.stop();
    this.outputs.forEach((outputs) => outputs.reset());
    this.freshness.clear();
    // What was stopped says so a moment later.
    this.queue = this.queue.then(() => {
      this.page.views.forEach((view) => view.say(''));
      this.page.tell('');
    });
  }

  private show(cell: string, output: CellOutput): void {
    this.outputs.get(cell)?.show(output);
    this.page.views
      .get(cell)
      ?.section.dispatchEvent(new CustomEvent('layerwise:output', { detail: output, bubbles: true }));
  }

  /** Whether the cell and what it needs ended well; a cell that is refused as its lesson says did. */
  private async runWithNeeds(id: string): Promise<boolean> {
    const view = this.page.views.get(id);
    if (!view) return true;
    const { stops: begun, cells } = this;
    this.asked = id;
    this.answers.delete(id);
    try {
      const changed = this.page.changedTexts();
      const {
        cells: all,
        error,
        isLesson,
        blocker,
      } = await cells.revised(changed, id, () => view.say('checking types …'));
      if (this.stops > begun) {
        view.say('stopped');
        return false;
      }
      view.mark(error?.line);
      if (error) {
        this.showRefusal(view, error);
        return isLesson === true;
      }
      const cell = cells.runnable.find((one) => one.id === id);
      if (!cell) {
        view.say(all.filter(isNotebookOnly).find((one) => one.id === id)?.reason ?? 'does not run in a page');
        return false;
      }
      if (blocker) {
        const earlier = this.page.views.get(blocker.id);
        earlier?.mark(blocker.error.line);
        if (earlier) this.showRefusal(earlier, blocker.error);
        view.say(`the earlier cell ${blocker.id} is refused by the compiler`);
        return false;
      }
      return (await this.runNeeds(cell, changed)) && (await this.runCell(cell, changed)) === 'done';
    } catch (thrown) {
      view.say(thrown instanceof Error ? thrown.message : String(thrown));
      return false;
    } finally {
      this.asked = undefined;
      this.tellStale();
    }
  }

  private showRefusal(view: CellView, { ename, evalue, traceback }: Refusal): void {
    this.outputs.get(view.id)?.begin();
    this.show(view.id, { kind: 'error', name: ename, message: evalue, frames: [], lines: traceback });
    view.say('refused by the compiler');
    view.reset.hidden = false;
    this.freshness.noteOutput(view.id, this.cells.behind(view.id));
  }

  /** Runs what a cell needs and has not run yet; says at the cell why that didn't end well. */
  private async runNeeds(cell: RunnableCell, changed: ReadonlyMap<string, string>): Promise<boolean> {
    const view = this.page.views.get(cell.id);
    for (const earlier of planFor(cell, this.cells.runnable, this.session.log)) {
      view?.say(`first ${earlier.id} …`);
      const outcome = await this.runCell(earlier, changed);
      if (outcome === 'done') continue;
      view?.say(outcome === 'failed' ? `the earlier cell ${earlier.id} failed` : 'stopped');
      return false;
    }
    return true;
  }

  private async runCell(cell: RunnableCell, changed: ReadonlyMap<string, string>): Promise<Outcome> {
    const view = this.page.views.get(cell.id);
    const outputs = this.outputs.get(cell.id);
    this.running = cell.id;
    view?.setRunning(true);
    view?.say('running …');
    outputs?.begin();
    const begun = performance.now();
    let outcome: Outcome = 'failed';
    try {
      const answers = this.answers.get(cell.id) ?? [];
      const ended = await this.session.run(withHints(cell, view?.hints ?? 0), answers);
      if (typeof ended === 'string') return (outcome = ended);
      const answer = view && (await this.ask(view, ended));
      if (answer === undefined) return (outcome = 'stopped');
      this.answers.set(cell.id, [...answers, answer]);
      // What the cell has changed before its question must not be changed twice: all that it needs begins anew.
      this.session.stop();
      return (outcome = (await this.runNeeds(cell, changed)) ? await this.runCell(cell, changed) : 'stopped');
    } finally {
      this.running = undefined;
      view?.setRunning(false);
      if (outcome === 'done') outputs?.end();
      const isWrong = outcome === 'failed' && view?.isCheck;
      view?.say(`${isWrong ? 'not yet right' : WORDS[outcome]}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      if (view && outputs?.isNew) view.reset.hidden = false;
      if (changed.size > 0 || this.freshness.isOpen) {
        this.freshness.noteRun(cell.id, changed.get(cell.id));
        this.freshness.noteOutput(cell.id, this.cells.behind(cell.id));
      }
    }
  }

  private async ask(view: CellView, question: Question): Promise<string | undefined> {
    view.say('asks you');
    this.asking = new AbortController();
    try {
      return await askIn(view.outputs, view.id, question, this.asking.signal);
    } finally {
      this.asking = undefined;
    }
  }

  /** Dims outputs that are older than what they build on. */
  private tellStale(): void {
    if (!this.freshness.isOpen) return;
    for (const view of this.page.views.values())
      view.setStale(this.freshness.changedSince(view.id, this.cells.behind(view.id)));
  }
}

layerwiseLive.runner((page) => new Runner(page));
