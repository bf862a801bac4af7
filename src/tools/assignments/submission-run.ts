import type { Compiler } from './compiler';
import { GradingFailed } from './failed';
import type { CompiledOrNot } from './inside/compiler';
import type { Extent } from './inside/statements';
import type { CellResult } from './result';
import type { Answer, Runner } from './runner';

/** A code cell of a submission. */
export interface SubmittedCell {
  readonly id: string;
  readonly source: string;
}

export interface RunOptions {
  readonly compiler: Compiler;
  /** A runner that has served nobody. */
  readonly freshRunner: () => Runner;
  /** Seconds that a cell may take (default 30). */
  readonly cellSeconds?: number;
  /**
   * Seconds of wall time that all of a submission may take, cells and tests (default 600). Cells get at most half of
   * them.
   */
  readonly submissionSeconds?: number;
}

export const CELL_SECONDS = 30;
export const SUBMISSION_SECONDS = 600;
/** A cell that takes longer is mentioned. */
const SLOW_SECONDS = 10;
/** After so many runners that cells have worn out, only what cells declare is run. */
const MOST_LOST_RUNNERS = 4;
const MOST_STARTS = 3;

const ended = ({ status }: Answer): boolean => status === 'timeout' || status === 'crashed';

/**
 * The cells of one submission, run in as many runners as it wears out.
 * What a cell declares before it hangs or ends its process is kept, as it is for a cell that throws.
 */
export class SubmissionRun {
  private runner: Runner | undefined;
  private readonly found = new Map<number, Omit<CellResult, 'cell'>>();
  private readonly extents: Extent[];
  private readonly deadline: number;
  private cellSecondsLeft: number;
  private lastReplay = 0;
  private lost = 0;
  /** Why only what cells declare is run. */
  private bareBecause: string | undefined;

  private constructor(
    private readonly cells: readonly SubmittedCell[],
    private compiled: readonly CompiledOrNot[],
    private readonly options: RunOptions,
  ) {
    const seconds = options.submissionSeconds ?? SUBMISSION_SECONDS;
    this.deadline = performance.now() + seconds * 1000;
    this.cellSecondsLeft = seconds / 2;
    this.extents = compiled.map((cell) => ('refused' in cell ? 'nothing' : 'all'));
    for (const [i, cell] of compiled.entries())
      if ('refused' in cell) this.found.set(i, { status: 'not-run', message: cell.refused });
  }

  /** Compiles the cells. @throws GradingFailed where that can't be done here. */
  static async of(cells: readonly SubmittedCell[], options: RunOptions): Promise<SubmissionRun> {
    return new SubmissionRun(cells, await options.compiler.compile(cells.map(({ source }) => source)), options);
  }

  /** Seconds that are left for this submission. */
  get left(): number {
    return Math.max(0, (this.deadline - performance.now()) / 1000);
  }

  /**
   * A runner in which all cells have run that can; after the last one was ended, a fresh one. Undefined where there is
   * none.
   *
   * @throws GradingFailed where no runner can be started.
   */
  async ready(): Promise<Runner | undefined> {
    while (!this.runner?.lives) {
      if (this.left === 0 || this.lost > 2 * MOST_LOST_RUNNERS) return undefined;
      if (this.lastReplay > this.left / 2)
        await this.runBare(`running them again takes ${this.lastReplay.toFixed(0)} s`);
      const fresh = await this.start();
      this.runner = fresh;
      const before = performance.now();
      if (!(await this.replay(fresh))) this.lost++;
      this.lastReplay = (performance.now() - before) / 1000;
    }
    return this.runner;
  }

  /**
   * To be told when a runner was gone before it began what it was asked: something that cells have left behind, such as
   * a timer, holds it up or ends it.
   */
  async blameCells(): Promise<void> {
    this.lost++;
    await this.runBare('what they left running ended the process');
  }

