import timers from 'node:timers';
import { Guard } from './guard';
import { Interrupted } from './interrupted';
import type { Interrupts } from './interrupts';
import { describe } from './plain-json';
import { TensorFlowState } from './tensorflow-state';

/** Kept before cells' timers are guarded. */
const later = timers.setImmediate;

/** What `then` does, also where a cell has replaced `then`. */
async function settle<T>(
  promise: Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): Promise<void> {
  let value: T;
  try {
    value = await promise;
  } catch (error) {
    return onError(error);
  }
  onValue(value);
}

/**
 * Runs what cells do, so that an interrupt ends it, and comes back to the kernel outside of all that a signal can end.
 */
export class UserCode {
  private readonly guard: Guard;
  private readonly tensorFlow = new TensorFlowState();
  private comeBack: (() => void) | undefined;

  /** @param onEnded is told when a signal has ended what ran. */
  constructor(
    private readonly interrupts: Interrupts,
    private readonly onEnded: () => void,
  ) {
    this.guard = new Guard(
      interrupts.flag,
      () => interrupts.executionOf() !== undefined,
      (wasEnded) => this.afterGuard(wasEnded),
    );
  }

  /** Settles as the work does, or rejects with Interrupted. */
  run<T>(execution: number, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      const finish = (settle: () => void): void => {
        if (isOver) return;
        isOver = true;
        this.guard.isArmed = false;
        this.comeBack = settle;
        if (!this.guard.isInside) this.settle();
      };
      this.interrupts.onInterrupt(() => finish(() => reject(new Interrupted())));
      this.guard.isArmed = true;
      this.tensorFlow.remember();
      later(() =>
        this.guard.run(() => {
          const promise = work();
          this.interrupts.follow(promise, execution);
          void settle(
            promise,
            (value) => finish(() => resolve(value)),
            (error) => finish(() => reject(error instanceof Error ? error : new Error(describe(error)))),
          );
        }),
      );
    });
  }

  private settle(): void {
    const { comeBack } = this;
    this.comeBack = undefined;
    if (comeBack) later(comeBack);
  }

  private afterGuard(wasEnded: boolean): void {
    if (wasEnded) {
      this.tensorFlow.restore();
      this.onEnded();
    }
    if (this.comeBack) this.settle();
    else if (wasEnded) this.interrupts.onEnded();
  }
}
