import { AsyncLocalStorage } from 'node:async_hooks';
import { StringDecoder } from 'node:string_decoder';
import { captureDescriptors } from './descriptors';
import { hideMarks } from './inspection';
import type { Parent } from './messages';

/** The cell to which what runs belongs: also what it started and what runs later. */
export interface CellContext {
  readonly parent: Parent;
  readonly silent: boolean;
  /** Number of the execution, for interrupts and streams. */
  readonly execution: number;
  readonly allowStdin: boolean;
  /** What the front end calls the cell, where it says so. */
  readonly cell?: unknown;
}

type StreamName = 'stdout' | 'stderr';

/**
 * Takes what JavaScript writes to stdout and stderr and hands it on with the cell that wrote it. The socket thread
 * joins the pieces.
 */
export class OutputStreams {
  readonly cells = new AsyncLocalStorage<CellContext>();
  private last: CellContext | undefined;
  /** Bytes may end inside a character: its rest comes with the next ones. */
  private readonly decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };

  constructor(private readonly send: (execution: number, name: StreamName, text: string) => void) {}

  /** From now on `process.stdout` and `process.stderr` write to cells, and the file descriptors below them. */
  capture(): void {
    hideMarks(this.cells);
    for (const name of ['stdout', 'stderr'] as const) {
      const write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
        if (chunk instanceof Uint8Array) this.writeBytes(name, Buffer.from(chunk));
        else this.write(name, this.decoders[name].end() + String(chunk));
        const done = typeof encoding === 'function' ? encoding : callback;
        if (typeof done === 'function') process.nextTick(() => void Reflect.apply(done, undefined, []));
        return true;
      };
      Object.defineProperty(process[name], 'write', { value: write, configurable: true, writable: true });
    }
    captureDescriptors((name, bytes) => this.writeBytes(name, bytes));
  }

  private writeBytes(name: StreamName, bytes: Buffer): void {
    this.write(name, this.decoders[name].write(bytes));
  }

  /** The cell that is running; what no cell can be blamed for goes to the last one. */
  get current(): CellContext | undefined {
    return this.cells.getStore() ?? this.last;
  }

  /** A cell is over: half characters are shown as such. */
  finish(): void {
    for (const name of ['stdout', 'stderr'] as const) this.write(name, this.decoders[name].end());
  }

  set lastCell(context: CellContext) {
    this.last = context;
  }

  write(name: StreamName, text: string): void {
    const context = this.current;
    if (context && !context.silent && text !== '') this.send(context.execution, name, text);
  }
}
