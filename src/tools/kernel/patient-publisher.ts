import { setTimeout as after } from 'node:timers/promises';
import type { Publisher } from 'zeromq';

/** A client that reads nothing for so long misses what comes. */
const STUCK_MS = 10_000;
const RETRY_MS = 5;

/** What sends to all clients: the socket that front ends read outputs from. */
type Sends = Pick<Publisher, 'send' | 'noDrop'>;

const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/**
 * Sends to all clients, and waits for the slowest. A full socket refuses a message at once, and never tells when there
 * is room: so it is asked again.
 * Where one client reads nothing any more, what doesn't fit is dropped for that one alone, until it reads again.
 */
export class PatientPublisher {
  private isStuck = false;

  /** @param socket one that refuses where it is full (`noDrop`). */
  constructor(
    private readonly socket: Sends,
    private readonly stuckMs = STUCK_MS,
  ) {}

  /** Sends one message; call it when the last one is sent. */
  async send(frames: readonly Uint8Array[]): Promise<void> {
    const end = performance.now() + (this.isStuck ? 0 : this.stuckMs);
    for (;;) {
      if (await this.wasTaken(frames)) {
        this.isStuck = false;
        return;
      }
      if (performance.now() >= end) break;
      await after(RETRY_MS);
    }
    this.isStuck = true;
    this.socket.noDrop = false;
    await this.wasTaken(frames);
    this.socket.noDrop = true;
  }

  private async wasTaken(frames: readonly Uint8Array[]): Promise<boolean> {
    try {
      await this.socket.send([...frames]);
      return true;
    } catch (error) {
      // Where the socket is closed nobody waits.
      return !isFull(error);
    }
  }
}
