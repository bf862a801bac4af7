import ts from 'typescript';
import { resultJson, type JsonObject } from './bundle-json';
import { CellRunner } from './cell-runner';
import type { ChildOutput } from './child-output';
import { Checker } from './checker';
import { compileCell, type CompiledCell } from './compiled-cell';
import { Interrupted } from './interrupted';
import type { Interrupts } from './interrupts';
import { Modules } from './modules';
import { describe } from './plain-json';
import { withPlainNames } from './slots';
import type { CellSource } from './frames';
import { watchSyncChildren } from './sync-children';
import { showDiagnoses, type ShownError } from './shown-error';
import { showThrown } from './traceback';
import { Trainings } from './trainings';
import { UserCode } from './user-code';

const MOST_SOURCES = 300;

/** How a cell ended: with its last expression as it is shown (undefined where it has none), or an error. */
export type Outcome =
  | { readonly status: 'ok'; readonly shown: JsonObject | undefined }
  | { readonly status: 'error'; readonly error: ShownError };

/** The cells of one kernel: their types, their variables, their source lines. */
export class Session {
  readonly checker: Checker;
  private readonly modules: Modules;
  private readonly runner: CellRunner;
  private readonly trainings = new Trainings();
  private readonly userCode: UserCode;
  private readonly sources = new Map<string, CellSource>();

  constructor(
    folder: string,
    private readonly root: string,
    private readonly interrupts: Interrupts,
    children?: ChildOutput,
  ) {
    this.checker = new Checker(folder, root, () => interrupts.isCanceled);
    this.modules = new Modules(folder, root, (loaded) => this.trainings.watch(loaded));
    this.userCode = new UserCode(interrupts, () => this.trainings.abandon());
    interrupts.stopLibraries = () => this.trainings.stop();
    watchSyncChildren(interrupts, children);
    this.runner = new CellRunner(interrupts, this.modules.requireOfCells);
  }

  /** Reads the types that every cell needs, which takes about a second. */
  warmUp(): void {
    compileCell(this.checker.check('0').module, 0);
    this.checker.reset();
  }

  /**
   * Checks, compiles and runs a cell. Whatever happens, there is an outcome.
   *
   * @param name how errors call the cell: by the number that its prompt shows.
   */
  async run(code: string, execution: number, name = `cell ${execution}`): Promise<Outcome> {
    try {
      await this.interrupts.quiet;
      this.interrupts.checkpoint();
      const { module, diagnoses } = this.checker.check(code);
      this.interrupts.checkpoint();
      if (diagnoses.length > 0) return { status: 'error', error: showDiagnoses(code, diagnoses) };
      const { cell, sourceMap } = compileCell(module, execution);
      this.sources.set(cell.filename, {
        name,
        execution,
        code,
        module,
        sourceMap,
        lines: cell.script.split('\n').length,
      });
      this.forgetOldSources();
      this.modules.refresh();
      try {
        return await this.userCode.run(execution, () => this.evaluate(cell));
      } finally {
        this.runner.leave();
        for (const line of this.checker.accept(module, name, this.runner.unset)) process.stderr.write(`${line}\n`);
      }
    } catch (thrown) {
      return {
        status: 'error',
        error: this.show(thrown instanceof ts.OperationCanceledException ? new Interrupted() : thrown),
      };
    }
  }

  /** Runs a cell and reads its value or its error: what these do when they are read can be interrupted too. */
  private async evaluate(cell: CompiledCell): Promise<Outcome> {
    try {
      const { value } = await this.runner.run(cell);
      return { status: 'ok', shown: value === undefined ? undefined : resultJson(value) };
    } catch (thrown) {
      return { status: 'error', error: this.show(thrown) };
    }
  }

  /** Tracebacks reach back this far. */
  private forgetOldSources(): void {
    const [oldest] = this.sources.keys();
    if (this.sources.size > MOST_SOURCES && oldest !== undefined) this.sources.delete(oldest);
  }

  /**
   * What was thrown as Jupyter shows it, whatever it is.
   *
   * @param execution of the cell that started what failed, where nobody awaited it.
   */
  show(thrown: unknown, execution?: number): ShownError {
    try {
      const startedBy = [...this.sources.values()].find((source) => source.execution === execution)?.name;
      const { ename, evalue, traceback } = showThrown(thrown, { cells: this.sources, root: this.root, startedBy });
      return { ename: withPlainNames(ename), evalue: withPlainNames(evalue), traceback: traceback.map(withPlainNames) };
    } catch (second) {
      if (second instanceof Interrupted) return this.show(second);
      const evalue = `what was thrown can't be shown: ${describe(second)}`;
      return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
    }
  }
}
