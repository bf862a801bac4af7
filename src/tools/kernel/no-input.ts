import { Readable } from 'node:stream';

/**
 * A notebook's `process.stdin`: nobody types there, so what reads it, such as `readline`, would wait forever. It fails
 * in the line that begins to read.
 */
export class NoInput extends Readable {
  readonly fd = 0;

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  override read(): never {
    throw new Error("process.stdin: a notebook has no standard input; ask with `prompt('…')` of 'layerwise/display'");
  }

  override resume(): never {
    return this.read();
  }

  /** Who fails to read closes it, but the next is to be told too. */
  override destroy(): this {
    return this;
  }
}
