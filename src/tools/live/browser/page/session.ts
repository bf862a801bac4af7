import type { RunnableCell } from '../../chapter';
import type { CellOutput, FromWorker, Question, ToWorker } from '../messages';
import type { SiteScripts } from './site-scripts';

/** How a cell's run ended. */
export type Outcome = 'done' | 'failed' | 'stopped';

/** A figure that controls have changed, as plotly's JSON; or why there is none. */
export type Redrawn = Extract<FromWorker, { kind: 'redrawn' }>;

/** A worker in which cells run, one after the other; it starts with the first, and ends where it is stopped. */
export class Session {
  private worker: Worker | undefined;
  private packs = new Set<string>();
  private stops = 0;
  private ran: RunnableCell[] = [];
  private answered: ((message: FromWorker | undefined) => void) | undefined;
  private readonly redraws = new Map<string, (redrawn: Redrawn | undefined) => void>();
  /** Told when the worker ends. */
  onEnd: () => void = () => undefined;

  /** @param onOutput told of what cells show, and of what is missing. */
  constructor(
    private readonly scripts: SiteScripts,
    private readonly onOutput: (cell: string, output: CellOutput) => void,
  ) {}

  /** What has run since the worker started. */
  get log(): readonly RunnableCell[] {
    return this.ran;
  }

  /**
   * Runs a cell; what it needs must have run. Returns a question where the cell has ended at one.
   *
   * @param answers to what it asks, in this order.
   * @throws Error where a script of the site is missing, or the browser allows no worker.
   */
  async run(cell: RunnableCell, answers: readonly string[]): Promise<Outcome | Question> {
    for (const pack of ['runtime', ...cell.packs])
      if (!this.packs.has(pack) && !(await this.install(pack, cell.id))) return 'stopped';
    const { id, script, isAsync, steps, lines } = cell;
    const answer = await this.ask({ kind: 'run', id, script, isAsync, steps, lines, answers });
    if (answer?.kind === 'asks') return answer.question;
    if (answer?.kind !== 'done') return 'stopped';
    // A cell that failed may have changed something, but stands for none that is needed.
    this.ran = [...this.ran, answer.failed ? { ...cell } : cell];
    return answer.failed ? 'failed' : 'done';
  }

  /** Draws again what is explored, when no cell runs; undefined where its worker has ended. */
  redraw(id: string, values: unknown): Promise<Redrawn | undefined> {
    return new Promise((resolve) => {
      if (!this.worker) return resolve(undefined);
      this.redraws.set(id, resolve);
      this.send({ kind: 'redraw', id, values });
    });
  }

  /** Ends whatever runs, and forgets what cells have computed. */
  stop(): void {
    this.stops++;
    this.worker?.terminate();
    this.worker = undefined;
    this.packs = new Set();
    this.ran = [];
    this.answered?.(undefined);
    this.redraws.forEach((resolve) => resolve(undefined));
    this.redraws.clear();
    this.onEnd();
  }

  private async install(pack: string, cell: string): Promise<boolean> {
    const { stops } = this;
    const text = await this.scripts.packText(pack);
    // What is stopped while it is loaded must not begin.
    if (this.stops > stops) return false;
    const answer = await (pack === 'runtime' ? this.start(text) : this.ask({ kind: 'pack', text }));
    if (answer?.kind !== 'ready') return false;
    this.packs.add(pack);
    if (answer.problem !== undefined)
      this.onOutput(cell, { kind: 'stream', name: 'stderr', text: `${answer.problem}\n` });
    return true;
  }

  private start(runtime: string): Promise<FromWorker | undefined> {
    const address = URL.createObjectURL(new Blob([runtime], { type: 'text/javascript' }));
    const worker = new Worker(address);
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== this.worker) return;
      if (data.kind === 'output') this.onOutput(data.cell, data.output);
      else if (data.kind === 'redrawn') {
        this.redraws.get(data.id)?.(data);
        this.redraws.delete(data.id);
      } else this.answered?.(data);
    };
    return new Promise((resolve, reject) => {
      this.answered = resolve;
      worker.onerror = ({ message }) => {
        this.stop();
        reject(new Error(`the browser refuses to run cells here${message ? `: ${message}` : ''}`));
      };
    });
  }

  private send(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  private ask(message: ToWorker): Promise<FromWorker | undefined> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.worker) this.send(message);
      else resolve(undefined);
    });
  }
}
