import { ChildSignals } from './child-signals';
import { PATIENCE_MS, SHARED } from './interrupts';

const EVERY_MS = 100;
const INSIST_AFTER_MS = 300;
const KILL_AFTER_MS = 600;
const SAY_AFTER_MS = 2000;

/** The socket thread's part of an interrupt: it asks, then insists, and says so where what runs can't be ended. */
export class InterruptRequests {
  private child = new ChildSignals();
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  private hasSaid = false;

  constructor(
    private readonly shared: Int32Array,
    private readonly tell: (nth: number) => void,
    private readonly say: (text: string) => void,
  ) {}

  ask(): void {
    const before = Atomics.add(this.shared, SHARED.asked, 1);
    Atomics.store(this.shared, SHARED.flag, 1);
    this.tell(before + 1);
    if (!this.timer || Atomics.load(this.shared, SHARED.handled) >= before) this.begin();
    this.signalChild('SIGINT');
  }

  private begin(): void {
    this.child = new ChildSignals();
    this.since = performance.now();
    this.hasSaid = false;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.insist(), EVERY_MS);
  }

  private insist(): void {
    const asked = Atomics.load(this.shared, SHARED.asked);
    if (Atomics.load(this.shared, SHARED.handled) >= asked) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const waited = performance.now() - this.since;
    const isHeard = Atomics.load(this.shared, SHARED.heard) >= asked;
    if (waited < (isHeard ? PATIENCE_MS : INSIST_AFTER_MS)) return;
    Atomics.store(this.shared, SHARED.insisted, asked);
    Atomics.store(this.shared, SHARED.flag, 1);
    if (Atomics.compareExchange(this.shared, SHARED.guard, 1, 2) === 1) process.kill(process.pid, 'SIGINT');
    this.signalChild(waited < KILL_AFTER_MS ? 'SIGTERM' : 'SIGKILL');
    if (waited >= SAY_AFTER_MS && !this.hasSaid) {
      this.hasSaid = true;
      this.say(
        "Still running: the cell is inside one call that can't be interrupted (compiled code, such as one long operation of TensorFlow). It stops when that call returns. Kernel > Restart ends it at once; its variables are lost then.\n",
      );
    }
  }

  private signalChild(signal: NodeJS.Signals): void {
    if (Atomics.load(this.shared, SHARED.child) === 1) this.child.send(signal);
  }
}