  private async start(): Promise<Runner> {
    for (let tries = 1; ; tries++) {
      const fresh = this.options.freshRunner();
      const problem = await fresh.problem;
      if (problem === undefined) return fresh;
      await fresh.kill();
      if (tries === MOST_STARTS)
        throw new GradingFailed(`no process could be started to run the submission: ${problem}`);
    }
  }

  /** Runs the cells, as far as they have not hung or ended a runner before. False where one does now. */
  private async replay(runner: Runner): Promise<boolean> {
    for (const [i, compiled] of this.compiled.entries()) {
      if ('refused' in compiled) continue;
      const seconds = Math.min(
        this.options.cellSeconds ?? CELL_SECONDS,
        this.left,
        this.bareBecause === undefined ? this.cellSecondsLeft : Infinity,
      );
      const before = performance.now();
      const answer = await runner.runCell(compiled.cell, Math.max(0.1, seconds));
      const taken = (performance.now() - before) / 1000;
      this.cellSecondsLeft -= taken;
      if (ended(answer)) {
        await this.cut(i, runner.reached, answer);
        return false;
      }
      if (answer.status === 'done' && 'thrown' in answer.outcome)
        this.note(i, {
          status: 'error',
          message: `${answer.outcome.thrown.name}: ${answer.outcome.thrown.message}`.slice(0, 1000),
        });
      else if (taken > SLOW_SECONDS) this.note(i, { status: 'slow', message: `it took more than ${SLOW_SECONDS} s` });
    }
    return true;
  }

  /** Leaves out, from now on, the statement of a cell that ended a runner, and what runs after it in that cell. */
  private async cut(i: number, reached: number | undefined, answer: Answer): Promise<void> {
    if (this.cellSecondsLeft <= 0) return this.runBare('they took more than half of the time for the whole submission');
    if (reached === undefined) return this.runBare('what they left running ended the process');
    this.found.set(i, {
      status: answer.status === 'timeout' ? 'timeout' : 'crashed',
      message: 'message' in answer ? answer.message : '',
    });
    if (this.lost + 1 >= MOST_LOST_RUNNERS) return this.runBare('they ended too many processes');
    const extent = this.extents[i];
    // A cell that hangs although it was cut there is held up by something else.
    this.extents[i] = typeof extent === 'number' && reached >= extent ? (extent === 0 ? 'nothing' : 0) : reached;
    await this.compileAgain();
  }

  /** From now on, only what cells declare is run. */
  private async runBare(because: string): Promise<void> {
    if (this.bareBecause !== undefined) return;
    this.bareBecause = because;
    for (const [i, extent] of this.extents.entries()) if (extent !== 'nothing') this.extents[i] = 0;
    await this.compileAgain();
    await this.runner?.kill();
  }

  private async compileAgain(): Promise<void> {
    this.compiled = await this.options.compiler.compile(
      this.cells.map(({ source }) => source),
      this.extents,
    );
  }

  private note(i: number, problem: Omit<CellResult, 'cell'>): void {
    if (!this.found.has(i)) this.found.set(i, problem);
  }

  /** Why there may be no function of that name: what became of the cell that declares it, where that is known. */
  whyMissing(name: string): string | undefined {
    const declares = new RegExp(`\\b(?:function|const|let|var)\\s+${name}\\b`);
    const at = this.cells.findLastIndex(({ source }) => declares.test(source));
    const problem = this.found.get(at);
    if (at < 0) return 'no cell declares it under this name';
    return problem && `its cell "${this.cells[at].id}" did not run: ${problem.message}`;
  }

  /** The cells that didn't end well, or were slow. */
  problems(): CellResult[] {
    const found = [...this.found]
      .sort(([a], [b]) => a - b)
      .map(([i, problem]) => ({ cell: this.cells[i].id, ...problem }));
    return this.bareBecause === undefined
      ? found
      : [
          ...found,
          {
            cell: 'all cells',
            status: 'not-run',
            message: `in the end only the functions, classes and plain values that cells declare were used, because ${this.bareBecause}`,
          },
        ];
  }

  async end(): Promise<void> {
    await this.runner?.kill();
  }
}
