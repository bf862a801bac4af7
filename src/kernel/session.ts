import { resultJson, type JsonObject } from './bundle-json';
import { CellRunner } from './cell-runner';
import { Checker } from './checker';
import { compileCell } from './compiled-cell';
import type { Interrupts } from './interrupts';
import { Modules } from './modules';
import { isError } from './plain-error';
import { describe } from './plain-json';
import { withPlainNames } from './slots';
import type { CellSource } from './frames';
import { showDiagnoses, showThrown, type ShownError } from './traceback';

const MOST_SOURCES = 300;

/** How a cell ended: with its last expression as it is shown (undefined where it has none), or an error. */
export type Outcome = { readonly status: 'ok'; readonly shown: JsonObject | undefined } | { readonly status: 'error'; readonly error: ShownError };

/** The cells of one kernel: their types, their variables, their source lines. */
export class Session {
  readonly checker: Checker;
  private readonly modules: Modules;
  private readonly runner: CellRunner;
  private readonly sources = new Map<string, CellSource>();

  constructor(
    folder: string,
    private readonly root: string,
    private readonly interrupts: Interrupts,
  ) {
    this.checker = new Checker(folder, root);
    this.modules = new Modules(folder, root);
    this.runner = new CellRunner(interrupts, this.modules.requireOfCells);
  }

  /** Reads the types that every cell needs, which takes about a second. */
  warmUp(): void {
    compileCell(this.checker.check('0').module, 0);
    this.checker.reset();
  }

  /**
   * Checks, compiles and runs a cell.
   *
   * @param name how errors call the cell: by the number that its prompt shows.
   */
  async run(code: string, execution: number, name = `cell ${execution}`): Promise<Outcome> {
    const { module, diagnoses } = this.checker.check(code);
    if (diagnoses.length > 0) return { status: 'error', error: showDiagnoses(code, diagnoses) };
    const { cell, sourceMap } = compileCell(module, execution);
    this.sources.set(cell.filename, { name, execution, code, module, sourceMap, lines: cell.script.split('\n').length });
    this.forgetOldSources();
    this.modules.refresh();
    this.interrupts.begin(execution);
    try {
      const { value } = await this.runner.run(cell);
      return { status: 'ok', shown: value === undefined ? undefined : resultJson(value) };
    } catch (thrown) {
      return { status: 'error', error: this.show(thrown) };
    } finally {
      for (const line of this.checker.accept(module, name, this.runner.unset)) process.stderr.write(`${line}\n`);
      this.interrupts.end();
    }
  }

  /** Tracebacks reach back this far. */
  private forgetOldSources(): void {
    const [oldest] = this.sources.keys();
    if (this.sources.size > MOST_SOURCES && oldest !== undefined) this.sources.delete(oldest);
  }

  /** What was thrown as Jupyter shows it, whatever it is. */
  show(thrown: unknown): ShownError {
    try {
      if (isError(thrown) && Reflect.get(thrown, 'code') === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return { ename: 'Interrupted', evalue: 'the cell was interrupted', traceback: ['Interrupted: the cell was interrupted'] };
      const { ename, evalue, traceback } = showThrown(thrown, { cells: this.sources, root: this.root });
      return { ename: withPlainNames(ename), evalue: withPlainNames(evalue), traceback: traceback.map(withPlainNames) };
    } catch (second) {
      const evalue = `what was thrown can't be shown: ${describe(second)}`;
      return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
    }
  }
}
