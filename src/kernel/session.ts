import path from 'node:path';
import vm from 'node:vm';
import { moduleNameOf } from '../notebook';
import { Checker } from './checker';
import { SESSION, emitCell, slotOf } from './emit';
import type { Interrupts } from './interrupts';
import { Modules } from './modules';
import { showDiagnoses, showThrown, type CellSource, type ShownError } from './traceback';

const MOST_SOURCES = 300;

/** How a cell ended: with the value of its last expression, or an error. */
export type Outcome = { readonly status: 'ok'; readonly value: unknown } | { readonly status: 'error'; readonly error: ShownError };

/** The cells of one kernel: their types, their variables, their source lines. */
export class Session {
  readonly checker: Checker;
  private readonly modules: Modules;
  private readonly sources = new Map<string, CellSource>();
  private readonly exportsOf = new Map<string, object>();

  constructor(
    private readonly folder: string,
    private readonly root: string,
    private readonly interrupts: Interrupts,
  ) {
    this.checker = new Checker(folder, root);
    this.modules = new Modules(folder, root);
    const require = this.modules.requireWith((name) => this.exportsOf.get(name));
    this.define(SESSION.require, require);
    this.define(SESSION.flag, interrupts.flag);
    this.define(SESSION.stop, interrupts.stop);
    this.define(SESSION.exports, {});
    this.define(SESSION.result, undefined);
    this.define('require', require);
  }

  private define(name: string, value: unknown): void {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }

  /** Checks, compiles and runs a cell. */
  async run(code: string, execution: number): Promise<Outcome> {
    const { module, diagnoses } = this.checker.check(code);
    if (diagnoses.length > 0) return { status: 'error', error: showDiagnoses(code, diagnoses) };
    const { code: script, sourceMap, isAsync } = emitCell(module.text, path.basename(module.file), execution);
    const filename = module.file.replace(/\.ts$/, '.js');
    this.sources.set(filename, { number: execution, code, module, sourceMap, lines: script.split('\n').length });
    const exports = {};
    for (const { name, kind } of module.declarations) if (kind !== 'type') this.define(slotOf(name), undefined);
    this.exportsOf.set(`./${moduleNameOf(module.file)}`, this.view(module.declarations.map(({ name }) => name), exports));
    for (const name of this.checker.accept(module)) this.exportsOf.delete(`./${name}`);
    this.forgetOldSources();
    this.modules.refresh();
    this.define(SESSION.exports, exports);
    this.define(SESSION.result, undefined);
    this.interrupts.begin(execution);
    try {
      const returned: unknown = new vm.Script(script, { filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext({ breakOnSigint: true });
      if (isAsync) await this.interrupts.race(Promise.resolve(returned));
      return { status: 'ok', value: Reflect.get(globalThis, SESSION.result) };
    } catch (thrown) {
      return { status: 'error', error: this.show(thrown) };
    } finally {
      this.interrupts.end();
    }
  }

  /** Tracebacks reach back this far. */
  private forgetOldSources(): void {
    const [oldest] = this.sources.keys();
    if (this.sources.size > MOST_SOURCES && oldest !== undefined) this.sources.delete(oldest);
  }

  /** What later cells see when they import from a cell: its variables as they are now. */
  private view(names: readonly string[], exports: object): object {
    return Object.defineProperties(
      {},
      Object.fromEntries(names.map((name) => [name, { enumerable: true, get: (): unknown => (Reflect.has(exports, name) ? Reflect.get(exports, name) : Reflect.get(globalThis, slotOf(name))) }])),
    );
  }

  /** An error as Jupyter shows it. */
  show(thrown: unknown): ShownError {
    if (thrown instanceof Error && Reflect.get(thrown, 'code') === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return { ename: 'Interrupted', evalue: 'the cell was interrupted', traceback: ['Interrupted: the cell was interrupted'] };
    return showThrown(thrown, this.sources, this.root);
  }
}
