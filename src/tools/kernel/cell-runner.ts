import { types } from 'node:util';
import vm from 'node:vm';
import { awaited } from './await-places';
import { globalsOfCells } from './cell-globals';
import type { CompiledCell } from './compiled-cell';
import { WITHOUT_LINE } from './guard';
import { moduleImports } from './imports';
import type { Interrupts } from './interrupts';
import { SESSION, slotOf } from './slots';
import { provideTslab } from './tslab-api';

const VARIABLE = Symbol.for('layerwise.variable');

/** What a running cell tells of itself. */
interface Progress {
  /** The value of its last expression. */
  result: unknown;
  /** The last step that is done. */
  step: number;
}

interface Running {
  readonly steps: CompiledCell['steps'];
  readonly progress: Progress;
  readonly before: ReadonlyMap<string, PropertyDescriptor | undefined>;
}

/** Runs compiled cells in this process, one after the other. Their variables are global variables of their own. */
export class CellRunner {
  /**
   * Variables that the last cell declares but didn't reach, because it failed or was left: they are what they were
   * before.
   */
  unset: ReadonlySet<string> = new Set();
  private running: Running | undefined;

  /** @param require the `require` of cells. */
  constructor(interrupts: Interrupts, require: NodeJS.Require) {
    provideTslab(require);
    const { bind, later } = moduleImports(require, (name, slot) =>
      Object.defineProperty(globalThis, slotOf(name), { ...slot, configurable: true, enumerable: false }),
    );
    this.define(SESSION.import, bind);
    this.define(SESSION.importLater, later);
    this.define(SESSION.awaited, awaited);
    this.define(SESSION.flag, interrupts.flag);
    this.define(SESSION.stop, interrupts.stop);
    const { meta, commonJs } = globalsOfCells(require);
    this.define(SESSION.meta, meta);
    for (const [name, value] of Object.entries(commonJs)) this.define(name, value);
    // How code that is told a name, such as `check('softmax')`, finds the variable of that name.
    this.define(VARIABLE, (name: string): unknown => {
      const value: unknown = Reflect.get(globalThis, slotOf(name));
      return value;
    });
  }

  private define(name: string | symbol, value: unknown): void {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }

  /**
   * Runs a cell and returns the value of its last expression; a promise there is awaited, as if the cell said so.
   * Throws what the cell throws; then variables that it didn't reach are as they were, and {@link unset} names them.
   * The value lies in an object, so that nothing calls a method `then` that it may have.
   */
  async run({ script, filename, isAsync, steps }: CompiledCell): Promise<{ readonly value: unknown }> {
    this.unset = new Set(steps.flat());
    const compiled = new vm.Script(script, {
      filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const before = this.makeRoom(steps.flat());
    const progress: Progress = { result: undefined, step: 0 };
    const running: Running = { steps, progress, before };
    this.running = running;
    this.define(SESSION.cell, progress);
    try {
      const returned: unknown = compiled.runInThisContext(WITHOUT_LINE);
      if (isAsync) await returned;
    } catch (thrown) {
      if (this.running === running) this.leave();
      throw thrown;
    }
    if (this.running === running) {
      this.running = undefined;
      this.unset = new Set();
    }
    const value = progress.result;
    return { value: types.isPromise(value) ? await value : value };
  }

  /**
   * The cell is over where it stands, whether or not {@link run} settles: variables that it didn't reach are as they
   * were.
   */
  leave(): void {
    const { running } = this;
    if (!running) return;
    this.running = undefined;
    const { steps, progress, before } = running;
    const set = new Set(steps.slice(0, progress.step + 1).flat());
    this.unset = new Set(steps.flat().filter((name) => !set.has(name)));
    for (const name of this.unset) this.restore(name, before.get(name));
  }

  /** Makes variables writable, with the values that they have. Returns them as they were. */
  private makeRoom(names: readonly string[]): Map<string, PropertyDescriptor | undefined> {
    const before = new Map(names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, slotOf(name))]));
    for (const [name, slot] of before)
      if (slot?.writable !== true) this.define(slotOf(name), slot?.get?.call(globalThis));
    return before;
  }

  private restore(name: string, before: PropertyDescriptor | undefined): void {
    if (before) Object.defineProperty(globalThis, slotOf(name), before);
    else Reflect.deleteProperty(globalThis, slotOf(name));
  }
}
