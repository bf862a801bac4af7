/** A line of input, handed from the socket thread to the main thread, which waits for it. */
export class InputLine {
  /** [0]: the state; [1]: the line's length in bytes. */
  constructor(
    readonly state: Int32Array = new Int32Array(new SharedArrayBuffer(8)),
    readonly bytes: Uint8Array = new Uint8Array(new SharedArrayBuffer(LONGEST)),
  ) {}

  /** Asks, and waits for the answer; undefined where an interrupt came first. */
  ask(post: () => void, isInterrupted: () => boolean): string | undefined {
    Atomics.store(this.state, 0, WAITS);
    if (isInterrupted()) this.cancel();
    else post();
    Atomics.wait(this.state, 0, WAITS);
    const isAnswered = Atomics.exchange(this.state, 0, IDLE) === ANSWERED;
    return isAnswered ? Buffer.from(this.bytes.slice(0, this.state[1])).toString('utf8') : undefined;
  }

  /** Takes an answer; where nobody waits, nothing. */
  answer(line: string): void {
    if (Atomics.load(this.state, 0) !== WAITS) return;
    const bytes = Buffer.from(line).subarray(0, this.bytes.length);
    this.bytes.set(bytes);
    this.state[1] = bytes.length;
    this.settle(ANSWERED);
  }

  cancel(): void {
    this.settle(CANCELED);
  }

  private settle(state: number): void {
    if (Atomics.compareExchange(this.state, 0, WAITS, state) === WAITS) Atomics.notify(this.state, 0);
  }
}

const [IDLE, WAITS, ANSWERED, CANCELED] = [0, 1, 2, 3];
const LONGEST = 2 ** 20;
