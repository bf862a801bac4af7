import { createHook } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import vm from 'node:vm';
import { SHARED } from './interrupts';

const CALL = 'layerwise$call';
/**
 * For scripts that a signal may end: Node would note a failing script's line in its error, and ends the process where
 * the signal comes at that moment.
 */
export const WITHOUT_LINE = { displayErrors: false };
/** A signal that this process has sent to itself is there by then. */
const MOST_UNDERWAY_MS = 500;
/** Kept before a cell can replace it: without it no cell would be answered. */
const runInThisContext: unknown = Reflect.get(vm.Script.prototype, 'runInThisContext');
const NOBODY = new Int32Array(new SharedArrayBuffer(4));

type Work = (...words: unknown[]) => unknown;

const isWork = (value: unknown): value is Work => typeof value === 'function';

/** What V8 throws where a signal ended a script. */
export const isEnded = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'code' in thrown &&
  thrown.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';

/**
 * Runs code of cells inside a script that SIGINT ends, whatever the code does: a loop of a library, recursion, a
 * regular expression.
 * Node offers that for the synchronous part of a script. What goes on later is brought into such a script too:
 * callbacks of timers and listeners of events one by one; and before each callback of the event loop a tick is
 * scheduled that runs all ticks and promise reactions from inside one.
 * The inspector's way of ending code would leave Node's stack of asynchronous contexts unbalanced, which ends the
 * process; an error that nobody catches clears it.
 */
export class Guard {
  /** Whether what follows callbacks is guarded: while a cell runs. */
  isArmed = false;
  isInside = false;
  private isScheduled = false;
  private isDropping = false;
  private readonly script = new vm.Script(`${CALL}()`, { filename: 'node:layerwise-guard' });
  private readonly hasPending = keepWatching();
  private readonly runTicks: unknown = Reflect.get(process, '_tickCallback');

  /**
   * @param isOfCell tells whether code of a cell runs.
   * @param onLeave is called after each guarded run, outside it: with true where a signal ended it.
   */
  constructor(
    private readonly shared: Int32Array,
    private readonly isOfCell: () => boolean,
    private readonly onLeave: (wasEnded: boolean) => void,
  ) {
    createHook({ before: () => this.schedule() }).enable();
    this.wrapTicks();
    this.wrapTimers();
    this.wrapEvents();
  }

  /** Runs work so that a signal can end it; call it from the top of the stack, since the error must reach it. */
  run(work: () => void): void {
    if (this.isInside) return work();
    let wasEnded = false;
    try {
      this.enter(work);
    } catch (thrown) {
      wasEnded = isEnded(thrown);
      if (wasEnded) this.endTicks();
      throw thrown;
    } finally {
      this.onLeave(wasEnded);
    }
  }

  private enter(work: () => void): void {
    Object.defineProperty(globalThis, CALL, { value: work, configurable: true });
    this.isInside = true;
    Atomics.store(this.shared, SHARED.guard, 1);
    let wasEnded = false;
    try {
      if (isWork(runInThisContext))
        Reflect.apply(runInThisContext, this.script, [{ breakOnSigint: true, ...WITHOUT_LINE }]);
    } catch (thrown) {
      wasEnded = isEnded(thrown);
      throw thrown;
    } finally {
      this.isInside = false;
      this.close(wasEnded);
    }
  }

  /**
   * Ticks that what was ended has left would go on, and the event loop waits for the last of them: they run now, and
   * what code of cells schedules meanwhile doesn't. A tick that is ended or fails is gone, so this ends too.
   */
  private endTicks(): void {
    const { runTicks } = this;
    if (!isWork(runTicks)) return;
    this.isDropping = true;
    for (let isDone = false; !isDone;) {
      try {
        this.enter(() => void Reflect.apply(runTicks, process, []));
        isDone = true;
      } catch {
        // It belonged to what was ended.
      }
    }
    this.isDropping = false;
  }

  /** From here on no signal is sent; one that is on its way is awaited, so that it hits nothing else. */
  private close(wasEnded: boolean): void {
    const before = Atomics.exchange(this.shared, SHARED.guard, 0);
    if (before !== 2 || wasEnded) return;
    for (let waited = 0; waited < MOST_UNDERWAY_MS && !this.hasPending(); waited++) Atomics.wait(NOBODY, 0, 0, 1);
  }

  private schedule(): void {
    if (!this.isArmed || this.isInside || this.isScheduled || !isWork(this.runTicks)) return;
    this.isScheduled = true;
    const { runTicks } = this;
    process.nextTick(() => {
      this.isScheduled = false;
      // The cell may be over by now: what follows is the kernel's.
      if (this.isArmed) this.run(() => void Reflect.apply(runTicks, process, []));
    });
  }

  private guarded(callback: Work): Work {
    const run = (work: () => void): void => this.run(work);
    return function (this: unknown, ...given) {
      run(() => void Reflect.apply(callback, this, given));
    };
  }

  private wrapTicks(): void {
    const nextTick: unknown = Reflect.get(process, 'nextTick');
    if (!isWork(nextTick)) return;
    process.nextTick = (...given: unknown[]) => {
      if (!this.isDropping || !this.isOfCell()) Reflect.apply(nextTick, process, given);
    };
    syncBuiltinESMExports();
  }

  private wrapTimers(): void {
    for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
      const original: (callback: never, ...words: never[]) => unknown = timers[name];
      const wrapped = (callback: unknown, ...words: unknown[]): unknown =>
        Reflect.apply(original, timers, [isWork(callback) ? this.guarded(callback) : callback, ...words]);
      Object.defineProperties(wrapped, { ...Object.getOwnPropertyDescriptors(original), name: { value: name } });
      Object.defineProperty(timers, name, { value: wrapped, configurable: true, writable: true, enumerable: true });
      Object.defineProperty(globalThis, name, { value: wrapped, configurable: true, writable: true, enumerable: true });
    }
    syncBuiltinESMExports();
  }

  /** Streams, servers and child processes call their listeners straight from the event loop. */
  private wrapEvents(): void {
    const emit: unknown = Reflect.get(EventEmitter.prototype, 'emit');
    if (!isWork(emit)) return;
    const isOutside = (): boolean => this.isArmed && !this.isInside;
    const run = (work: () => void): void => this.run(work);
    EventEmitter.prototype.emit = function (...given) {
      // What nobody caught is told by an event too: that is the kernel's.
      if (!isOutside() || this === process) return Reflect.apply(emit, this, given) === true;
      let isHeard = false;
      run(() => {
        isHeard = Reflect.apply(emit, this, given) === true;
      });
      return isHeard;
    };
  }
}

/**
 * Keeps Node's watch for SIGINT between scripts: without it each script starts and ends a thread, which takes twenty
 * times as long.
 * Returns how to ask whether a signal has come since the last script.
 */
function keepWatching(): () => boolean {
  try {
    const find: unknown = Reflect.get(process, 'binding');
    const binding: unknown = isWork(find) ? Reflect.apply(find, process, ['contextify']) : undefined;
    if (
      typeof binding === 'object' &&
      binding !== null &&
      'startSigintWatchdog' in binding &&
      isWork(binding.startSigintWatchdog) &&
      'watchdogHasPendingSigint' in binding &&
      isWork(binding.watchdogHasPendingSigint)
    ) {
      const { startSigintWatchdog, watchdogHasPendingSigint } = binding;
      Reflect.apply(startSigintWatchdog, binding, []);
      return () => Reflect.apply(watchdogHasPendingSigint, binding, []) === true;
    }
  } catch {
    // A Node without it.
  }
  process.on('SIGINT', () => undefined);
  return () => false;
}
