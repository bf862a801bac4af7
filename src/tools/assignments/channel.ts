import type { Duplex } from 'node:stream';

const LONGEST_LINE = 16 * 2 ** 20;
const MOST_CHARACTERS = 128 * 2 ** 20;
// Kept before a submission that runs in the same process can replace them.
const { parse, stringify } = JSON;

/**
 * JSON messages, one a line, over a socket. What comes is untrusted: lines that are too long, or too many of them, end
 * the channel.
 */
export class Channel {
  private rest: string[] = [];
  private length = 0;
  private total = 0;
  private listener: ((message: unknown) => void) | undefined;
  private readonly waiting: unknown[] = [];
  /** Settles when no more messages can come. */
  readonly closed: Promise<void>;

  constructor(private readonly socket: Duplex) {
    this.closed = new Promise((resolve) => {
      socket.once('close', resolve);
      socket.once('error', () => resolve());
      socket.once('end', resolve);
    });
    socket.setEncoding('utf8').on('data', (text: string) => this.take(text));
    // A process that has ended takes no more; `closed` tells.
    socket.on('error', () => undefined);
  }

  send(message: unknown): void {
    if (this.socket.writable) this.socket.write(`${stringify(message)}\n`);
  }

  /** Hands over each message that comes, those that came before too. */
  onMessage(listener: (message: unknown) => void): void {
    this.listener = listener;
    for (const message of this.waiting.splice(0)) listener(message);
  }

  private take(text: string): void {
    this.total += text.length;
    if (this.total > MOST_CHARACTERS) return void this.socket.destroy();
    const lines = text.split('\n');
    for (const [i, line] of lines.entries()) {
      this.rest.push(line);
      this.length += line.length;
      if (this.length > LONGEST_LINE) return void this.socket.destroy();
      if (i === lines.length - 1) break;
      const whole = this.rest.join('');
      this.rest = [];
      this.length = 0;
      this.receive(whole);
    }
  }

  private receive(line: string): void {
    let message: unknown;
    try {
      message = parse(line);
    } catch {
      return void this.socket.destroy();
    }
    if (this.listener) this.listener(message);
    else if (this.waiting.length < 100) this.waiting.push(message);
  }
}
