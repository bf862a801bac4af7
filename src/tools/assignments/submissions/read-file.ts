import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The largest notebook that is read, in bytes. */
export const MOST_BYTES = 20 * 2 ** 20;

/** Why something can't be had. */
export interface Problem {
  readonly problem: string;
}

export type Content = Buffer | Problem;

export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

/** Opens an ordinary file for reading, without following a link; the caller closes it. Or says why not. */
export function openSafely(file: string): { readonly descriptor: number; readonly size: number } | Problem {
  let descriptor: number | undefined;
  try {
    // Without waiting: a named pipe would never answer.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return { descriptor, size: stat.size };
    closeSync(descriptor);
    return { problem: 'it is no ordinary file' };
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return {
      problem:
        code === 'ELOOP'
          ? 'it is a link, which is not followed'
          : `it can't be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** A file's bytes, without following a link and never more than `most` (default {@link MOST_BYTES}); or why not. */
export function readFileSafely(file: string, most = MOST_BYTES): Content {
  const opened = openSafely(file);
  if ('problem' in opened) return opened;
  const { descriptor, size } = opened;
  try {
    if (size > most) return { problem: `it has ${megabytes(size)}; expected at most ${megabytes(most)}` };
    const content = Buffer.alloc(size);
    let length = 0;
    for (let got = 1; got > 0 && length < size; length += got)
      got = readSync(descriptor, content, length, size - length, null);
    return content.subarray(0, length);
  } catch (error) {
    return { problem: `it can't be read: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    closeSync(descriptor);
  }
}
