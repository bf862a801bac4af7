/** What an interrupted cell throws. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor() {
    super('the cell was interrupted');
  }
}

/** For those who catch everything: an interrupt goes on. */
export function passInterrupt(thrown: unknown): void {
  if (thrown instanceof Interrupted) throw thrown;
}

/**
 * Stops what runs: loops look at a flag that the socket thread sets; a pending await loses a race.
 * Executions that were left behind while they awaited are remembered, so that their loops stop when they go on.
 */
export class Interrupts {
  /** [0]: not zero while an interrupt is wanted, or executions that were left behind may live. */
  readonly flag = new Int32Array(new SharedArrayBuffer(4));
  private readonly left = new Set<number>();
  private current = 0;
  private rejectRace: ((reason: Interrupted) => void) | undefined;

  begin(execution: number): void {
    this.current = execution;
    this.flag[0] = this.left.size > 0 ? 2 : 0;
  }

  end(): void {
    this.rejectRace = undefined;
    this.flag[0] = this.left.size > 0 ? 2 : 0;
  }

  /** Called by loops of cells while the flag is set. */
  readonly stop = (execution: number): void => {
    if (this.left.has(execution)) throw new Interrupted();
    if (Atomics.load(this.flag, 0) === 1) {
      this.flag[0] = this.left.size > 0 ? 2 : 0;
      throw new Interrupted();
    }
  };

  /** Settles as the promise does, or rejects when an interrupt comes first. */
  race<T>(promise: Promise<T>): Promise<T> {
    const interrupted = new Promise<never>((_, reject) => {
      this.rejectRace = reject;
    });
    return Promise.race([promise, interrupted]);
  }

  /** An interrupt has arrived and the main thread is free to hear of it: a cell awaits, or nothing runs. */
  onMessage(): void {
    const reject = this.rejectRace;
    this.rejectRace = undefined;
    if (!reject) return;
    this.left.add(this.current);
    this.flag[0] = 2;
    reject(new Interrupted());
  }
}
