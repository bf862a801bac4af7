/** What parts may ask of the place where files lie. */
export interface Files {
  /** The folder of the data sets that ship with the project. */
  readonly embedded: string;
  exists(file: string): boolean;
  /** @throws Error with a `code`, `ENOENT` where there is no such file. */
  read(file: string): Uint8Array;
  /** The SHA-256 of a content, as hexadecimal digits; undefined where contents need no check. */
  sha256(content: Uint8Array): string | undefined;
}
