import { newOutputId, output } from '../display';

const SAID_AFTER_MS = 2000;
const EVERY_MS = 1000;
const CHECKPOINT = Symbol.for('layerwise.checkpoint');
/** Elsewhere nobody waits in front of a cell. */
const KERNEL = Symbol.for('layerwise.output');

/** JavaScript is busy while a function is traced: says so where that takes long, and lets it be stopped. */
export class LongTrace {
  private readonly start = performance.now();
  private id: string | undefined;
  private saidAt = this.start + SAID_AFTER_MS - EVERY_MS;

  /**
   * One operation more was written down.
   *
   * @throws what a kernel's function under `Symbol.for('layerwise.checkpoint')` throws where the cell is to stop.
   */
  step(operations: number): void {
    const checkpoint: unknown = Reflect.get(globalThis, CHECKPOINT);
    if (typeof checkpoint === 'function') Reflect.apply(checkpoint, undefined, []);
    if (KERNEL in globalThis && performance.now() - this.saidAt >= EVERY_MS)
      this.say(`tracing, ${operations} operations so far`);
  }

  /** It is over: where it had been told, how long it took. */
  done(operations: number): void {
    if (this.id !== undefined) this.say(`traced, ${operations} operations`);
  }

  private say(what: string): void {
    this.saidAt = performance.now();
    const text = `graph: ${what}, ${((this.saidAt - this.start) / 1000).toFixed(1)} s`;
    const isFirst = this.id === undefined;
    this.id ??= newOutputId();
    output({ 'text/plain': text }, { id: this.id, update: !isFirst });
  }
}
