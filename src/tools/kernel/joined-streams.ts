import type { StreamText } from './messages';

const JOIN_MS = 10;
const JOIN_LENGTH = 2 ** 18;

interface Joined {
  readonly of: StreamText;
  readonly parts: string[];
  length: number;
  size: number;
}

/** Joins what a cell writes for a few milliseconds. Whatever else is sent flushes it first, so that the order stays. */
export class JoinedStreams {
  private waiting: Joined | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param send is given a piece of the stream, all its text, and the sum of the sizes. */
  constructor(private readonly send: (of: StreamText, text: string, size: number) => void) {}

  add(piece: StreamText, size: number): void {
    if (this.waiting && (this.waiting.of.execution !== piece.execution || this.waiting.of.name !== piece.name))
      this.flush();
    this.waiting ??= { of: piece, parts: [], length: 0, size: 0 };
    this.waiting.parts.push(piece.text);
    this.waiting.length += piece.text.length;
    this.waiting.size += size;
    if (this.waiting.length > JOIN_LENGTH) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), JOIN_MS);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.waiting) return;
    const { of, parts, size } = this.waiting;
    this.waiting = undefined;
    this.send(of, parts.join(''), size);
  }
}
