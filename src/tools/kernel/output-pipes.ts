import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { OutputPipes } from './messages';

type Name = 'stdout' | 'stderr';

interface Pipe {
  readonly name: Name;
  readonly descriptor: number;
  readonly decoder: StringDecoder;
}

/** A pipe holds no more than this, on Linux. */
const PIPE_BYTES = 2 ** 16;
const buffer = Buffer.alloc(PIPE_BYTES);

/** Reads what children write into a cell. They wait for whoever reads the cell. */
export class OutputPipeReader {
  private readonly pipes: Pipe[] = [];

  /** @param show sends a piece on its way; settles when it is. */
  constructor(private readonly show: (name: Name, text: string) => Promise<void>) {}

  listen({ stdout, stderr }: OutputPipes): void {
    this.follow({ name: 'stdout', descriptor: stdout, decoder: new StringDecoder('utf8') });
    this.follow({ name: 'stderr', descriptor: stderr, decoder: new StringDecoder('utf8') });
  }

  private follow(pipe: Pipe): void {
    this.pipes.push(pipe);
    const socket = new Socket({ fd: pipe.descriptor, readable: true, writable: false });
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      socket.pause();
      void this.take(pipe, bytes).then(() => socket.resume());
    });
  }

  private async take({ name, decoder }: Pipe, bytes: Buffer): Promise<void> {
    const text = decoder.write(bytes);
    if (text !== '') await this.show(name, text);
  }

  /** Takes what is there by now: it was written before what the main thread tells next. */
  drain(): void {
    for (const pipe of this.pipes) {
      for (let left = PIPE_BYTES, read = 1; left > 0 && read > 0; left -= read) {
        read = readable(pipe.descriptor, left);
        if (read > 0) void this.take(pipe, Buffer.from(buffer.subarray(0, read)));
      }
    }
  }
}

/** Reads into the buffer; 0 where nothing is there. */
function readable(descriptor: number, most: number): number {
  try {
    return readSync(descriptor, buffer, 0, most, null);
  } catch {
    return 0;
  }
}
