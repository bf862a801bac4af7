/** A problem with the machine that the reader can mend: what is wrong, and the command that mends it. */
export class Problem extends Error {
  constructor(message, cure) {
    super(message);
    this.name = 'Problem';
    this.cure = cure;
  }
}
