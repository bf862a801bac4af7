import type { ToSockets } from './messages';

const MOST_WAITING = 2 ** 22;
const OVERHEAD = 1000;
const STREAM_OVERHEAD = 50;
const LOOK_MS = 50;

/** How much room a message takes while it waits to be sent. */
export const sizeOf = (message: ToSockets): number =>
  message.kind === 'stream'
    ? STREAM_OVERHEAD + message.text.length
    : OVERHEAD + ('json' in message ? message.json.length : 0);

/**
 * What the main thread has handed to the sockets and they haven't sent yet. A cell that shows faster than its reader
 * reads waits here, so that memory stays bounded.
 */
export class Pressure {
  constructor(readonly waiting: Int32Array = new Int32Array(new SharedArrayBuffer(4))) {}

  add(message: ToSockets): void {
    Atomics.add(this.waiting, 0, sizeOf(message));
  }

  /** The socket thread has sent as much. */
  release(size: number): void {
    Atomics.sub(this.waiting, 0, size);
    Atomics.notify(this.waiting, 0);
  }

  /** Waits until there is room, or `isWanted` elsewhere. */
  waitForRoom(isWanted: () => boolean, most = MOST_WAITING): void {
    for (let now = Atomics.load(this.waiting, 0); now > most && !isWanted(); now = Atomics.load(this.waiting, 0))
      Atomics.wait(this.waiting, 0, now, LOOK_MS);
  }
}
