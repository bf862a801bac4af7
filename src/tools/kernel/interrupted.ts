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
