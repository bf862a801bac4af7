import { types } from 'node:util';
import vm from 'node:vm';
import type { CompiledCell } from './compiled-cell';
import type { Interrupts } from './interrupts';
import { SESSION, slotOf } from './slots';
import { provideTslab } from './tslab-api';

const VARIABLE = Symbol.for('layerwise.variable');

/** Runs compiled cells in this process, one after the other. Their variables are global variables of their own. */
export class CellRunner {
  private readonly exportsOf = new Map<string, object>();

  /** @param requireWith makes the `require` of cells; it is told how to find cells that are modules. */
  constructor(
    private readonly interrupts: Interrupts,
    requireWith: (cells: (name: string) => object | undefined) => NodeJS.Require,
  ) {
    const require = requireWith((name) => this.exportsOf.get(name));
    provideTslab(require);
    this.define(SESSION.require, require);
    this.define(SESSION.flag, interrupts.flag);
    this.define(SESSION.stop, interrupts.stop);
    this.define(SESSION.exports, {});
    this.define(SESSION.result, undefined);
    this.define('require', require);
    // How code that is told a name, such as `check('softmax')`, finds the variable of that name.
    this.define(VARIABLE, (name: string): unknown => {
      const value: unknown = Reflect.get(globalThis, slotOf(name));
      return value;
    });
  }

  private define(name: string | symbol, value: unknown): void {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }

  /** Makes room for a cell's variables, and lets later cells import from it. */
  declare({ moduleName, names, values }: CompiledCell): void {
    for (const name of values) this.define(slotOf(name), undefined);
    const exports = {};
    this.exportsOf.set(moduleName, this.view(names, exports));
    this.define(SESSION.exports, exports);
    this.define(SESSION.result, undefined);
  }

  /** Drops modules that no cell can import any more. */
  forget(moduleNames: readonly string[]): void {
    for (const name of moduleNames) this.exportsOf.delete(name);
  }

  /**
   * Runs a declared cell and returns the value of its last expression; a promise there is awaited, as if the cell said so. Throws what the cell throws.
   * The value lies in an object, so that nothing calls a method `then` that it may have.
   */
  async run({ script, filename, isAsync }: CompiledCell): Promise<{ readonly value: unknown }> {
    const returned: unknown = new vm.Script(script, { filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext({ breakOnSigint: true });
    if (isAsync) await this.interrupts.race(Promise.resolve(returned));
    const value: unknown = Reflect.get(globalThis, SESSION.result);
    return { value: types.isPromise(value) ? await this.interrupts.race(value) : value };
  }

  /** What later cells see when they import from a cell: its variables as they are now. */
  private view(names: readonly string[], exports: object): object {
    return Object.defineProperties(
      {},
      Object.fromEntries(names.map((name) => [name, { enumerable: true, get: (): unknown => (Reflect.has(exports, name) ? Reflect.get(exports, name) : Reflect.get(globalThis, slotOf(name))) }])),
    );
  }
}
