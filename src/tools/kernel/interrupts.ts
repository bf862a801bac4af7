import timers from 'node:timers';
import { Interrupted } from './interrupted';

/** What the two threads share about interrupts: where each number lies. */
export const SHARED = {
  /** Not zero: loops of cells call {@link Interrupts.stop}. */
  flag: 0,
  /** How many interrupts were asked for; how many of them are over; up to which the socket thread insists. */
  asked: 1,
  handled: 2,
  insisted: 3,
  /** 1 while code of cells runs that a signal can end, 2 when the signal is on its way. */
  guard: 4,
  /** 1 while the main thread waits for a child process. */
  child: 5,
  /** Up to which the main thread has heard, between two pieces of work, and ends it kindly. */
  heard: 6,
} as const;

const SLOTS = 8;
/** How long a training may take to end its batch. */
export const PATIENCE_MS = 1500;

interface Execution {
  readonly number: number;
  /** Ends it from outside; there while its code runs. */
  leave?: () => void;
}

/**
 * What the main thread knows of interrupts. One counts for the execution that is being answered, from its first line of
 * compilation to its reply.
 *
 * It is asked for kindly first: a loop of a cell throws once, what is awaited is left, training ends after its batch.
 * Then the socket thread insists:
 * each loop throws, and a signal ends what has no loop of ours. Executions that were left behind while they awaited are
 * remembered, so that their loops stop when they go on.
 */
export class Interrupts {
  readonly flag = new Int32Array(new SharedArrayBuffer(4 * SLOTS));
  /** The execution to which what runs belongs; where undefined, the current one. */
  executionOf: () => number | undefined = () => undefined;
  /** Ends what runs in libraries and can be ended there; settles when that is over; undefined where nothing runs. */
  stopLibraries: () => Promise<void> | undefined = () => undefined;
  /** Settles when libraries have heard of an interrupt that came while no cell ran. */
  quiet: Promise<unknown> = Promise.resolve();
  private current: Execution | undefined;
  private kindlyStopped = 0;
  private readonly awaiting = new Set<number>();
  private readonly left = new Set<number>();
  private readonly forgotten = new FinalizationRegistry<number>((execution) => this.forget(execution));

  private get asked(): number {
    return Atomics.load(this.flag, SHARED.asked);
  }

  /** Whether an interrupt waits to be heard. */
  get isWanted(): boolean {
    return this.asked !== this.flag[SHARED.handled];
  }

  /** Whether one is meant for the execution that is being answered. */
  get isCanceled(): boolean {
    return this.current !== undefined && this.isWanted;
  }

  checkpoint(): void {
    if (this.isWanted) throw new Interrupted();
  }

  begin(execution: number): void {
    this.current = { number: execution };
  }

  /** The execution is answered: interrupts up to now are over, also for what it has left running in libraries. */
  end(): void {
    const { asked } = this;
    this.current = undefined;
    if (asked !== this.flag[SHARED.handled]) this.quietLibraries();
    this.handle(asked);
  }

  /** Ends what runs in libraries, and returns whether anything did. */
  private quietLibraries(): boolean {
    const libraries = this.stopLibraries();
    if (libraries) this.quiet = Promise.race([libraries, new Promise((resolve) => later(resolve, PATIENCE_MS))]);
    return libraries !== undefined;
  }

  private handle(upTo: number): void {
    Atomics.store(this.flag, SHARED.handled, upTo);
    this.lower();
  }

  /** Lowers the flag where no loop needs to look. An interrupt that comes meanwhile raises it again. */
  private lower(): void {
    if (this.left.size > 0) return;
    Atomics.store(this.flag, SHARED.flag, 0);
    if (this.isWanted) Atomics.store(this.flag, SHARED.flag, 1);
  }

  /** Called by loops of cells while the flag is set. */
  readonly stop = (): void => {
    const running = this.executionOf() ?? this.current?.number;
    if (running !== undefined && this.left.has(running)) throw new Interrupted();
    if (!this.isWanted) return this.lower();
    const isMeant = this.current === undefined || running === this.current.number;
    if (Atomics.load(this.flag, SHARED.insisted) !== this.asked && (!isMeant || this.kindlyStopped === this.asked))
      return;
    this.kindlyStopped = this.asked;
    throw new Interrupted();
  };

  /** The code of the current execution runs: `leave` ends it from outside. */
  onInterrupt(leave: () => void): void {
    if (this.current) this.current.leave = leave;
  }

  /**
   * What the code of an execution awaits. Where it is interrupted meanwhile, its loops stop later, until the promise
   * settles or can't any more.
   */
  follow(promise: Promise<unknown>, execution: number): void {
    this.awaiting.add(execution);
    this.forgotten.register(promise, execution);
    void this.forgetAfter(promise, execution);
  }

  /** Not by `then`, which a cell may have replaced. */
  private async forgetAfter(promise: Promise<unknown>, execution: number): Promise<void> {
    try {
      await promise;
    } catch {
      // The cell's outcome tells it.
    }
    this.forget(execution);
  }

  private forget(execution: number): void {
    this.awaiting.delete(execution);
    if (this.left.delete(execution)) this.lower();
  }

  /** An interrupt, the nth, has arrived and the main thread is free to hear of it: a cell awaits, or nothing runs. */
  onMessage(nth: number): void {
    if (nth <= this.flag[SHARED.handled]) return;
    const { current } = this;
    Atomics.store(this.flag, SHARED.heard, nth);
    const areStopping = this.quietLibraries();
    if (!current) this.handle(nth);
    else if (areStopping) void this.leaveQuietly(current);
    else this.leave(current);
  }

  private async leaveQuietly(execution: Execution): Promise<void> {
    await this.quiet;
    this.leave(execution);
  }

  /** A signal has ended what ran. */
  onEnded(): void {
    if (this.current) this.leave(this.current);
    else this.handle(this.asked);
  }

  private leave(execution: Execution): void {
    if (!execution.leave) return;
    if (this.awaiting.has(execution.number)) this.left.add(execution.number);
    Atomics.store(this.flag, SHARED.flag, 1);
    execution.leave();
  }
}

/** Kept before cells' timers are guarded: what the kernel does must not be ended. */
const later = timers.setTimeout;
