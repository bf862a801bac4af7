/** What is wrong with a data file: which file, at which byte where that is known, and what to do. */
export class DataError extends Error {
  override readonly name: string = 'DataError';

  /**
   * @param file the file's name, as the reader knows it.
   * @param message what was expected and what was found.
   * @param offset the byte at which reading stopped.
   */
  constructor(
    readonly file: string,
    message: string,
    readonly offset?: number,
  ) {
    super(`${file}: ${message}${offset === undefined ? '' : ` (at byte ${offset})`}`);
  }
}

/** The file is nowhere on this machine, and may not be downloaded. */
export class DataNotFoundError extends DataError {
  override readonly name = 'DataNotFoundError';
}
