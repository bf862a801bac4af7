import { bundleOf } from '../../../../parts/display';
import { SESSION, slotOf } from '../../../kernel/slots';
import type { RunnableCell } from '../../chapter';
import { addressOf } from './errors';
import { asTexts, send } from './output';
import { define, runScript } from './scope';

type Script = Pick<RunnableCell, 'id' | 'script' | 'steps'>;

/** The global variable through which a script hands over what runs the cell. */
const RUN = 'layerwise$run';

/** What the code of cells expects of its session. */
export function connectCells(): void {
  define(RUN, undefined);
  define(SESSION.awaited, (value: unknown) => value);
  // Stop ends the worker, so nothing sets the flag.
  define(SESSION.flag, new Uint8Array(1));
  define(SESSION.stop, () => undefined);
  define(Symbol.for('layerwise.variable'), valueOf);
}

function valueOf(name: string): unknown {
  const value: unknown = Reflect.get(globalThis, slotOf(name));
  return value;
}

/** Runs a cell and shows the value of its last expression. Variables that it doesn't reach stay as they were. */
export async function runCell({ id, script, steps }: Script): Promise<void> {
  const names = steps.flat();
  const before = new Map(names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, slotOf(name))]));
  for (const name of names) define(slotOf(name), valueOf(name));
  const progress: { result: unknown; step: number } = { result: undefined, step: 0 };
  define(SESSION.cell, progress);
  try {
    runScript(`${RUN} = ${script}\n//# sourceURL=${addressOf(id)}`);
    const run: unknown = Reflect.get(globalThis, RUN);
    if (typeof run !== 'function') throw new Error(`the cell ${id} is no script`);
    await Reflect.apply(run, undefined, []);
    showResult(await progress.result);
  } catch (thrown) {
    for (const name of steps.slice(progress.step + 1).flat()) restore(name, before.get(name));
    throw thrown;
  }
}

function restore(name: string, before: PropertyDescriptor | undefined): void {
  if (before) Object.defineProperty(globalThis, slotOf(name), before);
  else Reflect.deleteProperty(globalThis, slotOf(name));
}

function showResult(value: unknown): void {
  if (value === undefined) return;
  let bundle: ReturnType<typeof asTexts>;
  try {
    bundle = asTexts(bundleOf(value));
  } catch (thrown) {
    bundle = { 'text/plain': `a value that can't be shown: ${String(thrown)}` };
  }
  send({ kind: 'display', bundle });
}
